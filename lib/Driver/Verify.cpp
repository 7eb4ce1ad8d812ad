// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs compiled kernels on the reference's values and compares.
#include "lib/Driver/Verify.h"

#include "lib/Driver/KernelRunner.h"
#include "lib/Driver/Tolerance.h"
#include "msc/Support/DType.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace mlir;
using msc::reference::Tensor;

namespace msc {

llvm::Error checkVerifiable(const Compilation &c) {
  const target::Machine &machine = c.target->machine();
  if (!machine.runsHere())
    return llvm::createStringError(
        "--verify runs the compiled code, which this machine cannot: it is "
        "for " +
        machine.triple() + ", " + machine.cpu());
  if (c.options.emit != "so" && c.options.emit != "obj")
    return llvm::createStringError("--verify does not go with --emit=" +
                                   c.options.emit);
  if (c.options.check || !c.options.stopAfter.empty())
    return llvm::createStringError(
        "--verify needs a whole compilation: it does not go with --check and "
        "--stop-after");
  return llvm::Error::success();
}

namespace {
class Verifier {
public:
  Verifier(Compilation &c, const LoadedModel &model, ArrayRef<char> weights)
      : c(c), runner(c.code, model), weights(weights) {}

  llvm::Error run();

private:
  llvm::Error verifyBind();
  llvm::Error verifyEntry(size_t index);
  LogicalResult evaluateImported();
  llvm::Error compareOptimised(ArrayRef<Tensor> results);
  reference::Environment compiledKernels();
  reference::Environment checkedKernels();
  llvm::Error compareHostProgram(size_t index);

  void makeInputs(int64_t maxInteger);
  Tensor makeInput(unsigned argument, size_t position, int64_t maxInteger);
  Tensor parameter(StringRef name);
  std::vector<Tensor> bindArguments();
  /// Arguments of the optimised entry, whose weights are \p packed.
  std::vector<Tensor> mainArguments(ArrayRef<Tensor> packed);
  LogicalResult checkKernel(ms::KernelOp kernel, ArrayRef<Tensor> operands,
                            std::vector<Tensor> &results);
  llvm::Error compareBits(const Tensor &actual, const Tensor &expected,
                          const Twine &what);
  llvm::Error failure(const Twine &what) {
    return problem.empty() ? llvm::createStringError(what)
                           : llvm::createStringError(problem);
  }

  Compilation &c;
  KernelRunner runner;
  ArrayRef<char> weights;
  std::mt19937_64 random;
  func::FuncOp source, main;    ///< the entry at hand: imported, optimised
  std::vector<Tensor> inputs;   ///< the caller's, in order
  std::vector<Tensor> imported; ///< results of the imported program
  std::vector<Tensor> packed;   ///< what bind's kernels compute
  std::vector<Tensor> weightsExpected; ///< what they should
  std::string problem;                 ///< the first kernel that differs
  llvm::SmallPtrSet<Operation *, 32> checked;
  double largest = 0;
  std::string largestIn;
};
} // namespace

Tensor Verifier::parameter(StringRef name) {
  Parameter *stored = c.store.find(name);
  Type element = stored ? elementType(&c.ctx, stored->dtype) : Type();
  if (!element)
    return Tensor();
  return Tensor(RankedTensorType::get(stored->shape, element), stored->data);
}

Tensor Verifier::makeInput(unsigned argument, size_t position,
                           int64_t maxInteger) {
  Tensor tensor(cast<RankedTensorType>(source.getArgumentTypes()[argument]));
  if (auto guard =
          source.getArgAttrOfType<DenseElementsAttr>(argument, "ms.guard"))
    return reference::fromAttr(guard);
  auto name = source.getArgAttrOfType<StringAttr>(argument, "ms.name");
  for (auto [i, given] : llvm::enumerate(c.options.inputs)) {
    bool isThis = given.name.empty() ? i == position
                                     : name && given.name == name.getValue();
    if (isThis && !given.data.empty() &&
        given.data.size() == tensor.data.size() &&
        given.dtype == uint32_t(dtypeOf(tensor.element()))) {
      tensor.data = given.data;
      return tensor;
    }
  }
  fillRandom(tensor, random, maxInteger);
  return tensor;
}

void Verifier::makeInputs(int64_t maxInteger) {
  random.seed(1);
  inputs.clear();
  for (unsigned i = 0; i < source.getNumArguments(); ++i)
    if (isCallersValue(source.getArgAttrDict(i)))
      inputs.push_back(makeInput(i, inputs.size(), maxInteger));
}

LogicalResult Verifier::evaluateImported() {
  std::vector<Tensor> arguments;
  size_t input = 0;
  for (unsigned i = 0; i < source.getNumArguments(); ++i) {
    auto state = source.getArgAttrOfType<StringAttr>(i, "ms.state");
    arguments.push_back(state ? parameter(state.getValue()) : inputs[input++]);
    if (!arguments.back().type)
      return source.emitError("state '")
             << state.getValue() << "' has no value";
  }
  reference::Environment environment;
  environment.parameter = [&](StringRef name) { return parameter(name); };
  return reference::evaluate(source, arguments, environment, imported);
}

std::vector<Tensor> Verifier::bindArguments() {
  std::vector<Tensor> arguments;
  for (unsigned i = 0; i < c.bind.getNumArguments(); ++i)
    arguments.push_back(parameter(
        c.bind.getArgAttrOfType<StringAttr>(i, "ms.parameter").getValue()));
  return arguments;
}

std::vector<Tensor> Verifier::mainArguments(ArrayRef<Tensor> packed) {
  std::vector<Tensor> arguments;
  size_t input = 0;
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto index = main.getArgAttrOfType<IntegerAttr>(i, "ms.packed");
    arguments.push_back(index ? packed[index.getInt()] : inputs[input++]);
  }
  return arguments;
}

LogicalResult Verifier::checkKernel(ms::KernelOp kernel,
                                    ArrayRef<Tensor> operands,
                                    std::vector<Tensor> &results) {
  Block &body = kernel.getBody().front();
  std::vector<Tensor> actual;
  if (failed(reference::evaluate(body, operands, {}, results)))
    return mlir::failure();
  if (llvm::Error error = runner.run(kernel, operands, actual)) {
    problem = runner.name(kernel) + " " + llvm::toString(std::move(error));
    return mlir::failure();
  }
  checked.insert(kernel);
  Expectation expectation(body, operands, results);
  for (auto [r, tensor] : llvm::enumerate(actual)) {
    Mismatch mismatch;
    for (int64_t i = 0; i < tensor.size(); ++i) {
      double distance = difference(tensor, results[r], i);
      if (distance > largest && std::isfinite(distance)) {
        largest = distance;
        largestIn = runner.name(kernel);
      }
      if (distance == 0 || expectation.accepts(r, i, tensor))
        continue;
      mismatch.note(i, distance);
    }
    if (mismatch.count == 0)
      continue;
    problem = runner.name(kernel) + " differs from the reference in " +
              describe(mismatch, r, tensor, results[r]);
    return mlir::failure();
  }
  return success();
}

llvm::Error Verifier::compareOptimised(ArrayRef<Tensor> results) {
  // Weights in two parts of bf16 have 16 bits.
  double steps = c.target->weightParts().count == 2 ? 8000 : 1000;
  for (auto [r, tensor] : llvm::enumerate(results)) {
    const Tensor &expected = imported[r];
    double sum = 0, eps = epsilon(tensor.element());
    for (int64_t i = 0; i < tensor.size(); ++i)
      if (double value = std::abs(expected.getFloat(i)); std::isfinite(value))
        sum += value;
    double scale = tensor.size() ? sum / double(tensor.size()) : 0;
    Mismatch mismatch;
    for (int64_t i = 0; i < tensor.size(); ++i) {
      double distance = difference(tensor, expected, i);
      if (distance == 0 ||
          distance <= steps * eps * (scale + std::abs(expected.getFloat(i))))
        continue;
      mismatch.note(i, distance);
    }
    if (mismatch.count)
      return llvm::createStringError(
          "the optimised program differs from the imported one in " +
          describe(mismatch, r, tensor, expected));
  }
  return llvm::Error::success();
}

llvm::Error Verifier::compareBits(const Tensor &actual, const Tensor &expected,
                                  const Twine &what) {
  if (actual.data == expected.data)
    return llvm::Error::success();
  size_t width = reference::elementBytes(actual.element());
  auto differing = std::mismatch(actual.data.begin(), actual.data.end(),
                                 expected.data.begin());
  int64_t i = (differing.first - actual.data.begin()) / int64_t(width);
  return llvm::createStringError(
      what + " is not what the kernels compute one by one: first in " +
      describe({1, i, difference(actual, expected, i)}, 0, actual, expected));
}

/// The environment in which kernels are the compiled ones.
reference::Environment Verifier::compiledKernels() {
  reference::Environment compiled;
  compiled.kernel = [&](Operation *op, ArrayRef<Tensor> operands,
                        std::vector<Tensor> &results) {
    auto kernel = cast<ms::KernelOp>(op);
    llvm::Error error = runner.run(kernel, operands, results);
    if (!error)
      return success();
    problem = runner.name(kernel) + " " + llvm::toString(std::move(error));
    return mlir::failure();
  };
  return compiled;
}

/// The environment in which kernels are the reference's, and are checked.
reference::Environment Verifier::checkedKernels() {
  reference::Environment checking;
  checking.kernel = [&](Operation *op, ArrayRef<Tensor> operands,
                        std::vector<Tensor> &results) {
    return checkKernel(cast<ms::KernelOp>(op), operands, results);
  };
  return checking;
}

llvm::Error Verifier::verifyBind() {
  std::vector<Tensor> arguments = bindArguments();
  if (failed(reference::evaluate(c.bind, arguments, checkedKernels(),
                                 weightsExpected)))
    return failure("--verify: the reference cannot evaluate the kernels");
  if (failed(reference::evaluate(c.bind, arguments, compiledKernels(), packed)))
    return failure("the compiled kernels could not be run one by one");
  for (auto [i, tensor] : llvm::enumerate(packed)) {
    Tensor actual(tensor.type,
                  weights.slice(c.layout.packed[i], tensor.data.size()));
    if (llvm::Error error =
            compareBits(actual, tensor, "packed weight " + Twine(i)))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error Verifier::compareHostProgram(size_t index) {
  std::vector<Tensor> outputs, results;
  if (failed(reference::evaluate(main, mainArguments(packed), compiledKernels(),
                                 outputs)))
    return failure("the compiled kernels could not be run one by one");
  if (llvm::Error error =
          runner.runEntry(c.layout, index, inputs, weights, results))
    return error;
  for (auto [i, tensor] : llvm::enumerate(results))
    if (llvm::Error error = compareBits(
            tensor, outputs[i], "result " + Twine(i) + " of the host program"))
      return error;
  return llvm::Error::success();
}

llvm::Error Verifier::verifyEntry(size_t index) {
  main = c.code.entries[index].source;
  source = c.imported->lookupSymbol<func::FuncOp>(main.getName());
  // Small integers are more often valid as indices.
  bool evaluated = false;
  for (int64_t maxInteger : {9, 1}) {
    ScopedDiagnosticHandler quiet(&c.ctx,
                                  [](Diagnostic &) { return success(); });
    makeInputs(maxInteger);
    if ((evaluated = succeeded(evaluateImported())))
      break;
  }
  if (!evaluated && failed(evaluateImported()))
    return llvm::createStringError(
        "--verify: the reference cannot evaluate the model on its inputs");
  std::vector<Tensor> results;
  if (failed(reference::evaluate(main, mainArguments(weightsExpected),
                                 checkedKernels(), results)))
    return failure("--verify: the reference cannot evaluate the kernels");
  if (llvm::Error error = compareOptimised(results))
    return error;
  return compareHostProgram(index);
}

llvm::Error Verifier::run() {
  if (llvm::Error error = verifyBind())
    return error;
  for (size_t i = 0; i < c.code.entries.size(); ++i)
    if (llvm::Error error = verifyEntry(i))
      return error;
  if (c.options.quiet)
    return llvm::Error::success();
  c.os << "verified " << checked.size() << " kernels, largest difference "
       << llvm::format("%.3g", largest);
  if (!largestIn.empty())
    c.os << " in " << largestIn;
  if (size_t unreached = c.code.kernelUses - checked.size())
    c.os << "; " << unreached << " not reached with these inputs";
  c.os << "\n";
  return llvm::Error::success();
}

llvm::Error verifyModel(Compilation &c, const std::string &path,
                        ArrayRef<char> weights) {
  auto model = LoadedModel::load(path);
  if (!model)
    return model.takeError();
  return Verifier(c, **model, weights).run();
}

} // namespace msc
