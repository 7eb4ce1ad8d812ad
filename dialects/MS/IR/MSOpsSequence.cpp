// SPDX-License-Identifier: Apache-2.0
//
/// \file Type inference of the sequence ops.
#include "dialects/MS/IR/MSOps.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace msc::ms;

#define GET_OP_CLASSES
#include "dialects/MS/IR/MSOpsSequence.cpp.inc"

void MSDialect::registerSequenceOps() {
  addOperations<
#define GET_OP_LIST
#include "dialects/MS/IR/MSOpsSequence.cpp.inc"
      >();
}

bool msc::ms::isActivation(StringRef name) {
  static constexpr StringLiteral names[] = {
      "sigmoid",    "tanh",     "relu",        "affine",
      "leaky_relu", "elu",      "scaled_tanh", "thresholded_relu",
      "softsign",   "softplus", "hard_sigmoid"};
  return llvm::is_contained(names, name);
}

SmallVector<Activation> msc::ms::activationsOf(Operation *op) {
  SmallVector<Activation> result;
  auto alphas = op->getAttrOfType<DenseF64ArrayAttr>("alphas");
  auto betas = op->getAttrOfType<DenseF64ArrayAttr>("betas");
  auto names = op->getAttrOfType<ArrayAttr>("activations");
  for (auto [i, name] : llvm::enumerate(names.getAsRange<StringAttr>()))
    result.push_back(
        {name.getValue(), alphas ? alphas[i] : 0, betas ? betas[i] : 0});
  return result;
}

/// An operand, what it is called, and the shape it must have.
namespace {
struct Expected {
  Value operand;
  StringRef name;
  SmallVector<int64_t> shape;
};
} // namespace

/// Whether extents agree where both are known.
static bool fits(ArrayRef<int64_t> shape, ArrayRef<int64_t> expected) {
  if (shape.size() != expected.size())
    return false;
  for (auto [extent, wanted] : llvm::zip(shape, expected))
    if (extent != wanted && !ShapedType::isDynamic(extent) &&
        !ShapedType::isDynamic(wanted))
      return false;
  return true;
}

/// (C1) of the recurrences, whose operands are \p operands.
static LogicalResult verifyOperands(std::optional<Location> loc, Type element,
                                    ArrayRef<Expected> operands) {
  for (const Expected &e : operands) {
    if (!e.operand)
      continue;
    RankedTensorType type = tensorType(e.operand);
    if (!fits(type.getShape(), e.shape)) {
      SmallVector<std::string> extents;
      for (int64_t extent : e.shape)
        extents.push_back(
            ShapedType::isDynamic(extent) ? "?" : std::to_string(extent));
      return emitOptionalError(loc, e.name, " is ", type, ", expected shape [",
                               llvm::join(extents, ", "), "]");
    }
    if (isa<FloatType>(type.getElementType()) &&
        type.getElementType() != element)
      return emitOptionalError(loc, e.name, " is ", type,
                               ", expected elements of ", element);
  }
  return success();
}

/// (C2), (C3) and (C4) of the recurrences.
template <typename Adaptor>
static LogicalResult verifyFunctions(std::optional<Location> loc,
                                     Adaptor &adaptor, size_t count) {
  ArrayAttr names = adaptor.getActivations();
  if (names.size() != count) // C2
    return emitOptionalError(loc, "has ", names.size(),
                             " activations, expected ", count);
  for (StringAttr name : names.template getAsRange<StringAttr>())
    if (!isActivation(name))
      return emitOptionalError(loc, "has no activation ", name);
  for (DenseF64ArrayAttr numbers :
       {adaptor.getAlphasAttr(), adaptor.getBetasAttr()})
    if (numbers && numbers.size() != int64_t(count)) // C3
      return emitOptionalError(loc, "has ", numbers.size(),
                               " numbers for its activations, expected ",
                               count);
  if (FloatAttr clip = adaptor.getClipAttr();
      clip && !(clip.getValueAsDouble() > 0)) // C4
    return emitOptionalError(loc, "clip ", clip.getValueAsDouble(),
                             " is not positive");
  return success();
}

/// The extents of a recurrence.
namespace {
struct Extents {
  int64_t time, batch, features, hidden;
  int64_t times(int64_t blocks) const {
    return ShapedType::isDynamic(hidden) ? hidden : blocks * hidden;
  }
};
} // namespace

/// The extents of a recurrence; input and recurrence have ranks 3 and 2.
template <typename Adaptor>
static FailureOr<Extents> extentsOf(std::optional<Location> loc,
                                    Adaptor &adaptor) {
  RankedTensorType input = tensorType(adaptor.getInput()),
                   recurrence = tensorType(adaptor.getRecurrence());
  if (input.getRank() != 3 || recurrence.getRank() != 2)
    return emitOptionalError(loc, "input is ", input, " and recurrence ",
                             recurrence, ", expected ranks of 3 and 2");
  int64_t hidden = recurrence.getDimSize(0);
  if (hidden > INT32_MAX)
    return emitOptionalError(loc, "recurrence ", recurrence, " is too large");
  return Extents{input.getDimSize(0), input.getDimSize(1), input.getDimSize(2),
                 hidden};
}

/// Verifies a recurrence of \p gates; its own operands are \p more.
template <typename Adaptor>
static LogicalResult verifyRecurrence(std::optional<Location> loc,
                                      Adaptor &adaptor, const Extents &x,
                                      int64_t gates, ArrayRef<Expected> more) {
  SmallVector<Expected> operands{
      {adaptor.getWeight(), "weight", {x.features, x.times(gates)}},
      {adaptor.getRecurrence(), "recurrence", {x.hidden, x.times(gates)}},
      {adaptor.getBias(), "bias", {x.times(gates)}},
      {adaptor.getInitialHidden(), "initial_hidden", {x.batch, x.hidden}},
      {adaptor.getLengths(), "lengths", {x.batch}}};
  operands.append(more.begin(), more.end());
  Type element = tensorType(adaptor.getInput()).getElementType();
  return verifyOperands(loc, element, operands);
}

/// output [T, B, H], then \p states of [B, H].
static void addResults(RankedTensorType input, const Extents &x, size_t states,
                       SmallVectorImpl<Type> &types) {
  types.push_back(RankedTensorType::get({x.time, x.batch, x.hidden},
                                        input.getElementType()));
  types.append(states, RankedTensorType::get({x.batch, x.hidden},
                                             input.getElementType()));
}

LogicalResult LSTMOp::inferReturnTypes(MLIRContext *,
                                       std::optional<Location> loc,
                                       Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  FailureOr<Extents> x = extentsOf(loc, adaptor);
  if (failed(x) || failed(verifyFunctions(loc, adaptor, 3)) ||
      failed(verifyRecurrence(
          loc, adaptor, *x, gates,
          {{adaptor.getInitialCell(), "initial_cell", {x->batch, x->hidden}},
           {adaptor.getPeephole(), "peephole", {x->times(3)}}})))
    return failure();
  addResults(tensorType(adaptor.getInput()), *x, 2, types);
  return success();
}

LogicalResult GRUOp::inferReturnTypes(MLIRContext *,
                                      std::optional<Location> loc,
                                      Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  FailureOr<Extents> x = extentsOf(loc, adaptor);
  if (failed(x) || failed(verifyFunctions(loc, adaptor, 2)) ||
      failed(verifyRecurrence(loc, adaptor, *x, gates,
                              {{adaptor.getRecurrenceBias(),
                                "recurrence_bias",
                                {x->times(gates)}}})))
    return failure();
  addResults(tensorType(adaptor.getInput()), *x, 1, types);
  return success();
}

LogicalResult RNNOp::inferReturnTypes(MLIRContext *,
                                      std::optional<Location> loc,
                                      Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  FailureOr<Extents> x = extentsOf(loc, adaptor);
  if (failed(x) || failed(verifyFunctions(loc, adaptor, 1)) ||
      failed(verifyRecurrence(loc, adaptor, *x, gates, {})))
    return failure();
  addResults(tensorType(adaptor.getInput()), *x, 1, types);
  return success();
}

/// (C1), (C2) and (C4) of attention.
static LogicalResult verifyHeads(std::optional<Location> loc,
                                 RankedTensorType query, RankedTensorType key,
                                 RankedTensorType value) {
  if (query.getRank() != 4 || key.getRank() != 4 || value.getRank() != 4)
    return emitOptionalError(loc, "attends with ", query, " to ", key, " and ",
                             value, ", expected ranks of 4");
  int64_t heads = query.getDimSize(1), groups = key.getDimSize(1);
  if (!ShapedType::isDynamic(heads) && !ShapedType::isDynamic(groups) &&
      (groups < 1 || heads % groups != 0))
    return emitOptionalError(loc, groups, " heads of ", key,
                             " do not divide those of ", query);
  ArrayRef<int64_t> keys = key.getShape();
  if (!fits(keys, {query.getDimSize(0), groups, keys[2], query.getDimSize(3)}))
    return emitOptionalError(loc, "key ", key, " does not fit query ", query);
  if (!fits(value.getShape(), {keys[0], groups, keys[2], value.getDimSize(3)}))
    return emitOptionalError(loc, "value ", value, " does not fit key ", key);
  for (RankedTensorType other : {key, value})
    if (other.getElementType() != query.getElementType())
      return emitOptionalError(loc, "element types ", query.getElementType(),
                               " and ", other.getElementType(), " differ");
  return success();
}

LogicalResult AttentionOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> loc,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &types) {
  RankedTensorType query = tensorType(adaptor.getQuery()),
                   key = tensorType(adaptor.getKey()),
                   value = tensorType(adaptor.getValue());
  if (failed(verifyHeads(loc, query, key, value)))
    return failure();
  if (Value mask = adaptor.getMask()) { // C3
    RankedTensorType type = tensorType(mask);
    SmallVector<int64_t> scores(query.getShape().take_front(3));
    scores.push_back(key.getDimSize(2));
    FailureOr<SmallVector<int64_t>> joined =
        broadcastShapes(std::nullopt, scores, type.getShape());
    if (failed(joined) || !fits(*joined, scores))
      return emitOptionalError(loc, "mask ", type, " does not broadcast to [",
                               scores, "]");
    if (!type.getElementType().isInteger(1) &&
        type.getElementType() != query.getElementType())
      return emitOptionalError(loc, "mask ", type,
                               " is neither bool nor of elements ",
                               query.getElementType());
  }
  if (FloatAttr cap = adaptor.getSoftcapAttr();
      cap && !(cap.getValueAsDouble() > 0)) // C5
    return emitOptionalError(loc, "softcap ", cap.getValueAsDouble(),
                             " is not positive");
  SmallVector<int64_t> shape(query.getShape());
  shape[3] = value.getDimSize(3);
  types.push_back(query.clone(shape));
  return success();
}

LogicalResult
RotaryEmbeddingOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                    Adaptor adaptor,
                                    SmallVectorImpl<Type> &types) {
  RankedTensorType input = tensorType(adaptor.getInput()),
                   cos = tensorType(adaptor.getCos()),
                   sin = tensorType(adaptor.getSin());
  if (cos != sin || !cos.hasStaticShape() || cos.getRank() != input.getRank() ||
      cos.getRank() < 1) // C1
    return emitOptionalError(loc, "turns ", input, " by ", cos, " and ", sin,
                             ", expected one static shape of the same rank");
  int64_t turned = cos.getShape().back(), features = input.getShape().back();
  if (turned < 2 || turned % 2 != 0 ||
      (!ShapedType::isDynamic(features) && turned > features)) // C2
    return emitOptionalError(loc, "turns ", turned, " of ", features,
                             " features, expected an even number of them");
  for (auto [extent, wanted] :
       llvm::zip(cos.getShape().drop_back(), input.getShape().drop_back()))
    if (extent != 1 && extent != wanted && !ShapedType::isDynamic(wanted)) // C3
      return emitOptionalError(loc, cos, " does not broadcast to ", input);
  if (cos.getElementType() != input.getElementType()) // C4
    return emitOptionalError(loc, "element types ", input.getElementType(),
                             " and ", cos.getElementType(), " differ");
  types.push_back(input);
  return success();
}
