// SPDX-License-Identifier: Apache-2.0
//
/// \file From values to buffers: every tensor gets a place, kernels become
/// launches, region results and loop-carried values become copies.
#include "msc/Conversion/MSToMSRT.h"

#include "dialects/MS/IR/MSOps.h"
#include "dialects/MSRT/IR/MSRTOps.h"
#include "lib/Conversion/MSToMSRT/ArenaPlanner.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mscrt/abi.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace mlir;

namespace msc {

uint64_t bufferBytes(Type type) {
  auto tensor = cast<ShapedType>(type);
  unsigned bits = tensor.getElementTypeBitWidth();
  return tensor.getNumElements() * (bits == 1 ? 1 : bits / 8);
}

uint64_t alignBuffer(uint64_t bytes) {
  return llvm::alignTo(bytes, MSCRT_ALIGNMENT);
}

namespace {
/// Where a value lies.
struct Place {
  enum Kind { Input, Output, Weights, State, Arena, Constant };
  Kind kind = Arena;
  int64_t index = 0; ///< index, offset, or number of the arena buffer
  Attribute constant;
  bool operator<(const Place &o) const {
    return std::tuple(kind, index, constant.getAsOpaquePointer()) <
           std::tuple(o.kind, o.index, o.constant.getAsOpaquePointer());
  }
  bool operator==(const Place &o) const { return !(*this < o) && !(o < *this); }
};

class HostBuilder {
public:
  HostBuilder(func::FuncOp source, const HostLayout &layout, bool isBind)
      : source(source), layout(layout), isBind(isBind), b(source.getContext()) {
  }

  FailureOr<HostProgram> build(ModuleOp module, StringRef name);

private:
  LogicalResult emitBlock(Block &block);
  LogicalResult emitOp(Operation &op);
  void emitKernel(ms::KernelOp kernel);
  LogicalResult emitIf(ms::IfOp op);
  LogicalResult emitWhile(ms::WhileOp op);
  void emitReturn(func::ReturnOp op);

  Place newBuffer(uint64_t bytes);
  /// The place of a result of an op in the current block: the wanted one, if
  /// something asked for it, else a new buffer.
  Place placeResult(Value result);
  Place use(Value value);
  void touch(const Place &place);
  Value materialize(const Place &place);
  void copy(const Place &to, const Place &from, uint64_t bytes);
  /// Copies all of \p from to \p to as if at once.
  void copyAll(ArrayRef<Place> to, ArrayRef<Place> from,
               ArrayRef<uint64_t> bytes);
  Place resultPlace(unsigned i);
  void extendOverLoop(int64_t start, int64_t end);

  func::FuncOp source;
  const HostLayout &layout;
  bool isBind;
  OpBuilder b;
  Block *entry = nullptr;
  int64_t now = 0;
  std::vector<ArenaBuffer> buffers;
  std::vector<SmallVector<int64_t>> uses; ///< program points, per buffer
  llvm::DenseMap<Value, Place> places, wanted;
  std::map<Place, Value> values;
};
} // namespace

Place HostBuilder::newBuffer(uint64_t bytes) {
  Place place;
  place.index = buffers.size();
  buffers.push_back({std::max<uint64_t>(bytes, 1), now, now, 0});
  uses.emplace_back();
  return place;
}

void HostBuilder::touch(const Place &place) {
  if (place.kind != Place::Arena)
    return;
  buffers[place.index].last = std::max(buffers[place.index].last, now);
  uses[place.index].push_back(now);
}

/// Bytes of \p result without what its kernel stores around it.
static uint64_t tensorBytes(Value result) {
  Value value = result;
  if (auto kernel = result.getDefiningOp<ms::KernelOp>())
    value = kernel.getBody().front().getTerminator()->getOperand(
        cast<OpResult>(result).getResultNumber());
  if (auto pad = value.getDefiningOp<ms::PadOp>())
    value = pad.getInput();
  return std::min(bufferBytes(value.getType()), bufferBytes(result.getType()));
}

/// What is used inside a loop but was made before it lives until the loop ends.
void HostBuilder::extendOverLoop(int64_t start, int64_t end) {
  for (auto [buffer, points] : llvm::zip_equal(buffers, uses))
    if (buffer.first <= start &&
        llvm::any_of(points, [&](int64_t p) { return p > start; }))
      buffer.last = std::max(buffer.last, end);
}

Value HostBuilder::materialize(const Place &place) {
  Value &value = values[place];
  if (value)
    return value;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(entry);
  Location loc = source.getLoc();
  auto type = msrt::BufferType::get(b.getContext());
  IntegerAttr index = b.getI64IntegerAttr(place.index);
  switch (place.kind) {
  case Place::Input:
    value = b.create<msrt::InputOp>(loc, type, index);
    break;
  case Place::Output:
    value = b.create<msrt::OutputOp>(loc, type, index);
    break;
  case Place::Weights:
    value = b.create<msrt::WeightsOp>(loc, type, index);
    break;
  case Place::State:
    value = b.create<msrt::StateOp>(loc, type, index);
    break;
  case Place::Arena:
    value = b.create<msrt::AllocOp>(loc, type, index);
    break;
  case Place::Constant:
    value = b.create<msrt::ConstantOp>(loc, type,
                                       cast<ElementsAttr>(place.constant));
    break;
  }
  return value;
}

Place HostBuilder::use(Value value) {
  Place place = places.lookup(value);
  touch(place);
  return place;
}

Place HostBuilder::placeResult(Value result) {
  auto it = wanted.find(result);
  Place place = it == wanted.end() ? newBuffer(bufferBytes(result.getType()))
                                   : it->second;
  if (place.kind == Place::Arena)
    buffers[place.index].tensorBytes = tensorBytes(result);
  places[result] = place;
  touch(place);
  return place;
}

void HostBuilder::copy(const Place &to, const Place &from, uint64_t bytes) {
  if (to == from || bytes == 0)
    return;
  touch(to);
  touch(from);
  b.create<msrt::CopyOp>(source.getLoc(), materialize(to), materialize(from),
                         bytes);
}

void HostBuilder::copyAll(ArrayRef<Place> to, ArrayRef<Place> from,
                          ArrayRef<uint64_t> bytes) {
  SmallVector<Place> staged(from);
  for (size_t i = 0; i < from.size(); ++i) {
    bool overwritten = false;
    for (size_t k = 0; k < to.size(); ++k)
      overwritten |= k != i && to[k] == from[i];
    if (!overwritten || to[i] == from[i])
      continue;
    staged[i] = newBuffer(bytes[i]);
    copy(staged[i], from[i], bytes[i]);
  }
  ++now;
  for (size_t i = 0; i < to.size(); ++i)
    copy(to[i], staged[i], bytes[i]);
}

void HostBuilder::emitKernel(ms::KernelOp kernel) {
  SmallVector<Value> operands;
  for (Value input : kernel.getInputs())
    operands.push_back(materialize(use(input)));
  for (Value output : kernel.getOutputs())
    operands.push_back(materialize(placeResult(output)));
  if (auto workspace =
          kernel->getAttrOfType<DenseI64ArrayAttr>("msrt.workspace"))
    for (int64_t bytes : workspace.asArrayRef())
      operands.push_back(materialize(newBuffer(bytes)));
  for (int64_t stage :
       kernel->getAttrOfType<DenseI64ArrayAttr>("msrt.stages").asArrayRef())
    b.create<msrt::LaunchOp>(kernel.getLoc(), stage, operands);
}

/// A kernel result that is yielded (once) may be computed in place.
static bool canPlace(Value value, Block *block) {
  auto kernel = value.getDefiningOp<ms::KernelOp>();
  return kernel && kernel->getBlock() == block;
}

LogicalResult HostBuilder::emitIf(ms::IfOp op) {
  SmallVector<Place> results;
  for (Value output : op.getOutputs())
    results.push_back(placeResult(output));
  Value condition = b.create<msrt::LoadBoolOp>(
      op.getLoc(), b.getI1Type(), materialize(use(op.getCondition())));
  auto branch =
      b.create<scf::IfOp>(op.getLoc(), condition, /*withElseRegion=*/true);
  for (auto [from, to] : {std::pair(&op.getThenRegion(), branch.thenBlock()),
                          std::pair(&op.getElseRegion(), branch.elseBlock())}) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(to);
    Block &block = from->front();
    ValueRange yielded = block.getTerminator()->getOperands();
    for (auto [value, place] : llvm::zip_equal(yielded, results))
      if (canPlace(value, &block))
        wanted.try_emplace(value, place);
    if (failed(emitBlock(block)))
      return failure();
    ++now;
    SmallVector<Place> sources;
    SmallVector<uint64_t> bytes;
    for (Value value : yielded) {
      sources.push_back(use(value));
      bytes.push_back(bufferBytes(value.getType()));
    }
    copyAll(results, sources, bytes);
  }
  for (const Place &place : results)
    touch(place);
  return success();
}

LogicalResult HostBuilder::emitWhile(ms::WhileOp op) {
  SmallVector<Place> slots, inits;
  SmallVector<uint64_t> bytes;
  for (auto [init, output] : llvm::zip_equal(op.getInits(), op.getOutputs())) {
    inits.push_back(use(init));
    bytes.push_back(bufferBytes(init.getType()));
    slots.push_back(newBuffer(bytes.back()));
    places[output] = slots.back();
  }
  for (auto [slot, init, size] : llvm::zip_equal(slots, inits, bytes))
    copy(slot, init, size);
  for (Region *region : {&op.getBefore(), &op.getBody()})
    for (auto [argument, slot] : llvm::zip_equal(region->getArguments(), slots))
      places[argument] = slot;

  int64_t start = now++;
  auto loop = b.create<scf::WhileOp>(op.getLoc(), TypeRange{}, ValueRange{});
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&loop.getBefore());
  if (failed(emitBlock(op.getBefore().front())))
    return failure();
  ++now;
  Value flag = op.getBefore().front().getTerminator()->getOperand(0);
  Value condition = b.create<msrt::LoadBoolOp>(op.getLoc(), b.getI1Type(),
                                               materialize(use(flag)));
  b.create<scf::ConditionOp>(op.getLoc(), condition, ValueRange{});

  b.createBlock(&loop.getAfter());
  Block &body = op.getBody().front();
  if (failed(emitBlock(body)))
    return failure();
  ++now;
  SmallVector<Place> next;
  for (Value value : body.getTerminator()->getOperands())
    next.push_back(use(value));
  copyAll(slots, next, bytes);
  b.create<scf::YieldOp>(op.getLoc());
  ++now;
  for (const Place &slot : slots)
    touch(slot);
  extendOverLoop(start, now);
  return success();
}

LogicalResult HostBuilder::emitOp(Operation &op) {
  ++now;
  if (auto kernel = dyn_cast<ms::KernelOp>(op)) {
    emitKernel(kernel);
    return success();
  }
  if (auto constant = dyn_cast<ms::ConstantOp>(op)) {
    Place place;
    place.kind = Place::Constant;
    place.constant = constant.getValue();
    places[constant] = place;
    return success();
  }
  if (op.getName().getStringRef() == "ms.reshape") {
    places[op.getResult(0)] = use(op.getOperand(0));
    return success();
  }
  if (auto branch = dyn_cast<ms::IfOp>(op))
    return emitIf(branch);
  if (auto loop = dyn_cast<ms::WhileOp>(op))
    return emitWhile(loop);
  return op.emitOpError("cannot be part of a host program");
}

LogicalResult HostBuilder::emitBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(emitOp(op)))
      return failure();
  return success();
}

/// Where result \p i has to end up.
Place HostBuilder::resultPlace(unsigned i) {
  Place place;
  if (isBind) {
    place.kind = Place::Weights;
    place.index = layout.packed[i];
  } else if (auto state =
                 source.getResultAttrOfType<StringAttr>(i, "ms.state")) {
    place.kind = Place::State;
    place.index = layout.state.lookup(state.getValue());
  } else {
    place.kind = Place::Output;
    place.index = i;
  }
  return place;
}

void HostBuilder::emitReturn(func::ReturnOp op) {
  ++now;
  SmallVector<Place> outputs, outputSources, states, stateSources;
  SmallVector<uint64_t> outputBytes, stateBytes;
  for (auto [i, value] : llvm::enumerate(op.getOperands())) {
    if (auto extent =
            source.getResultAttrOfType<DenseI64ArrayAttr>(i, "ms.extent")) {
      b.create<msrt::StoreExtentOp>(op.getLoc(), extent[0], extent[1],
                                    materialize(use(value)));
      continue;
    }
    Place to = resultPlace(i);
    bool isState = to.kind == Place::State;
    (isState ? states : outputs).push_back(to);
    (isState ? stateSources : outputSources).push_back(use(value));
    (isState ? stateBytes : outputBytes)
        .push_back(bufferBytes(value.getType()));
  }
  // Outputs may show the state as it was: they go first.
  copyAll(outputs, outputSources, outputBytes);
  copyAll(states, stateSources, stateBytes);
}

FailureOr<HostProgram> HostBuilder::build(ModuleOp module, StringRef name) {
  b.setInsertionPointToEnd(module.getBody());
  auto function =
      b.create<func::FuncOp>(source.getLoc(), name, b.getFunctionType({}, {}));
  entry = function.addEntryBlock();
  b.setInsertionPointToEnd(entry);
  b.create<func::ReturnOp>(source.getLoc());
  b.setInsertionPoint(entry->getTerminator());
  unsigned input = 0;
  for (BlockArgument argument : source.getArguments()) {
    unsigned i = argument.getArgNumber();
    Place place;
    if (auto state = source.getArgAttrOfType<StringAttr>(i, "ms.state")) {
      place.kind = Place::State;
      place.index = layout.state.lookup(state.getValue());
    } else if (auto packed =
                   source.getArgAttrOfType<IntegerAttr>(i, "ms.packed")) {
      place.kind = Place::Weights;
      place.index = layout.packed[packed.getInt()];
    } else {
      place.kind = Place::Input;
      place.index = input++;
    }
    places[argument] = place;
  }
  Block &body = source.getBody().front();
  auto ret = cast<func::ReturnOp>(body.getTerminator());
  for (auto [i, value] : llvm::enumerate(ret.getOperands()))
    if (Place place = resultPlace(i); canPlace(value, &body) &&
                                      place.kind != Place::State &&
                                      !source.getResultAttr(i, "ms.extent"))
      wanted.try_emplace(value, place);
  if (failed(emitBlock(body)))
    return failure();
  emitReturn(ret);

  HostProgram program{function, planArena(buffers),
                      largestLiveTensors(buffers)};
  function.walk(
      [&](msrt::AllocOp op) { op.setIndex(buffers[op.getIndex()].offset); });
  return program;
}

FailureOr<HostProgram> convertMSToMSRT(func::FuncOp source,
                                       const HostLayout &layout, bool isBind,
                                       ModuleOp module, StringRef name) {
  return HostBuilder(source, layout, isBind).build(module, name);
}

} // namespace msc
