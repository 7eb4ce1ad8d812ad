// SPDX-License-Identifier: Apache-2.0
//
/// \file Reference evaluation of the shape ops: for each result element, which
/// input element it is.
#include "dialects/MS/IR/MSOps.h"
#include "lib/Reference/Categories.h"

using namespace mlir;

namespace msc::reference {

/// Fills \p out with the elements of \p in at source(index).
template <typename F>
static LogicalResult copy(const Tensor &in, Tensor &out, F source) {
  int64_t i = 0;
  forEachIndex(out.shape(), [&](ArrayRef<int64_t> index) {
    out.copyElement(i++, in, offsetOf(in.shape(), source(index)));
  });
  return success();
}

/// The element of [0, n) that padding in \p mode puts at position \p i.
static int64_t paddedIndex(StringRef mode, int64_t i, int64_t n) {
  auto modulo = [](int64_t a, int64_t b) { return (a % b + b) % b; };
  if (mode == "edge")
    return std::clamp<int64_t>(i, 0, n - 1);
  if (mode == "wrap")
    return modulo(i, n);
  if (mode == "symmetric") {
    int64_t k = modulo(i, 2 * n);
    return std::min(k, 2 * n - 1 - k);
  }
  if (n == 1) // reflect
    return 0;
  int64_t k = modulo(i, 2 * n - 2);
  return std::min(k, 2 * n - 2 - k);
}

static void registerPad(Registry &r) {
  r.add<ms::PadOp>([](ms::PadOp op, Inputs in, Outputs out) {
    ArrayRef<int64_t> shape = in[0]->shape(), low = op.getLow();
    bool isConstant = op.getMode() == "constant";
    int64_t i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source;
      bool isInside = true;
      for (auto [d, extent] : llvm::enumerate(shape)) {
        int64_t position = index[d] - low[d];
        isInside &= position >= 0 && position < extent;
        source.push_back(isConstant
                             ? position
                             : paddedIndex(op.getMode(), position, extent));
      }
      if (isInside || !isConstant)
        out[0].copyElement(i, *in[0], offsetOf(shape, source));
      else if (in.size() > 1)
        out[0].copyElement(i, *in[1], 0);
      ++i;
    });
    return success();
  });
}

static void registerMovement(Registry &r) {
  r.add<ms::ReshapeOp>([](ms::ReshapeOp, Inputs in, Outputs out) {
    out[0].data = in[0]->data;
    return success();
  });
  r.add<ms::TransposeOp>([](ms::TransposeOp op, Inputs in, Outputs out) {
    return copy(*in[0], out[0], [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source(index.size());
      for (auto [k, axis] : llvm::enumerate(op.getPermutation()))
        source[axis] = index[k];
      return source;
    });
  });
  r.add<ms::UnpackPanelsOp>([](ms::UnpackPanelsOp op, Inputs in, Outputs out) {
    int64_t axis = op.getAxis(), panel = in[0]->dim(in[0]->rank() - 1);
    return copy(*in[0], out[0], [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source(index);
      source.erase(source.begin() + axis);
      source.insert(source.begin(), index[axis] / panel);
      source.push_back(index[axis] % panel);
      return source;
    });
  });
  r.add<ms::SliceOp>([](ms::SliceOp op, Inputs in, Outputs out) {
    return copy(*in[0], out[0], [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source;
      for (auto [d, i] : llvm::enumerate(index))
        source.push_back(op.getStarts()[d] + i * op.getSteps()[d]);
      return source;
    });
  });
  r.add<ms::TileOp>([](ms::TileOp, Inputs in, Outputs out) {
    return copy(*in[0], out[0], [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source;
      for (auto [d, i] : llvm::enumerate(index))
        source.push_back(i % in[0]->dim(d));
      return source;
    });
  });
  r.add<ms::ReverseOp>([](ms::ReverseOp op, Inputs in, Outputs out) {
    return copy(*in[0], out[0], [&](ArrayRef<int64_t> index) {
      SmallVector<int64_t> source(index);
      for (int64_t axis : op.getAxes())
        source[axis] = in[0]->dim(axis) - 1 - index[axis];
      return source;
    });
  });
  r.add<ms::BroadcastToOp>([](ms::BroadcastToOp, Inputs in, Outputs out) {
    int64_t i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      out[0].copyElement(i++, *in[0], broadcastOffset(in[0]->shape(), index));
    });
    return success();
  });
}

void registerShape(Registry &r) {
  registerMovement(r);
  registerPad(r);
  r.add<ms::ConcatOp>([](ms::ConcatOp op, Inputs in, Outputs out) {
    int64_t start = 0;
    SmallVector<int64_t> target;
    for (const Tensor *part : in) {
      int64_t i = 0;
      forEachIndex(part->shape(), [&](ArrayRef<int64_t> index) {
        target.assign(index.begin(), index.end());
        target[op.getAxis()] += start;
        out[0].copyElement(offsetOf(out[0].shape(), target), *part, i++);
      });
      start += part->dim(op.getAxis());
    }
    return success();
  });
  r.add<ms::IotaOp>([](ms::IotaOp op, Inputs, Outputs out) {
    int64_t i = 0;
    forEachIndex(out[0].shape(), [&](ArrayRef<int64_t> index) {
      out[0].setInt(i++, index[op.getAxis()]);
    });
    return success();
  });
}

} // namespace msc::reference
