// SPDX-License-Identifier: Apache-2.0
//
/// \file Building of ms ops with type inference and constant folding.
#include "msc/Import/Emitter.h"

#include "msc/Reference/Reference.h"
#include "msc/Support/DType.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;

namespace msc::import {

/// Results above this many elements stay computations.
static constexpr int64_t foldLimit = 1 << 16;

AttrValue::AttrValue(int64_t v)
    : make([v](Builder &b) { return b.getI64IntegerAttr(v); }) {}
AttrValue::AttrValue(double v)
    : make([v](Builder &b) { return b.getF64FloatAttr(v); }) {}
AttrValue::AttrValue(bool v)
    : make([v](Builder &b) {
        return v ? Attribute(b.getUnitAttr()) : Attribute();
      }) {}
AttrValue::AttrValue(StringRef v)
    : make([s = v.str()](Builder &b) { return b.getStringAttr(s); }) {}
AttrValue::AttrValue(ArrayRef<int64_t> v)
    : make([s = SmallVector<int64_t>(v)](Builder &b) {
        return b.getDenseI64ArrayAttr(s);
      }) {}
AttrValue::AttrValue(ArrayRef<double> v)
    : make([s = SmallVector<double>(v)](Builder &b) {
        return b.getDenseF64ArrayAttr(s);
      }) {}

Emitter::Emitter(MLIRContext *ctx)
    : builder(ctx), loc(builder.getUnknownLoc()) {}

InFlightDiagnostic Emitter::error() {
  failed = true;
  return emitError(loc);
}

Value Emitter::poison() {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return builder.create<ms::ConstantOp>(loc,
                                        DenseElementsAttr::get(type, 0.0f));
}

/// How many operands ops with trait Count<N>::Impl take, for the N given.
template <template <unsigned> class Count, unsigned... N>
static std::optional<unsigned>
operandCount(RegisteredOperationName name,
             std::integer_sequence<unsigned, N...>) {
  std::optional<unsigned> count;
  ((name.hasTrait<Count<N>::template Impl>() ? void(count = N) : void()), ...);
  return count;
}

/// Type inference relies on the operands that the op's definition asks for.
static LogicalResult checkOperandCount(const OperationState &state,
                                       RegisteredOperationName name) {
  using Counts = std::integer_sequence<unsigned, 2, 3, 4, 5, 6, 7, 8>;
  std::optional<unsigned> exact =
      operandCount<OpTrait::NOperands>(name, Counts());
  if (name.hasTrait<OpTrait::OneOperand>())
    exact = 1;
  if (name.hasTrait<OpTrait::ZeroOperands>())
    exact = 0;
  std::optional<unsigned> least =
      operandCount<OpTrait::AtLeastNOperands>(name, Counts());
  if (name.hasTrait<OpTrait::AtLeastNOperands<1>::Impl>())
    least = 1;
  size_t actual = state.operands.size();
  if ((!exact || actual == *exact) && (!least || actual >= *least))
    return success();
  return emitError(state.location)
         << "'" << name.getStringRef() << "' takes "
         << (exact ? "" : "at least ") << (exact ? *exact : *least)
         << " operands, got " << actual;
}

/// Infers result types before the op exists.
static LogicalResult inferTypes(OperationState &state,
                                RegisteredOperationName name) {
  auto *interface = name.getInterface<InferTypeOpInterface>();
  if (!interface)
    return emitError(state.location)
           << "'" << name.getStringRef() << "' cannot infer its result types";
  SmallVector<Type> types;
  MLIRContext *ctx = state.getContext();
  if (failed(interface->inferReturnTypes(ctx, state.location, state.operands,
                                         state.attributes.getDictionary(ctx),
                                         nullptr, {}, types)))
    return failure();
  state.addTypes(types);
  return success();
}

SmallVector<Value> Emitter::create(StringRef name, ValueRange operands,
                                   Attrs attrs, TypeRange types) {
  NamedAttrList list;
  for (const auto &[key, value] : attrs)
    if (Attribute attr = value.make(builder))
      list.append(key, attr);
  return createNamed(name, operands, std::move(list), types);
}

SmallVector<Value> Emitter::createNamed(StringRef name, ValueRange operands,
                                        NamedAttrList attrs, TypeRange types) {
  auto fail = [&] {
    failed = true;
    return SmallVector<Value>(std::max<size_t>(types.size(), 1), poison());
  };
  if (failed)
    return fail();
  OperationState state(loc, name);
  state.addOperands(operands);
  state.addAttributes(attrs);
  state.addTypes(types);
  std::optional<RegisteredOperationName> info = state.name.getRegisteredInfo();
  if (!info) {
    error() << "'" << name << "' is not an ms op";
    return fail();
  }
  if (mlir::failed(checkOperandCount(state, *info)) ||
      (types.empty() && mlir::failed(inferTypes(state, *info))))
    return fail();
  Operation *op = builder.create(state);
  if (mlir::failed(info->verifyInvariants(op))) {
    op->erase();
    return fail();
  }
  if (SmallVector<Value> nothing = replaceEmpty(op); !nothing.empty())
    return nothing;
  if (SmallVector<Value> folded = fold(op); !folded.empty())
    return folded;
  propagateSizes(op);
  return failed ? fail() : llvm::to_vector_of<Value>(op->getResults());
}

Value Emitter::emptyConstant(RankedTensorType type) {
  return constant(DenseElementsAttr::get(type, ArrayRef<Attribute>()));
}

SmallVector<Value> Emitter::replaceEmpty(Operation *op) {
  SmallVector<Value> constants;
  for (Type type : op->getResultTypes()) {
    auto tensor = mlir::cast<RankedTensorType>(type);
    if (!tensor.hasStaticShape() || tensor.getNumElements() != 0)
      return {};
  }
  if (isa<ms::ConstantOp>(op))
    return {};
  for (Type type : op->getResultTypes())
    constants.push_back(emptyConstant(mlir::cast<RankedTensorType>(type)));
  op->erase();
  return constants;
}

SmallVector<Value> Emitter::fold(Operation *op) {
  if (isa<ms::ConstantOp>(op) || op->getNumOperands() == 0 ||
      !reference::canEvaluate(op))
    return {};
  for (Type type : op->getResultTypes())
    if (mlir::cast<RankedTensorType>(type).getNumElements() > foldLimit)
      return {};
  std::vector<reference::Tensor> values;
  for (Value operand : op->getOperands()) {
    DenseElementsAttr attr = literal(operand);
    if (!attr || attr.getNumElements() > foldLimit)
      return {};
    values.push_back(reference::fromAttr(attr));
  }
  std::vector<const reference::Tensor *> operands;
  for (const reference::Tensor &value : values)
    operands.push_back(&value);
  std::vector<reference::Tensor> results;
  if (mlir::failed(reference::evaluate(op, operands, results))) {
    failed = true;
    return {};
  }
  SmallVector<Value> constants;
  for (const reference::Tensor &result : results)
    constants.push_back(builder.create<ms::ConstantOp>(
        op->getLoc(), reference::toAttr(result)));
  op->erase();
  return constants;
}

bool isKnownElement(Emitter &e, Type type) {
  bool known = dtypeOf(type) != MSCRT_INVALID;
  if (!known && !e.failed)
    e.error() << "tensors of element type " << type << " are not supported";
  return known;
}

Value Emitter::constant(DenseElementsAttr value) {
  if (!isKnownElement(*this, value.getElementType()))
    return poison();
  return builder.create<ms::ConstantOp>(loc, value);
}

Value Emitter::splat(double value, RankedTensorType type) {
  if (!isKnownElement(*this, type.getElementType()))
    return poison();
  reference::Tensor element(RankedTensorType::get({}, type.getElementType()));
  element.setFloat(0, value);
  Attribute attr = reference::toAttr(element).getSplatValue<Attribute>();
  return constant(DenseElementsAttr::get(type, attr));
}

Value Emitter::scalar(double value, Type element) {
  return splat(value, RankedTensorType::get({}, element));
}

Value Emitter::ints(ArrayRef<int64_t> values, Type element) {
  if (!isKnownElement(*this, element))
    return poison();
  reference::Tensor tensor(
      RankedTensorType::get({int64_t(values.size())}, element));
  for (auto [i, value] : llvm::enumerate(values))
    tensor.setInt(i, value);
  return constant(reference::toAttr(tensor));
}

Value Emitter::cast(Value v, Type target) {
  if (element(v) == target)
    return v;
  return emitTyped<ms::CastOp>(type(v).clone(target), {v});
}

DenseElementsAttr Emitter::literal(Value v) {
  auto op = v.getDefiningOp<ms::ConstantOp>();
  return op ? dyn_cast<DenseElementsAttr>(op.getValue()) : DenseElementsAttr();
}

} // namespace msc::import
