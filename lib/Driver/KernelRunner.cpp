// SPDX-License-Identifier: Apache-2.0
//
/// \file Buffers around compiled code.
#include "lib/Driver/KernelRunner.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using msc::reference::Tensor;

namespace msc {

/// Fills results, workspaces and what lies behind: as a float a big number, as
/// an index out of any range.
static constexpr char garbage = '\xcd';
static constexpr size_t redZone = MSCRT_ALIGNMENT;

namespace {
/// A buffer with a red zone.
class Buffer {
public:
  explicit Buffer(size_t size)
      : memory(allocateAligned(size + redZone)), size(size) {
    if (memory)
      std::memset(memory.get(), garbage, size + redZone);
  }
  explicit Buffer(ArrayRef<char> bytes) : Buffer(bytes.size()) {
    if (memory && !bytes.empty())
      std::memcpy(memory.get(), bytes.data(), bytes.size());
  }
  char *data() const { return memory.get(); }
  ArrayRef<char> bytes() const { return {memory.get(), size}; }
  bool isIntact() const {
    return llvm::all_of(ArrayRef<char>(memory.get() + size, redZone),
                        [](char byte) { return byte == garbage; });
  }

private:
  AlignedBuffer memory;
  size_t size;
};
} // namespace

void fillRandom(Tensor &tensor, std::mt19937_64 &random, int64_t maxInteger) {
  unsigned width = tensor.element().getIntOrFloatBitWidth();
  uint64_t range = width == 8 || width == 16 ? uint64_t(1) << width
                                             : uint64_t(maxInteger) + 1;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    uint64_t bits = random();
    if (tensor.isFloat())
      tensor.setFloat(i, std::ldexp(double(bits >> 11), -52) - 1);
    else
      tensor.setInt(i, int64_t(bits % range));
  }
}

static llvm::Error outOfMemory() {
  return llvm::createStringError("cannot be run: out of memory");
}

static int64_t firstStage(ms::KernelOp kernel) {
  return kernel->getAttrOfType<DenseI64ArrayAttr>("msrt.stages")[0];
}

std::string KernelRunner::name(ms::KernelOp kernel) const {
  std::string symbol;
  for (const auto &code : program.kernels)
    if (int64_t(code->firstStage) == firstStage(kernel))
      symbol = code->symbol;
  std::string nodes = sourceNodes(kernel.getLoc());
  return "kernel '" + symbol + "'" +
         (nodes.empty() ? "" : " (of " + nodes + ")");
}

llvm::Error KernelRunner::run(ms::KernelOp kernel, ArrayRef<Tensor> operands,
                              std::vector<Tensor> &results) const {
  std::vector<Buffer> buffers;
  for (const Tensor &operand : operands)
    buffers.emplace_back(ArrayRef<char>(operand.data));
  for (Type type : kernel.getOutputs().getTypes())
    buffers.emplace_back(size_t(bufferBytes(type)));
  auto workspace = kernel->getAttrOfType<DenseI64ArrayAttr>("msrt.workspace");
  for (int64_t bytes : workspace.asArrayRef())
    buffers.emplace_back(size_t(bytes));
  std::vector<void *> pointers;
  for (const Buffer &buffer : buffers) {
    if (!buffer.data())
      return outOfMemory();
    pointers.push_back(buffer.data());
  }
  int32_t code = 0;
  mscrt_kernel_args args = {pointers.data(), &code, nullptr};
  auto stages = kernel->getAttrOfType<DenseI64ArrayAttr>("msrt.stages");
  for (int64_t stage : stages.asArrayRef())
    model.runStage(uint32_t(stage), args);
  if (code)
    return llvm::createStringError("reports an error that the reference does "
                                   "not: " +
                                   model.message(code));
  for (auto [operand, buffer] : llvm::zip(operands, buffers))
    if (ArrayRef<char>(operand.data) != buffer.bytes())
      return llvm::createStringError("writes to its operands");
  if (!llvm::all_of(buffers, [](const Buffer &b) { return b.isIntact(); }))
    return llvm::createStringError("writes behind its buffers");
  results.clear();
  for (auto [i, type] : llvm::enumerate(kernel.getOutputs().getTypes()))
    results.emplace_back(cast<RankedTensorType>(type),
                         buffers[operands.size() + i].bytes());
  return llvm::Error::success();
}

llvm::Error KernelRunner::runEntry(const HostLayout &layout, size_t index,
                                   ArrayRef<Tensor> inputs,
                                   ArrayRef<char> weights,
                                   std::vector<Tensor> &results) const {
  const mscrt_model &desc = model.desc();
  const mscrt_entry &entry = desc.entries[index];
  std::vector<Buffer> in, out;
  std::vector<const void *> inPointers;
  std::vector<void *> outPointers;
  for (const Tensor &input : inputs)
    inPointers.push_back(in.emplace_back(ArrayRef<char>(input.data)).data());
  std::vector<std::vector<int64_t>> shapes;
  std::vector<int64_t *> shapePointers;
  for (unsigned i = 0; i < desc.num_outputs; ++i) {
    const int64_t *extents = entry.output_shapes[i];
    shapes.emplace_back(extents, extents + desc.outputs[i].rank);
    shapePointers.push_back(shapes.back().data());
  }
  func::FuncOp main = program.entries[index].source;
  for (unsigned i = 0; i < main.getNumResults(); ++i)
    if (isCallersValue(main.getResultAttrDict(i)))
      outPointers.push_back(
          out.emplace_back(size_t(bufferBytes(main.getResultTypes()[i])))
              .data());
  Buffer packed(weights), state(size_t(desc.state_size)),
      arena(size_t(entry.arena_size));
  if (!packed.data() || !state.data() || !arena.data())
    return outOfMemory();
  for (uint32_t i = 0; i < desc.num_states; ++i)
    std::memcpy(state.data() + desc.states[i].offset,
                packed.data() + desc.states[i].init_offset,
                desc.states[i].size);
  mscrt_call call = {};
  call.inputs = inPointers.data();
  call.outputs = outPointers.data();
  call.weights = packed.data();
  call.state = state.data();
  call.arena = arena.data();
  call.output_shapes = shapePointers.data();
  if (int32_t code = model.run(entry.fn, call))
    return llvm::createStringError("the host program reports an error that its "
                                   "kernels do not: " +
                                   model.message(code));
  if (!arena.isIntact() || !state.isIntact() || packed.bytes() != weights)
    return llvm::createStringError(
        "the host program writes outside of its arena and state");
  size_t output = 0;
  for (unsigned i = 0; i < main.getNumResults(); ++i) {
    auto type = cast<RankedTensorType>(main.getResultTypes()[i]);
    auto name = main.getResultAttrOfType<StringAttr>(i, "ms.state");
    if (auto extent =
            main.getResultAttrOfType<DenseI64ArrayAttr>(i, "ms.extent")) {
      results.emplace_back(type);
      results.back().setInt(0, shapes[extent[0]][extent[1]]);
      continue;
    }
    const char *data = name
                           ? state.data() + layout.state.lookup(name.getValue())
                           : out[output++].data();
    results.emplace_back(type, ArrayRef<char>(data, bufferBytes(type)));
  }
  return llvm::Error::success();
}

} // namespace msc
