// SPDX-License-Identifier: Apache-2.0
//
/// \file What the functions of a MindIR file capture from each other, and the
/// order of their nodes. Files up to about 2.2 use values of enclosing graphs
/// freely, later ones pass everything but some weights through Partial.
#include "lib/Import/MindIR/MindIRModel.h"

#include "mlir/IR/Diagnostics.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/PriorityQueue.h"
#include "llvm/ADT/STLExtras.h"
#include <functional>
#include <queue>

using namespace mlir;

namespace msc::import::mindir {

/// Limits the work a hostile file can cause; no real model comes near.
static constexpr size_t maxCaptureSteps = size_t(1) << 22;
static constexpr size_t maxEdges = size_t(1) << 24;

/// Captures are the least solution of
///   captures(f) = (values used in f + captures of functions f refers to)
///                 - values defined in f
LogicalResult Model::findCaptures() {
  unsigned count = functions.size();
  std::vector<DenseSet<unsigned>> captured(count);
  std::vector<SmallVector<unsigned>> referrers(count);
  std::vector<std::pair<unsigned, unsigned>> worklist; // function, value
  auto capture = [&](unsigned function, unsigned value) {
    const Definition &definition = definitions[value];
    if (definition.kind != Definition::Kind::Constant &&
        definition.function != function &&
        captured[function].insert(value).second)
      worklist.push_back({function, value});
  };
  for (unsigned i = 0; i < count; ++i) {
    auto visit = [&](const Reference &reference) {
      if (reference.kind == Reference::Kind::Value)
        capture(i, reference.index);
      else if (reference.kind == Reference::Kind::Function)
        referrers[reference.index].push_back(i);
    };
    for (const Node &node : functions[i].nodes)
      llvm::for_each(node.operands, visit);
    llvm::for_each(functions[i].results, visit);
  }
  for (SmallVector<unsigned> &list : referrers) {
    llvm::sort(list);
    list.erase(llvm::unique(list), list.end());
  }
  size_t steps = 0;
  while (!worklist.empty()) {
    auto [function, value] = worklist.back();
    worklist.pop_back();
    for (unsigned referrer : referrers[function])
      capture(referrer, value);
    if ((steps += referrers[function].size()) > maxCaptureSteps)
      return emitError(fileLoc())
             << "the functions capture too many values of each other";
  }
  for (unsigned i = 0; i < count; ++i) {
    functions[i].captures.assign(captured[i].begin(), captured[i].end());
    llvm::sort(functions[i].captures);
  }
  return reportEscapes();
}

/// A value that even the top graph would have to capture is out of reach.
LogicalResult Model::reportEscapes() {
  for (unsigned value : functions[0].captures) {
    const Definition &definition = definitions[value];
    emitError(locOf(definition))
        << "value " << quoted(nameOf(definition))
        << " is used outside of function "
        << quoted(functions[definition.function].proto->name())
        << " that computes it";
  }
  return success(functions[0].captures.empty());
}

namespace {
/// Kahn's algorithm over the nodes of one function, by position.
struct NodeGraph {
  std::vector<SmallVector<unsigned, 2>> users;
  std::vector<unsigned> pending;
  size_t edges = 0;

  explicit NodeGraph(size_t count) : users(count), pending(count, 0) {}

  void addEdge(unsigned from, unsigned to) {
    users[from].push_back(to);
    ++pending[to];
    ++edges;
  }

  /// As many positions as can be ordered, the lowest ready one first.
  std::vector<unsigned> sort() {
    std::priority_queue<unsigned, std::vector<unsigned>, std::greater<unsigned>>
        ready;
    for (unsigned i = 0; i < pending.size(); ++i)
      if (pending[i] == 0)
        ready.push(i);
    std::vector<unsigned> order;
    while (!ready.empty()) {
      unsigned next = ready.top();
      ready.pop();
      order.push_back(next);
      for (unsigned user : users[next])
        if (--pending[user] == 0)
          ready.push(user);
    }
    return order;
  }
};
} // namespace

LogicalResult Model::sortNodes(unsigned number) {
  Function &function = functions[number];
  DenseMap<unsigned, unsigned> positions; // definition -> position
  for (auto [position, node] : llvm::enumerate(function.nodes))
    positions[node.definition] = position;
  NodeGraph graph(function.nodes.size());
  auto depend = [&](unsigned user, unsigned value) {
    if (auto it = positions.find(value); it != positions.end())
      graph.addEdge(it->second, user);
  };
  for (auto [position, node] : llvm::enumerate(function.nodes)) {
    for (const Reference &operand : node.operands) {
      if (operand.kind == Reference::Kind::Value)
        depend(position, operand.index);
      else if (operand.kind == Reference::Kind::Function)
        for (unsigned value : functions[operand.index].captures)
          depend(position, value);
    }
    if (graph.edges > maxEdges)
      return emitError(graphLoc(*function.proto))
             << "the function has too many dependences";
  }
  std::vector<unsigned> order = graph.sort();
  if (order.size() != function.nodes.size()) {
    for (auto [position, node] : llvm::enumerate(function.nodes))
      if (graph.pending[position] != 0)
        return emitError(nodeLoc(*node.proto, node.index))
               << "the node depends on its own result";
  }
  std::vector<Node> sorted;
  sorted.reserve(order.size());
  for (unsigned position : order)
    sorted.push_back(std::move(function.nodes[position]));
  function.nodes = std::move(sorted);
  return success();
}

} // namespace msc::import::mindir
