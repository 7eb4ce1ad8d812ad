// SPDX-License-Identifier: Apache-2.0
//
/// \file Transforms of tiles by two constant matrices.
#include "lib/Target/CPU/Schedules/Separable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <cmath>

using namespace mlir;

namespace msc::target {

int64_t Separable::operations() const {
  return 2 * (left.nonZero() * right.columns + right.nonZero() * left.rows);
}

//===----------------------------------------------------------------------===//
// Which sums they are
//===----------------------------------------------------------------------===//

/// out + x * y * z of the three inputs, in any order.
static bool isTripleProductSum(linalg::GenericOp op) {
  Block &body = op.getRegion().front();
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  return sum && op.getNumDpsInputs() == 3 && body.getOperations().size() == 4 &&
         llvm::range_size(body.getOps<arith::MulFOp>()) == 2 &&
         llvm::is_contained(sum->getOperands(), body.getArguments().back()) &&
         llvm::all_of(body.getArguments(),
                      [](BlockArgument a) { return a.hasOneUse(); });
}

/// The elements of the constant buffer that \p access reads; null where it is
/// none of f32.
static DenseElementsAttr constantOf(const Access &access) {
  auto global = rootOf(access.buffer).getDefiningOp<memref::GetGlobalOp>();
  if (!global || access.offset != 0)
    return {};
  auto symbol = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
      global, global.getNameAttr());
  if (!symbol || !symbol.getConstant() || !symbol.getInitialValue())
    return {};
  auto values = dyn_cast<DenseElementsAttr>(*symbol.getInitialValue());
  return values && values.getElementType().isF32() ? values
                                                   : DenseElementsAttr();
}

namespace {
/// A constant matrix and the loops along its rows and columns.
struct Factor {
  unsigned result, term;
  ConstantMatrix matrix;
};
} // namespace

static std::optional<Factor> readFactor(const Access &access,
                                        const LoopNest &nest) {
  DenseElementsAttr values = constantOf(access);
  std::optional<unsigned> result, term;
  for (auto [i, stride] : llvm::enumerate(access.strides)) {
    std::optional<unsigned> &loop = nest.loops[i].isReduction ? term : result;
    if (stride != 0 && loop)
      return std::nullopt;
    if (stride != 0)
      loop = i;
  }
  if (!values || !result || !term)
    return std::nullopt;
  Factor factor{*result,
                *term,
                {nest.loops[*result].extent, nest.loops[*term].extent, {}}};
  auto elements = llvm::to_vector(values.getValues<float>());
  for (int64_t r = 0; r < factor.matrix.rows; ++r)
    for (int64_t c = 0; c < factor.matrix.columns; ++c) {
      int64_t at = r * access.strides[*result] + c * access.strides[*term];
      if (at < 0 || at >= int64_t(elements.size()))
        return std::nullopt;
      factor.matrix.values.push_back(elements[at]);
    }
  return factor;
}

std::optional<Separable> readSeparable(linalg::GenericOp op,
                                       const LoopNest &nest) {
  if (op.getNumReductionLoops() != 2 || !isTripleProductSum(op))
    return std::nullopt;
  SmallVector<Factor> factors;
  std::optional<unsigned> data;
  for (unsigned i = 0; i < 3; ++i) {
    std::optional<Factor> factor = readFactor(nest.accesses[i], nest);
    if (factor)
      factors.push_back(std::move(*factor));
    else
      data = i;
  }
  if (factors.size() != 2 || factors[0].result == factors[1].result ||
      factors[0].term == factors[1].term)
    return std::nullopt;
  const Access &access = nest.accesses[*data];
  if (access.strides[factors[0].result] || access.strides[factors[1].result])
    return std::nullopt;
  return Separable{*data,
                   factors[0].result,
                   factors[1].result,
                   factors[0].term,
                   factors[1].term,
                   std::move(factors[0].matrix),
                   std::move(factors[1].matrix)};
}

//===----------------------------------------------------------------------===//
// Products with constant matrices
//===----------------------------------------------------------------------===//

namespace {
/// A sum of values by factors.
using Terms = SmallVector<std::pair<double, Value>>;

class ProductEmitter {
public:
  ProductEmitter(OpBuilder &b, Location loc) : b(b), loc(loc) {}

  Value sum(const Terms &terms, Type type);
  Value add(Value x, Value y) { return b.create<arith::AddFOp>(loc, x, y); }
  Value sub(Value x, Value y) { return b.create<arith::SubFOp>(loc, x, y); }

private:
  Value constant(double value, Type type) {
    auto element = cast<FloatType>(getElementTypeOrSelf(type));
    return b.create<arith::ConstantOp>(
        loc, DenseElementsAttr::get(cast<ShapedType>(type),
                                    b.getFloatAttr(element, value)));
  }
  OpBuilder &b;
  Location loc;
};
} // namespace

Value ProductEmitter::sum(const Terms &terms, Type type) {
  Value total;
  auto isOne = [](const auto &term) { return term.first == 1; };
  auto first = llvm::find_if(terms, isOne);
  if (first == terms.end())
    first = terms.begin();
  if (first != terms.end())
    total = first->first == 1
                ? first->second
                : b.create<arith::MulFOp>(loc, first->second,
                                          constant(first->first, type))
                      .getResult();
  for (auto term = terms.begin(); term != terms.end(); ++term) {
    if (term == first)
      continue;
    if (std::fabs(term->first) == 1)
      total = term->first == 1 ? add(total, term->second)
                               : sub(total, term->second);
    else
      total = b.create<vector::FMAOp>(loc, term->second,
                                      constant(term->first, type), total);
  }
  return total ? total : constant(0, type);
}

/// Whether \p x and \p y differ in signs only, in some but not in all places.
static bool areMirrored(ArrayRef<double> x, ArrayRef<double> y) {
  bool isSame = false, isOpposite = false;
  for (auto [a, b] : llvm::zip_equal(x, y)) {
    if (std::fabs(a) != std::fabs(b))
      return false;
    isSame |= a != 0 && a == b;
    isOpposite |= a != 0 && a == -b;
  }
  return isSame && isOpposite;
}

namespace {
/// A product of values with columns of factors.
struct Columns {
  SmallVector<Value> values;
  SmallVector<SmallVector<double>> factors;
  SmallVector<double> row(int64_t r) const {
    SmallVector<double> result;
    for (const SmallVector<double> &column : factors)
      result.push_back(column[r]);
    return result;
  }
};
} // namespace

/// c * x + c * y and c * x - c * y ~> c * (x + y) and c * (x - y)
static Columns pairColumns(ProductEmitter &emit, const ConstantMatrix &matrix,
                           ArrayRef<Value> values) {
  Columns all, result;
  for (int64_t j = 0; j < matrix.columns; ++j) {
    SmallVector<double> &column = all.factors.emplace_back();
    for (int64_t r = 0; r < matrix.rows; ++r)
      column.push_back(matrix.at(r, j));
  }
  SmallVector<bool> done(matrix.columns, false);
  for (int64_t j = 0; j < matrix.columns; ++j) {
    if (done[j])
      continue;
    ArrayRef<double> own = all.factors[j];
    int64_t other = j + 1;
    while (other < matrix.columns &&
           (done[other] || !areMirrored(own, all.factors[other])))
      ++other;
    if (other == matrix.columns) {
      result.values.push_back(values[j]);
      result.factors.push_back(all.factors[j]);
      continue;
    }
    done[other] = true;
    SmallVector<double> same(matrix.rows, 0), opposite(matrix.rows, 0);
    for (auto [r, factor] : llvm::enumerate(all.factors[other]))
      (factor == own[r] ? same : opposite)[r] = own[r];
    result.values.append({emit.add(values[j], values[other]),
                          emit.sub(values[j], values[other])});
    result.factors.append({same, opposite});
  }
  return result;
}

SmallVector<Value> emitProduct(OpBuilder &b, Location loc,
                               const ConstantMatrix &matrix,
                               ArrayRef<Value> values) {
  ProductEmitter emit(b, loc);
  Type type = values.front().getType();
  Columns columns = pairColumns(emit, matrix, values);
  // Mirrored rows: even + odd and even - odd of one even and one odd sum.
  SmallVector<Value> results(matrix.rows);
  for (int64_t r = 0; r < matrix.rows; ++r) {
    if (results[r])
      continue;
    SmallVector<double> own = columns.row(r), mirror = own;
    int64_t other = r + 1;
    while (other < matrix.rows &&
           (results[other] || !areMirrored(own, columns.row(other))))
      ++other;
    if (other < matrix.rows)
      mirror = columns.row(other);
    Terms even, odd;
    for (auto [i, value] : llvm::enumerate(columns.values))
      if (own[i] != 0)
        (own[i] == mirror[i] ? even : odd).push_back({own[i], value});
    results[r] = emit.sum(even, type);
    if (other == matrix.rows)
      continue;
    Value difference = emit.sum(odd, type);
    results[other] = emit.sub(results[r], difference);
    results[r] = emit.add(results[r], difference);
  }
  return results;
}

} // namespace msc::target
