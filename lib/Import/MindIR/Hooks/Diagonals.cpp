// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore primitives about diagonals and triangles of matrices.
#include "lib/Import/MindIR/Hooks.h"
#include "lib/Import/MindIR/Hooks/Common.h"
#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

// Triangles.

static LogicalResult triangleOf(Node &node, bool lower) {
  Value x = node.in(0);
  int64_t diagonal = node.i64("diagonal", 0);
  if (!node.expectRank(x, 2, 64))
    return failure();
  return node.result(trianglePart(node.e, x, diagonal, lower));
}

LogicalResult importTril(Node &node) { return triangleOf(node, true); }
LogicalResult importTriu(Node &node) { return triangleOf(node, false); }

LogicalResult importMatrixBandPart(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  int64_t lower = node.i64("lower"), upper = node.i64("upper");
  if (!node.expectRank(x, 2, 64))
    return failure();
  // A negative width keeps the whole triangle.
  if (lower >= 0)
    x = trianglePart(e, x, -lower, /*lower=*/false);
  if (upper >= 0)
    x = trianglePart(e, x, upper, /*lower=*/true);
  return node.result(x);
}

static LogicalResult triangleIndices(Node &node, bool lower) {
  int64_t rows = node.i64("row"), columns = node.i64("col"),
          offset = node.i64("offset", 0);
  Type element = node.dtype("dtype", node.e.i32());
  if (node.failed())
    return failure();
  if (product(node.e, {rows, columns}) > (1 << 26) || node.failed())
    return node.error() << "indices of " << rows << " x " << columns
                        << " are too many";
  SmallVector<int64_t> rowOf, columnOf;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      if (lower ? j - i <= offset : j - i >= offset) {
        rowOf.push_back(i);
        columnOf.push_back(j);
      }
  int64_t count = rowOf.size();
  llvm::append_range(rowOf, columnOf);
  return node.result(reshape(node.e, node.e.ints(rowOf, element), {2, count}));
}

LogicalResult importTrilIndices(Node &node) {
  return triangleIndices(node, true);
}
LogicalResult importTriuIndices(Node &node) {
  return triangleIndices(node, false);
}

// One diagonal.

/// [..., R, C] -> [..., n]: the elements [i, i + offset].
static Value takeDiagonal(Emitter &e, Value x, int64_t offset) {
  SmallVector<int64_t> shape(Emitter::shape(x));
  int64_t columns = shape.pop_back_val(), rows = shape.pop_back_val();
  int64_t length =
      std::max<int64_t>(std::min(offset < 0 ? rows + offset : rows,
                                 offset > 0 ? columns - offset : columns),
                        0);
  int64_t start = length == 0 ? 0 : offset < 0 ? -offset * columns : offset;
  shape.push_back(product(e, {rows, columns}));
  return slice(e, reshape(e, x, shape), shape.size() - 1, start, length,
               length > 1 ? columns + 1 : 1);
}

/// [n] -> [m, m] with the elements at [i, i + offset], m = n + |offset|.
static Value putDiagonal(Emitter &e, Value x, int64_t offset) {
  int64_t n = Emitter::shape(x)[0], m = n + std::abs(offset);
  Value padded = pad(e, x, {0}, {m - n});
  Value line =
      reshape(e, padded,
              offset < 0 ? ArrayRef<int64_t>{1, m} : ArrayRef<int64_t>{m, 1});
  return e.select(eye(e, m, m, offset, e.boolean()), line,
                  e.scalar(0, Emitter::element(x)));
}

/// result[i..., i...] = x[i...]
LogicalResult importDiag(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  SmallVector<int64_t> shape(Emitter::shape(x));
  llvm::append_range(shape, Emitter::shape(x));
  product(e, shape);
  if (node.failed())
    return failure();
  Value flat = reshape(e, x, {Emitter::type(x).getNumElements()});
  return node.result(reshape(e, putDiagonal(e, flat, 0), shape));
}

LogicalResult importDiagPart(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  ArrayRef<int64_t> shape = Emitter::shape(x);
  size_t half = shape.size() / 2;
  if (shape.empty() || shape.take_front(half) != shape.drop_front(half))
    return node.error() << "expects a shape of two equal halves, got "
                        << x.getType();
  int64_t n = product(e, shape.take_front(half));
  return node.result(reshape(e, takeDiagonal(e, reshape(e, x, {n, n}), 0),
                             shape.take_front(half)));
}

LogicalResult importDiagExt(Node &node) {
  Value x = node.in(0);
  int64_t offset = node.i64("diagonal", 0);
  if (!node.expectRank(x, 1, 2))
    return failure();
  if (std::abs(offset) > (1 << 20))
    return node.error() << "diagonal " << offset << " is out of range";
  return node.result(Emitter::rank(x) == 1 ? putDiagonal(node.e, x, offset)
                                           : takeDiagonal(node.e, x, offset));
}

LogicalResult importTrace(Node &node) {
  Value x = node.in(0);
  if (!node.expectRank(x, 2, 2))
    return failure();
  return node.result(node.e.emit<ms::ReduceSumOp>(
      takeDiagonal(node.e, x, 0), {{"axes", SmallVector<int64_t>{0}}}));
}

LogicalResult importDiagonal(Node &node) {
  Value x = node.in(0);
  int64_t rank = Emitter::rank(x), offset = node.i64("offset", 0);
  int64_t rows = axisArgument(node, "dim1", rank, 0),
          columns = axisArgument(node, "dim2", rank, 1);
  if (!node.expectRank(x, 2, 64))
    return failure();
  if (rows == columns)
    return node.error() << "dim1 and dim2 are both " << rows;
  SmallVector<int64_t> order;
  for (int64_t d = 0; d < rank; ++d)
    if (d != rows && d != columns)
      order.push_back(d);
  order.append({rows, columns});
  return node.result(takeDiagonal(node.e, transpose(node.e, x, order), offset));
}

// Bands of diagonals, as TensorFlow's MatrixDiag*V3.

namespace {
/// Diagonals low..high of a matrix, stored as rows of a packed tensor: the
/// highest first, each aligned left or right in a row of the longest's length.
struct Band {
  int64_t low = 0, high = 0, rows = 0, columns = 0, width = 0;
  bool alignsSuperLeft = false, alignsSubLeft = true;

  int64_t count() const { return high - low + 1; }
  int64_t length(int64_t d) const {
    return std::min(rows + std::min<int64_t>(d, 0),
                    columns - std::max<int64_t>(d, 0));
  }
  /// Where element [i, j] of the matrix is stored, or -1.
  int64_t position(int64_t i, int64_t j) const {
    int64_t d = j - i;
    if (d < low || d > high)
      return -1;
    bool isLeft = (d >= 0 && alignsSuperLeft) || (d <= 0 && alignsSubLeft);
    int64_t shift = isLeft ? 0 : width - length(d);
    return (high - d) * width + shift + i + std::min<int64_t>(d, 0);
  }
};
} // namespace

/// Reads "k" and "align".
static Band bandOf(Node &node) {
  Band band;
  SmallVector<int64_t> k = node.i64s("k");
  std::string align = node.str("align", "RIGHT_LEFT");
  if (!node.failed() &&
      (k.empty() || k.size() > 2 || k.front() > k.back() ||
       k.back() - k.front() > (1 << 20) || std::abs(k.front()) > (1 << 20)))
    node.error() << "k [" << k << "] is no range of diagonals";
  if (node.failed())
    return band;
  band.low = k.front();
  band.high = k.back();
  band.alignsSuperLeft = StringRef(align).starts_with("LEFT");
  band.alignsSubLeft = StringRef(align).ends_with("LEFT");
  return band;
}

/// [..., n] of the concatenated \p parts (each [..., m]) at \p table, as the
/// last dimensions \p shape.
static Value takeTable(Emitter &e, ArrayRef<Value> parts,
                       ArrayRef<int64_t> table, ArrayRef<int64_t> shape) {
  Value all = concat(e, parts, Emitter::rank(parts[0]) - 1);
  if (e.failed)
    return e.poison();
  Value taken = gather(e, all, e.ints(table, e.i64()), Emitter::rank(all) - 1);
  SmallVector<int64_t> result(Emitter::shape(all).drop_back());
  llvm::append_range(result, shape);
  return reshape(e, taken, result);
}

/// \p x with its last \p dims dimensions joined.
static Value joinLast(Emitter &e, Value x, int64_t dims) {
  SmallVector<int64_t> shape(Emitter::shape(x).drop_back(dims));
  shape.push_back(product(e, Emitter::shape(x).take_back(dims)));
  return reshape(e, x, shape);
}

/// The padding value as one more element of each row of \p x.
static Value paddingOf(Node &node, StringRef name, Value x) {
  Emitter &e = node.e;
  Value value = e.scalar(0, Emitter::element(x));
  for (auto [i, arg] : llvm::enumerate(node.rule->args))
    if (name == arg && node.has(i))
      value = reshape(e, node.in(i, Emitter::element(x)), {});
  SmallVector<int64_t> shape(Emitter::shape(x));
  shape.back() = 1;
  return broadcastTo(e, value, shape);
}

static constexpr int64_t tableLimit = 1 << 26;

LogicalResult importMatrixDiag(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  Band band = bandOf(node);
  int64_t rows = node.i64("num_rows", -1), columns = node.i64("num_cols", -1);
  int64_t packed = band.count() > 1 ? 2 : 1;
  if (!node.expectRank(x, packed, 64))
    return failure();
  band.width = Emitter::shape(x).back();
  int64_t leastRows = band.width - std::min<int64_t>(band.high, 0);
  int64_t leastColumns = band.width + std::max<int64_t>(band.low, 0);
  bool isSquare = rows == -1 && columns == -1;
  band.rows = isSquare     ? std::max(leastRows, leastColumns)
              : rows == -1 ? leastRows
                           : rows;
  band.columns = isSquare ? band.rows : columns == -1 ? leastColumns : columns;
  bool fits =
      band.rows >= leastRows && band.columns >= leastColumns &&
      (packed == 1 || Emitter::shape(x).drop_back().back() == band.count());
  if (!fits || product(e, {band.rows, band.columns}) > tableLimit)
    return node.error() << "cannot put diagonals " << band.low << " to "
                        << band.high << " of " << x.getType() << " into "
                        << band.rows << " x " << band.columns;
  Value flat = joinLast(e, x, packed);
  SmallVector<int64_t> table;
  for (int64_t i = 0; i < band.rows; ++i)
    for (int64_t j = 0; j < band.columns; ++j) {
      int64_t position = band.position(i, j);
      table.push_back(position < 0 ? Emitter::shape(flat).back() : position);
    }
  return node.result(takeTable(e,
                               {flat, paddingOf(node, "padding_value", flat)},
                               table, {band.rows, band.columns}));
}

/// Sets the matrix size from \p x and the width from the band.
static LogicalResult fitBand(Node &node, Band &band, Value x) {
  if (!node.expectRank(x, 2, 64))
    return failure();
  band.columns = Emitter::shape(x).back();
  band.rows = Emitter::shape(x).drop_back().back();
  if (band.low <= -std::max<int64_t>(band.rows, 1) ||
      band.high >= std::max<int64_t>(band.columns, 1) ||
      product(node.e, {band.rows, band.columns}) > tableLimit)
    return node.error() << "diagonals " << band.low << " to " << band.high
                        << " of " << x.getType() << " do not exist";
  for (int64_t d = band.low; d <= band.high; ++d)
    band.width = std::max(band.width, band.length(d));
  return success();
}

LogicalResult importMatrixDiagPart(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0);
  Band band = bandOf(node);
  if (failed(fitBand(node, band, x)))
    return failure();
  Value flat = joinLast(e, x, 2);
  SmallVector<int64_t> table(band.count() * band.width,
                             Emitter::shape(flat).back());
  for (int64_t i = 0; i < band.rows; ++i)
    for (int64_t j = 0; j < band.columns; ++j)
      if (int64_t position = band.position(i, j); position >= 0)
        table[position] = i * band.columns + j;
  SmallVector<int64_t> shape{band.width};
  if (band.count() > 1)
    shape.insert(shape.begin(), band.count());
  return node.result(takeTable(
      e, {flat, paddingOf(node, "padding_value", flat)}, table, shape));
}

LogicalResult importMatrixSetDiag(Node &node) {
  Emitter &e = node.e;
  Value x = node.in(0), diagonal = node.in(1);
  Band band = bandOf(node);
  if (failed(fitBand(node, band, x)))
    return failure();
  SmallVector<int64_t> expected(Emitter::shape(x).drop_back(2));
  if (band.count() > 1)
    expected.push_back(band.count());
  expected.push_back(band.width);
  if (Emitter::shape(diagonal) != ArrayRef<int64_t>(expected))
    return node.error() << "the diagonals are " << diagonal.getType()
                        << ", expected shape [" << expected << "]";
  Value flat = joinLast(e, x, 2);
  Value packed = joinLast(e, diagonal, band.count() > 1 ? 2 : 1);
  SmallVector<int64_t> table;
  for (int64_t i = 0; i < band.rows; ++i)
    for (int64_t j = 0; j < band.columns; ++j) {
      int64_t position = band.position(i, j), size = band.rows * band.columns;
      table.push_back(position < 0 ? i * band.columns + j : size + position);
    }
  return node.result(
      takeTable(e, {flat, packed}, table, {band.rows, band.columns}));
}

} // namespace msc::import::mindir
