// SPDX-License-Identifier: Apache-2.0
//
/// \file From the bytes of an ONNX file to a module of the graph dialect.
#include "lib/Import/ONNX/ONNXReader.h"

#include "lib/Import/ONNX/CutTensors.h"
#include "lib/Import/ONNX/ONNXFunctions.h"
#include "lib/Import/ONNX/ONNXGraph.h"
#include "mlir/IR/Verifier.h"
#include "msc/Import/FileKind.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using llvm::StringRef;

namespace msc::onnx {

/// So many errors of one file are shown.
constexpr unsigned maxErrors = 100;

Location Reader::getLoc(unsigned index) {
  return FileLineColLoc::get(getContext(), path, index, 0);
}

Location Reader::getLoc(StringRef name, unsigned index) {
  if (name.empty())
    return getLoc(index);
  return NameLoc::get(builder.getStringAttr(name), getLoc(index));
}

InFlightDiagnostic Reader::error(Location loc) {
  InFlightDiagnostic diagnostic = emitError(loc);
  if (++errorCount > maxErrors)
    diagnostic.abandon();
  return diagnostic;
}

void Reader::finishErrors() {
  if (errorCount > maxErrors)
    emitError(getFileLoc())
        << errorCount - maxErrors << " further errors are not shown";
}

llvm::Expected<MappedFile> Reader::mapExternal(StringRef location) {
  auto known = externalFiles.find(location);
  if (known != externalFiles.end())
    return known->second;
  llvm::Expected<MappedFile> file =
      mapExternalData(llvm::sys::path::parent_path(path), location);
  if (file)
    externalFiles[location] = *file;
  return file;
}

/// Decodes \p model from \p file but for large tensors, which it leaves there.
static bool decode(Reader &reader, const MappedFile &file, ModelProto &model) {
  std::optional<CutModel> cut;
  if (file.owner)
    cut = cutTensors(file.data);
  if (!cut)
    return model.ParsePartialFromArray(file.data.data(), int(file.data.size()));
  if (!model.ParsePartialFromString(cut->bytes) ||
      size_t(model.graph().initializer_size()) != cut->tensors.size())
    return false;
  reader.file = std::make_shared<const MappedFile>(file);
  for (auto [tensor, data] :
       llvm::zip(model.graph().initializer(), cut->tensors))
    if (!data.empty())
      reader.cutData[&tensor] = data;
  return true;
}

/// Decodes \p file; says what the file is instead where it is no ONNX model.
static bool parse(Reader &reader, const MappedFile &file, ModelProto &model) {
  llvm::ArrayRef<char> bytes = file.data;
  constexpr size_t headSize = 512;
  llvm::ArrayRef<char> head = bytes.take_front(headSize);
  if (!import::looksLikeONNX(head)) {
    std::string kind = import::describeFile(head);
    InFlightDiagnostic diagnostic = reader.error(reader.getFileLoc());
    diagnostic << "not an ONNX model";
    if (!kind.empty())
      diagnostic << ", it looks like " << kind;
    return false;
  }
  if (bytes.size() > size_t(INT_MAX)) {
    reader.error(reader.getFileLoc())
        << "the file has " << bytes.size()
        << " bytes, at most 2 GiB are possible (larger models keep their "
           "weights in external data files)";
    return false;
  }
  if (!decode(reader, file, model)) {
    reader.error(reader.getFileLoc())
        << "the ONNX model is truncated, damaged or nested too deeply";
    return false;
  }
  if (model.has_graph())
    return true;
  reader.error(reader.getFileLoc()) << "the ONNX model has no graph";
  return false;
}

/// The operator sets of the model. Files before IR version 3 have none and mean
/// the first one.
static Opsets readModelOpsets(Reader &reader, const ModelProto &model) {
  Opsets opsets;
  if (model.opset_import().empty() && model.ir_version() < 3)
    opsets["ai.onnx"] = 1;
  else if (model.opset_import().empty())
    reader.error(reader.getFileLoc())
        << "the model imports no operator set (opset_import is empty)";
  readOpsets(reader, model.opset_import(), reader.getFileLoc(), opsets);
  return opsets;
}

static void setModuleAttributes(Reader &reader, ModuleOp module,
                                const ModelProto &model, const Opsets &opsets) {
  Builder &builder = reader.builder;
  std::string producer = model.producer_name();
  if (!model.producer_version().empty())
    producer += " " + model.producer_version();
  llvm::SmallVector<NamedAttribute> versions;
  for (const auto &opset : opsets)
    versions.push_back(builder.getNamedAttr(
        opset.getKey(), builder.getI64IntegerAttr(opset.getValue())));
  module->setAttr("graph.format", builder.getStringAttr("onnx"));
  module->setAttr("graph.producer", builder.getStringAttr(producer));
  module->setAttr("graph.opsets", builder.getDictionaryAttr(versions));
}

static void buildModule(Reader &reader, ModuleOp module, ModelProto &model) {
  Opsets opsets = readModelOpsets(reader, model);
  setModuleAttributes(reader, module, model, opsets);
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto func = builder.create<graph::FuncOp>(
      reader.getFileLoc(), builder.getStringAttr("main"),
      TypeAttr::get(builder.getFunctionType({}, {})), ArrayAttr(), ArrayAttr());
  func->setAttr("entry", builder.getUnitAttr());
  readFunctions(reader, module, model, opsets);
  BodyReader(reader, opsets, /*inFunction=*/false)
      .readGraph(func, *model.mutable_graph());
}

OwningOpRef<ModuleOp> readModel(const MappedFile &file, StringRef path,
                                MLIRContext *context, ParameterStore &store) {
  context->loadDialect<graph::GraphDialect>();
  Reader reader(context, path, store);
  ModelProto model;
  if (!parse(reader, file, model))
    return nullptr;
  OwningOpRef<ModuleOp> module = ModuleOp::create(reader.getFileLoc());
  buildModule(reader, *module, model);
  reader.finishErrors();
  if (reader.hasFailed() || failed(verify(*module)))
    return nullptr;
  return module;
}

} // namespace msc::onnx

namespace msc::import {

OwningOpRef<ModuleOp> readONNX(StringRef path, MLIRContext *context,
                               ParameterStore &store) {
  llvm::Expected<MappedFile> file = mapFile(path);
  if (file)
    return onnx::readModel(*file, path, context, store);
  emitError(FileLineColLoc::get(context, path, 0, 0))
      << llvm::toString(file.takeError());
  return nullptr;
}

} // namespace msc::import
