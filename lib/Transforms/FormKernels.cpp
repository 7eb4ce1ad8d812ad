// SPDX-License-Identifier: Apache-2.0
//
/// \file Which ops are compiled together.
#include "msc/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;

namespace msc {
#define GEN_PASS_DEF_FORMKERNELS
#include "msc/Transforms/Passes.h.inc"

/// Constants up to this many elements, and splats, are copied into kernels.
static constexpr int64_t smallConstant = 32;
/// Ops per kernel: keeps compile times of long elementwise chains linear.
static constexpr size_t maxKernelOps = 64;

bool isView(Operation *op) {
  return op->getName().getStringRef() == "ms.reshape";
}

static bool isElementwise(Operation *op) {
  return op->hasTrait<ms::Elementwise>();
}

static bool isMovement(Operation *op) {
  return isa_and_present<ms::TransposeOp, ms::SliceOp>(op);
}

static bool isReadByAttention(Operation *op) {
  return !op->use_empty() && llvm::all_of(op->getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<ms::AttentionOp>(user))
      return use.getOperandNumber() < 3;
    return (isMovement(user) || isView(user)) && isReadByAttention(user);
  });
}

/// Slices and transposes of queries, keys and values, and views of those:
/// attention reads them through strides.
static bool feedsAttention(Operation *op) {
  Operation *moved = op;
  while (moved && isView(moved))
    moved = moved->getOperand(0).getDefiningOp();
  return isMovement(moved) && (isMovement(op) || isView(op)) &&
         isReadByAttention(op);
}

/// The transpose of an attention's result, which is stored that way.
static bool followsAttention(Operation *op) {
  return isa<ms::TransposeOp>(op) && op->getOperand(0).hasOneUse() &&
         op->getOperand(0).getDefiningOp<ms::AttentionOp>();
}

static bool staysOnHost(Operation *op) {
  return (isView(op) && !feedsAttention(op)) ||
         isa<ms::ConstantOp, ms::ParameterOp, ms::KernelOp, ms::IfOp,
             ms::WhileOp>(op) ||
         op->hasTrait<OpTrait::IsTerminator>() ||
         !isa<ms::MSDialect>(op->getDialect());
}

static bool isSmallConstant(Operation *op) {
  auto constant = dyn_cast_or_null<ms::ConstantOp>(op);
  if (!constant)
    return false;
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  return dense && (dense.isSplat() || dense.getNumElements() <= smallConstant);
}

/// Roots that read each element of their operands once, so that computing the
/// elements on the way in costs nothing.
static bool takesPrologue(Operation *op) {
  return isa<ms::AssertOp>(op) ||
         op->getName().stripDialect().starts_with("reduce_");
}

/// Roots that compute each element from a few others at places of their own.
/// Several share a kernel: interpolation reads an image at two.
static bool isRead(Operation *op) { return isa<ms::GatherOp>(op); }

static bool isPackedArgument(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto entry = argument
                   ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp())
                   : func::FuncOp();
  return entry && entry.getArgAttr(argument.getArgNumber(), "ms.packed");
}

/// Whether \p value is a weight that is stored in parts, or the sum of some.
static bool isSumOfParts(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_present<ms::CastOp, ms::AddOp>(op))
    return llvm::all_of(op->getOperands(), isSumOfParts);
  auto transpose = dyn_cast_or_null<ms::TransposeOp>(op);
  auto panels = transpose
                    ? transpose.getInput().getDefiningOp<ms::UnpackPanelsOp>()
                    : ms::UnpackPanelsOp();
  return panels && panels.getInput().getDefiningOp<ms::UnpackPanelsOp>();
}

/// The rounding of what is multiplied by a weight of bf16 in tiles: splitting
/// that operand into parts is what rounds it.
static bool isRoundedForTiles(Operation *op) {
  if (!isa<ms::CastOp>(op) || !op->hasOneUse())
    return false;
  auto product = dyn_cast<ms::MatMulOp>(*op->user_begin());
  return product && product.getElement() &&
         product.getLhs() == op->getResult(0) && isSumOfParts(product.getRhs());
}

/// What kernels compute as part of an address: the way from packed weights to
/// the order that an op defines, and from the parts of a weight to its values.
static bool isAddressing(Operation *op) {
  if (feedsAttention(op) || isa<ms::UnpackPanelsOp>(op) ||
      isRoundedForTiles(op))
    return true;
  if (isa<ms::CastOp, ms::AddOp>(op))
    return isSumOfParts(op->getResult(0));
  if (!isMovement(op))
    return false;
  Value from = op->getOperand(0);
  if (isa<ms::SliceOp>(op))
    return isPackedArgument(from) &&
           llvm::all_of(op->getUsers(), llvm::IsaPred<ms::TransposeOp>);
  auto slice = from.getDefiningOp<ms::SliceOp>();
  return isPackedArgument(slice ? slice.getInput() : from) ||
         from.getDefiningOp<ms::UnpackPanelsOp>();
}

namespace {
struct Group {
  SmallVector<Operation *> ops; // in program order
  Operation *root = nullptr;
};

/// Grouping of one block. The last op of a group is where its kernel goes.
class BlockGroups {
public:
  explicit BlockGroups(Block &block) {
    for (Operation &op : block)
      if (!staysOnHost(&op))
        add(&op);
  }

  SmallVector<Group *> inOrder() {
    SmallVector<Group *> result;
    for (auto &group : groups)
      if (!group->ops.empty())
        result.push_back(group.get());
    return result;
  }

private:
  void add(Operation *op) {
    groups.push_back(std::make_unique<Group>());
    Group *group = groups.back().get();
    group->ops.push_back(op);
    group->root = isElementwise(op) || isAddressing(op) || followsAttention(op)
                      ? nullptr
                      : op;
    of[op] = group;
    for (Value operand : op->getOperands())
      if (Group *producer = of.lookup(operand.getDefiningOp());
          producer && producer != group && canJoin(*producer, *group, op))
        join(*producer, *group);
  }

  bool canJoin(const Group &producer, const Group &group, Operation *op) const {
    if (producer.root && group.root &&
        !(isRead(producer.root) && isRead(group.root)))
      return false;
    bool takesProducers = (isElementwise(op) && !isRoundedForTiles(op)) ||
                          takesPrologue(op) || followsAttention(op);
    if (!takesProducers && !llvm::all_of(producer.ops, isAddressing))
      return false;
    if (producer.ops.size() + group.ops.size() > maxKernelOps)
      return false;
    for (Operation *member : producer.ops)
      for (Operation *user : member->getUsers())
        if (Group *where = of.lookup(user);
            where != &producer && where != &group)
          return false;
    return true;
  }

  void join(Group &producer, Group &group) {
    SmallVector<Operation *> merged;
    std::merge(
        producer.ops.begin(), producer.ops.end(), group.ops.begin(),
        group.ops.end(), std::back_inserter(merged),
        [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    group.root = group.root ? group.root : producer.root;
    for (Operation *member : producer.ops)
      of[member] = &group;
    group.ops = std::move(merged);
    producer.ops.clear();
  }

  std::vector<std::unique_ptr<Group>> groups;
  llvm::DenseMap<Operation *, Group *> of;
};

struct FormKernels : impl::FormKernelsBase<FormKernels> {
  void runOnOperation() final {
    SmallVector<Block *> blocks;
    getOperation()->walk([&](Block *block) {
      if (!isa<ms::KernelOp>(block->getParentOp()))
        blocks.push_back(block);
    });
    for (Block *block : blocks) {
      BlockGroups groups(*block);
      for (Group *group : groups.inOrder())
        materialize(*group);
    }
  }

  void materialize(Group &group);
};
} // namespace

void FormKernels::materialize(Group &group) {
  llvm::DenseSet<Operation *> members(group.ops.begin(), group.ops.end());
  llvm::SetVector<Value> inputs, outputs;
  SmallVector<Location> locs;
  std::string name;
  for (Operation *op : group.ops) {
    locs.push_back(op->getLoc());
    if (name.size() < 40 && !isAddressing(op))
      name += (name.empty() ? "" : "_") + op->getName().stripDialect().str();
    for (Value operand : op->getOperands())
      if (!members.contains(operand.getDefiningOp()) &&
          !isSmallConstant(operand.getDefiningOp()))
        inputs.insert(operand);
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) {
            return !members.contains(user);
          }))
        outputs.insert(result);
  }
  if (outputs.empty() &&
      !llvm::any_of(group.ops, llvm::IsaPred<ms::AssertOp>)) { // dead
    for (Operation *op : llvm::reverse(group.ops))
      op->erase();
    return;
  }
  OpBuilder b(group.ops.back());
  Location loc = FusedLoc::get(&getContext(), locs);
  auto kernel = b.create<ms::KernelOp>(
      loc, ValueRange(outputs.getArrayRef()).getTypes(), inputs.getArrayRef());
  kernel->setAttr("name", b.getStringAttr(name));
  Block &body = kernel.getBody().emplaceBlock();
  IRMapping map;
  for (Value input : inputs)
    map.map(input, body.addArgument(input.getType(), input.getLoc()));
  b.setInsertionPointToStart(&body);
  for (Operation *op : group.ops) {
    for (Value operand : op->getOperands())
      if (!map.contains(operand))
        b.clone(*operand.getDefiningOp(), map); // a small constant
    b.clone(*op, map);
  }
  SmallVector<Value> yielded;
  for (Value output : outputs)
    yielded.push_back(map.lookup(output));
  b.create<ms::YieldOp>(loc, yielded);
  for (auto [output, result] :
       llvm::zip_equal(outputs.takeVector(), kernel.getOutputs()))
    output.replaceAllUsesWith(result);
  for (Operation *op : llvm::reverse(group.ops))
    op->erase();
}

} // namespace msc
