// SPDX-License-Identifier: Apache-2.0
//
/// \file Evaluation of ops, regions and functions on reference tensors.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

using namespace mlir;

namespace msc::reference {

const Registry::Fn *Registry::find(StringRef name) const {
  auto it = functions.find(name);
  return it == functions.end() ? nullptr : &it->second;
}

const Registry &registry() {
  static const Registry all = [] {
    Registry r;
    registerElementwise(r);
    registerImage(r);
    registerIndexing(r);
    registerLinalg(r);
    registerLinear(r);
    registerNormalization(r);
    registerPooling(r);
    registerReduction(r);
    registerSelection(r);
    registerSequence(r);
    registerShape(r);
    r.add<ms::ConstantOp>([](ms::ConstantOp op, Inputs, Outputs out) {
      out[0] = fromAttr(op.getValue());
      return success();
    });
    r.add<ms::AssertOp>([](ms::AssertOp op, Inputs in, Outputs) {
      for (int64_t i = 0; i < in[0]->size(); ++i)
        if (!in[0]->getInt(i))
          return LogicalResult(emitError(op.getLoc(), op.getMessage()));
      return success();
    });
    return r;
  }();
  return all;
}

static bool isStatic(TypeRange types) {
  return llvm::all_of(types, [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape();
  });
}

bool canEvaluate(Operation *op) {
  return op->getNumRegions() == 0 && isStatic(op->getOperandTypes()) &&
         isStatic(op->getResultTypes()) &&
         registry().find(op->getName().getStringRef());
}

LogicalResult evaluate(Operation *op, Inputs operands,
                       std::vector<Tensor> &results) {
  const Registry::Fn *fn = registry().find(op->getName().getStringRef());
  if (!fn || !isStatic(op->getResultTypes()))
    return op->emitOpError("has no reference evaluation");
  results.clear();
  for (Type type : op->getResultTypes())
    results.emplace_back(cast<RankedTensorType>(type));
  return (*fn)(op, operands, results);
}

namespace {
using Values = llvm::DenseMap<Value, Tensor>;

/// Evaluates the blocks of one function; values of enclosing regions are seen.
class Interpreter {
public:
  explicit Interpreter(const Environment &environment)
      : environment(environment) {}

  /// Runs \p block with its arguments bound to \p inputs and returns what its
  /// terminator yields.
  LogicalResult run(Block &block, ArrayRef<Tensor> inputs,
                    std::vector<Tensor> &results) {
    for (auto [argument, value] : llvm::zip_equal(block.getArguments(), inputs))
      values[argument] = value;
    for (Operation &op : block.without_terminator()) {
      std::vector<Tensor> out;
      if (failed(runOp(&op, out)))
        return failure();
      if (environment.observe)
        environment.observe(&op, out);
      for (auto [result, value] : llvm::zip_equal(op.getResults(), out))
        values[result] = std::move(value);
    }
    results.clear();
    for (Value operand : block.getTerminator()->getOperands())
      results.push_back(values.lookup(operand));
    return success();
  }

private:
  std::vector<Tensor> lookup(ValueRange operands) {
    std::vector<Tensor> result;
    for (Value operand : operands)
      result.push_back(values.lookup(operand));
    return result;
  }

  LogicalResult runOp(Operation *op, std::vector<Tensor> &results) {
    if (auto parameter = dyn_cast<ms::ParameterOp>(op)) {
      if (environment.parameter)
        results.push_back(environment.parameter(parameter.getName()));
      if (results.empty() || !results.back().type)
        return op->emitOpError("has no value");
      return success();
    }
    if (auto branch = dyn_cast<ms::IfOp>(op)) {
      bool taken = values.lookup(branch.getCondition()).getInt(0);
      Region &region = taken ? branch.getThenRegion() : branch.getElseRegion();
      return run(region.front(), {}, results);
    }
    if (auto loop = dyn_cast<ms::WhileOp>(op))
      return runWhile(loop, results);
    if (auto kernel = dyn_cast<ms::KernelOp>(op)) {
      std::vector<Tensor> operands = lookup(op->getOperands());
      return environment.kernel
                 ? environment.kernel(op, operands, results)
                 : run(kernel.getBody().front(), operands, results);
    }
    std::vector<const Tensor *> operands;
    for (Value operand : op->getOperands())
      operands.push_back(&values[operand]);
    return evaluate(op, operands, results);
  }

  LogicalResult runWhile(ms::WhileOp loop, std::vector<Tensor> &carried) {
    carried = lookup(loop.getInits());
    while (true) {
      std::vector<Tensor> condition, next;
      if (failed(run(loop.getBefore().front(), carried, condition)))
        return failure();
      if (!condition[0].getInt(0))
        return success();
      if (failed(run(loop.getBody().front(), carried, next)))
        return failure();
      carried = std::move(next);
    }
  }

  const Environment &environment;
  Values values;
};
} // namespace

LogicalResult evaluate(Block &block, ArrayRef<Tensor> inputs,
                       const Environment &environment,
                       std::vector<Tensor> &results) {
  return Interpreter(environment).run(block, inputs, results);
}

LogicalResult evaluate(func::FuncOp function, ArrayRef<Tensor> inputs,
                       const Environment &environment,
                       std::vector<Tensor> &results) {
  return evaluate(function.getBody().front(), inputs, environment, results);
}

} // namespace msc::reference
