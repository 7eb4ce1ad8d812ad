// SPDX-License-Identifier: Apache-2.0

/// \file
/// Non-maximum suppression of boxes: ONNX NonMaxSuppression and MindSpore
/// NMSWithMask.

#include "Keys.h"

typedef struct {
  f32 x0, y0, x1, y1;
} box;

/// A box with ordered corners, from [y1, x1, y2, x2] in any order or from
/// [x centre, y centre, width, height].
static box load_box(const f32 *b, bool centre) {
  if (centre) {
    f32 w = b[2] * 0.5f, h = b[3] * 0.5f;
    return (box){b[0] - w, b[1] - h, b[0] + w, b[1] + h};
  }
  bool x = b[1] <= b[3], y = b[0] <= b[2];
  return (box){x ? b[1] : b[3], y ? b[0] : b[2], x ? b[3] : b[1],
               y ? b[2] : b[0]};
}

/// Whether intersection over union exceeds the threshold; boxes without area
/// overlap nothing.
static bool overlaps(box a, box b, f32 threshold) {
  f32 x0 = a.x0 > b.x0 ? a.x0 : b.x0, x1 = a.x1 < b.x1 ? a.x1 : b.x1;
  f32 y0 = a.y0 > b.y0 ? a.y0 : b.y0, y1 = a.y1 < b.y1 ? a.y1 : b.y1;
  if (!(x1 > x0) || !(y1 > y0))
    return false;
  f32 common = (x1 - x0) * (y1 - y0);
  f32 area_a = (a.x1 - a.x0) * (a.y1 - a.y0);
  f32 area_b = (b.x1 - b.x0) * (b.y1 - b.y0);
  f32 whole = area_a + area_b - common;
  if (!(common > 0.0f) || !(whole > 0.0f))
    return false;
  return common / whole > threshold;
}

/// The boxes whose score passes, best first; ties keep their order.
static i64 order_by_score(const f32 *scores, i64 n, f32 threshold,
                          keyed *order) {
  i64 count = 0;
  for (i64 i = 0; i < n; ++i)
    if (scores[i] > threshold)
      order[count++] = (keyed){~key_f32(scores[i]), i};
  msc_sort_keyed(order, order + n, count);
  return count;
}

/// Keeps up to `limit` of order[0, count) that overlap no kept one, in place.
static i64 suppress(const f32 *boxes, bool centre, keyed *order, i64 count,
                    i64 limit, f32 threshold) {
  i64 kept = 0;
  for (i64 i = 0; i < count && kept < limit; ++i) {
    box candidate = load_box(boxes + 4 * order[i].index, centre);
    bool free = true;
    for (i64 j = 0; j < kept && free; ++j)
      free = !overlaps(candidate, load_box(boxes + 4 * order[j].index, centre),
                       threshold);
    if (free)
      order[kept++] = order[i];
  }
  return kept;
}

int64_t msc_nms_workspace(int64_t boxes) {
  return 2 * boxes * (i64)sizeof(keyed);
}

int64_t msc_non_max_suppression(const float *boxes, const float *scores,
                                int64_t *selected, int64_t batches,
                                int64_t classes, int64_t n,
                                int64_t max_per_class, float iou_threshold,
                                float score_threshold, bool center_point_box,
                                void *workspace) {
  keyed *order = workspace;
  i64 *to = selected;
  for (i64 line = 0; line < batches * classes; ++line) {
    const f32 *here = boxes + line / classes * n * 4;
    i64 count = order_by_score(scores + line * n, n, score_threshold, order);
    i64 kept = suppress(here, center_point_box, order, count, max_per_class,
                        iou_threshold);
    for (i64 i = 0; i < kept; ++i) {
      *to++ = line / classes;
      *to++ = line % classes;
      *to++ = order[i].index;
    }
  }
  return (to - selected) / 3;
}

void msc_nms_with_mask(const float *in, float *out, int32_t *indices,
                       uint8_t *mask, int64_t n, float iou_threshold,
                       void *workspace) {
  keyed *order = workspace;
  for (i64 i = 0; i < n; ++i)
    order[i] = (keyed){~key_f32(in[5 * i + 4]), i};
  msc_sort_keyed(order, order + n, n);
  for (i64 i = 0; i < n; ++i) {
    for (i64 k = 0; k < 5; ++k)
      out[5 * i + k] = in[5 * order[i].index + k];
    indices[i] = (i32)i;
    box candidate = {out[5 * i], out[5 * i + 1], out[5 * i + 2],
                     out[5 * i + 3]};
    mask[i] = 1;
    for (i64 j = 0; j < i && mask[i]; ++j) {
      const f32 *b = out + 5 * j;
      box other = {b[0], b[1], b[2], b[3]};
      mask[i] = !(mask[j] && overlaps(candidate, other, iou_threshold));
    }
  }
}
