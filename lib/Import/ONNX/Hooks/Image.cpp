// SPDX-License-Identifier: Apache-2.0
//
/// \file ONNX Resize in all its versions, Upsample, sampling grids and regions
/// of interest.
#include "lib/Import/ONNX/Hooks.h"
#include "msc/Import/Resampling.h"
#include "msc/Import/Shaping.h"

#include <cmath>

using namespace mlir;

namespace msc::import::onnx {

LogicalResult importGridSample(Node &n) {
  std::string mode = n.str("mode", "linear");
  if (mode == "bilinear" || mode == "bicubic")
    mode = mode == "bilinear" ? "linear" : "cubic";
  return n.result(gridSample(n.e, n.in(0), n.in(1), mode,
                             n.str("padding_mode", "zeros"),
                             n.flag("align_corners", false)));
}

/// Upsample 7 and 9, Resize 10: a scale per axis, asymmetric, floor.
LogicalResult importResize10(Node &n) {
  Value x = n.in(0);
  SmallVector<double> scales = n.f64s("scales");
  if (n.failed() || int64_t(scales.size()) != Emitter::rank(x))
    return n.failed()
               ? failure()
               : LogicalResult(n.error() << "has " << scales.size()
                                         << " scales for " << x.getType());
  ResizeMethod method;
  method.mode = n.str("mode", "nearest") == "nearest" ? "nearest" : "linear";
  method.coordinates = "asymmetric";
  method.nearest = "floor";
  SmallVector<ResizeAxis> axes;
  for (int64_t d = 0; d < Emitter::rank(x); ++d)
    if (scales[d] != 1)
      axes.push_back(
          {d, int64_t(std::floor(double(Emitter::shape(x)[d]) * scales[d])),
           scales[d]});
  return n.result(resize(n.e, x, axes, method));
}

/// The extents and scales of the resized axes, from sizes or scales.
static SmallVector<ResizeAxis> resizedAxes(Node &n, Value x) {
  int64_t rank = Emitter::rank(x);
  SmallVector<int64_t> all, axes;
  for (int64_t d = 0; d < rank; ++d)
    all.push_back(d);
  axes = n.i64s("axes", all);
  SmallVector<double> scales = n.f64s("scales", SmallVector<double>());
  SmallVector<int64_t> sizes = n.i64s("sizes", SmallVector<int64_t>());
  size_t count = sizes.empty() ? scales.size() : sizes.size();
  if (n.failed() || count != axes.size()) {
    if (!n.failed())
      n.error() << "has " << count << " sizes or scales for " << axes.size()
                << " axes";
    return {};
  }
  std::string policy = n.str("keep_aspect_ratio_policy", "stretch");
  double common = policy == "not_larger" ? INFINITY : 0;
  SmallVector<ResizeAxis> result;
  for (size_t i = 0; i < count; ++i) {
    ResizeAxis axis;
    axis.axis = n.axis(axes[i], rank);
    double in = double(Emitter::shape(x)[axis.axis]);
    axis.scale = sizes.empty() ? scales[i] : double(sizes[i]) / in;
    axis.out = sizes.empty() ? int64_t(std::floor(in * scales[i])) : sizes[i];
    common = policy == "not_larger" ? std::fmin(common, axis.scale)
                                    : std::fmax(common, axis.scale);
    result.push_back(axis);
  }
  if (policy != "stretch" && !sizes.empty())
    for (ResizeAxis &axis : result) {
      axis.scale = common;
      axis.out = int64_t(
          std::floor(common * double(Emitter::shape(x)[axis.axis]) + 0.5));
    }
  return result;
}

LogicalResult importResize(Node &n) {
  Value x = n.in(0);
  SmallVector<ResizeAxis> axes = resizedAxes(n, x);
  ResizeMethod method;
  method.mode = n.str("mode", "nearest");
  method.coordinates = n.str("coordinate_transformation_mode", "half_pixel");
  method.nearest = n.str("nearest_mode", "round_prefer_floor");
  method.cubicA = n.f64("cubic_coeff_a", -0.75);
  method.excludeOutside = n.flag("exclude_outside", false);
  method.antialias = n.flag("antialias", false);
  method.extrapolation = n.f64("extrapolation_value", 0);
  if (method.coordinates == "tf_crop_and_resize") {
    SmallVector<double> roi = n.f64s("roi");
    if (!n.failed() && roi.size() != 2 * axes.size())
      n.error() << "has a region of " << roi.size() << " numbers for "
                << axes.size() << " axes";
    for (size_t i = 0; i < axes.size() && !n.failed(); ++i)
      axes[i].roiStart = roi[i], axes[i].roiEnd = roi[axes.size() + i];
  }
  if (n.failed())
    return failure();
  bool crops = method.coordinates == "tf_crop_and_resize";
  llvm::erase_if(axes, [&](const ResizeAxis &axis) {
    return !crops && axis.scale == 1 &&
           axis.out == Emitter::shape(x)[axis.axis];
  });
  return n.result(resize(n.e, x, axes, method));
}

/// The positions of \p extent pixels in [-1, 1], as dimension \p axis of rank
/// \p rank.
static Value pixelPositions(Emitter &e, int64_t extent, bool corners,
                            Type element, int64_t axis, int64_t rank) {
  Value i = iotaDim(e, extent, element, axis, rank);
  if (corners)
    return extent == 1 ? e.sub(i, 1.0)
                       : e.sub(e.mul(i, 2.0 / double(extent - 1)), 1.0);
  return e.sub(e.mul(i, 2.0 / double(extent)), 1 - 1.0 / double(extent));
}

/// grid[n, pixel..., :] = theta[n] * (x, y, ..., 1), the innermost dimension of
/// the image first.
LogicalResult importAffineGrid(Node &node) {
  Emitter &e = node.e;
  Value theta = node.in(0);
  SmallVector<int64_t> size = node.constI64s(1);
  bool corners = node.flag("align_corners", false);
  if (node.failed() || !node.expectRank(theta, 3, 3))
    return failure();
  int64_t dims = int64_t(size.size()) - 2;
  if ((dims != 2 && dims != 3) ||
      llvm::any_of(size, [](int64_t s) { return s < 1 || s > INT32_MAX; }) ||
      Emitter::shape(theta) != ArrayRef<int64_t>({size[0], dims, dims + 1}))
    return node.error() << "a grid of [" << size << "] does not fit "
                        << theta.getType();
  Type element = Emitter::element(theta);
  SmallVector<int64_t> shape(size);
  shape.erase(shape.begin() + 1);
  shape.push_back(dims);
  SmallVector<int64_t> column(dims + 2, 1);
  column.front() = size[0];
  column.back() = dims;
  auto part = [&](int64_t c) {
    return reshape(e, slice(e, theta, 2, c, 1), column);
  };
  Value grid = part(dims);
  for (int64_t d = 0; d < dims; ++d) {
    Value positions =
        pixelPositions(e, size[2 + d], corners, element, 1 + d, dims + 2);
    grid = e.add(grid, e.mul(positions, part(dims - 1 - d)));
  }
  return node.result(broadcastTo(e, grid, shape));
}

static LogicalResult roiAlign(Node &node, StringRef coordinates) {
  Emitter &e = node.e;
  Value x = node.in(0);
  Type element = Emitter::element(x),
       wide = element.isF64() ? element : Type(e.f32());
  std::string mode = node.str("mode", "avg"),
              words = node.str("coordinate_transformation_mode", coordinates);
  if (!node.failed() &&
      ((mode != "avg" && mode != "max") ||
       (words != "half_pixel" && words != "output_half_pixel")))
    node.error() << "mode '" << mode << "' of '" << words
                 << "' coordinates is not supported";
  if (node.failed())
    return failure();
  Value y = e.emit<ms::RoiAlignOp>(
      {e.cast(x, wide), node.in(1, wide), node.in(2, e.i64())},
      {{"height", node.i64("output_height", 1)},
       {"width", node.i64("output_width", 1)},
       {"samples", node.i64("sampling_ratio", 0)},
       {"scale", node.f64("spatial_scale", 1)},
       {"aligned", words == "half_pixel"},
       {"max", mode == "max"}});
  return node.result(e.cast(y, element));
}

LogicalResult importRoiAlign(Node &node) {
  return roiAlign(node, "output_half_pixel");
}

/// From opset 16 the corners are moved by half a pixel unless stated otherwise.
LogicalResult importRoiAlignShifted(Node &node) {
  return roiAlign(node, "half_pixel");
}

} // namespace msc::import::onnx
