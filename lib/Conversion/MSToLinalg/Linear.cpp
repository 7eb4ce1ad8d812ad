// SPDX-License-Identifier: Apache-2.0
//
/// \file Conversion of the linear ops: linalg.generic ops whose innermost loop
/// runs along rows of the result, so that it vectorises in any sum order.
#include "dialects/MS/IR/Winograd.h"
#include "lib/Conversion/MSToLinalg/Windows.h"

using namespace mlir;

namespace msc {

/// result += lhs * rhs, in the arithmetic of the result.
static void yieldProductSum(OpBuilder &b, Location loc, ValueRange args,
                            bool lhsUnsigned, bool rhsUnsigned) {
  ScalarBuilder s(b, loc);
  Type type = args[2].getType();
  Value product = s.mul(s.cast(args[0], type, lhsUnsigned),
                        s.cast(args[1], type, rhsUnsigned));
  b.create<linalg::YieldOp>(loc, s.add(args[2], product));
}

/// Sums products of \p lhs and \p rhs over the loops into a tensor of \p type,
/// in its accumulator type. \p op tells the signs of the operands.
static Value buildProductSum(OpBuilder &b, Operation *op, RankedTensorType type,
                             Value lhs, Value rhs, ArrayRef<AffineMap> maps,
                             ArrayRef<utils::IteratorType> iterators) {
  Location loc = op->getLoc();
  auto isUnsigned = [&](unsigned i) {
    return getElementTypeOrSelf(op->getOperand(i).getType())
        .isUnsignedInteger();
  };
  bool lhsUnsigned = isUnsigned(0), rhsUnsigned = isUnsigned(1);
  Type element = type.getElementType();
  Value zero =
      buildFill(b, loc, type.clone(ScalarBuilder::accumulator(element)), 0);
  auto sum = b.create<linalg::GenericOp>(
      loc, zero.getType(), ValueRange{lhs, rhs}, zero, maps, iterators,
      [&](OpBuilder &nested, Location l, ValueRange args) {
        yieldProductSum(nested, l, args, lhsUnsigned, rhsUnsigned);
      });
  return convertElements(b, loc, sum.getResult(0), element);
}

namespace {
/// ms.matmul ~> linalg.generic with loops [batch..., m, k, n].
struct ConvertMatMul : OpConversionPattern<ms::MatMulOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::MatMulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    unsigned batch = type.getRank() - 2;
    AffineExpr m = rewriter.getAffineDimExpr(batch),
               k = rewriter.getAffineDimExpr(batch + 1);
    AffineExpr n = rewriter.getAffineDimExpr(batch + 2);
    // Rows of rhs are read in the innermost loop.
    Value rhs = adaptor.getRhs();
    if (op.getTransposeRhs())
      rhs = buildTransposed(rewriter, op.getLoc(), rhs);
    auto mapOf = [&](ArrayRef<int64_t> shape, AffineExpr row,
                     AffineExpr column) {
      SmallVector<AffineExpr> exprs;
      size_t skip = batch + 2 - shape.size();
      for (auto [d, extent] : llvm::enumerate(shape.drop_back(2)))
        exprs.push_back(extent == 1 && type.getDimSize(skip + d) != 1
                            ? rewriter.getAffineConstantExpr(0)
                            : rewriter.getAffineDimExpr(skip + d));
      exprs.append({row, column});
      return AffineMap::get(batch + 3, 0, exprs, rewriter.getContext());
    };
    ArrayRef<int64_t> lhsShape = rankedType(adaptor.getLhs()).getShape();
    AffineMap lhsMap =
        op.getTransposeLhs() ? mapOf(lhsShape, k, m) : mapOf(lhsShape, m, k);
    SmallVector<AffineMap> maps{lhsMap, mapOf(rankedType(rhs).getShape(), k, n),
                                mapOf(type.getShape(), m, n)};
    SmallVector<utils::IteratorType> iterators(batch + 3,
                                               utils::IteratorType::parallel);
    iterators[batch + 1] = utils::IteratorType::reduction;
    rewriter.replaceOp(op, buildProductSum(rewriter, op, type, adaptor.getLhs(),
                                           rhs, maps, iterators));
    return success();
  }
};
} // namespace

/// Convolves \p input, padded, with \p weight [O, C/groups, kernel...].
static Value buildConv(OpBuilder &b, Operation *op, RankedTensorType type,
                       Value input, Value weight, const ms::Window &window,
                       int64_t groups) {
  Location loc = op->getLoc();
  bool grouped = groups > 1;
  // Loops [n, (g,) o, out..., c, kernel..., last].
  WindowLoops loops(b.getContext(), grouped ? 3 : 2, 1, window.strides,
                    window.dilations);
  SmallVector<AffineExpr> in{loops.outer(0)}, filter, out{loops.outer(0)};
  RankedTensorType split = type;
  if (grouped) {
    input = buildSplitGroups(b, loc, input, 1, groups);
    weight = buildSplitGroups(b, loc, weight, 0, groups);
    SmallVector<int64_t> shape(type.getShape());
    shape[1] /= groups;
    shape.insert(shape.begin() + 1, groups);
    split = type.clone(shape);
    in.push_back(loops.outer(1));
    filter.push_back(loops.outer(1));
    out.push_back(loops.outer(1));
  }
  in.push_back(loops.inner(0));
  in.append(loops.positions());
  filter.append({loops.outer(grouped ? 2 : 1), loops.inner(0)});
  filter.append(loops.taps());
  out.push_back(loops.outer(grouped ? 2 : 1));
  out.append(loops.outs());
  Value result = buildProductSum(
      b, op, split, input, weight,
      {loops.map(in), loops.map(filter), loops.map(out)}, loops.iterators());
  return grouped ? buildJoinGroups(b, loc, result, type) : result;
}

/// A constant of f32.
static Value buildMatrix(OpBuilder &b, Location loc,
                         const ms::WinogradMatrix &matrix) {
  SmallVector<float> values(matrix.values.begin(), matrix.values.end());
  auto type =
      RankedTensorType::get({matrix.rows, matrix.columns}, b.getF32Type());
  return b.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, ArrayRef(values)));
}

/// left * data * transpose(right) for all tiles: sums over the loops that the
/// maps of \p data do not write to.
static Value buildTransform(OpBuilder &b, Location loc, RankedTensorType type,
                            Value left, Value data, Value right,
                            ArrayRef<AffineMap> maps, unsigned parallel) {
  SmallVector<utils::IteratorType> iterators(parallel,
                                             utils::IteratorType::parallel);
  iterators.append(2, utils::IteratorType::reduction);
  Value zero = buildFill(b, loc, type, 0);
  return b
      .create<linalg::GenericOp>(
          loc, zero.getType(), ValueRange{data, left, right}, zero, maps,
          iterators,
          [&](OpBuilder &nested, Location l, ValueRange args) {
            ScalarBuilder s(nested, l);
            Value product = s.mul(s.mul(args[0], args[1]), args[2]);
            nested.create<linalg::YieldOp>(l, s.add(args[3], product));
          })
      .getResult(0);
}

/// A convolution by tiles, see ms.conv: the transformed input tiles
/// [a, b, n, ty, tx, c], their products with the filters
/// [a, b, n, ty, tx, o], and the result of these.
static Value buildTiledConv(OpBuilder &b, ms::ConvOp op, RankedTensorType type,
                            Value padded, Value weight) {
  Location loc = op.getLoc();
  int64_t tile = *op.getTile(), size = tile + 2;
  ms::Winograd winograd(tile);
  int64_t images = type.getDimSize(0), outputs = type.getDimSize(1),
          rows = type.getDimSize(2) / tile, columns = type.getDimSize(3) / tile,
          channels = rankedType(weight).getDimSize(1);
  SmallVector<AffineExpr> d;
  for (unsigned i = 0; i < 8; ++i)
    d.push_back(b.getAffineDimExpr(i));
  auto map = [&](unsigned loops, ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(loops, 0, exprs, b.getContext());
  };
  // Loops [a, b, n, ty, tx, c, i, j].
  Value left = buildMatrix(b, loc, winograd.input);
  Value tiles = buildTransform(
      b, loc, type.clone({size, size, images, rows, columns, channels}), left,
      padded, left,
      {map(8, {d[2], d[5], d[3] * tile + d[6], d[4] * tile + d[7]}),
       map(8, {d[0], d[6]}), map(8, {d[1], d[7]}),
       map(8, {d[0], d[1], d[2], d[3], d[4], d[5]})},
      6);
  // Loops [a, b, n, ty, tx, c, o].
  SmallVector<utils::IteratorType> iterators(7, utils::IteratorType::parallel);
  iterators[5] = utils::IteratorType::reduction;
  Value products = buildProductSum(
      b, op, type.clone({size, size, images, rows, columns, outputs}), tiles,
      weight,
      {map(7, {d[0], d[1], d[2], d[3], d[4], d[5]}),
       map(7, {d[6], d[5], d[0], d[1]}),
       map(7, {d[0], d[1], d[2], d[3], d[4], d[6]})},
      iterators);
  // Loops [n, ty, r, tx, s, o, a, b].
  Value right = buildMatrix(b, loc, winograd.output);
  return buildTransform(
      b, loc, type, right, products, right,
      {map(8, {d[6], d[7], d[0], d[1], d[3], d[5]}), map(8, {d[2], d[6]}),
       map(8, {d[4], d[7]}),
       map(8, {d[0], d[5], d[1] * tile + d[2], d[3] * tile + d[4]})},
      6);
}

/// Whether each element of the input makes a block of the result of its own.
static bool makesBlocks(ms::ConvTransposeOp op, RankedTensorType type) {
  RankedTensorType input = rankedType(op.getInput());
  for (auto [d, extent] :
       llvm::enumerate(rankedType(op.getWeight()).getShape().drop_front(2)))
    if (op.getStrides()[d] != extent || op.getDilations()[d] != 1 ||
        op.getPads()[d] != 0 ||
        type.getDimSize(2 + d) != extent * input.getDimSize(2 + d))
      return false;
  return true;
}

/// result[n, g, o, (i, a)...] = sum over c of input[n, g, c, i...] *
/// weight[g, c, o, a...]: the blocks of a transposed convolution, to which no
/// two elements of the input add.
static Value buildBlocks(OpBuilder &b, ms::ConvTransposeOp op,
                         RankedTensorType type, Value input, Value weight) {
  Location loc = op.getLoc();
  int64_t groups = op.getGroups(), rank = type.getRank() - 2;
  input = buildSplitGroups(b, loc, input, 1, groups);
  weight = buildSplitGroups(b, loc, weight, 0, groups);
  unsigned depth = 3 + 2 * rank;
  auto dim = [&](unsigned i) { return b.getAffineDimExpr(i); };
  SmallVector<AffineExpr> in{dim(0), dim(1), dim(depth)},
      filter{dim(1), dim(depth), dim(2)}, out{dim(0), dim(1), dim(2)};
  SmallVector<int64_t> shape{type.getDimSize(0), groups,
                             type.getDimSize(1) / groups};
  SmallVector<ReassociationIndices> parts{{0}, {1, 2}};
  for (int64_t d = 0; d < rank; ++d) {
    int64_t element = 3 + 2 * d, place = element + 1;
    in.push_back(dim(element));
    filter.push_back(dim(place));
    out.append({dim(element), dim(place)});
    shape.append({rankedType(input).getDimSize(3 + d), op.getStrides()[d]});
    parts.push_back({element, place});
  }
  SmallVector<utils::IteratorType> iterators(depth + 1,
                                             utils::IteratorType::parallel);
  iterators.back() = utils::IteratorType::reduction;
  SmallVector<AffineMap> maps =
      AffineMap::inferFromExprList({in, filter, out}, b.getContext());
  Value result =
      buildProductSum(b, op, type.clone(shape), input, weight, maps, iterators);
  return b.create<tensor::CollapseShapeOp>(loc, type, result, parts);
}

namespace {
struct ConvertConv : OpConversionPattern<ms::ConvOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::ConvOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    Value padded =
        buildPadded(rewriter, op.getLoc(), adaptor.getInput(), op.getPads(), 0);
    if (op.getTile()) {
      rewriter.replaceOp(
          op, buildTiledConv(rewriter, op, type, padded, adaptor.getWeight()));
      return success();
    }
    ms::Window window{{}, op.getStrides(), {}, op.getDilations()};
    rewriter.replaceOp(op,
                       buildConv(rewriter, op, type, padded,
                                 adaptor.getWeight(), window, op.getGroups()));
    return success();
  }
};

/// ms.conv_transpose ~> blocks, or a convolution of the input, spread out by
/// the strides, with the mirrored filters.
struct ConvertConvTranspose : OpConversionPattern<ms::ConvTransposeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ms::ConvTransposeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const final {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "needs static shapes");
    if (makesBlocks(op, type)) {
      rewriter.replaceOp(op, buildBlocks(rewriter, op, type, adaptor.getInput(),
                                         adaptor.getWeight()));
      return success();
    }
    Location loc = op.getLoc();
    RankedTensorType input = rankedType(adaptor.getInput());
    size_t rank = input.getRank() - 2;
    ArrayRef<int64_t> kernel =
        rankedType(adaptor.getWeight()).getShape().drop_front(2);
    // The input's first element lands where the kernel's last tap reads it for
    // the first result. What pads cut off more than that, is cut off at the
    // end.
    SmallVector<int64_t> shape(input.getShape()), offsets(rank + 2, 0),
        steps(rank + 2, 1);
    SmallVector<int64_t> whole(type.getShape()), cut(rank + 2, 0),
        ones(rank, 1);
    for (size_t d = 0; d < rank; ++d) {
      int64_t reach = op.getDilations()[d] * (kernel[d] - 1),
              low = reach - op.getPads()[d];
      int64_t spread = (input.getDimSize(2 + d) - 1) * op.getStrides()[d] + 1;
      offsets[2 + d] = std::max<int64_t>(low, 0);
      steps[2 + d] = op.getStrides()[d];
      cut[2 + d] = std::max<int64_t>(-low, 0);
      int64_t needed = type.getDimSize(2 + d) + cut[2 + d] + reach;
      shape[2 + d] = std::max(needed, offsets[2 + d] + spread);
      whole[2 + d] = shape[2 + d] - reach;
    }
    Value zeros = buildFill(rewriter, loc, input.clone(shape), 0);
    Value spread =
        buildInsert(rewriter, loc, adaptor.getInput(), zeros, offsets, steps);
    Value filters =
        mirrorFilters(rewriter, loc, adaptor.getWeight(), op.getGroups());
    ms::Window window{{}, ones, {}, op.getDilations()};
    Value result = buildConv(rewriter, op, type.clone(whole), spread, filters,
                             window, op.getGroups());
    if (!llvm::equal(whole, type.getShape())) {
      SmallVector<OpFoldResult> from, size,
          by(rank + 2, rewriter.getIndexAttr(1));
      for (size_t d = 0; d < rank + 2; ++d) {
        from.push_back(rewriter.getIndexAttr(cut[d]));
        size.push_back(rewriter.getIndexAttr(type.getDimSize(d)));
      }
      result = rewriter.create<tensor::ExtractSliceOp>(loc, type, result, from,
                                                       size, by);
    }
    rewriter.replaceOp(op, result);
    return success();
  }

  /// [C, O/groups, kernel...] ~> [O, C/groups, mirrored kernel...].
  static Value mirrorFilters(OpBuilder &b, Location loc, Value weight,
                             int64_t groups) {
    RankedTensorType type = rankedType(weight);
    int64_t perGroup = type.getDimSize(1),
            channels = type.getDimSize(0) / groups;
    // Loops [g, o, c, kernel...].
    SmallVector<int64_t> shape{groups, perGroup, channels};
    SmallVector<AffineExpr> from{b.getAffineDimExpr(0), b.getAffineDimExpr(2),
                                 b.getAffineDimExpr(1)};
    for (auto [d, extent] : llvm::enumerate(type.getShape().drop_front(2))) {
      shape.push_back(extent);
      from.push_back(b.getAffineConstantExpr(extent - 1) -
                     b.getAffineDimExpr(3 + d));
    }
    SmallVector<AffineMap> maps{
        AffineMap::get(shape.size(), 0, from, b.getContext()),
        b.getMultiDimIdentityMap(shape.size())};
    SmallVector<utils::IteratorType> iterators(shape.size(),
                                               utils::IteratorType::parallel);
    Value empty = b.create<tensor::EmptyOp>(loc, shape, type.getElementType());
    auto mirrored = b.create<linalg::GenericOp>(
        loc, empty.getType(), buildSplitGroups(b, loc, weight, 0, groups),
        empty, maps, iterators,
        [](OpBuilder &nested, Location l, ValueRange args) {
          nested.create<linalg::YieldOp>(l, args[0]);
        });
    SmallVector<ReassociationIndices> parts{{0, 1}};
    for (int64_t d = 2; d < int64_t(shape.size()); ++d)
      parts.push_back({d});
    SmallVector<int64_t> joined(shape.begin() + 1, shape.end());
    joined[0] *= groups;
    return b.create<tensor::CollapseShapeOp>(loc, type.clone(joined),
                                             mirrored.getResult(0), parts);
  }
};
} // namespace

void populateMSToLinalgLinearPatterns(TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<ConvertMatMul, ConvertConv, ConvertConvTranspose>(
      converter, patterns.getContext());
}

} // namespace msc
