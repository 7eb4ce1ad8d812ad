// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX operators of classical machine learning on numbers: n-gram
/// counts and thresholds (ai.onnx TfIdfVectorizer, ai.onnx.ml).
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Formulas.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::onnx {

/// Larger vocabularies are not what a model means.
static constexpr int64_t maxResults = 1 << 24;

/// x > threshold as 1 or 0 of x's type.
LogicalResult importBinarizer(Node &node) {
  Value x = node.in(0);
  Value isAbove = greater(node.e, x, node.f64("threshold", 0));
  return node.result(node.e.cast(isAbove, Emitter::element(x)));
}

namespace {
/// The n-grams of one length in the pool, row by row.
struct Grams {
  int64_t length = 0, count = 0;
  ArrayRef<int64_t> tokens;
};

class TfIdf {
public:
  explicit TfIdf(Node &n) : n(n), e(n.e) {}
  LogicalResult run();

private:
  bool readPool();
  Value countGrams(Value x, const Grams &grams, int64_t distance);
  Value countAll(Value x);
  Value ordered(Value counts);
  LogicalResult weigh(Value counts);

  Node &n;
  Emitter &e;
  SmallVector<int64_t> pool, indexes;
  SmallVector<Grams> grams;    ///< of the lengths that count
  SmallVector<int64_t> places; ///< results of those, in their order
};
} // namespace

/// Cuts the pool into n-grams: `ngram_counts` holds where those of each length
/// start.
bool TfIdf::readPool() {
  pool = n.i64s("pool_int64s");
  indexes = n.i64s("ngram_indexes");
  SmallVector<int64_t> starts = n.i64s("ngram_counts");
  int64_t shortest = n.i64("min_gram_length"),
          longest = n.i64("max_gram_length"), gram = 0;
  if (n.failed())
    return false;
  starts.push_back(int64_t(pool.size()));
  if (starts.front() != 0 || !llvm::is_sorted(starts))
    return n.error() << "ngram_counts [" << starts << "] do not cut a pool of "
                     << pool.size() << " tokens",
           false;
  for (int64_t length = 1; length < int64_t(starts.size()); ++length) {
    int64_t begin = starts[length - 1], size = starts[length] - begin;
    int64_t count = size / length;
    if (size % length || gram + count > int64_t(indexes.size()))
      return n.error() << "the pool's " << size << " tokens are not " << length
                       << "-grams with an index each",
             false;
    if (length >= shortest && length <= longest && count > 0) {
      grams.push_back({length, count, ArrayRef(pool).slice(begin, size)});
      places.append(indexes.begin() + gram, indexes.begin() + gram + count);
    }
    gram += count;
  }
  if (indexes.empty() ||
      llvm::any_of(indexes, [](int64_t i) { return i < 0 || i >= maxResults; }))
    n.error() << "ngram_indexes [" << indexes << "] are not positions";
  return !n.failed();
}

/// How often each n-gram stands in the rows of \p x [N, C], its tokens
/// \p distance apart: [N, count] of i32, or null where none fits.
Value TfIdf::countGrams(Value x, const Grams &grams, int64_t distance) {
  int64_t starts = Emitter::shape(x)[1] - distance * (grams.length - 1);
  if (starts < 1)
    return {};
  Value found;
  for (int64_t k = 0; k < grams.length; ++k) {
    SmallVector<int64_t> tokens;
    for (int64_t g = 0; g < grams.count; ++g)
      tokens.push_back(grams.tokens[g * grams.length + k]);
    Value at = expandDim(e, slice(e, x, 1, k * distance, starts), 2);
    Value isEqual = equal(e, at, e.ints(tokens, e.i64()));
    found = found ? e.emit<ms::LogicalAndOp>({found, isEqual}) : isEqual;
  }
  return reduce(e, "sum", e.cast(found, e.i32()), {1});
}

/// The counts of all n-grams, [N, their number]. Distances matter only between
/// several tokens.
Value TfIdf::countAll(Value x) {
  // None reaches further than a row.
  int64_t distances =
      std::min(n.i64("max_skip_count"), Emitter::shape(x)[1]) + 1;
  SmallVector<Value> parts;
  for (const Grams &g : grams) {
    Value sum = full(e, 0, {Emitter::shape(x)[0], g.count}, e.i32());
    for (int64_t d = 1; d <= (g.length == 1 ? 1 : distances); ++d)
      if (Value part = countGrams(x, g, d))
        sum = e.add(sum, part);
    parts.push_back(sum);
  }
  return concat(e, parts, 1);
}

/// The counts at the positions that `ngram_indexes` states, as f32.
Value TfIdf::ordered(Value counts) {
  if (n.failed())
    return e.poison();
  int64_t size = *llvm::max_element(indexes) + 1;
  SmallVector<int64_t> from(size, int64_t(places.size())); // none: the zeros
  for (auto [i, place] : llvm::enumerate(places))
    from[place] = int64_t(i);
  Value zeros = full(e, 0, {Emitter::shape(counts)[0], 1}, e.i32());
  counts = concat(e, {counts, zeros}, 1);
  return e.cast(gather(e, counts, e.ints(from, e.i64()), 1), e.f32());
}

LogicalResult TfIdf::weigh(Value counts) {
  std::string mode = n.str("mode");
  SmallVector<double> weights = n.f64s("weights", SmallVector<double>());
  if (n.failed())
    return failure();
  int64_t size = Emitter::shape(counts).back();
  if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
    return n.error() << "mode '" << mode << "' is not TF, IDF or TFIDF";
  if (mode == "IDF")
    counts = e.cast(greater(e, counts, 0), e.f32());
  if (mode == "TF" || weights.empty())
    return n.result(counts);
  if (int64_t(weights.size()) < size)
    return n.error() << "has " << weights.size() << " weights for " << size
                     << " results";
  SmallVector<float> numbers(weights.begin(), weights.begin() + size);
  return n.result(e.mul(counts, e.constant(DenseElementsAttr::get(
                                    RankedTensorType::get({size}, e.f32()),
                                    ArrayRef<float>(numbers)))));
}

LogicalResult TfIdf::run() {
  if (n.hasAttr("pool_strings"))
    return n.error() << "n-grams of strings are not supported";
  Value x = n.in(0, e.i64());
  if (!n.expectRank(x, 0, 2) || !readPool())
    return failure();
  bool isRow = Emitter::rank(x) < 2;
  if (isRow)
    x = reshape(e, x, {1, Emitter::type(x).getNumElements()});
  if (grams.empty())
    return n.error() << "has no n-grams of the lengths that count";
  Value counts = ordered(countAll(x));
  return weigh(isRow ? squeezeDim(e, counts, 0) : counts);
}

LogicalResult importTfIdfVectorizer(Node &node) { return TfIdf(node).run(); }

} // namespace msc::import::onnx
