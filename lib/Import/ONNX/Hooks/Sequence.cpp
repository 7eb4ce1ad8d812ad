// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's recurrent layers
/// (https://onnx.ai/onnx/operators/onnx__LSTM.html and GRU, RNN): a layer per
/// direction, and the results of both side by side.
#include "msc/Import/Sequence.h"
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

namespace {
/// An activation of ONNX, by its name in lower case, and its default numbers.
struct ActivationName {
  const char *source, *name;
  std::optional<double> alpha, beta;
};
} // namespace

static const ActivationName *findActivation(StringRef name) {
  static const ActivationName names[] = {
      {"sigmoid", "sigmoid", {}, {}},
      {"tanh", "tanh", {}, {}},
      {"relu", "relu", {}, {}},
      {"softsign", "softsign", {}, {}},
      {"softplus", "softplus", {}, {}},
      {"affine", "affine", 1.0, 0.0},
      {"leakyrelu", "leaky_relu", 0.01, {}},
      {"thresholdedrelu", "thresholded_relu", 1.0, {}},
      {"scaledtanh", "scaled_tanh", 1.0, 1.0},
      {"hardsigmoid", "hard_sigmoid", 0.2, 0.5},
      {"elu", "elu", 1.0, {}}};
  for (const ActivationName &entry : names)
    if (name.equals_insensitive(entry.source))
      return &entry;
  return nullptr;
}

namespace {
using BuildLayer = SmallVector<Value> (*)(Emitter &, const RecurrentLayer &);

/// What the three operators share; `order` names their blocks of rows in ms's
/// order of gates.
class Recurrent {
public:
  Recurrent(Node &n, ArrayRef<int64_t> order, size_t functions)
      : n(n), e(n.e), order(order), functions(functions) {}

  LogicalResult run(BuildLayer build);

private:
  bool prepare();
  bool readActivations();
  RecurrentLayer layer(int64_t direction);
  Value part(size_t input, int64_t direction);
  Value weights(size_t input, int64_t direction);
  void addBiases(RecurrentLayer &x, int64_t direction);
  Value state(size_t input, int64_t direction);
  Value lengths();

  Node &n;
  Emitter &e;
  SmallVector<int64_t> order;
  size_t functions; // per direction
  Value input;      // [T, B, I]
  bool batchFirst = false, reverseOnly = false;
  int64_t directions = 1, hidden = 0;
  SmallVector<StringRef> activations;
  SmallVector<double> alphas, betas;
};
} // namespace

/// Names of all directions; the lists of numbers hold entries for the functions
/// that take one.
bool Recurrent::readActivations() {
  auto names = dyn_cast_if_present<ArrayAttr>(n.attr("activations"));
  if (!names)
    return true;
  if (names.size() != functions * directions) {
    n.error() << "has " << names.size() << " activations, expected "
              << functions * directions;
    return false;
  }
  SmallVector<double> givenAlphas =
                          n.f64s("activation_alpha", SmallVector<double>()),
                      givenBetas =
                          n.f64s("activation_beta", SmallVector<double>());
  size_t nextAlpha = 0, nextBeta = 0;
  auto take = [](std::optional<double> fallback, ArrayRef<double> given,
                 size_t &next) {
    if (!fallback)
      return 0.0;
    return next < given.size() ? given[next++] : *fallback;
  };
  for (Attribute name : names) {
    auto text = dyn_cast<StringAttr>(name);
    const ActivationName *entry = text ? findActivation(text) : nullptr;
    if (!entry) {
      n.error() << "has no activation " << name;
      return false;
    }
    activations.push_back(entry->name);
    alphas.push_back(take(entry->alpha, givenAlphas, nextAlpha));
    betas.push_back(take(entry->beta, givenBetas, nextBeta));
  }
  return true;
}

bool Recurrent::prepare() {
  input = n.in(0);
  std::string direction = n.str("direction", StringRef("forward"));
  batchFirst = n.flag("layout", false);
  if (n.failed() || !n.expectRank(input, 3, 3) ||
      !n.expectRank(n.in(1), 3, 3) || !n.expectRank(n.in(2), 3, 3))
    return false;
  reverseOnly = direction == "reverse";
  directions = direction == "bidirectional" ? 2 : 1;
  if (directions == 1 && !reverseOnly && direction != "forward") {
    n.error() << "has no direction '" << direction << "'";
    return false;
  }
  hidden = e.shape(n.in(2))[2];
  for (size_t i = 1; i <= 2; ++i)
    if (e.shape(n.in(i))[0] != directions) {
      n.error() << "has weights of " << e.shape(n.in(i))[0]
                << " directions, expected " << directions;
      return false;
    }
  if (batchFirst)
    input = transpose(e, input, {1, 0, 2});
  return readActivations();
}

/// The part of input \p i for a direction, or null.
Value Recurrent::part(size_t i, int64_t direction) {
  if (!n.has(i))
    return {};
  Value v = n.in(i);
  if (n.failed() || e.rank(v) < 1 || e.shape(v)[0] <= direction) {
    if (!n.failed())
      n.error() << "input " << i << " is " << v.getType() << ", expected "
                << directions << " directions";
    return {};
  }
  return squeezeDim(e, slice(e, v, 0, direction, 1), 0);
}

/// [gates * H, columns] ~> [columns, gates * H]
Value Recurrent::weights(size_t i, int64_t direction) {
  Value v = part(i, direction);
  return n.failed() ? e.poison()
                    : transpose(e, permuteBlocks(e, v, 0, order), {1, 0});
}

/// Splits the biases of input and recurrence. Only GRU needs them apart.
void Recurrent::addBiases(RecurrentLayer &x, int64_t direction) {
  Value both = part(3, direction);
  int64_t count = int64_t(order.size()) * hidden;
  if (!both || !n.expectRank(both, 1, 1))
    return;
  SmallVector<Value> parts = split(e, both, 0, {count, count});
  for (Value &v : parts)
    v = permuteBlocks(e, v, 0, order);
  if (n.failed())
    return;
  bool apart = order.size() == 3;
  x.bias = apart ? parts[0] : e.add(parts[0], parts[1]);
  x.recurrenceBias = apart ? parts[1] : Value();
}

/// A direction of [D, B, H] or, batch first, [B, D, H].
Value Recurrent::state(size_t i, int64_t direction) {
  if (!batchFirst || !n.has(i))
    return part(i, direction);
  Value v = n.in(i);
  if (!n.expectRank(v, 3, 3) || e.shape(v)[1] <= direction) {
    if (!n.failed())
      n.error() << "input " << i << " is " << v.getType() << ", expected "
                << directions << " directions";
    return {};
  }
  return squeezeDim(e, slice(e, v, 1, direction, 1), 1);
}

/// The lengths, or null where all are known to be the whole time.
Value Recurrent::lengths() {
  if (!n.has(4))
    return {};
  Value v = n.in(4);
  DenseElementsAttr known = n.importer.shapeConstant(v);
  int64_t time = e.shape(input)[0];
  if (known && known.getElementType().isInteger() &&
      llvm::all_of(known.getValues<APInt>(), [&](const APInt &length) {
        return length.getSExtValue() == time;
      }))
    return {};
  return asIndices(e, v);
}

RecurrentLayer Recurrent::layer(int64_t direction) {
  RecurrentLayer x;
  x.input = input;
  x.weight = weights(1, direction);
  x.recurrence = weights(2, direction);
  addBiases(x, direction);
  x.hidden = state(5, direction);
  x.lengths = lengths();
  x.reverse = reverseOnly || direction == 1;
  if (n.hasAttr("clip"))
    x.clip = n.f64("clip");
  if (!activations.empty()) {
    auto own = [&](auto &list) {
      return ArrayRef(list).slice(direction * functions, functions);
    };
    x.activations = llvm::to_vector(own(activations));
    x.alphas = llvm::to_vector(own(alphas));
    x.betas = llvm::to_vector(own(betas));
  }
  if (order.size() == 3)
    x.resetAfter = n.flag("linear_before_reset", false);
  if (order.size() == 4) {
    x.cell = state(6, direction);
    x.inputForget = n.flag("input_forget", false);
    if (Value peephole = part(7, direction))
      x.peephole = permuteBlocks(e, peephole, 0, {0, 2, 1}); // i o f ~> i f o
  }
  return x;
}

LogicalResult Recurrent::run(BuildLayer build) {
  if (!prepare())
    return failure();
  SmallVector<SmallVector<Value>> found; // by result, then direction
  for (int64_t d = 0; d < directions; ++d) {
    SmallVector<Value> results = build(e, layer(d));
    if (n.failed())
      return failure();
    found.resize(results.size());
    for (auto [i, value] : llvm::enumerate(results))
      // [T, B, H] ~> [T, D, B, H] or [B, T, D, H]; [B, H] ~> [D, B, H] or
      // [B, D, H].
      if (i == 0)
        found[i].push_back(batchFirst
                               ? expandDim(e, transpose(e, value, {1, 0, 2}), 2)
                               : expandDim(e, value, 1));
      else
        found[i].push_back(expandDim(e, value, batchFirst ? 1 : 0));
  }
  std::vector<Val> results;
  for (auto [i, values] : llvm::enumerate(found)) {
    int64_t axis = i == 0 ? (batchFirst ? 2 : 1) : (batchFirst ? 1 : 0);
    results.push_back(concat(e, values, axis));
  }
  return n.results(results);
}

LogicalResult importLSTM(Node &n) {
  return Recurrent(n, {0, 2, 3, 1}, 3).run(lstm); // i o f c ~> i f c o
}

LogicalResult importGRU(Node &n) {
  return Recurrent(n, {1, 0, 2}, 2).run(gru); // z r h ~> r z h
}

LogicalResult importRNN(Node &n) { return Recurrent(n, {0}, 1).run(rnn); }

} // namespace msc::import::onnx
