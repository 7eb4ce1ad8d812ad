// SPDX-License-Identifier: Apache-2.0
//
/// \file Every ms op has a reference evaluation; functions with control flow
/// and kernels are evaluated as they run.
#include "dialects/MS/IR/MSOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "msc/Reference/Reference.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace msc;
using reference::Tensor;

namespace {

/// Ops that the interpreter of blocks evaluates itself, as the tests below do;
/// stages are code.
bool isStructure(StringRef name) {
  return name == "ms.parameter" || name == "ms.if" || name == "ms.while" ||
         name == "ms.kernel" || name == "ms.stage" || name == "ms.yield";
}

TEST(EvaluateTest, EveryOpHasAReferenceEvaluation) {
  MLIRContext ctx;
  ctx.loadDialect<ms::MSDialect>();
  int ops = 0;
  for (RegisteredOperationName name : ctx.getRegisteredOperations()) {
    if (name.getDialectNamespace() != "ms" || isStructure(name.getStringRef()))
      continue;
    ++ops;
    EXPECT_TRUE(reference::registry().find(name.getStringRef()))
        << name.getStringRef().str() << " has no reference evaluation";
  }
  EXPECT_GT(ops, 100);
}

const char *const program = R"mlir(
func.func @main(%x: tensor<2xf32>, %n: tensor<i64>) -> (tensor<2xf32>, tensor<i64>) {
  %w = ms.parameter "w" : tensor<2xf32>
  %y, %left = ms.while (%x, %n) : tensor<2xf32>, tensor<i64> {
  ^bb0(%a: tensor<2xf32>, %i: tensor<i64>):
    %zero = ms.constant dense<0> : tensor<i64>
    %go = ms.less %zero, %i : tensor<i64>, tensor<i64>
    ms.yield %go : tensor<i1>
  } do {
  ^bb0(%a: tensor<2xf32>, %i: tensor<i64>):
    %one = ms.constant dense<1> : tensor<i64>
    %last = ms.equal %i, %one : tensor<i64>, tensor<i64>
    %b = ms.if %last : tensor<i1> -> tensor<2xf32> {
      %c = ms.neg %a : tensor<2xf32>
      ms.yield %c : tensor<2xf32>
    } else {
      %c = ms.kernel (%a, %w) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> {
      ^bb0(%p: tensor<2xf32>, %q: tensor<2xf32>):
        %sum = ms.add %p, %q : tensor<2xf32>, tensor<2xf32>
        ms.yield %sum : tensor<2xf32>
      }
      ms.yield %c : tensor<2xf32>
    }
    %j = ms.sub %i, %one : tensor<i64>, tensor<i64>
    ms.yield %b, %j : tensor<2xf32>, tensor<i64>
  } -> tensor<2xf32>, tensor<i64>
  return %y, %left : tensor<2xf32>, tensor<i64>
}
)mlir";

class ProgramTest : public testing::Test {
protected:
  ProgramTest() {
    ctx.loadDialect<ms::MSDialect, func::FuncDialect>();
    module = parseSourceString<ModuleOp>(program, &ctx);
    x = Tensor(RankedTensorType::get({2}, FloatType::getF32(&ctx)));
    x.setFloats({1, 2});
    n = Tensor(RankedTensorType::get({}, IntegerType::get(&ctx, 64)));
    n.setInt(0, 3);
    environment.parameter = [this](StringRef name) {
      Tensor w(x.type);
      w.setFloats({10, 20});
      return name == "w" ? w : Tensor();
    };
  }
  func::FuncOp entry() { return module->lookupSymbol<func::FuncOp>("main"); }

  MLIRContext ctx;
  OwningOpRef<ModuleOp> module;
  Tensor x, n;
  reference::Environment environment;
};

TEST_F(ProgramTest, LoopsBranchesAndKernelsRunAsTheyAreTaken) {
  ASSERT_TRUE(module);
  std::vector<std::string> seen;
  environment.observe = [&](Operation *op, MutableArrayRef<Tensor>) {
    if (op->getName().getStringRef() == "ms.neg" || isa<ms::KernelOp>(op))
      seen.push_back(op->getName().getStringRef().str());
  };
  std::vector<Tensor> results;
  ASSERT_TRUE(
      succeeded(reference::evaluate(entry(), {x, n}, environment, results)));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].floats(), (std::vector<double>{-21, -42}));
  EXPECT_EQ(results[1].getInt(0), 0);
  EXPECT_EQ(seen,
            (std::vector<std::string>{"ms.kernel", "ms.kernel", "ms.neg"}));
}

TEST_F(ProgramTest, KernelsCanBeComputedElsewhere) {
  ASSERT_TRUE(module);
  environment.kernel = [](Operation *, ArrayRef<Tensor> operands,
                          std::vector<Tensor> &results) {
    results = {operands[1]};
    return success();
  };
  std::vector<Tensor> results;
  ASSERT_TRUE(
      succeeded(reference::evaluate(entry(), {x, n}, environment, results)));
  EXPECT_EQ(results[0].floats(), (std::vector<double>{-10, -20}));
}

TEST_F(ProgramTest, AnUnknownParameterIsAnError) {
  ASSERT_TRUE(module);
  ScopedDiagnosticHandler quiet(&ctx, [](Diagnostic &) { return success(); });
  environment.parameter = nullptr;
  std::vector<Tensor> results;
  EXPECT_TRUE(
      failed(reference::evaluate(entry(), {x, n}, environment, results)));
}

} // namespace
