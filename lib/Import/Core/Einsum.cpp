// SPDX-License-Identifier: Apache-2.0
//
/// \file Einstein sums as products of matrices. Semantics: numpy.einsum, and
/// https://onnx.ai/onnx/operators/onnx__Einsum.html.
#include "msc/Import/Layers.h"
#include "msc/Import/Shaping.h"

#include <map>

using namespace mlir;

namespace msc::import {

namespace {
/// A dimension's label: a letter, or 256 + i for the i-th dimension from the
/// right that `...` stands for.
using Label = int;
using Labels = SmallVector<Label>;
constexpr Label ellipsis = 256;

struct Operand {
  Value v;
  Labels labels;
};

/// Evaluates one equation; errors go to the emitter.
class EinsumBuilder {
public:
  EinsumBuilder(Emitter &e, StringRef equation) : e(e), equation(equation) {}

  Value build(ArrayRef<Value> values);

private:
  Value fail(const Twine &why) {
    if (!e.failed)
      e.error() << "einsum '" << equation << "': " << why;
    return e.poison();
  }
  bool parse(StringRef text, ArrayRef<Value> values);
  Labels parseTerm(StringRef term, int64_t dots);
  void impliedResult();
  bool findExtents();
  void takeDiagonals(Operand &x);
  void repeatOnes(Operand &x);
  /// Sums over the labels that are neither in \p other nor in an operand from
  /// \p next on nor in the result.
  void sumOut(Operand &x, ArrayRef<Label> other, size_t next);
  Operand contract(Operand a, Operand b, size_t next);
  bool isNeeded(Label label, size_t next) const;
  Value arrange(const Operand &x, ArrayRef<Label> order);
  int64_t count(ArrayRef<Label> labels);

  Emitter &e;
  std::string equation;
  std::vector<Operand> operands;
  Labels result;
  int64_t maxDots = 0;
  std::map<Label, int64_t> extents;
};
} // namespace

/// The labels of \p term, where `...` stands for \p dots dimensions.
Labels EinsumBuilder::parseTerm(StringRef term, int64_t dots) {
  Labels labels;
  for (size_t i = 0; i < term.size(); ++i) {
    if (llvm::isAlpha(term[i])) {
      labels.push_back(term[i]);
    } else if (term.substr(i, 3) == "...") {
      for (int64_t d = dots; d-- > 0;)
        labels.push_back(ellipsis + Label(d));
      i += 2;
    } else {
      fail("unexpected character '" + Twine(term[i]) + "'");
      return {};
    }
  }
  return labels;
}

bool EinsumBuilder::parse(StringRef text, ArrayRef<Value> values) {
  auto [left, right] = text.split("->");
  SmallVector<StringRef> terms;
  left.split(terms, ',');
  if (terms.size() != values.size())
    return fail(Twine(terms.size()) + " terms for " + Twine(values.size()) +
                " operands"),
           false;
  for (auto [term, v] : llvm::zip_equal(terms, values)) {
    bool hasDots = term.contains("...");
    int64_t letters = int64_t(term.size()) - (hasDots ? 3 : 0);
    int64_t dots = Emitter::rank(v) - letters;
    if (dots < 0 || (dots > 0 && !hasDots))
      return fail("term '" + term + "' does not fit rank " +
                  Twine(Emitter::rank(v))),
             false;
    operands.push_back({v, parseTerm(term, dots)});
    maxDots = std::max(maxDots, dots);
  }
  if (text.contains("->"))
    result = parseTerm(right, maxDots);
  else
    impliedResult();
  for (size_t i = 0; i < result.size(); ++i)
    if (llvm::is_contained(ArrayRef(result).drop_front(i + 1), result[i]))
      return fail("the result repeats a label"), false;
  return !e.failed;
}

/// `...`, then the letters that appear once, sorted.
void EinsumBuilder::impliedResult() {
  std::map<Label, int> counts;
  for (const Operand &x : operands)
    for (Label label : x.labels)
      ++counts[label];
  for (int64_t d = maxDots; d-- > 0;)
    result.push_back(ellipsis + Label(d));
  for (auto [label, times] : counts)
    if (label < ellipsis && times == 1)
      result.push_back(label);
}

bool EinsumBuilder::findExtents() {
  for (const Operand &x : operands)
    for (auto [label, extent] :
         llvm::zip_equal(x.labels, Emitter::shape(x.v))) {
      int64_t &known = extents.try_emplace(label, extent).first->second;
      if (known == 1)
        known = extent;
      if (extent != known && extent != 1)
        return fail("one label has extents " + Twine(known) + " and " +
                    Twine(extent)),
               false;
    }
  for (Label label : result)
    if (!extents.count(label))
      return fail("the result has a label that no operand has"), false;
  return true;
}

/// x[..i..i..] ~> x[..i..]: every (n + 1)-th element of the two dimensions.
void EinsumBuilder::takeDiagonals(Operand &x) {
  for (size_t i = 0; i < x.labels.size(); ++i)
    for (size_t j = i + 1; j < x.labels.size(); ++j) {
      if (x.labels[i] != x.labels[j] || e.failed)
        continue;
      int64_t last = Emitter::rank(x.v) - 1, n = Emitter::shape(x.v)[i];
      if (n != Emitter::shape(x.v)[j]) {
        fail("a repeated label has different extents");
        return;
      }
      x.v = moveDim(e, moveDim(e, x.v, j, last), i, last);
      SmallVector<int64_t> shape(Emitter::shape(x.v).drop_back(2));
      shape.push_back(n * n);
      x.v = slice(e, reshape(e, x.v, shape), last - 1, 0, n, n + 1);
      Label label = x.labels[i];
      x.labels.erase(x.labels.begin() + j);
      x.labels.erase(x.labels.begin() + i);
      x.labels.push_back(label);
      i = size_t(-1); // start again
      break;
    }
}

void EinsumBuilder::repeatOnes(Operand &x) {
  SmallVector<int64_t> shape;
  for (Label label : x.labels)
    shape.push_back(extents[label]);
  x.v = broadcastTo(e, x.v, shape);
}

bool EinsumBuilder::isNeeded(Label label, size_t next) const {
  if (llvm::is_contained(result, label))
    return true;
  for (size_t i = next; i < operands.size(); ++i)
    if (llvm::is_contained(operands[i].labels, label))
      return true;
  return false;
}

int64_t EinsumBuilder::count(ArrayRef<Label> labels) {
  SmallVector<int64_t> shape;
  for (Label label : labels)
    shape.push_back(extents[label]);
  return product(e, shape);
}

Value EinsumBuilder::arrange(const Operand &x, ArrayRef<Label> order) {
  SmallVector<int64_t> permutation;
  for (Label label : order)
    permutation.push_back(llvm::find(x.labels, label) - x.labels.begin());
  return transpose(e, x.v, permutation);
}

void EinsumBuilder::sumOut(Operand &x, ArrayRef<Label> other, size_t next) {
  SmallVector<int64_t> axes;
  Labels kept;
  for (auto [d, label] : llvm::enumerate(x.labels))
    if (llvm::is_contained(other, label) || isNeeded(label, next))
      kept.push_back(label);
    else
      axes.push_back(d);
  if (axes.empty() || e.failed)
    return;
  x.v = reduce(e, "sum", x.v, axes);
  x.labels = kept;
}

Operand EinsumBuilder::contract(Operand a, Operand b, size_t next) {
  Labels batch, left, right, summed;
  for (Label label : a.labels) {
    bool shared = llvm::is_contained(b.labels, label);
    (!shared ? left : isNeeded(label, next) ? batch : summed).push_back(label);
  }
  for (Label label : b.labels)
    if (!llvm::is_contained(a.labels, label))
      right.push_back(label);
  auto joined = [](std::initializer_list<Labels> parts) {
    Labels all;
    for (const Labels &part : parts)
      all.append(part);
    return all;
  };
  Value x = arrange(a, joined({batch, left, summed}));
  Value y = arrange(b, joined({batch, summed, right}));
  int64_t n = count(batch), rows = count(left), columns = count(right);
  Labels labels = joined({batch, left, right});
  SmallVector<int64_t> shape;
  for (Label label : labels)
    shape.push_back(extents[label]);
  if (e.failed)
    return {e.poison(), {}};
  Value z;
  if (summed.empty())
    z = e.mul(reshape(e, x, {n, rows, 1}), reshape(e, y, {n, 1, columns}));
  else
    z = matmul(e, reshape(e, x, {n, rows, count(summed)}),
               reshape(e, y, {n, count(summed), columns}));
  return {reshape(e, z, shape), labels};
}

Value EinsumBuilder::build(ArrayRef<Value> values) {
  std::string text;
  llvm::copy_if(equation, std::back_inserter(text),
                [](char c) { return c != ' '; });
  if (values.empty() || !parse(text, values))
    return fail("has no operands");
  for (Operand &x : operands)
    takeDiagonals(x);
  if (e.failed || !findExtents())
    return e.poison();
  for (Operand &x : operands)
    repeatOnes(x);
  Operand all = operands.front();
  sumOut(all, {}, 1);
  for (size_t i = 1; i < operands.size() && !e.failed; ++i) {
    Operand next = operands[i];
    sumOut(next, all.labels, i + 1);
    all = contract(all, next, i + 1);
  }
  return e.failed ? e.poison() : arrange(all, result);
}

Value einsum(Emitter &e, StringRef equation, ArrayRef<Value> operands) {
  if (e.failed)
    return e.poison();
  return EinsumBuilder(e, equation).build(operands);
}

} // namespace msc::import
