// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore's resize, upsample and grid sampling primitives.
#include "lib/Import/MindIR/Hooks.h"
#include "msc/Import/Resampling.h"

#include <cmath>

using namespace mlir;

namespace msc::import::mindir {

/// Axes of the spatial dimensions resized to \p size.
static SmallVector<ResizeAxis> axesTo(Node &n, Value x,
                                      ArrayRef<int64_t> size) {
  SmallVector<ResizeAxis> axes;
  if (n.failed() || Emitter::rank(x) != int64_t(size.size()) + 2) {
    if (!n.failed())
      n.error() << "has " << size.size() << " sizes for " << x.getType();
    return axes;
  }
  for (size_t i = 0; i < size.size(); ++i) {
    int64_t in = Emitter::shape(x)[i + 2];
    if (size[i] <= 0 || in <= 0) {
      n.error() << "resizes an axis of " << in << " to " << size[i];
      return axes;
    }
    axes.push_back({int64_t(i) + 2, size[i], double(size[i]) / double(in)});
  }
  return axes;
}

LogicalResult importResize(Node &n) {
  StringRef name = n.op.getOp().rsplit('.').second;
  Value x = n.in(0);
  bool corners = n.flag("align_corners", false),
       half = n.flag("half_pixel_centers", false);
  SmallVector<ResizeAxis> axes = axesTo(n, x, n.i64s("size"));
  ResizeMethod method;
  bool nearest = name.contains("Nearest");
  method.mode = nearest                    ? "nearest"
                : name.contains("Bicubic") ? "cubic"
                                           : "linear";
  method.coordinates = corners ? "align_corners"
                       : half
                           ? (nearest ? "tf_half_pixel_for_nn" : "half_pixel")
                           : "asymmetric";
  method.nearest = corners ? "round_prefer_ceil" : "floor";
  method.cubicA = half ? -0.5 : -0.75;
  method.excludeOutside = half;
  return n.result(resize(n.e, x, axes, method));
}

LogicalResult importResizeLinear1D(Node &n) {
  Value x = n.in(0);
  SmallVector<ResizeAxis> axes = axesTo(n, x, n.i64s("size"));
  static const char *const byNumber[] = {"asymmetric", "align_corners",
                                         "half_pixel"};
  ResizeMethod method;
  method.mode = "linear";
  method.coordinates = "align_corners";
  Attribute mode = n.attr("coordinate_transformation_mode");
  if (auto text = dyn_cast_if_present<StringAttr>(mode)) {
    method.coordinates = text.str();
  } else if (mode) {
    int64_t k = n.i64("coordinate_transformation_mode");
    if (k < 0 || k > 2)
      return n.error() << "coordinate_transformation_mode " << k
                       << " is not supported";
    method.coordinates = byNumber[k];
  }
  return n.result(resize(n.e, x, axes, method));
}

LogicalResult importUpsample(Node &n) {
  StringRef name = n.op.getOp().rsplit('.').second;
  Value x = n.in(0);
  SmallVector<int64_t> size = n.i64s("output_size", SmallVector<int64_t>());
  SmallVector<double> scales = n.f64s("scales", SmallVector<double>());
  if (size.empty())
    for (size_t i = 0; i < scales.size() && int64_t(i) + 2 < Emitter::rank(x);
         ++i)
      size.push_back(
          int64_t(std::floor(double(Emitter::shape(x)[i + 2]) * scales[i])));
  SmallVector<ResizeAxis> axes = axesTo(n, x, size);
  for (size_t i = 0; i < axes.size() && i < scales.size(); ++i)
    axes[i].scale = scales[i];
  bool nearest = name.contains("Nearest");
  ResizeMethod method;
  method.mode = nearest ? "nearest" : "linear";
  method.coordinates = nearest                          ? "asymmetric"
                       : n.flag("align_corners", false) ? "align_corners"
                                                        : "half_pixel";
  method.nearest = "floor";
  return n.result(resize(n.e, x, axes, method));
}

/// An enumeration stated as text or number.
static std::string word(Node &n, StringRef name, ArrayRef<StringRef> words) {
  Attribute value = n.attr(name);
  if (auto text = dyn_cast_if_present<StringAttr>(value))
    return text.str();
  int64_t k = n.i64(name, 0);
  if (k < 0 || k >= int64_t(words.size()))
    n.error() << "'" << name << "' is " << k << ", expected 0 to "
              << words.size() - 1;
  return n.failed() ? words[0].str() : words[k].str();
}

LogicalResult importGridSampler(Node &n) {
  std::string mode =
      word(n, "interpolation_mode", {"bilinear", "nearest", "bicubic"});
  std::string padding =
      word(n, "padding_mode", {"zeros", "border", "reflection"});
  mode = mode == "bilinear" ? "linear" : mode == "bicubic" ? "cubic" : mode;
  return n.result(gridSample(n.e, n.in(0), n.in(1), mode, padding,
                             n.flag("align_corners", false)));
}

} // namespace msc::import::mindir
