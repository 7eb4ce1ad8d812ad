// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX's losses of classes.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Formulas.h"

using namespace mlir;

namespace msc::import::onnx {

/// The loss of the logarithms \p log, with the node's other inputs.
static Value lossOf(Node &node, Value log) {
  Value weight = node.has(2) ? node.in(2) : Value();
  std::optional<int64_t> ignored;
  if (node.hasAttr("ignore_index"))
    ignored = node.i64("ignore_index");
  return negativeLogLikelihood(node.e, log, node.in(1), weight, ignored,
                               node.str("reduction", StringRef("mean")))
      .loss;
}

LogicalResult importNegativeLogLikelihoodLoss(Node &node) {
  return node.result(lossOf(node, node.in(0)));
}

LogicalResult importSoftmaxCrossEntropyLoss(Node &node) {
  Value scores = node.in(0);
  if (!node.expectRank(scores, 2, 64))
    return failure();
  Value log = node.e.emit<ms::LogSoftmaxOp>(scores, {{"axis", 1}});
  return node.results({lossOf(node, log), log});
}

} // namespace msc::import::onnx
