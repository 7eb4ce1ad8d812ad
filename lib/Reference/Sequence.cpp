// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the sequence ops.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;

namespace msc::reference {

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

static double apply(const ms::Activation &f, double x) {
  if (f.name == "sigmoid")
    return sigmoid(x);
  if (f.name == "tanh")
    return std::tanh(x);
  if (f.name == "relu")
    return std::max(x, 0.0);
  if (f.name == "affine")
    return f.alpha * x + f.beta;
  if (f.name == "leaky_relu")
    return x >= 0 ? x : f.alpha * x;
  if (f.name == "thresholded_relu")
    return x >= f.alpha ? x : 0;
  if (f.name == "scaled_tanh")
    return f.alpha * std::tanh(f.beta * x);
  if (f.name == "hard_sigmoid")
    return std::clamp(f.alpha * x + f.beta, 0.0, 1.0);
  if (f.name == "elu")
    return x >= 0 ? x : f.alpha * std::expm1(x);
  if (f.name == "softsign")
    return x / (1 + std::abs(x));
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); // softplus
}

namespace {
/// What the recurrences share: the walk over time, the products and functions.
template <typename OpT> class Recurrence {
public:
  Recurrence(OpT op, const Tensor &input, const Tensor &weight,
             const Tensor &recurrence, const Tensor &bias,
             const Tensor *lengths)
      : op(op), functions(op.functions()), input(input), weight(weight),
        recurrence(recurrence), bias(bias), lengths(lengths),
        hidden(recurrence.dim(0)), columns(recurrence.dim(1)) {}

  /// Calls \p step(t, b) for the steps that change the state of b.
  void run(llvm::function_ref<void(int64_t t, int64_t b)> step) {
    int64_t time = input.dim(0);
    for (int64_t s = 0; s < time; ++s)
      for (int64_t b = 0; b < input.dim(1); ++b) {
        int64_t t = op.getReverse() ? time - 1 - s : s;
        if (!lengths || t < lengths->getInt(b))
          step(t, b);
      }
  }
  /// x_t W + b in column \p j.
  double project(int64_t t, int64_t b, int64_t j) {
    double sum = bias.getFloat(j);
    for (int64_t i = 0; i < input.dim(2); ++i)
      sum += input.getFloat((t * input.dim(1) + b) * input.dim(2) + i) *
             weight.getFloat(i * columns + j);
    return sum;
  }
  /// \p state R in column \p j.
  double recur(ArrayRef<double> state, int64_t j) {
    double sum = 0;
    for (int64_t i = 0; i < hidden; ++i)
      sum += state[i] * recurrence.getFloat(i * columns + j);
    return sum;
  }
  double activate(size_t which, double x) {
    return apply(functions[which], clipped(x));
  }
  double applied(size_t which, double x) { return apply(functions[which], x); }

private:
  double clipped(double x) {
    if (!op.getClip())
      return x;
    double clip = op.getClip()->convertToDouble();
    return std::clamp(x, -clip, clip);
  }

  OpT op;
  SmallVector<ms::Activation> functions;
  const Tensor &input, &weight, &recurrence, &bias;
  const Tensor *lengths;

public:
  const int64_t hidden, columns;
};

/// Rows of numbers, one per batch entry.
class States {
public:
  States(const Tensor &initial)
      : values(initial.floats()), width(initial.dim(1)) {}
  MutableArrayRef<double> operator[](int64_t b) {
    return MutableArrayRef<double>(values).slice(b * width, width);
  }
  void store(Tensor &out) const { out.setFloats(values); }

private:
  std::vector<double> values;
  int64_t width;
};
} // namespace

static void storeRow(Tensor &output, int64_t t, int64_t b,
                     ArrayRef<double> row) {
  for (auto [j, v] : llvm::enumerate(row))
    output.setFloat((t * output.dim(1) + b) * output.dim(2) + int64_t(j), v);
}

static LogicalResult evaluateLSTM(ms::LSTMOp op, Inputs in, Outputs out) {
  size_t next = 6;
  const Tensor *lengths = op.getLengths() ? in[next++] : nullptr;
  const Tensor *peephole = op.getPeephole() ? in[next++] : nullptr;
  Recurrence<ms::LSTMOp> r(op, *in[0], *in[1], *in[2], *in[3], lengths);
  States hidden(*in[4]), cell(*in[5]);
  int64_t n = r.hidden;
  r.run([&](int64_t t, int64_t b) {
    std::vector<double> h(hidden[b].begin(), hidden[b].end());
    auto argument = [&](int64_t gate, int64_t j) {
      return r.project(t, b, gate * n + j) + r.recur(h, gate * n + j);
    };
    auto peep = [&](int64_t gate, int64_t j, double c) {
      return peephole ? peephole->getFloat(gate * n + j) * c : 0;
    };
    for (int64_t j = 0; j < n; ++j) {
      double &c = cell[b][j];
      double i = r.activate(0, argument(0, j) + peep(0, j, c));
      double f = op.getInputForget()
                     ? 1 - i
                     : r.activate(0, argument(1, j) + peep(1, j, c));
      c = f * c + i * r.activate(1, argument(2, j));
      double o = r.activate(0, argument(3, j) + peep(2, j, c));
      hidden[b][j] = o * r.applied(2, c);
    }
    storeRow(out[0], t, b, hidden[b]);
  });
  hidden.store(out[1]);
  cell.store(out[2]);
  return success();
}

static LogicalResult evaluateGRU(ms::GRUOp op, Inputs in, Outputs out) {
  const Tensor *lengths = op.getLengths() ? in[6] : nullptr;
  const Tensor &recurrenceBias = *in[4];
  Recurrence<ms::GRUOp> r(op, *in[0], *in[1], *in[2], *in[3], lengths);
  States hidden(*in[5]);
  int64_t n = r.hidden;
  r.run([&](int64_t t, int64_t b) {
    std::vector<double> h(hidden[b].begin(), hidden[b].end()), reset(n),
        resetState(n);
    auto gate = [&](int64_t j) {
      return r.activate(0, r.project(t, b, j) + r.recur(h, j) +
                               recurrenceBias.getFloat(j));
    };
    for (int64_t j = 0; j < n; ++j) {
      reset[j] = gate(j);
      resetState[j] = reset[j] * h[j];
    }
    for (int64_t j = 0; j < n; ++j) {
      double z = gate(n + j), own = recurrenceBias.getFloat(2 * n + j);
      double inner = op.getResetAfter()
                         ? reset[j] * (r.recur(h, 2 * n + j) + own)
                         : r.recur(resetState, 2 * n + j) + own;
      double candidate = r.activate(1, r.project(t, b, 2 * n + j) + inner);
      hidden[b][j] = (1 - z) * candidate + z * h[j];
    }
    storeRow(out[0], t, b, hidden[b]);
  });
  hidden.store(out[1]);
  return success();
}

static LogicalResult evaluateRNN(ms::RNNOp op, Inputs in, Outputs out) {
  const Tensor *lengths = op.getLengths() ? in[5] : nullptr;
  Recurrence<ms::RNNOp> r(op, *in[0], *in[1], *in[2], *in[3], lengths);
  States hidden(*in[4]);
  r.run([&](int64_t t, int64_t b) {
    std::vector<double> h(hidden[b].begin(), hidden[b].end());
    for (int64_t j = 0; j < r.hidden; ++j)
      hidden[b][j] = r.activate(0, r.project(t, b, j) + r.recur(h, j));
    storeRow(out[0], t, b, hidden[b]);
  });
  hidden.store(out[1]);
  return success();
}

namespace {
/// The matrices of a batch entry and a head in [B, heads, rows, columns].
class Heads {
public:
  explicit Heads(const Tensor &tensor) : tensor(tensor) {}
  int64_t offset(int64_t batch, int64_t head, int64_t row) const {
    return ((batch * tensor.dim(1) + head) * tensor.dim(2) + row) *
           tensor.dim(3);
  }
  double at(int64_t batch, int64_t head, int64_t row, int64_t column) const {
    return tensor.getFloat(offset(batch, head, row) + column);
  }

private:
  const Tensor &tensor;
};
} // namespace

/// What `mask` and the band add to the score of key \p at[3] for query at[2].
static double maskAt(ms::AttentionOp op, const Tensor *mask,
                     ArrayRef<int64_t> at) {
  const double never = -std::numeric_limits<double>::infinity();
  int64_t distance = at[3] - at[2];
  if ((op.getBandLow() && distance < int64_t(*op.getBandLow())) ||
      (op.getBandHigh() && distance > int64_t(*op.getBandHigh())))
    return never;
  if (!mask)
    return 0;
  int64_t i = broadcastOffset(mask->shape(), at);
  if (mask->isFloat())
    return mask->getFloat(i);
  return mask->getInt(i) ? 0 : never;
}

/// The softmax of \p scores; zeros if none is above -inf.
static void normalize(std::vector<double> &scores) {
  double best = -std::numeric_limits<double>::infinity(), sum = 0;
  for (double s : scores)
    best = s > best || std::isnan(s) ? s : best;
  bool blind = best == -std::numeric_limits<double>::infinity();
  for (double &s : scores) {
    s = blind ? 0 : std::exp(s - best);
    sum += s;
  }
  for (double &s : scores)
    s = blind ? 0 : s / sum;
}

static LogicalResult evaluateAttention(ms::AttentionOp op, Inputs in,
                                       Outputs out) {
  Heads query(*in[0]), key(*in[1]), value(*in[2]), result(out[0]);
  const Tensor *mask = op.getMask() ? in[3] : nullptr;
  ArrayRef<int64_t> shape = in[0]->shape();
  int64_t keys = in[1]->dim(2), perGroup = shape[1] / in[1]->dim(1);
  double scale = op.getScale().convertToDouble();
  forEachIndex(shape.drop_back(), [&](ArrayRef<int64_t> at) {
    int64_t b = at[0], head = at[1], i = at[2], group = head / perGroup;
    std::vector<double> scores(keys);
    for (int64_t j = 0; j < keys; ++j) {
      double sum = 0;
      for (int64_t e = 0; e < shape[3]; ++e)
        sum += query.at(b, head, i, e) * key.at(b, group, j, e);
      sum *= scale;
      if (op.getSoftcap()) {
        double cap = op.getSoftcap()->convertToDouble();
        sum = cap * std::tanh(sum / cap);
      }
      scores[j] = sum + maskAt(op, mask, {b, head, i, j});
    }
    normalize(scores);
    for (int64_t e = 0; e < in[2]->dim(3); ++e) {
      double sum = 0;
      for (int64_t j = 0; j < keys; ++j)
        sum += scores[j] * value.at(b, group, j, e);
      out[0].setFloat(result.offset(b, head, i) + e, sum);
    }
  });
  return success();
}

static LogicalResult evaluateRotaryEmbedding(ms::RotaryEmbeddingOp op,
                                             Inputs in, Outputs out) {
  const Tensor &x = *in[0], &cos = *in[1], &sin = *in[2];
  int64_t turned = cos.shape().back(), i = 0;
  int64_t step = op.getInterleaved() ? 1 : turned / 2;
  forEachIndex(x.shape(), [&](ArrayRef<int64_t> at) {
    int64_t j = at.back();
    if (j >= turned) {
      out[0].copyElement(i, x, i);
    } else {
      bool first = j / step % 2 == 0;
      double other = first ? -x.getFloat(i + step) : x.getFloat(i - step);
      int64_t angle = broadcastOffset(cos.shape(), at);
      out[0].setFloat(i, x.getFloat(i) * cos.getFloat(angle) +
                             other * sin.getFloat(angle));
    }
    ++i;
  });
  return success();
}

void registerSequence(Registry &registry) {
  registry.add<ms::LSTMOp>(evaluateLSTM);
  registry.add<ms::GRUOp>(evaluateGRU);
  registry.add<ms::RNNOp>(evaluateRNN);
  registry.add<ms::AttentionOp>(evaluateAttention);
  registry.add<ms::RotaryEmbeddingOp>(evaluateRotaryEmbedding);
}

} // namespace msc::reference
