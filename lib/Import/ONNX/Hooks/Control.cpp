// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX If, Loop and Scan (https://onnx.ai/onnx/operators/).
#include "msc/Import/Control.h"
#include "lib/Import/ONNX/Hooks.h"

using namespace mlir;

namespace msc::import::onnx {

/// Loops of up to this many trips are unrolled where the number is known.
static constexpr int64_t maxUnroll = 64;
static constexpr int64_t maxScan = 4096;

/// The sub-graph of attribute \p name, or null.
static Region *subgraph(Node &n, StringRef name) {
  auto names = n.op.getAttrs().getAs<ArrayAttr>("graph.regions");
  for (unsigned i = 0; names && i < names.size(); ++i)
    if (cast<StringAttr>(names[i]).getValue() == name &&
        i < n.op.getSubgraphs().size())
      return &n.op.getSubgraphs()[i];
  n.error() << "lacks the sub-graph '" << name << "'";
  return nullptr;
}

LogicalResult importIfNode(Node &n) {
  Region *thenGraph = subgraph(n, "then_branch"),
         *elseGraph = subgraph(n, "else_branch");
  if (!thenGraph || !elseGraph || !n.has(0))
    return n.failed() ? failure()
                      : LogicalResult(n.error() << "lacks its condition");
  Value condition = asCondition(n.importer, n.inputs[0]);
  if (!condition)
    return failure();
  if (DenseElementsAttr known = n.importer.shapeConstant(condition))
    condition = n.e.constant(known);
  std::vector<Val> results;
  auto branch = [&](Region *graph) {
    return [&n, graph](std::vector<Val> &out) {
      return n.importer.runRegion(*graph, {}, out);
    };
  };
  if (failed(importIf(n.importer, condition, branch(thenGraph),
                      branch(elseGraph), results)))
    return failure();
  return n.results(std::move(results));
}

namespace {
/// A Loop node: body (iteration, condition, carried...) gives (condition,
/// carried..., scan outputs...).
class Loop {
public:
  Loop(Node &n, Region &body)
      : n(n), e(n.e), body(body),
        carriedCount(n.numInputs() > 2 ? n.numInputs() - 2 : 0) {}

  LogicalResult run();

private:
  LogicalResult step(Value iteration, Value condition, ArrayRef<Val> carried,
                     std::vector<Val> &results) {
    std::vector<Val> args = {iteration, condition};
    args.insert(args.end(), carried.begin(), carried.end());
    return n.importer.runRegion(body, args, results);
  }
  bool unroll(int64_t trips, LogicalResult &result);
  LogicalResult rolled(std::optional<int64_t> trips);
  Value index(int64_t i) { return e.scalar(double(i), e.i64()); }

  Node &n;
  Emitter &e;
  Region &body;
  size_t carriedCount;
};
} // namespace

/// Imports \p trips copies of the body; false if the condition is computed.
bool Loop::unroll(int64_t trips, LogicalResult &result) {
  std::vector<Val> carried(n.inputs.begin() + 2, n.inputs.end());
  std::vector<SmallVector<Value>> scans;
  Value condition = e.constant(
      DenseElementsAttr::get(RankedTensorType::get({}, e.boolean()), true));
  result = success();
  for (int64_t i = 0; i < trips; ++i) {
    std::vector<Val> results;
    if (failed(step(index(i), condition, carried, results)))
      return result = failure(), true;
    Value next = asCondition(n.importer, results[0]);
    DenseElementsAttr known =
        next ? Emitter::literal(next) : DenseElementsAttr();
    if (!known && i + 1 < trips)
      return next ? false : (result = failure(), true);
    carried.assign(results.begin() + 1, results.begin() + 1 + carriedCount);
    scans.resize(results.size() - 1 - carriedCount);
    for (size_t k = 0; k < scans.size(); ++k)
      scans[k].push_back(n.importer.asTensor(results[1 + carriedCount + k]));
    if (known && !*known.getValues<bool>().begin())
      break;
  }
  for (SmallVector<Value> &scan : scans) {
    for (Value &v : scan) {
      SmallVector<int64_t> shape(e.shape(v));
      shape.insert(shape.begin(), 1);
      v = e.emitTyped<ms::ReshapeOp>(RankedTensorType::get(shape, e.element(v)),
                                     {v});
    }
    if (!scan.empty())
      carried.push_back(e.emit<ms::ConcatOp>(scan, {{"axis", 0}}));
  }
  result = n.results(std::move(carried));
  return true;
}

/// An ms.while that carries (iteration, condition, carried..., scan
/// buffers...).
LogicalResult Loop::rolled(std::optional<int64_t> trips) {
  size_t scanCount =
      body.front().getTerminator()->getNumOperands() - 1 - carriedCount;
  if (scanCount)
    return n.error() << "has scan outputs and "
                     << (trips ? "too many trips to unroll" : "a trip count")
                     << (trips ? "" : " that is computed")
                     << ": their size is not known while compiling";
  Value limit = n.has(0) ? n.in(0, e.i64()) : Value();
  if (limit && e.rank(limit))
    limit =
        e.emitTyped<ms::ReshapeOp>(RankedTensorType::get({}, e.i64()), {limit});
  std::vector<Val> carried = {
      index(0), n.has(1) ? Val(asCondition(n.importer, n.inputs[1]))
                         : Val::literal(e.builder.getBoolAttr(true))};
  if (n.failed())
    return failure();
  if (carried[1].isTensor() && e.rank(carried[1].tensor))
    carried[1] = e.emitTyped<ms::ReshapeOp>(
        RankedTensorType::get({}, e.boolean()), {carried[1].tensor});
  carried.insert(carried.end(), n.inputs.begin() + 2, n.inputs.end());
  auto condition = [&](ArrayRef<Val> values,
                       std::vector<Val> &out) -> LogicalResult {
    Value go = asCondition(n.importer, values[1]);
    if (limit && go)
      go = e.emit<ms::LogicalAndOp>(
          {go, e.emit<ms::LessOp>({values[0].tensor, limit})});
    out = {go};
    return success(bool(go));
  };
  auto next = [&](ArrayRef<Val> values,
                  std::vector<Val> &out) -> LogicalResult {
    std::vector<Val> results;
    Value before = asCondition(n.importer, values[1]);
    if (!before ||
        failed(step(values[0].tensor, before, values.drop_front(2), results)))
      return failure();
    Value go = asCondition(n.importer, results[0]);
    if (!go)
      return failure();
    if (e.rank(go))
      go = e.emitTyped<ms::ReshapeOp>(RankedTensorType::get({}, e.boolean()),
                                      {go});
    out = {e.add(values[0].tensor, 1.0), go};
    out.insert(out.end(), results.begin() + 1, results.end());
    return success();
  };
  if (failed(importWhile(n.importer, carried, condition, next)))
    return failure();
  return n.results(std::vector<Val>(carried.begin() + 2, carried.end()));
}

LogicalResult Loop::run() {
  size_t given = body.front().getTerminator()->getNumOperands();
  if (n.numInputs() < 2)
    return n.error() << "has " << n.numInputs()
                     << " inputs, expected a trip count and a condition";
  if (given < carriedCount + 1)
    return n.error() << "the loop's body gives " << given
                     << " values, expected at least " << carriedCount + 1;
  bool scans = given > carriedCount + 1;
  // The size of scan outputs is worth a guard on the values of inputs.
  auto known = [&](Value v) {
    return scans ? n.importer.constantOf(v) : n.importer.shapeConstant(v);
  };
  std::optional<int64_t> trips;
  if (n.has(0))
    if (DenseElementsAttr count = known(n.in(0, e.i64()))) {
      if (count.getNumElements() != 1)
        return n.error() << "the trip count is " << count.getType()
                         << ", expected one element";
      trips = count.getSplatValue<APInt>().getSExtValue();
    }
  Value start = n.has(1) ? asCondition(n.importer, n.inputs[1]) : Value();
  if (n.failed())
    return failure();
  DenseElementsAttr begins = start ? known(start) : DenseElementsAttr();
  if (begins && !*begins.getValues<bool>().begin())
    trips = 0;
  bool canUnroll = trips && (!start || begins || *trips == 0) &&
                   *trips <= (scans ? maxScan : maxUnroll);
  LogicalResult result = success();
  if (canUnroll && unroll(*trips, result))
    return result;
  return rolled(trips);
}

LogicalResult importLoop(Node &n) {
  Region *body = subgraph(n, "body");
  return body ? Loop(n, *body).run() : failure();
}

/// Scan-9: M states, N scanned inputs; K scan outputs. Unrolled over the axis.
LogicalResult importScan(Node &n) {
  Emitter &e = n.e;
  Region *body = subgraph(n, "body");
  int64_t scanned = n.i64("num_scan_inputs");
  if (!body || n.failed() || scanned < 1 || scanned > int64_t(n.numInputs()))
    return n.failed()
               ? failure()
               : LogicalResult(n.error() << "num_scan_inputs is " << scanned);
  size_t states = n.numInputs() - scanned,
         given = body->front().getTerminator()->getNumOperands();
  if (given < states)
    return n.error() << "the scan's body gives " << given
                     << " values, expected at least " << states;
  size_t outputs = given - states;
  SmallVector<int64_t> inAxes =
      n.i64s("scan_input_axes", SmallVector<int64_t>(scanned, 0));
  SmallVector<int64_t> inDirs =
      n.i64s("scan_input_directions", SmallVector<int64_t>(scanned, 0));
  SmallVector<int64_t> outAxes =
      n.i64s("scan_output_axes", SmallVector<int64_t>(outputs, 0));
  SmallVector<int64_t> outDirs =
      n.i64s("scan_output_directions", SmallVector<int64_t>(outputs, 0));
  if (int64_t(inAxes.size()) != scanned || int64_t(inDirs.size()) != scanned ||
      outAxes.size() != outputs || outDirs.size() != outputs)
    return n.error() << "the lists of scan axes and directions do not fit its "
                        "inputs and outputs";
  int64_t length = -1;
  for (int64_t k = 0; k < scanned; ++k) {
    Value x = n.in(states + k);
    inAxes[k] = n.axis(inAxes[k], e.rank(x));
    if (n.failed())
      return failure();
    int64_t extent = e.shape(x)[inAxes[k]];
    if (length >= 0 && extent != length)
      return n.error() << "scans over axes of " << length << " and " << extent
                       << " elements";
    length = extent;
  }
  if (length > maxScan)
    return n.error() << "scans over " << length << " elements; at most "
                     << maxScan << " are unrolled";
  std::vector<Val> carried(n.inputs.begin(), n.inputs.begin() + states);
  std::vector<SmallVector<Value>> scans(outputs);
  for (int64_t i = 0; i < length; ++i) {
    std::vector<Val> args = carried, results;
    for (int64_t k = 0; k < scanned; ++k) {
      Value at = e.scalar(double(inDirs[k] ? length - 1 - i : i), e.i64());
      args.push_back(
          e.emit<ms::GatherOp>({n.in(states + k), at}, {{"axis", inAxes[k]}}));
    }
    if (failed(n.importer.runRegion(*body, args, results)) || n.failed())
      return failure();
    carried.assign(results.begin(), results.begin() + states);
    for (size_t k = 0; k < outputs; ++k) {
      Value v = n.importer.asTensor(results[states + k]);
      int64_t axis = v ? n.axis(outAxes[k], e.rank(v) + 1) : 0;
      if (n.failed())
        return failure();
      SmallVector<int64_t> shape(e.shape(v));
      shape.insert(shape.begin() + axis, 1);
      v = e.emitTyped<ms::ReshapeOp>(RankedTensorType::get(shape, e.element(v)),
                                     {v});
      scans[k].insert(outDirs[k] ? scans[k].begin() : scans[k].end(), v);
    }
  }
  for (size_t k = 0; k < outputs; ++k) {
    if (scans[k].empty())
      return n.error() << "scans over nothing";
    carried.push_back(e.emit<ms::ConcatOp>(
        scans[k], {{"axis", n.axis(outAxes[k], e.rank(scans[k].front()))}}));
  }
  return n.results(std::move(carried));
}

} // namespace msc::import::onnx
