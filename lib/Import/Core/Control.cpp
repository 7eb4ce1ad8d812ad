// SPDX-License-Identifier: Apache-2.0
//
/// \file Building of ms.if and ms.while around imported sub-graphs.
#include "msc/Import/Control.h"

using namespace mlir;

namespace msc::import {

using State = llvm::MapVector<StringRef, Value>;

namespace {
/// A region under construction: what is emitted goes into it until it is taken.
class RegionScope {
public:
  explicit RegionScope(Emitter &e)
      : e(e), saved(e.builder.saveInsertionPoint()) {
    region.push_back(new Block);
    e.builder.setInsertionPointToEnd(&region.front());
  }
  ~RegionScope() { e.builder.restoreInsertionPoint(saved); }

  Value addArgument(Type type) {
    return region.front().addArgument(type, e.loc);
  }
  void yield(ValueRange values) {
    e.builder.setInsertionPointToEnd(&region.front());
    e.expectFixedSize(values);
    e.builder.create<ms::YieldOp>(e.loc, values);
  }

  Emitter &e;
  Region region;
  OpBuilder::InsertPoint saved; ///< outside
};

/// What one branch gives: its results and the state after it.
struct Branch {
  std::vector<Val> results;
  State state;
};
} // namespace

Value asCondition(Importer &importer, const Val &val) {
  Value v = importer.asTensor(val);
  if (!v)
    return {};
  Emitter &e = importer.e;
  if (e.type(v).getNumElements() != 1) {
    e.error() << "a condition needs one element, got " << v.getType();
    return {};
  }
  Value condition = e.cast(v, e.boolean());
  return e.failed ? Value() : condition;
}

/// Leaves of a value that are tensors or numbers, in order.
static void leaves(Val &val, SmallVectorImpl<Val *> &list) {
  if (val.isTuple()) {
    for (Val &element : val.elements)
      leaves(element, list);
  } else if (val.isTensor() || val.kind == Val::Literal) {
    list.push_back(&val);
  }
}

static bool sameStructure(const Val &a, const Val &b) {
  auto number = [](const Val &v) {
    return v.isTensor() || v.kind == Val::Literal;
  };
  if (number(a) && number(b))
    return true;
  if (a.kind != b.kind || a.elements.size() != b.elements.size())
    return false;
  for (size_t i = 0; i < a.elements.size(); ++i)
    if (!sameStructure(a.elements[i], b.elements[i]))
      return false;
  return true;
}

/// The values of two leaves in one type; a number takes the tensor's.
static Type commonType(Importer &importer, const Val &a, const Val &b) {
  Emitter &e = importer.e;
  if (a.isTensor() && b.isTensor()) {
    if (a.tensor.getType() != b.tensor.getType())
      e.error() << "the branches give different types: " << a.tensor.getType()
                << " and " << b.tensor.getType();
    return a.tensor.getType();
  }
  if (a.isTensor() || b.isTensor())
    return (a.isTensor() ? a : b).tensor.getType();
  bool isFloat = isa<FloatAttr>(a.attr) || isa<FloatAttr>(b.attr);
  auto isBool = [](const Val &v) {
    auto number = dyn_cast<IntegerAttr>(v.attr);
    return number && number.getType().isInteger(1);
  };
  Type element = isFloat                  ? e.f32()
                 : isBool(a) && isBool(b) ? e.boolean()
                                          : e.i64();
  return RankedTensorType::get({}, element);
}

/// \p val as a tensor of \p type; a rank-0 number may take a rank-1 type of
/// one.
static Value toType(Importer &importer, const Val &val, Type type) {
  Value v = importer.asTensor(val, getElementTypeOrSelf(type));
  if (v && v.getType() != type)
    importer.e.error() << "expects " << type << ", got " << v.getType();
  return v;
}

static LogicalResult runBranch(Importer &importer, const State &before,
                               BranchFn fn, Branch &branch) {
  importer.state = before;
  if (failed(fn(branch.results)) || importer.e.failed)
    return failure();
  branch.state = importer.state;
  return success();
}

LogicalResult importIf(Importer &importer, Value condition, BranchFn thenBranch,
                       BranchFn elseBranch, std::vector<Val> &results) {
  Emitter &e = importer.e;
  if (DenseElementsAttr known = Emitter::literal(condition))
    return (*known.getValues<bool>().begin() ? thenBranch
                                             : elseBranch)(results);
  State before = importer.state;
  Branch branches[2];
  RegionScope thenScope(e);
  if (failed(runBranch(importer, before, thenBranch, branches[0])))
    return failure();
  RegionScope elseScope(e);
  if (failed(runBranch(importer, before, elseBranch, branches[1])))
    return failure();
  for (auto [a, b] :
       llvm::zip_longest(branches[0].results, branches[1].results))
    if (!a || !b || !sameStructure(*a, *b))
      return e.error() << "the branches of a condition give values of "
                          "different structure";

  SmallVector<Val *> lists[2];
  SmallVector<Value> yields[2];
  for (int k = 0; k < 2; ++k)
    for (Val &result : branches[k].results)
      leaves(result, lists[k]);
  SmallVector<Type> types;
  for (auto [a, b] : llvm::zip_equal(lists[0], lists[1]))
    types.push_back(commonType(importer, *a, *b));
  llvm::SetVector<StringRef> names;
  for (const Branch &branch : branches)
    for (const auto &entry : branch.state)
      if (before.lookup(entry.first) != entry.second)
        names.insert(entry.first);
  for (int k = 0; k < 2; ++k) {
    e.builder.setInsertionPointToEnd(
        &(k ? elseScope : thenScope).region.front());
    for (auto [leaf, type] : llvm::zip_equal(lists[k], types))
      yields[k].push_back(toType(importer, *leaf, type));
    for (StringRef name : names) {
      Value now = branches[k].state.lookup(name);
      yields[k].push_back(now ? now : importer.stateEntry(name));
    }
    if (e.failed)
      return failure();
    (k ? elseScope : thenScope).yield(yields[k]);
  }
  for (StringRef name : names)
    types.push_back(importer.stateEntry(name).getType());

  importer.state = before;
  results = branches[0].results;
  SmallVector<Val *> targets;
  for (Val &result : results)
    leaves(result, targets);
  e.builder.restoreInsertionPoint(thenScope.saved);
  auto op = e.builder.create<ms::IfOp>(e.loc, types, condition);
  op.getThenRegion().takeBody(thenScope.region);
  op.getElseRegion().takeBody(elseScope.region);
  for (auto [i, target] : llvm::enumerate(targets))
    *target = Val(op.getResult(i));
  for (auto [i, name] : llvm::enumerate(names))
    importer.state[name] = op.getResult(targets.size() + i);
  return success();
}

namespace {
/// One attempt after another to import a loop: each finds values that turn out
/// to change and have to be carried.
class LoopImporter {
public:
  LoopImporter(Importer &importer, std::vector<Val> &carried, LoopFn condition,
               LoopFn body)
      : importer(importer), e(importer.e), carried(carried),
        condition(condition), body(body), before(importer.state) {
    for (Val &val : carried)
      leaves(val, initial);
    for (Val *leaf : initial)
      isSlot.push_back(leaf->isTensor());
    for (const auto &entry : before)
      names.insert(entry.first);
  }

  LogicalResult run() {
    for (int attempt = 0; attempt < 16; ++attempt) {
      retry = false;
      if (failed(tryOnce()))
        return failure();
      if (!retry)
        return success();
    }
    return e.error() << "the values that a loop carries do not settle";
  }

private:
  LogicalResult tryOnce();
  std::vector<Val> enter(RegionScope &scope);
  LogicalResult collectNext(std::vector<Val> &next,
                            SmallVectorImpl<Value> &yields);
  void finish(RegionScope &conditionScope, RegionScope &bodyScope);

  Importer &importer;
  Emitter &e;
  std::vector<Val> &carried;
  LoopFn condition, body;
  State before;
  SmallVector<Val *> initial;
  SmallVector<bool> isSlot;         ///< per leaf: carried as a tensor
  llvm::SetVector<StringRef> names; ///< of carried state
  bool retry = false;
};
} // namespace

/// Adds the block arguments of \p scope and returns the carried values in it.
std::vector<Val> LoopImporter::enter(RegionScope &scope) {
  std::vector<Val> values = carried;
  SmallVector<Val *> list;
  for (Val &val : values)
    leaves(val, list);
  for (size_t i = 0; i < list.size(); ++i) {
    if (!isSlot[i])
      continue;
    Type type = initial[i]->isTensor()
                    ? initial[i]->tensor.getType()
                    : commonType(importer, *initial[i], *initial[i]);
    *list[i] = Val(scope.addArgument(type));
  }
  importer.state = before;
  for (StringRef name : names)
    importer.state[name] =
        scope.addArgument(importer.stateEntry(name).getType());
  return values;
}

/// Sorts out what the body gives: new values of slots, and changes of what was
/// taken for constant, which ask for another attempt.
LogicalResult LoopImporter::collectNext(std::vector<Val> &next,
                                        SmallVectorImpl<Value> &yields) {
  if (next.size() != carried.size())
    return e.error() << "a loop's body gives " << next.size()
                     << " values, expected " << carried.size();
  for (auto [a, b] : llvm::zip_equal(carried, next))
    if (!sameStructure(a, b))
      return e.error() << "a loop changes the structure of a value it carries";
  SmallVector<Val *> list;
  for (Val &val : next)
    leaves(val, list);
  for (size_t i = 0; i < list.size(); ++i) {
    if (isSlot[i]) {
      Type type = initial[i]->isTensor()
                      ? initial[i]->tensor.getType()
                      : commonType(importer, *initial[i], *initial[i]);
      yields.push_back(toType(importer, *list[i], type));
    } else if (list[i]->isTensor() || list[i]->attr != initial[i]->attr) {
      isSlot[i] = retry = true;
    }
  }
  for (const auto &entry : importer.state)
    if (!names.contains(entry.first)) {
      names.insert(entry.first);
      retry = true;
    }
  if (!retry)
    for (StringRef name : names)
      yields.push_back(importer.state[name]);
  return failure(e.failed);
}

LogicalResult LoopImporter::tryOnce() {
  RegionScope conditionScope(e);
  std::vector<Val> values = enter(conditionScope), results;
  if (failed(condition(values, results)) || e.failed)
    return failure();
  if (results.size() != 1)
    return e.error() << "a loop's condition gives " << results.size()
                     << " values, expected one";
  Value flag = asCondition(importer, results[0]);
  if (!flag)
    return failure();
  conditionScope.yield(flag);

  RegionScope bodyScope(e);
  values = enter(bodyScope);
  std::vector<Val> next;
  SmallVector<Value> yields;
  if (failed(body(values, next)) || e.failed ||
      failed(collectNext(next, yields)))
    return failure();
  if (retry)
    return success();
  bodyScope.yield(yields);
  finish(conditionScope, bodyScope);
  return success();
}

void LoopImporter::finish(RegionScope &conditionScope, RegionScope &bodyScope) {
  e.builder.restoreInsertionPoint(conditionScope.saved);
  SmallVector<Value> inits;
  for (auto [leaf, slot] : llvm::zip_equal(initial, isSlot))
    if (slot)
      inits.push_back(importer.asTensor(*leaf));
  for (StringRef name : names) {
    Value now = before.lookup(name);
    inits.push_back(now ? now : importer.stateEntry(name));
  }
  e.expectFixedSize(inits);
  auto op =
      e.builder.create<ms::WhileOp>(e.loc, ValueRange(inits).getTypes(), inits);
  op.getBefore().takeBody(conditionScope.region);
  op.getBody().takeBody(bodyScope.region);
  unsigned result = 0;
  for (auto [leaf, slot] : llvm::zip_equal(initial, isSlot))
    if (slot)
      *leaf = Val(op.getResult(result++));
  importer.state = before;
  for (StringRef name : names)
    importer.state[name] = op.getResult(result++);
}

LogicalResult importWhile(Importer &importer, std::vector<Val> &carried,
                          LoopFn condition, LoopFn body) {
  return LoopImporter(importer, carried, condition, body).run();
}

} // namespace msc::import
