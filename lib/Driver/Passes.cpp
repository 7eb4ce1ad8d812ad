// SPDX-License-Identifier: Apache-2.0
//
/// \file Passes that exist for msc-opt, and the registration of all.
#include "msc/Driver/Passes.h"

#include "mlir/Pass/Pass.h"
#include "msc/Conversion/MSToLinalg.h"
#include "msc/Import/Formats.h"
#include "msc/Transforms/Passes.h"

using namespace mlir;

namespace msc {

namespace {
/// The importer on graph modules written as text.
struct LegalizeGraph : PassWrapper<LegalizeGraph, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LegalizeGraph)
  StringRef getArgument() const final { return "msc-legalize-graph"; }
  StringRef getDescription() const final {
    return "Turns source operators into ms ops";
  }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<ms::MSDialect, func::FuncDialect>();
  }
  void runOnOperation() final {
    import::registerONNXRules();
    import::registerMindIRRules();
    ParameterStore store;
    import::ImportOptions options;
    OwningOpRef<ModuleOp> result =
        import::Importer(getOperation(), store, options).run();
    if (!result)
      return signalPassFailure();
    Region &body = getOperation().getBodyRegion();
    body.takeBody(result->getBodyRegion());
  }
};
} // namespace

void registerPasses() {
  registerMSCTransformsPasses();
  PassRegistration<LegalizeGraph>();
  registerPass([] { return createConvertMSToLinalgPass(); });
}

} // namespace msc
