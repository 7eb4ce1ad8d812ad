// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference of the linear ops.
#include "dialects/MS/IR/MSOps.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsLinear.cpp.inc"

void MSDialect::registerLinearOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsLinear.cpp.inc"
      >();
}

/// The element type of a product of \p lhs and \p rhs, or failure.
static FailureOr<Type> productElement(std::optional<Location> loc,
                                      RankedTensorType lhs,
                                      RankedTensorType rhs,
                                      std::optional<Type> stated) {
  if (stated) {
    if (!stated->isIntOrFloat())
      return emitOptionalError(loc, "element ", *stated,
                               " is not a number type");
    return *stated;
  }
  if (lhs.getElementType() != rhs.getElementType()) // C3
    return emitOptionalError(loc, "element types ", lhs.getElementType(),
                             " and ", rhs.getElementType(), " differ");
  return lhs.getElementType();
}

static std::optional<Type> statedElement(std::optional<TypeAttr> attr) {
  return attr && *attr ? std::optional<Type>(attr->getValue()) : std::nullopt;
}

static bool agree(int64_t a, int64_t b) {
  return a == b || ShapedType::isDynamic(a) || ShapedType::isDynamic(b);
}

LogicalResult MatMulOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> loc,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  RankedTensorType lhs = tensorType(adaptor.getLhs()),
                   rhs = tensorType(adaptor.getRhs());
  if (lhs.getRank() < 2 || rhs.getRank() < 2) // C1
    return emitOptionalError(loc, "multiplies ", lhs, " and ", rhs,
                             ", expected ranks of 2 or more");
  int64_t m = lhs.getShape().end()[-2], k = lhs.getShape().back();
  int64_t rk = rhs.getShape().end()[-2], n = rhs.getShape().back();
  if (adaptor.getTransposeLhs())
    std::swap(m, k);
  if (adaptor.getTransposeRhs())
    std::swap(rk, n);
  if (!agree(k, rk)) // C2
    return emitOptionalError(loc, "multiplies ", k, " columns of ", lhs,
                             " and ", rk, " rows of ", rhs);
  FailureOr<SmallVector<int64_t>> shape = broadcastShapes(
      loc, lhs.getShape().drop_back(2), rhs.getShape().drop_back(2));
  FailureOr<Type> element =
      productElement(loc, lhs, rhs, statedElement(adaptor.getElementAttr()));
  if (failed(shape) || failed(element))
    return failure();
  shape->append({m, n});
  types.push_back(RankedTensorType::get(*shape, *element));
  return success();
}

/// Ranks of 3 or more that agree: (C1) of the convolutions.
static LogicalResult verifyRanks(std::optional<Location> loc,
                                 RankedTensorType input,
                                 RankedTensorType weight) {
  if (input.getRank() < 3 || input.getRank() != weight.getRank())
    return emitOptionalError(loc, "convolves ", input, " with ", weight,
                             ", expected equal ranks of 3 or more");
  return success();
}

/// The kernel's extents; dynamic ones are refused.
static LogicalResult verifyKernel(std::optional<Location> loc,
                                  RankedTensorType weight) {
  for (int64_t extent : weight.getShape().drop_front(2))
    if (ShapedType::isDynamic(extent))
      return emitOptionalError(loc, "the kernel's extents must be static, got ",
                               weight);
  return success();
}

static LogicalResult verifyGroups(std::optional<Location> loc, int64_t groups,
                                  int64_t channels) {
  if (groups < 1 ||
      (!ShapedType::isDynamic(channels) && channels % groups != 0))
    return emitOptionalError(loc, "groups ", groups, " do not divide ",
                             channels, " channels");
  return success();
}

/// What a convolution with transformed filters has to be: (C6).
static LogicalResult verifyTile(std::optional<Location> loc, int64_t tile,
                                ConvOp::Adaptor op, RankedTensorType weight) {
  auto isOne = [](int64_t n) { return n == 1; };
  if ((tile != 2 && tile != 4) || weight.getRank() != 4 ||
      op.getGroups() != 1 || !llvm::all_of(op.getStrides(), isOne) ||
      !llvm::all_of(op.getDilations(), isOne) ||
      weight.getDimSize(2) != tile + 2 || weight.getDimSize(3) != tile + 2)
    return emitOptionalError(
        loc, "a convolution by tiles of ", tile, " with ", weight,
        ", expected tiles of 2 or 4 and kernels of two more than that in two "
        "dimensions, strides, dilations and groups of 1");
  return success();
}

LogicalResult ConvOp::inferReturnTypes(MLIRContext *,
                                       std::optional<Location> loc,
                                       Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput()),
                   weight = tensorType(adaptor.getWeight());
  if (failed(verifyRanks(loc, input, weight)) ||
      failed(verifyKernel(loc, weight)))
    return failure();
  std::optional<int64_t> tile = adaptor.getTile();
  if (tile && failed(verifyTile(loc, *tile, adaptor, weight)))
    return failure();
  SmallVector<int64_t> kernel(weight.getShape().drop_front(2));
  if (tile)
    kernel = {3, 3};
  Window window{kernel, adaptor.getStrides(), adaptor.getPads(),
                adaptor.getDilations()};
  int64_t groups = adaptor.getGroups();
  if (failed(verifyWindow(loc, input.getRank() - 2, window)) || // C2
      failed(verifyGroups(loc, groups, input.getDimSize(1))) || // C3
      failed(verifyGroups(loc, groups, weight.getDimSize(0))))
    return failure();
  int64_t channels = input.getDimSize(1);
  if (!ShapedType::isDynamic(channels) &&
      !agree(channels / groups, weight.getDimSize(1))) // C3
    return emitOptionalError(loc, "the weight has ", weight.getDimSize(1),
                             " channels, expected ", channels / groups);
  FailureOr<SmallVector<int64_t>> extents =
      windowExtents(loc, input.getShape().drop_front(2), window); // C4
  FailureOr<Type> element = productElement(
      loc, input, weight, statedElement(adaptor.getElementAttr()));
  if (failed(extents) || failed(element))
    return failure();
  for (int64_t extent : *extents)
    if (tile && (ShapedType::isDynamic(extent) || extent % *tile != 0)) // C6
      return emitOptionalError(loc, "a result of ", extent,
                               " rows or columns is not cut into tiles of ",
                               *tile);
  SmallVector<int64_t> shape{input.getDimSize(0), weight.getDimSize(0)};
  shape.append(*extents);
  types.push_back(RankedTensorType::get(shape, *element));
  return success();
}

LogicalResult ConvTransposeOp::inferReturnTypes(MLIRContext *,
                                                std::optional<Location> loc,
                                                Adaptor adaptor,
                                                SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput()),
                   weight = tensorType(adaptor.getWeight());
  if (failed(verifyRanks(loc, input, weight)) ||
      failed(verifyKernel(loc, weight)))
    return failure();
  size_t rank = input.getRank() - 2;
  Window window{weight.getShape().drop_front(2), adaptor.getStrides(),
                adaptor.getPads(), adaptor.getDilations()};
  ArrayRef<int64_t> more = adaptor.getOutputPadding();
  int64_t groups = adaptor.getGroups();
  if (failed(verifyWindow(loc, rank, window, -INT32_MAX)) ||  // C2
      failed(verifyGroups(loc, groups, input.getDimSize(1)))) // C3
    return failure();
  if (more.size() != rank ||
      llvm::any_of(more, [](int64_t v) { return v < 0 || v > INT32_MAX; }))
    return emitOptionalError(loc, "output_padding [", more, "] must hold ",
                             rank, " numbers of 0 or more");
  if (!agree(input.getDimSize(1), weight.getDimSize(0))) // C3
    return emitOptionalError(loc, "the weight has ", weight.getDimSize(0),
                             " input channels, expected ", input.getDimSize(1));
  FailureOr<Type> element = productElement(loc, input, weight, std::nullopt);
  if (failed(element))
    return failure();
  int64_t channels = weight.getDimSize(1);
  SmallVector<int64_t> shape{
      input.getDimSize(0),
      ShapedType::isDynamic(channels) ? channels : channels * groups};
  for (size_t d = 0; d < rank; ++d) {
    int64_t in = input.getDimSize(2 + d);
    int64_t out = (in - 1) * window.strides[d] +
                  window.dilations[d] * (window.kernel[d] - 1) + 1 -
                  window.pads[d] - window.pads[rank + d] + more[d];
    if (ShapedType::isDynamic(in))
      out = in;
    else if (out < 1) // C4
      return emitOptionalError(loc, "spatial dimension ", d,
                               " of the result has extent ", out);
    shape.push_back(out);
  }
  types.push_back(RankedTensorType::get(shape, *element));
  return success();
}
