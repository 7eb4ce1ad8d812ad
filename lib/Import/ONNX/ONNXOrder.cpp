// SPDX-License-Identifier: Apache-2.0
//
/// \file The order of a graph's nodes: ONNX asks for a topological order, some
/// exporters write another one.
#include "lib/Import/ONNX/ONNXGraph.h"

#include <queue>

using namespace mlir;
using llvm::StringRef;

namespace msc::onnx {

using NameReceiver = llvm::function_ref<void(StringRef)>;

static void visitReads(const NodeProto &node, NameReceiver receive);

/// Calls \p receive for each name that \p graph reads from outside.
static void visitFreeNames(const GraphProto &graph, NameReceiver receive) {
  llvm::StringSet<> defined;
  for (const ValueInfoProto &input : graph.input())
    defined.insert(input.name());
  for (const TensorProto &initializer : graph.initializer())
    defined.insert(initializer.name());
  for (const NodeProto &node : graph.node())
    for (const std::string &output : node.output())
      defined.insert(output);
  auto receiveFree = [&](StringRef name) {
    if (!defined.contains(name))
      receive(name);
  };
  for (const NodeProto &node : graph.node())
    visitReads(node, receiveFree);
  for (const ValueInfoProto &output : graph.output())
    receiveFree(output.name());
}

/// Calls \p receive for each name that \p node and its sub-graphs read.
static void visitReads(const NodeProto &node, NameReceiver receive) {
  for (const std::string &input : node.input())
    receive(input);
  for (const AttributeProto &attribute : node.attribute())
    if (attribute.has_g())
      visitFreeNames(attribute.g(), receive);
}

/// Which nodes feed which.
struct NodeGraph {
  /// The nodes whose outputs a node reads, once per read.
  std::vector<std::vector<unsigned>> sources;
  std::vector<std::vector<unsigned>> users;
};

static NodeGraph connect(const NodeList &nodes) {
  llvm::StringMap<unsigned> producers;
  for (const auto &[index, node] : llvm::enumerate(nodes))
    for (const std::string &output : node.output())
      if (!output.empty())
        producers.try_emplace(output, index);
  NodeGraph result;
  result.sources.resize(nodes.size());
  result.users.resize(nodes.size());
  for (const auto &[position, node] : llvm::enumerate(nodes)) {
    unsigned index = position;
    visitReads(node, [&](StringRef name) {
      auto producer = producers.find(name);
      if (producer == producers.end())
        return;
      result.sources[index].push_back(producer->second);
      result.users[producer->second].push_back(index);
    });
  }
  return result;
}

/// Reports one cycle among the nodes that are not \p done.
static void reportCycle(Reader &reader, const NodeGraph &graph,
                        const std::vector<bool> &done,
                        llvm::ArrayRef<NodeLabel> labels) {
  // Each of them has a source among them, so going back ends in a circle.
  unsigned node = llvm::find(done, false) - done.begin();
  std::vector<int> position(done.size(), -1);
  std::vector<unsigned> path;
  while (position[node] < 0) {
    position[node] = path.size();
    path.push_back(node);
    node = *llvm::find_if(graph.sources[node],
                          [&](unsigned source) { return !done[source]; });
  }
  constexpr size_t shown = 8;
  auto circle = llvm::ArrayRef(path).drop_front(position[node]);
  InFlightDiagnostic diagnostic = reader.error(labels[node].loc);
  diagnostic << "nodes form a cycle: ";
  for (unsigned member : circle.take_front(shown))
    diagnostic << quoted(labels[member].text) << " reads ";
  if (circle.size() > shown)
    diagnostic << "... reads ";
  diagnostic << quoted(labels[node].text);
}

std::vector<unsigned> sortNodes(Reader &reader, const NodeList &nodes,
                                llvm::ArrayRef<NodeLabel> labels) {
  NodeGraph graph = connect(nodes);
  // The nodes that can come next; the first of the file is taken, so a sorted
  // file keeps its order.
  std::priority_queue<unsigned, std::vector<unsigned>, std::greater<unsigned>>
      ready;
  std::vector<size_t> missing(nodes.size());
  for (unsigned i = 0; i < missing.size(); ++i) {
    missing[i] = graph.sources[i].size();
    if (missing[i] == 0)
      ready.push(i);
  }
  std::vector<unsigned> order;
  std::vector<bool> done(nodes.size());
  while (!ready.empty()) {
    unsigned node = ready.top();
    ready.pop();
    order.push_back(node);
    done[node] = true;
    for (unsigned user : graph.users[node])
      if (--missing[user] == 0)
        ready.push(user);
  }
  if (order.size() < done.size())
    reportCycle(reader, graph, done, labels);
  for (unsigned i = 0; i < done.size(); ++i)
    if (!done[i])
      order.push_back(i);
  return order;
}

} // namespace msc::onnx
