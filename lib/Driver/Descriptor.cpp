// SPDX-License-Identifier: Apache-2.0
//
/// \file The `mscrt_model` of an artifact as LLVM constants. Struct layouts are
/// those of mscrt/abi.h on 64-bit targets.
#include "lib/Driver/Compilation.h"

#include "msc/Reference/Reference.h"
#include "msc/Support/DType.h"
#include "msc/Support/Diagnostics.h"
#include "msc/Target/HostCode.h"
#include "mscrt/abi.h"
#include "mscrt/checkpoint.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Constants.h"

using namespace mlir;

namespace msc {

namespace {
class DescriptorBuilder {
public:
  DescriptorBuilder(Compilation &compilation, const ProgramCode &program,
                    llvm::Module &module)
      : c(compilation), program(program), module(module),
        ctx(module.getContext()), ptr(llvm::PointerType::getUnqual(ctx)) {}

  void build(uint64_t weightsHash, ArrayRef<char> embedded);

private:
  using Constants = SmallVector<llvm::Constant *>;
  llvm::Constant *u32(uint64_t v) {
    return llvm::ConstantInt::get(llvm::Type::getInt32Ty(ctx), v);
  }
  llvm::Constant *u64(uint64_t v) {
    return llvm::ConstantInt::get(llvm::Type::getInt64Ty(ctx), v);
  }
  llvm::Constant *null() { return llvm::ConstantPointerNull::get(ptr); }
  llvm::Constant *record(ArrayRef<llvm::Constant *> fields) {
    return llvm::ConstantStruct::getAnon(ctx, fields);
  }
  llvm::Constant *global(llvm::Constant *value, unsigned align = 8) {
    auto *g =
        new llvm::GlobalVariable(module, value->getType(), true,
                                 llvm::GlobalValue::PrivateLinkage, value);
    g->setAlignment(llvm::Align(align));
    return g;
  }
  llvm::Constant *text(StringRef s) {
    return global(llvm::ConstantDataArray::getString(ctx, s), 1);
  }
  /// A pointer to an array; null when empty.
  llvm::Constant *array(ArrayRef<llvm::Constant *> values) {
    if (values.empty())
      return null();
    return global(llvm::ConstantArray::get(
        llvm::ArrayType::get(values.front()->getType(), values.size()),
        values));
  }
  llvm::Constant *shape(ArrayRef<int64_t> extents) {
    if (extents.empty())
      return null();
    return global(llvm::ConstantDataArray::get(ctx, extents));
  }
  llvm::Constant *shapeOf(Type type) {
    return shape(cast<RankedTensorType>(type).getShape());
  }
  llvm::Constant *dtype(Type type) {
    return u32(dtypeOf(cast<RankedTensorType>(type).getElementType()));
  }
  llvm::Constant *function(StringRef name) {
    auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(ctx), false);
    llvm::Function *f = module.getFunction(name);
    if (!f) {
      f = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name,
                                 module);
      f->setVisibility(llvm::GlobalValue::HiddenVisibility);
    }
    return f;
  }
  llvm::Constant *value(const CallersValue &value);
  Constants values(bool inputs);
  llvm::Constant *shapes(func::FuncOp function, bool inputs);
  Constants parameters();
  Constants states();
  Constants stages();
  llvm::Constant *entry(size_t index);

  Compilation &c;
  const ProgramCode &program;
  llvm::Module &module;
  llvm::LLVMContext &ctx;
  llvm::PointerType *ptr;
};
} // namespace

llvm::Constant *DescriptorBuilder::value(const CallersValue &value) {
  bool scalar = value.text("ms.kind") == "scalar";
  Constants names;
  auto dims =
      value.attrs ? value.attrs.getAs<ArrayAttr>("ms.dims") : ArrayAttr();
  if (dims && dims.size() == value.extents.size())
    for (StringRef dim : dims.getAsValueRange<StringAttr>())
      names.push_back(dim.empty() ? null() : text(dim));
  return record({text(value.text("ms.name")), text(value.text("ms.path")),
                 u32(scalar ? MSCRT_KIND_SCALAR : MSCRT_KIND_TENSOR),
                 dtype(value.type), u32(value.extents.size()),
                 shape(value.extents), array(names)});
}

DescriptorBuilder::Constants DescriptorBuilder::values(bool inputs) {
  Constants list;
  for (const CallersValue &described : callersValues(c.entries, inputs))
    list.push_back(value(described));
  return list;
}

llvm::Constant *DescriptorBuilder::shapes(func::FuncOp function, bool inputs) {
  Constants list;
  for (const CallersValue &value : callersValues(function, inputs))
    list.push_back(shapeOf(value.type));
  return array(list);
}

/// The arguments of the bind function, then frozen parameters it does not take.
DescriptorBuilder::Constants DescriptorBuilder::parameters() {
  Constants list;
  llvm::StringSet<> states, listed;
  for (const auto &state : c.layout.state)
    states.insert(state.first());
  auto add = [&](StringRef name, uint32_t type, ArrayRef<int64_t> extents,
                 uint64_t size, uint64_t offset) {
    Parameter *stored = c.store.find(name);
    bool frozen = stored && stored->frozen;
    uint32_t flags = (frozen ? MSCRT_PARAMETER_FROZEN : 0) |
                     (states.contains(name) ? MSCRT_PARAMETER_STATE : 0);
    listed.insert(name);
    list.push_back(record(
        {text(name), u32(type), u32(extents.size()), shape(extents), u64(size),
         u32(flags),
         u64(frozen ? mscrt::hashBytes(stored->data.data(), stored->data.size())
                    : 0),
         u64(offset)}));
  };
  for (unsigned i = 0; i < c.bind.getNumArguments(); ++i) {
    auto type = cast<RankedTensorType>(c.bind.getArgument(i).getType());
    auto result = c.bind.getArgAttrOfType<IntegerAttr>(i, "ms.stored");
    add(c.bind.getArgAttrOfType<StringAttr>(i, "ms.parameter").getValue(),
        dtypeOf(type.getElementType()), type.getShape(), bufferBytes(type),
        result ? c.layout.packed[result.getInt()] : MSCRT_NOT_STORED);
  }
  for (Parameter *parameter : c.store.all())
    if (parameter->frozen && !listed.contains(parameter->name))
      add(parameter->name, parameter->dtype, parameter->shape,
          parameter->data.size(), MSCRT_NOT_STORED);
  return list;
}

DescriptorBuilder::Constants DescriptorBuilder::states() {
  Constants list;
  func::FuncOp main = c.entries.front();
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto name = main.getArgAttrOfType<StringAttr>(i, "ms.state");
    if (!name)
      continue;
    Type type = main.getArgument(i).getType();
    auto packed = main.getArgAttrOfType<IntegerAttr>(i, "ms.packed");
    list.push_back(record({text(name.getValue()), dtype(type),
                           u32(cast<RankedTensorType>(type).getRank()),
                           shapeOf(type), u64(bufferBytes(type)),
                           u64(c.layout.state.lookup(name.getValue())),
                           u64(c.layout.packed[packed.getInt()])}));
  }
  return list;
}

std::string sourceNodes(Location loc) {
  llvm::SetVector<StringRef> names;
  loc->walk([&](Location part) {
    if (auto name = dyn_cast<NameLoc>(part))
      names.insert(name.getName().getValue());
    return WalkResult::advance();
  });
  return llvm::join(names, ", ");
}

DescriptorBuilder::Constants DescriptorBuilder::stages() {
  Constants list;
  for (const auto &kernel : program.kernels)
    for (const target::Stage &stage : kernel->code.stages) {
      llvm::Constant *grid[] = {u32(stage.grid[0]), u32(stage.grid[1]),
                                u32(stage.grid[2])};
      const target::StageFacts &facts = stage.facts;
      list.push_back(record(
          {function(stage.symbol), text(stage.symbol),
           text(sourceNodes(kernel->kernel.getLoc())), text(facts.schedule),
           llvm::ConstantArray::get(
               llvm::ArrayType::get(llvm::Type::getInt32Ty(ctx), 3), grid),
           text(facts.note),
           llvm::ConstantFP::get(llvm::Type::getDoubleTy(ctx), facts.flops),
           u64(facts.bytes)}));
    }
  return list;
}

llvm::Constant *DescriptorBuilder::entry(size_t index) {
  const Entry &entry = program.entries[index];
  Constants guards;
  for (auto [input, described] :
       llvm::enumerate(callersValues(entry.source, true))) {
    auto value = described.attrs
                     ? described.attrs.getAs<DenseElementsAttr>("ms.guard")
                     : DenseElementsAttr();
    if (!value)
      continue;
    reference::Tensor tensor = reference::fromAttr(value);
    StringRef bytes(tensor.data.data(), tensor.data.size());
    guards.push_back(record(
        {u32(input), u64(bytes.size()),
         global(llvm::ConstantDataArray::getString(ctx, bytes, false))}));
  }
  return record({function(entrySymbol(index)), shapes(entry.source, true),
                 shapes(entry.source, false), u64(entry.arenaSize),
                 u32(guards.size()), array(guards)});
}

void DescriptorBuilder::build(uint64_t weightsHash, ArrayRef<char> embedded) {
  Constants inputs, outputs, params, stateList, entries;
  if (program.host) {
    inputs = values(true);
    outputs = values(false);
    params = parameters();
    stateList = states();
    for (size_t i = 0; i < program.entries.size(); ++i)
      entries.push_back(entry(i));
  }
  Constants messages;
  for (StringRef message : program.messages)
    messages.push_back(text(message));
  Constants stageList = stages();
  const target::Machine &machine = program.target->machine();
  auto nameAttr =
      c.module->getOperation()->getAttrOfType<StringAttr>("ms.name");
  std::string build = "msc 0.1.0 -O" + std::to_string(c.options.optLevel) +
                      " -mcpu=" + machine.cpu();
  llvm::Constant *weights = null();
  if (!embedded.empty())
    weights =
        global(llvm::ConstantDataArray::getString(
                   ctx, StringRef(embedded.data(), embedded.size()), false),
               MSCRT_ALIGNMENT);
  llvm::Constant *binder = program.host ? function("mscrt_bind") : null();
  llvm::Constant *model = record({u32(MSCRT_ABI_VERSION),
                                  u32(sizeof(mscrt_model)),
                                  text(nameAttr ? nameAttr.getValue() : "main"),
                                  text(program.target->name()),
                                  text(machine.triple()),
                                  text(machine.requiredFeatures()),
                                  text(c.options.precision),
                                  text(build),
                                  u32(inputs.size()),
                                  u32(outputs.size()),
                                  u32(params.size()),
                                  u32(stateList.size()),
                                  array(inputs),
                                  array(outputs),
                                  array(params),
                                  array(stateList),
                                  u64(c.stateSize),
                                  u32(entries.size()),
                                  u32(stageList.size()),
                                  u32(messages.size()),
                                  array(entries),
                                  array(stageList),
                                  array(messages),
                                  u64(c.weightsSize),
                                  u64(weightsHash),
                                  weights,
                                  binder,
                                  u64(program.bindArena),
                                  u64(program.scratchSize())});
  auto *symbol = new llvm::GlobalVariable(module, model->getType(), true,
                                          llvm::GlobalValue::ExternalLinkage,
                                          model, MSCRT_MODEL_SYMBOL);
  symbol->setAlignment(llvm::Align(8));
}

llvm::Expected<std::unique_ptr<llvm::Module>>
buildHostModule(ProgramCode &program, llvm::LLVMContext &ctx,
                llvm::TargetMachine &tm, target::Effort effort) {
  OwningOpRef<ModuleOp> programs = program.host->clone();
  std::unique_ptr<llvm::Module> module =
      target::lowerHostPrograms(*programs, ctx);
  if (!module)
    return llvm::createStringError("the host program could not be lowered");
  for (llvm::Function &f : *module)
    if (f.hasExternalLinkage())
      f.setVisibility(llvm::GlobalValue::HiddenVisibility);
  target::optimize(*module, program.target->machine(), tm, effort);
  return std::move(module);
}

std::unique_ptr<llvm::Module> buildDescriptor(Compilation &compilation,
                                              const ProgramCode &program,
                                              llvm::LLVMContext &ctx,
                                              uint64_t weightsHash,
                                              ArrayRef<char> embedded) {
  auto module = std::make_unique<llvm::Module>("descriptor", ctx);
  auto tm = program.target->machine().targetMachine();
  module->setTargetTriple(program.target->machine().triple());
  module->setDataLayout(tm->createDataLayout());
  DescriptorBuilder(compilation, program, *module).build(weightsHash, embedded);
  return module;
}

} // namespace msc
