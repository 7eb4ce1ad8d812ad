// SPDX-License-Identifier: Apache-2.0

/// \file
/// Linking the embedded device library into kernel modules.

#include "lib/Target/CPU/Library/DeviceLibrary.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "gtest/gtest.h"

using namespace llvm;

namespace {

std::unique_ptr<Module> kernel(LLVMContext &context, const std::string &arch) {
  std::string text = "target triple = \"" + arch + "-unknown-linux-gnu\"\n" +
                     R"(
declare float @msc_pow_f32(float, float)
declare double @msc_j0_f64(double)
define float @kernel(float %x, double %y) {
  %p = call float @msc_pow_f32(float %x, float %x)
  %j = call double @msc_j0_f64(double %y)
  %t = fptrunc double %j to float
  %r = fadd float %p, %t
  ret float %r
})";
  SMDiagnostic error;
  return parseAssemblyString(text, error, context);
}

TEST(DeviceLibrary, LinksWhatIsNeededAndHidesIt) {
  for (const char *arch : {"x86_64", "aarch64"}) {
    LLVMContext context;
    std::unique_ptr<Module> module = kernel(context, arch);
    ASSERT_TRUE(module);
    Error error = msc::target::linkDeviceLibrary(*module);
    ASSERT_FALSE(static_cast<bool>(error)) << toString(std::move(error));
    EXPECT_FALSE(verifyModule(*module, &errs()));
    int defined = 0;
    for (const Function &function : *module) {
      if (!function.getName().starts_with("msc_"))
        continue;
      EXPECT_FALSE(function.isDeclaration()) << function.getName().str();
      EXPECT_TRUE(function.hasInternalLinkage()) << function.getName().str();
      EXPECT_FALSE(function.hasFnAttribute("target-cpu"));
      EXPECT_FALSE(function.hasFnAttribute("target-features"));
      ++defined;
    }
    EXPECT_TRUE(module->getFunction("msc_pow_f32")
                    ->hasFnAttribute(Attribute::AlwaysInline));
    EXPECT_GE(defined, 2);
    EXPECT_EQ(module->getFunction("msc_erf_f32"), nullptr);
    EXPECT_EQ(module->getTargetTriple(),
              std::string(arch) + "-unknown-linux-gnu");
  }
}

TEST(DeviceLibrary, RefusesOtherArchitectures) {
  LLVMContext context;
  std::unique_ptr<Module> module = kernel(context, "riscv64");
  Error error = msc::target::linkDeviceLibrary(*module);
  ASSERT_TRUE(static_cast<bool>(error));
  EXPECT_EQ(toString(std::move(error)),
            "no CPU device library for target 'riscv64-unknown-linux-gnu', "
            "expected x86_64 or aarch64");
}

TEST(DeviceLibrary, HoldsBuiltins) {
  for (const char *arch : {"x86_64", "aarch64"}) {
    StringRef bitcode = msc::target::getDeviceBuiltinsBitcode(Triple(arch));
    EXPECT_TRUE(bitcode.starts_with("BC\xC0\xDE")) << arch;
  }
  EXPECT_TRUE(msc::target::getDeviceLibraryBitcode(Triple("riscv64")).empty());
}

} // namespace
