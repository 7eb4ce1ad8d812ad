// SPDX-License-Identifier: Apache-2.0
//
/// \file Functions of the device library on vectors.
#include "lib/Target/CPU/VectorFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;

namespace msc::target {

/// Straight-line code on f32 in the library.
static bool hasVectorForm(func::CallOp call) {
  static const StringRef names[] = {"exp",   "exp2", "expm1", "log",
                                    "log1p", "tanh", "erf"};
  StringRef name = call.getCallee();
  return name.consume_front("msc_") && name.consume_back("_f32") &&
         llvm::is_contained(names, name);
}

bool worksOnVectors(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return hasVectorForm(call);
  return isa<arith::ConstantOp>(op) ||
         OpTrait::hasElementwiseMappableTraits(op);
}

static Value callOnVectors(OpBuilder &b, func::CallOp call,
                           ValueRange arguments) {
  auto type = cast<VectorType>(arguments[0].getType());
  std::string name =
      (call.getCallee() + "_v" + Twine(type.getNumElements())).str();
  auto module = call->getParentOfType<ModuleOp>();
  if (!module.lookupSymbol(name)) {
    OpBuilder atModule = OpBuilder::atBlockBegin(module.getBody());
    auto function = atModule.create<func::FuncOp>(
        call.getLoc(), name,
        b.getFunctionType(arguments.getTypes(), TypeRange(type)));
    function.setPrivate();
  }
  return b.create<func::CallOp>(call.getLoc(), name, TypeRange(type), arguments)
      .getResult(0);
}

Value applyToVectors(OpBuilder &b, Location loc, Operation *op,
                     ValueRange operands) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return callOnVectors(b, call, operands);
  auto shape = cast<VectorType>(operands[0].getType()).getShape();
  OperationState state(loc, op->getName());
  state.addOperands(operands);
  state.addTypes(VectorType::get(shape, op->getResult(0).getType()));
  state.addAttributes(op->getAttrs());
  return b.create(state)->getResult(0);
}

namespace {
/// Writes the body of a straight-line function again, on vectors.
class Widener {
public:
  Widener(llvm::Function &function, unsigned lanes)
      : function(function), lanes(lanes),
        b(llvm::BasicBlock::Create(function.getContext(), "", &function)) {}

  bool widen(llvm::Function &scalar) {
    if (scalar.size() != 1 || scalar.arg_size() != function.arg_size())
      return false;
    for (auto [from, to] : llvm::zip(scalar.args(), function.args()))
      map[&from] = &to;
    for (llvm::Instruction &instruction : scalar.front())
      if (!widen(instruction))
        return false;
    return true;
  }

private:
  llvm::Type *wide(llvm::Type *type) {
    return llvm::FixedVectorType::get(type, lanes);
  }
  llvm::Value *get(llvm::Value *value) {
    if (auto *constant = llvm::dyn_cast<llvm::Constant>(value))
      return llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(lanes),
                                            constant);
    return map.lookup(value);
  }

  bool widen(llvm::Instruction &instruction) {
    if (auto *end = llvm::dyn_cast<llvm::ReturnInst>(&instruction)) {
      b.CreateRet(get(end->getReturnValue()));
      return true;
    }
    llvm::Value *result = nullptr;
    if (auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction)) {
      result = widenIntrinsic(*call);
    } else if (auto *cast = llvm::dyn_cast<llvm::CastInst>(&instruction)) {
      result = b.CreateCast(cast->getOpcode(), get(cast->getOperand(0)),
                            wide(cast->getType()));
    } else if (llvm::isa<llvm::BinaryOperator, llvm::UnaryOperator,
                         llvm::CmpInst, llvm::SelectInst>(instruction)) {
      llvm::Instruction *copy = instruction.clone();
      copy->mutateType(wide(instruction.getType()));
      for (llvm::Use &operand : copy->operands())
        operand.set(get(operand.get()));
      result = b.Insert(copy);
    }
    map[&instruction] = result;
    return result;
  }

  llvm::Value *widenIntrinsic(llvm::IntrinsicInst &call) {
    llvm::Intrinsic::ID id = call.getIntrinsicID();
    if (!llvm::isTriviallyVectorizable(id) ||
        call.getType() != call.getArgOperand(0)->getType())
      return nullptr;
    SmallVector<llvm::Value *> arguments;
    for (auto [i, argument] : llvm::enumerate(call.args()))
      arguments.push_back(llvm::isVectorIntrinsicWithScalarOpAtArg(id, i)
                              ? argument.get()
                              : get(argument.get()));
    return b.CreateIntrinsic(id, wide(call.getType()), arguments);
  }

  llvm::Function &function;
  unsigned lanes;
  llvm::IRBuilder<> b;
  llvm::DenseMap<llvm::Value *, llvm::Value *> map;
};
} // namespace

llvm::Error defineVectorFunctions(llvm::Module &module) {
  SmallVector<llvm::Function *> wanted;
  for (llvm::Function &function : module)
    if (function.isDeclaration() && !function.isIntrinsic() &&
        function.getReturnType()->isVectorTy())
      wanted.push_back(&function);
  for (llvm::Function *function : wanted) {
    StringRef scalarName = function->getName().rsplit("_v").first;
    llvm::Function *scalar = module.getFunction(scalarName);
    auto *type = cast<llvm::FixedVectorType>(function->getReturnType());
    if (!scalar || scalar->isDeclaration() ||
        !Widener(*function, type->getNumElements()).widen(*scalar))
      return llvm::createStringError("no vector form of " +
                                     function->getName());
    function->setLinkage(llvm::GlobalValue::InternalLinkage);
    function->copyAttributesFrom(scalar);
    function->addFnAttr(llvm::Attribute::AlwaysInline);
  }
  return llvm::Error::success();
}

} // namespace msc::target
