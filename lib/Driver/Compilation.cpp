// SPDX-License-Identifier: Apache-2.0
//
/// \file The phases of a compilation, in one table and one loop.
#include "lib/Driver/Compilation.h"

#include "dialects/Graph/IR/GraphOps.h"
#include "dialects/MSRT/IR/MSRTOps.h"
#include "lib/Driver/Shapes.h"
#include "lib/Driver/Tuning.h"
#include "lib/Driver/Verify.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "msc/Import/Decrypt.h"
#include "msc/Import/Formats.h"
#include "msc/Import/Readers.h"
#include "msc/Parameters/BindCheckpoint.h"
#include "msc/Support/Diagnostics.h"
#include "msc/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include <chrono>

using namespace mlir;

namespace msc {

namespace {
struct Phase {
  PhaseInfo info;
  LogicalResult (Compilation::*run)();
};
} // namespace

static const Phase phaseTable[] = {
    {{"import", "reads the model file into the graph dialect"},
     &Compilation::importModel},
    {{"legalize", "turns source operators into ms ops"},
     &Compilation::legalize},
    {{"optimize", "simplifies, and moves work on parameters into bind"},
     &Compilation::optimize},
    {{"kernels", "groups ops into kernels"}, &Compilation::formKernels},
    {{"code", "compiles kernels and the host program"},
     &Compilation::generateCode},
    {{"artifact", "links, packs the weights, writes the files"},
     &Compilation::writeArtifact},
};

ArrayRef<PhaseInfo> phases() {
  static const std::vector<PhaseInfo> infos = [] {
    std::vector<PhaseInfo> list;
    for (const Phase &phase : phaseTable)
      list.push_back(phase.info);
    return list;
  }();
  return infos;
}

void registerDialects(DialectRegistry &registry) {
  registry.insert<graph::GraphDialect, ms::MSDialect, msrt::MSRTDialect,
                  func::FuncDialect>();
  target::registerTargetDialects(registry);
}

static DialectRegistry allDialects() {
  DialectRegistry registry;
  registerDialects(registry);
  return registry;
}

Compilation::Compilation(const CompileOptions &options, CompileReport &report,
                         llvm::raw_ostream &os)
    : options(options), report(report), os(os), progress(os, options.quiet),
      ctx(allDialects()) {
  ctx.loadAllAvailableDialects();
}

LogicalResult reportError(Compilation &compilation, llvm::Error error) {
  Builder b(&compilation.ctx);
  Location loc =
      FileLineColLoc::get(b.getStringAttr(compilation.options.input), 0, 0);
  return emitError(loc) << llvm::toString(std::move(error));
}

LogicalResult Compilation::dump(StringRef phase) {
  if (options.dumpDir.empty())
    return success();
  if (std::error_code ec = llvm::sys::fs::create_directories(options.dumpDir))
    return reportError(
        *this,
        llvm::createStringError(ec, "cannot create '" + options.dumpDir + "'"));
  std::string text;
  llvm::raw_string_ostream stream(text);
  (code.host ? *code.host : *module)->print(stream);
  if (llvm::Error error =
          writeFile(options.dumpDir + "/" + phase.str() + ".mlir", text))
    return reportError(*this, std::move(error));
  return success();
}

LogicalResult Compilation::createTargetAndCache() {
  target::TargetOptions targetOptions;
  targetOptions.machine.cpu = options.cpu;
  targetOptions.machine.triple = options.triple;
  targetOptions.machine.optLevel = options.optLevel;
  targetOptions.precision = options.precision;
  auto created = target::createTarget(options.target, targetOptions);
  if (!created)
    return reportError(*this, created.takeError());
  target = std::move(*created);
  if (options.verify)
    if (llvm::Error error = checkVerifiable(*this))
      return reportError(*this, std::move(error));
  // A kernel with a fault is no kernel to keep.
  if (options.cache && options.plantFault.empty())
    cache = Cache::open(options.cacheDir, options.cacheMiB << 20);
  if (options.tuneSeconds) {
    if (llvm::Error error = checkTunable(*this))
      return reportError(*this, std::move(error));
    tuning =
        std::make_unique<TuningRecord>(*target, options.precision, cache.get());
  }
  return success();
}

LogicalResult Compilation::runPhase(const PhaseInfo &phase,
                                    LogicalResult (Compilation::*run)(),
                                    bool &done) {
  StringRef name = phase.name;
  auto start = std::chrono::steady_clock::now();
  progress.show(name + ": " + phase.description);
  if (failed((this->*run)()) || failed(dump(name)))
    return failure();
  llvm::Expected<bool> emitted = emitTextAfter(name, *this);
  if (!emitted)
    return reportError(*this, emitted.takeError());
  if (name == "import" && usesArtifactCache(*this)) {
    llvm::Expected<bool> restored = restoreArtifact(*this);
    if (!restored)
      return reportError(*this, restored.takeError());
    report.cached = *restored;
  }
  std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - start;
  if (options.timing) {
    progress.clear();
    os << llvm::format("%-10s %8.1f ms%s\n", phase.name, took.count(),
                       report.cached ? ", the rest is in the cache" : "");
  }
  done = *emitted || report.cached || options.stopAfter == name ||
         (options.check && name == "legalize");
  return success();
}

LogicalResult Compilation::run() {
  if (options.emit == "so" && !options.check && options.stopAfter.empty())
    if (llvm::Error error = checkHeaderReplaceable(outputPath()))
      return reportError(*this, std::move(error));
  if (failed(createTargetAndCache()))
    return failure();
  bool done = false;
  for (const Phase &phase : phaseTable) {
    if (failed(runPhase(phase.info, phase.run, done)))
      return failure();
    if (done)
      break;
  }
  return success();
}

LogicalResult Compilation::importModel() {
  if (failed(readModel()))
    return failure();
  if (module->lookupSymbol<func::FuncOp>("main")) // ms already
    return success();
  auto resolved = resolveShapes(*module, options);
  if (!resolved)
    return reportError(*this, resolved.takeError());
  choices = std::move(*resolved);
  return success();
}

LogicalResult Compilation::readModel() {
  StringRef path = options.input;
  if (path.ends_with(".mlir")) {
    module = parseSourceFile<ModuleOp>(path, &ctx);
    return success(bool(module));
  }
  llvm::Expected<MappedFile> file = mapFile(path);
  if (!file)
    return reportError(*this, file.takeError());
  ArrayRef<char> head = file->data.take_front(4096);
  if (import::looksLikeMindIR(head)) {
    std::vector<uint8_t> key;
    if (!options.key.empty()) {
      auto parsed = import::parseKey(options.key);
      if (!parsed)
        return reportError(*this, parsed.takeError());
      key = std::move(*parsed);
    }
    module = import::readMindIR(path, &ctx, store, key);
  } else {
    // Its messages say what other kinds of files look like.
    module = import::readONNX(path, &ctx, store);
  }
  return module ? bindParameters() : failure();
}

LogicalResult Compilation::bindParameters() {
  if (options.checkpoints.empty())
    return success();
  BindCheckpointOptions bindOptions;
  bindOptions.match.renames = options.renames;
  bindOptions.match.strict = !options.lenient;
  if (!options.key.empty())
    bindOptions.decrypt =
        [&](ArrayRef<char> bytes) -> llvm::Expected<std::vector<char>> {
      auto key = import::parseKey(options.key);
      if (!key)
        return key.takeError();
      return import::decrypt(bytes, *key, [](ArrayRef<char> head) {
        return !head.empty() && head[0] == 0x0a;
      });
    };
  mscrt::BindReport bindReport;
  llvm::Error error =
      bindCheckpoints(store, options.checkpoints, bindOptions, bindReport);
  progress.clear();
  if (!options.quiet || error)
    os << bindReport.summary() << "\n";
  if (!error)
    return success();
  os << bindReport.text();
  return reportError(*this, std::move(error));
}

/// Finds `main`, `main_1` ... and `bind` again after passes.
void Compilation::findFunctions() {
  entries.clear();
  for (auto function : module->getOps<func::FuncOp>())
    if (function.getName() != "bind")
      entries.push_back(function);
  bind = module->lookupSymbol<func::FuncOp>("bind");
}

/// One signature describes all entries: they differ in extents alone.
static LogicalResult checkEntry(func::FuncOp first, func::FuncOp other) {
  auto differs = [](TypeRange a, TypeRange b) {
    return a.size() != b.size() ||
           !llvm::all_of(llvm::zip(a, b), [](auto pair) {
             auto [x, y] = pair;
             auto left = cast<RankedTensorType>(x);
             auto right = cast<RankedTensorType>(y);
             return left.getRank() == right.getRank() &&
                    left.getElementType() == right.getElementType();
           });
  };
  if (!differs(first.getArgumentTypes(), other.getArgumentTypes()) &&
      !differs(first.getResultTypes(), other.getResultTypes()))
    return success();
  return emitError(other.getLoc())
         << "the model has other inputs or outputs for these shapes: "
         << first.getFunctionType() << " and " << other.getFunctionType();
}

/// Imports the graph for every combination of shapes into one module.
LogicalResult Compilation::importEntries() {
  OwningOpRef<ModuleOp> result;
  for (auto [i, choice] : llvm::enumerate(choices)) {
    OwningOpRef<ModuleOp> entry =
        import::Importer(*module, store, choice).run();
    if (!entry)
      return failure();
    if (!result) {
      result = std::move(entry);
      continue;
    }
    auto function = entry->lookupSymbol<func::FuncOp>("main");
    if (failed(
            checkEntry(result->lookupSymbol<func::FuncOp>("main"), function)))
      return failure();
    function.setName("main_" + std::to_string(i));
    function->moveBefore(result->getBody(), result->getBody()->end());
  }
  module = std::move(result);
  return verify(*module);
}

/// Before --verify keeps the program: what the user asked for is what compiled
/// code is compared with.
LogicalResult Compilation::reducePrecision() {
  if (options.precision != "bf16" && options.precision != "f16")
    return success();
  PassManager pm(&ctx);
  pm.addNestedPass<func::FuncOp>(
      createReducePrecision({/*to=*/options.precision}));
  return pm.run(*module);
}

LogicalResult Compilation::legalize() {
  if (!module->lookupSymbol<func::FuncOp>("main")) { // not already ms
    import::registerONNXRules();
    import::registerMindIRRules();
    if (failed(importEntries()))
      return failure();
  }
  if (failed(reducePrecision()))
    return failure();
  findFunctions();
  llvm::SetVector<StringRef> specialised;
  for (func::FuncOp entry : entries)
    for (unsigned i = 0; i < entry.getNumArguments(); ++i)
      if (entry.getArgAttr(i, "ms.guard"))
        specialised.insert(entry.getArgAttrOfType<StringAttr>(i, "ms.name"));
  for (StringRef name : specialised)
    report.specialised.push_back(name.str());
  return success();
}

LogicalResult Compilation::optimize() {
  if (options.verify)
    imported = cast<ModuleOp>(module->getOperation()->clone());
  PassManager pm(&ctx);
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createMoveTransposes());
  if (options.precision != "strict") {
    pm.addNestedPass<func::FuncOp>(createRaisePatterns(&store));
    pm.addNestedPass<func::FuncOp>(createFoldBatchNorm());
  }
  pm.addPass(createOutlineBind());
  pm.addPass(createCanonicalizerPass());
  if (int64_t panel = target->weightPanel()) {
    target::WeightParts parts = target->weightParts();
    PackWeightsOptions packing;
    packing.panel = panel;
    packing.parts = parts.count;
    packing.fewestRows = parts.fewestRows;
    packing.fewestProducts = parts.fewestProducts;
    pm.addPass(createPackWeights(
        packing, [&](ms::ConvOp op) { return target->convTile(op); }));
  }
  if (failed(pm.run(*module)))
    return failure();
  findFunctions();
  storeFrozen();
  return success();
}

/// Adds the frozen parameters that bind reads to its results: with a checkpoint
/// that lacks them it reads them there.
void Compilation::storeFrozen() {
  Operation *end = bind.getBody().front().getTerminator();
  for (BlockArgument argument : bind.getArguments()) {
    unsigned number = argument.getArgNumber();
    auto name = bind.getArgAttrOfType<StringAttr>(number, "ms.parameter");
    Parameter *stored = store.find(name.getValue());
    if (!stored || !stored->frozen)
      continue;
    unsigned result = llvm::find(end->getOperands(), argument).getIndex();
    if (result == end->getNumOperands())
      end->insertOperands(result, argument);
    bind.setArgAttr(number, "ms.stored",
                    Builder(&ctx).getI64IntegerAttr(result));
  }
  bind.setFunctionType(FunctionType::get(&ctx, bind.getArgumentTypes(),
                                         TypeRange(end->getOperands())));
}

LogicalResult Compilation::formKernels() {
  PassManager pm(&ctx);
  pm.addNestedPass<func::FuncOp>(createFormKernels());
  if (target->weightPanel()) {
    pm.addNestedPass<func::FuncOp>(createAssignLayouts());
    pm.addNestedPass<func::FuncOp>(createAssignHalos());
    pm.addNestedPass<func::FuncOp>(createMoveTransposes());
  }
  return pm.run(*module);
}

LogicalResult compile(const CompileOptions &options, CompileReport &report,
                      llvm::raw_ostream &os) {
  Compilation compilation(options, report, os);
  DiagnosticPrinter printer(&compilation.ctx, os);
  return compilation.run();
}

} // namespace msc
