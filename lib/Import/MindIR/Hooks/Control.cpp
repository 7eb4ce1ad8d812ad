// SPDX-License-Identifier: Apache-2.0
//
/// \file MindIR control flow: closures, choices between them, and loops, which
/// are functions that call themselves (reference: MindSpore's exporter; a
/// header computes the condition, chooses body or exit, and calls the choice).
#include "msc/Import/Control.h"
#include "lib/Import/MindIR/Hooks.h"

using namespace mlir;

namespace msc::import::mindir {

/// A call gives one value.
static LogicalResult callClosure(Importer &importer, const Val &closure,
                                 ArrayRef<Val> args, std::vector<Val> &results);

using FunctionSet = llvm::DenseSet<Operation *>;

/// Whether \p function can reach a call of \p target without one of \p seen.
static bool reaches(Importer &importer, graph::FuncOp function,
                    graph::FuncOp target, FunctionSet &seen) {
  if (!seen.insert(function).second)
    return false;
  bool found = false;
  function.walk([&](graph::FuncRefOp ref) {
    auto callee = importer.source.lookupSymbol<graph::FuncOp>(ref.getCallee());
    found |=
        callee && (callee == target || reaches(importer, callee, target, seen));
  });
  return found;
}

/// The headers of the loops being imported: a way to one of them goes on with
/// an outer loop.
static FunctionSet activeHeaders(Importer &importer) {
  FunctionSet headers;
  for (const Importer::Recursion &recursion : importer.recursions)
    if (!recursion.wantChoice)
      headers.insert(recursion.header);
  return headers;
}

static bool isRecursive(Importer &importer, graph::FuncOp function) {
  FunctionSet seen = activeHeaders(importer);
  return reaches(importer, function, function, seen);
}

/// Whether calling \p closure can lead back to \p header.
static bool goesOn(Importer &importer, graph::FuncOp header,
                   const Val &closure) {
  if (closure.kind == Val::Function) {
    FunctionSet seen = activeHeaders(importer);
    if (closure.function == header ||
        reaches(importer, closure.function, header, seen))
      return true;
  }
  return llvm::any_of(closure.elements, [&](const Val &element) {
    return goesOn(importer, header, element);
  });
}

/// The loop whose header is being imported at this depth, where one of the
/// functions \p a and \p b leads back to it.
static Importer::Recursion *headerOf(Importer &importer, const Val &a,
                                     const Val &b) {
  if (importer.recursions.empty())
    return nullptr;
  Importer::Recursion &recursion = importer.recursions.back();
  bool here = recursion.wantChoice && recursion.depth == importer.depth();
  return here && (goesOn(importer, recursion.header, a) ||
                  goesOn(importer, recursion.header, b))
             ? &recursion
             : nullptr;
}

/// Imports the header up to its choice of function: the condition and the two
/// closures as they are for these arguments.
static LogicalResult runHeader(Importer &importer, graph::FuncOp header,
                               ArrayRef<Val> args, Val &choice) {
  importer.recursions.push_back({header, importer.depth() + 1, true, {}, {}});
  std::vector<Val> ignored;
  LogicalResult ran = importer.call(header, args, ignored);
  std::optional<Val> found = std::move(importer.recursions.back().choice);
  importer.recursions.pop_back();
  if (failed(ran))
    return failure();
  if (!found)
    return importer.e.error()
           << "function '" << header.getSymName()
           << "' calls itself but does not choose between going on and ending";
  choice = std::move(*found);
  return success();
}

/// Calls \p closure inside a loop over \p header; `next` is set if it goes on.
static LogicalResult runBranch(Importer &importer, graph::FuncOp header,
                               const Val &closure,
                               std::optional<std::vector<Val>> &next,
                               std::vector<Val> &results) {
  importer.recursions.push_back({header, 0, false, {}, {}});
  LogicalResult ran = callClosure(importer, closure, {}, results);
  next = std::move(importer.recursions.back().next);
  importer.recursions.pop_back();
  bool passesOn = results.size() == 1 && (results[0].kind == Val::Unfinished ||
                                          results[0].kind == Val::Poison);
  if (succeeded(ran) && next && !passesOn)
    return importer.e.error()
           << "function '" << header.getSymName()
           << "' computes with what it gives itself: such recursion is not "
              "supported";
  return ran;
}

/// Which branch of the choice goes on.
static FailureOr<bool> continuesOnTrue(Importer &importer, graph::FuncOp header,
                                       const Val &choice) {
  bool onTrue = goesOn(importer, header, choice.elements[0]);
  if (onTrue == goesOn(importer, header, choice.elements[1]))
    return importer.e.error()
           << "both or none of the branches of loop '" << header.getSymName()
           << "' go on: this form of loop is not supported";
  return onTrue;
}

static LogicalResult importLoop(Importer &importer, graph::FuncOp header,
                                ArrayRef<Val> args, std::vector<Val> &results) {
  std::vector<Val> carried(args.begin(), args.end());
  // A condition that is known while compiling: unroll.
  for (int trip = 0; trip < 4096; ++trip) {
    Val choice;
    if (failed(runHeader(importer, header, carried, choice)))
      return failure();
    Value condition = asCondition(importer, Val(choice.tensor));
    DenseElementsAttr known =
        condition ? Emitter::literal(condition) : DenseElementsAttr();
    if (!known)
      break;
    std::optional<std::vector<Val>> next;
    const Val &taken =
        choice.elements[*known.getValues<bool>().begin() ? 0 : 1];
    if (failed(runBranch(importer, header, taken, next, results)))
      return failure();
    if (!next)
      return success();
    carried = std::move(*next);
  }
  std::optional<bool> onTrue;
  auto branch = [&](ArrayRef<Val> values, Val &choice) -> LogicalResult {
    if (failed(runHeader(importer, header, values, choice)))
      return failure();
    FailureOr<bool> direction = continuesOnTrue(importer, header, choice);
    if (failed(direction))
      return failure();
    onTrue = *direction;
    return success();
  };
  auto condition = [&](ArrayRef<Val> values,
                       std::vector<Val> &out) -> LogicalResult {
    Val choice;
    if (failed(branch(values, choice)))
      return failure();
    Value flag = asCondition(importer, Val(choice.tensor));
    if (flag && !*onTrue)
      flag = importer.e.emitTyped<ms::LogicalNotOp>(flag.getType(), {flag});
    out = {flag ? Val(flag) : Val()};
    return success(bool(flag));
  };
  auto body = [&](ArrayRef<Val> values,
                  std::vector<Val> &out) -> LogicalResult {
    Val choice;
    std::optional<std::vector<Val>> next;
    std::vector<Val> ignored;
    if (failed(branch(values, choice)) ||
        failed(runBranch(importer, header, choice.elements[*onTrue ? 0 : 1],
                         next, ignored)))
      return failure();
    if (!next)
      return importer.e.error()
             << "the body of loop '" << header.getSymName()
             << "' does not always go on: breaks and returns from a loop whose "
                "condition is computed are not supported";
    out = std::move(*next);
    return success();
  };
  if (failed(importWhile(importer, carried, condition, body)))
    return failure();
  Val choice;
  if (failed(branch(carried, choice)))
    return failure();
  return callClosure(importer, choice.elements[*onTrue ? 1 : 0], {}, results);
}

static LogicalResult callFunction(Importer &importer, const Val &closure,
                                  ArrayRef<Val> args,
                                  std::vector<Val> &results) {
  std::vector<Val> all = closure.elements;
  all.insert(all.end(), args.begin(), args.end());
  for (Importer::Recursion &recursion : llvm::reverse(importer.recursions))
    if (recursion.header == closure.function && !recursion.wantChoice) {
      recursion.next = std::move(all);
      results = {Val::unfinished()};
      return success();
    }
  if (isRecursive(importer, closure.function))
    return importLoop(importer, closure.function, all, results);
  return importer.call(closure.function, all, results);
}

static LogicalResult callClosure(Importer &importer, const Val &closure,
                                 ArrayRef<Val> args,
                                 std::vector<Val> &results) {
  if (closure.kind == Val::Function)
    return callFunction(importer, closure, args, results);
  if (closure.kind != Val::Choice)
    return importer.e.error() << "calls a value that is not a function";
  Value condition = asCondition(importer, Val(closure.tensor));
  if (!condition)
    return failure();
  // Inside a loop's body both branches may go on, with values of their own.
  std::optional<size_t> loops[2];
  int branches = 0;
  auto branch = [&](int k) {
    return [&, k](std::vector<Val> &out) -> LogicalResult {
      if (failed(callClosure(importer, closure.elements[k], args, out)))
        return failure();
      for (auto [i, recursion] : llvm::enumerate(importer.recursions))
        if (recursion.next) {
          out = std::move(*recursion.next);
          out.insert(out.begin(), Val::unfinished());
          recursion.next.reset();
          loops[branches] = i;
        }
      ++branches;
      return success();
    };
  };
  if (failed(importIf(importer, condition, branch(0), branch(1), results)))
    return failure();
  if (branches == 2 && loops[0] != loops[1])
    return importer.e.error() << "the branches of a condition in a loop go on "
                                 "with different loops";
  if (loops[0]) {
    results.erase(results.begin());
    importer.recursions[*loops[0]].next = std::move(results);
    results = {Val::unfinished()};
  }
  return success();
}

/// Binds further arguments to the function or to each of a choice.
static void bindArguments(Val &closure, ArrayRef<Val> args) {
  if (closure.kind == Val::Choice)
    for (Val &function : closure.elements)
      bindArguments(function, args);
  else
    closure.elements.insert(closure.elements.end(), args.begin(), args.end());
}

LogicalResult importCall(Node &n) {
  Importer &importer = n.importer;
  if (n.inputs.empty())
    return n.error() << "calls nothing";
  Val closure = n.inputs[0];
  if (closure.kind == Val::Choice)
    if (Importer::Recursion *recursion =
            headerOf(importer, closure.elements[0], closure.elements[1])) {
      bindArguments(closure, ArrayRef(n.inputs).drop_front());
      recursion->choice = std::move(closure);
      return n.result(Val::unfinished());
    }
  std::vector<Val> results;
  if (failed(callClosure(importer, closure, ArrayRef(n.inputs).drop_front(),
                         results)))
    return failure();
  return n.results(std::move(results));
}

LogicalResult importPartial(Node &n) {
  if (n.inputs.empty() ||
      (n.inputs[0].kind != Val::Function && n.inputs[0].kind != Val::Choice))
    return n.error() << "binds arguments of a value that is not a function";
  Val bound = n.inputs[0];
  bindArguments(bound, ArrayRef(n.inputs).drop_front());
  return n.result(bound);
}

LogicalResult importSwitch(Node &n) {
  if (n.inputs.size() < 3)
    return n.error() << "has " << n.inputs.size()
                     << " inputs, expected a condition and two values";
  Value condition = asCondition(n.importer, n.inputs[0]);
  if (!condition)
    return failure();
  DenseElementsAttr known = Emitter::literal(condition);
  // A loop's header leaves it to the loop what to make of a known condition.
  if (known && !headerOf(n.importer, n.inputs[1], n.inputs[2]))
    return n.result(n.inputs[*known.getValues<bool>().begin() ? 1 : 2]);
  if (n.inputs[1].kind != Val::Function && n.inputs[1].kind != Val::Choice)
    return n.result(n.e.select(condition, n.in(1), n.in(2)));
  Val choice;
  choice.kind = Val::Choice;
  choice.tensor = condition;
  choice.elements = {n.inputs[1], n.inputs[2]};
  return n.result(choice);
}

/// switch_layer(index, (f0, f1, ...)) ~> index = 0 ? f0 : index = 1 ? f1 : ...;
/// a negative index counts from the end.
LogicalResult importSwitchLayer(Node &n) {
  if (n.inputs.size() < 2 || !n.inputs[1].isTuple() ||
      n.inputs[1].elements.empty())
    return n.error() << "expects an index and a tuple of functions";
  Emitter &e = n.e;
  Value index = n.in(0, e.i64());
  const std::vector<Val> &functions = n.inputs[1].elements;
  int64_t count = functions.size();
  Value negative = e.emit<ms::LessOp>({index, e.scalar(0, e.i64())});
  index = e.select(negative, e.add(index, double(count)), index);
  Val result = functions.back();
  for (int64_t k = count - 2; k >= 0; --k) {
    Val choice;
    choice.kind = Val::Choice;
    choice.tensor = e.emit<ms::EqualOp>({index, e.scalar(double(k), e.i64())});
    choice.elements = {functions[k], result};
    result = std::move(choice);
  }
  return n.result(result);
}

LogicalResult importAssign(Node &n) {
  if (n.inputs.empty() || !n.inputs[0].isTensor() ||
      n.inputs[0].parameter.empty())
    return n.error() << "assigns a value that is not a parameter of the model";
  Emitter &e = n.e;
  Value now = n.in(0), value = n.in(1, e.element(now));
  StringRef op = n.op.getOp();
  if (op == "mindir.AssignAdd")
    value = e.add(now, value);
  if (op == "mindir.AssignSub")
    value = e.sub(now, value);
  if (n.failed())
    return failure();
  if (value.getType() != now.getType())
    return n.error() << "assigns " << value.getType() << " to a parameter of "
                     << now.getType();
  n.importer.assign(n.inputs[0].parameter, value);
  Val result = value;
  return n.result(result);
}

} // namespace msc::import::mindir
