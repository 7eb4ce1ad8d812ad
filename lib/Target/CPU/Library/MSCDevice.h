// SPDX-License-Identifier: Apache-2.0

/// \file
/// The functions that compiled kernels may call: prototypes and contracts of
/// the CPU device library. The library is freestanding (no libc, no libm);
/// it is compiled to LLVM bitcode and linked into kernel modules as IR.

#ifndef LIB_TARGET_CPU_LIBRARY_MSCDEVICE_H
#define LIB_TARGET_CPU_LIBRARY_MSCDEVICE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// \name Elementary functions
/// `msc_<fn>_f32` and `msc_<fn>_f64`, semantics of C99 including infinities,
/// NaN, subnormals and signed zeros (errno and floating-point exceptions
/// aside). Unless said otherwise they are straight-line code, always
/// inlined, and vectorise in the loop around the call.
///
/// Largest error in units in the last place (ulp), f32 / f64, as tested:
///
///     exp exp2 expm1             1.1 / 1.1  (f32 expm1 1.8)
///     log log2 log10 log1p       1 / 1
///     sin cos tan                0.51 / 1    (f64 tan 2.5), |x| < 2^45
///     asin acos atan atan2       0.51 / 2
///     sinh cosh                  0.51 / 2.5
///     tanh                       1.5 / 2.5
///     asinh acosh atanh          0.51 / 2
///     erf erfc                   1.8 / 3.5
///     pow cbrt                   0.51 / 1.2
///     tgamma                     0.51 / 8
///     lgamma erfinv              1 / 8
///     digamma, Bessel functions  1e-6 / 1e-12, see below
///     fmod                       exact
///
/// - sin, cos, tan: finite |x| >= 2^45 is treated as 0; Bessel j and y of
///   such x are meaningless.
/// - lgamma below 0, digamma (except at 1.46) and the Bessel functions near
///   their zeros: the error is relative to 1, not to the value.
/// - fmod and the Bessel functions branch and loop; they are not inlined.
/// @{
#define MSC_DECLARE_UNARY(fn)                                                  \
  float msc_##fn##_f32(float x);                                               \
  double msc_##fn##_f64(double x);
#define MSC_DECLARE_BINARY(fn)                                                 \
  float msc_##fn##_f32(float x, float y);                                      \
  double msc_##fn##_f64(double x, double y);

MSC_DECLARE_UNARY(exp)
MSC_DECLARE_UNARY(exp2)
MSC_DECLARE_UNARY(expm1)
MSC_DECLARE_UNARY(log)
MSC_DECLARE_UNARY(log2)
MSC_DECLARE_UNARY(log10)
MSC_DECLARE_UNARY(log1p)
MSC_DECLARE_UNARY(sin)
MSC_DECLARE_UNARY(cos)
MSC_DECLARE_UNARY(tan)
MSC_DECLARE_UNARY(asin)
MSC_DECLARE_UNARY(acos)
MSC_DECLARE_UNARY(atan)
MSC_DECLARE_UNARY(sinh)
MSC_DECLARE_UNARY(cosh)
MSC_DECLARE_UNARY(tanh)
MSC_DECLARE_UNARY(asinh)
MSC_DECLARE_UNARY(acosh)
MSC_DECLARE_UNARY(atanh)
MSC_DECLARE_UNARY(erf)
MSC_DECLARE_UNARY(erfc)
MSC_DECLARE_UNARY(erfinv)
MSC_DECLARE_UNARY(cbrt)
MSC_DECLARE_UNARY(lgamma)
MSC_DECLARE_UNARY(tgamma)
MSC_DECLARE_UNARY(digamma)
/// Bessel functions: modified of the first (i) and second (k) kind, e =
/// scaled by exp(-|x|) and exp(x); of the first (j) and second (y) kind.
MSC_DECLARE_UNARY(i0)
MSC_DECLARE_UNARY(i0e)
MSC_DECLARE_UNARY(i1)
MSC_DECLARE_UNARY(i1e)
MSC_DECLARE_UNARY(k0)
MSC_DECLARE_UNARY(k0e)
MSC_DECLARE_UNARY(k1)
MSC_DECLARE_UNARY(k1e)
MSC_DECLARE_UNARY(j0)
MSC_DECLARE_UNARY(j1)
MSC_DECLARE_UNARY(y0)
MSC_DECLARE_UNARY(y1)
/// x to the power y.
MSC_DECLARE_BINARY(pow)
/// The angle of the point (second argument, first argument), as C's atan2.
MSC_DECLARE_BINARY(atan2)
/// x - trunc(x / y) y, with the sign of x.
MSC_DECLARE_BINARY(fmod)
/// @}

/// The greatest common divisor; 0 if both are 0. It loops and is not inlined.
uint64_t msc_gcd_u64(uint64_t x, uint64_t y);

/// \name Kernels on whole tensors
/// Dense row-major arrays; sizes and indices count elements. An axis is given
/// by viewing the tensor as [outer, n, inner]. `workspace` points to as many
/// bytes as the function named *_workspace returns, aligned to 8; nothing
/// else is allocated. Outputs do not overlap inputs. Optional pointers may be
/// null, others not, not even to empty arrays.
///
/// Names end in the element type: f32 f64 f16 bf16 i8 i16 i32 i64 u8 u16 u32
/// u64 bool; f16 and bf16 are passed as their bits, bool as bytes.
/// @{
#define MSC_FOR_EACH_TYPE(X)                                                   \
  X(f32, float)                                                                \
  X(f64, double)                                                               \
  X(f16, uint16_t)                                                             \
  X(bf16, uint16_t)                                                            \
  X(i8, int8_t)                                                                \
  X(i16, int16_t)                                                              \
  X(i32, int32_t)                                                              \
  X(i64, int64_t)                                                              \
  X(u8, uint8_t)                                                               \
  X(u16, uint16_t)                                                             \
  X(u32, uint32_t)                                                             \
  X(u64, uint64_t)                                                             \
  X(bool, uint8_t)

/// msc_sort: stable sort along the axis. NaN comes last in ascending order
/// and first in descending order; equal elements keep their order in both.
/// `values` and `indices` (positions along the axis) are optional.
///
/// msc_top_k: the k <= n largest or smallest elements as [outer, k, inner];
/// NaN counts as larger than infinity, of equal elements the one with the
/// lower index wins. Best first when `sorted`, else in the order of indices.
int64_t msc_sort_workspace(int64_t n);
int64_t msc_top_k_workspace(int64_t k);
#define MSC_DECLARE_SORT(t, T)                                                 \
  void msc_sort_##t(const T *in, T *values, int64_t *indices, int64_t outer,   \
                    int64_t n, int64_t inner, bool descending,                 \
                    void *workspace);                                          \
  void msc_top_k_##t(const T *in, T *values, int64_t *indices, int64_t outer,  \
                     int64_t n, int64_t inner, int64_t k, bool largest,        \
                     bool sorted, void *workspace);
MSC_FOR_EACH_TYPE(MSC_DECLARE_SORT)

/// msc_unique: the distinct slices of the axis; returns their count. `out` is
/// [outer, count, inner] (room for n), in lexicographical order when `sorted`,
/// else in the order of first appearance. All optional: `out`, `indices`
/// [count] (first appearance), `inverse` [n] (slice -> its place in out),
/// `counts` [count]. All NaN are one value, and the largest.
///
/// msc_unique_consecutive: the same for runs of equal neighbours; here NaN
/// differs from every element, as == has it.
int64_t msc_unique_workspace(int64_t n);
#define MSC_DECLARE_UNIQUE(t, T)                                               \
  int64_t msc_unique_##t(const T *in, T *out, int64_t *indices,                \
                         int64_t *inverse, int64_t *counts, int64_t outer,     \
                         int64_t n, int64_t inner, bool sorted,                \
                         void *workspace);                                     \
  int64_t msc_unique_consecutive_##t(                                          \
      const T *in, T *out, int64_t *inverse, int64_t *counts, int64_t outer,   \
      int64_t n, int64_t inner, void *workspace);
MSC_FOR_EACH_TYPE(MSC_DECLARE_UNIQUE)

/// msc_count_nonzero: how many of n elements differ from zero (NaN does).
///
/// msc_nonzero: their coordinates in row-major order, as [rank, count] when
/// `by_dimension` (ONNX), else as [count, rank] (MindSpore); returns count.
int64_t msc_nonzero_workspace(int64_t rank);
#define MSC_DECLARE_NONZERO(t, T)                                              \
  int64_t msc_count_nonzero_##t(const T *in, int64_t n);                       \
  int64_t msc_nonzero_##t(const T *in, const int64_t *shape, int64_t rank,     \
                          int64_t *out, bool by_dimension, void *workspace);
MSC_FOR_EACH_TYPE(MSC_DECLARE_NONZERO)

/// Elements of 8, 16, 32 or 64 bits under a mask of bytes.
///
/// msc_compress: the slices i of the axis with mask[i] set, for i below
/// mask_size, as [outer, count, inner]; returns count (ONNX Compress).
///
/// msc_masked_select: the elements with their mask set; returns their count.
#define MSC_DECLARE_COMPRESS(bits)                                             \
  int64_t msc_compress_b##bits(const uint##bits##_t *in, const uint8_t *mask,  \
                               int64_t mask_size, uint##bits##_t *out,         \
                               int64_t outer, int64_t n, int64_t inner);       \
  int64_t msc_masked_select_b##bits(const uint##bits##_t *in,                  \
                                    const uint8_t *mask, uint##bits##_t *out,  \
                                    int64_t n);
MSC_DECLARE_COMPRESS(8)
MSC_DECLARE_COMPRESS(16)
MSC_DECLARE_COMPRESS(32)
MSC_DECLARE_COMPRESS(64)

/// msc_search_sorted: where each of values [rows, m] belongs in the ascending
/// row of sorted [rows, n] (`shared`: [n], one for all rows): before equal
/// elements, or after them when `right`. NaN counts as larger than infinity.
#define MSC_DECLARE_SEARCH(t, T)                                               \
  void msc_search_sorted_##t(const T *sorted, const T *values, int64_t *out,   \
                             int64_t rows, int64_t n, int64_t m, bool shared,  \
                             bool right);
MSC_FOR_EACH_TYPE(MSC_DECLARE_SEARCH)

/// msc_bincount_<index type>[_<weight type>]: out[b] = how often b appears
/// among in [n], or the sum of those weights; values outside [0, bins) do not
/// count. `weights` is optional.
#define MSC_DECLARE_BINCOUNT(suffix, T, O)                                     \
  void msc_bincount##suffix(const T *in, const O *weights, O *out, int64_t n,  \
                            int64_t bins);
MSC_DECLARE_BINCOUNT(_i32, int32_t, int64_t)
MSC_DECLARE_BINCOUNT(_i64, int64_t, int64_t)
MSC_DECLARE_BINCOUNT(_i32_f32, int32_t, float)
MSC_DECLARE_BINCOUNT(_i64_f32, int64_t, float)
MSC_DECLARE_BINCOUNT(_i32_f64, int32_t, double)
MSC_DECLARE_BINCOUNT(_i64_f64, int64_t, double)

/// msc_histogram: counts of in [n] in `bins` equal parts of [lo, hi], the last
/// part closed; what lies outside does not count. lo == hi means the range of
/// the data; a range of no width is widened by 1 on both sides (torch.histc).
#define MSC_DECLARE_HISTOGRAM(t, T)                                            \
  void msc_histogram_##t(const T *in, int64_t *out, int64_t n, int64_t bins,   \
                         double lo, double hi);
MSC_DECLARE_HISTOGRAM(f32, float)
MSC_DECLARE_HISTOGRAM(f64, double)
MSC_DECLARE_HISTOGRAM(f16, uint16_t)
MSC_DECLARE_HISTOGRAM(bf16, uint16_t)
MSC_DECLARE_HISTOGRAM(i32, int32_t)
MSC_DECLARE_HISTOGRAM(i64, int64_t)

/// ONNX NonMaxSuppression (operator page, opset 11): boxes [batches, n, 4],
/// scores [batches, classes, n]; writes rows of selected [count, 3] (batch,
/// class, box) and returns count <= batches * classes * min(n, max_per_class).
/// Boxes count when score > score_threshold (-inf for none); one is dropped
/// when its intersection over union with a better one > iou_threshold.
int64_t msc_non_max_suppression(const float *boxes, const float *scores,
                                int64_t *selected, int64_t batches,
                                int64_t classes, int64_t n,
                                int64_t max_per_class, float iou_threshold,
                                float score_threshold, bool center_point_box,
                                void *workspace);
/// MindSpore NMSWithMask (checked against 2.10): rows in [n, 5] of x0, y0, x1,
/// y1, score; writes them best first, their places 0 .. n - 1 there, and which
/// of them overlap no better survivor. Boxes with x1 < x0 or y1 < y0 overlap
/// nothing.
void msc_nms_with_mask(const float *in, float *out, int32_t *indices,
                       uint8_t *mask, int64_t n, float iou_threshold,
                       void *workspace);
/// For both, n boxes.
int64_t msc_nms_workspace(int64_t boxes);

/// msc_roi_align: ms.roi_align of in [n, c, h, w], none of them 0, and rois
/// [count, 4], as [count, c, height, width]. `samples` 0: as many as the bins'
/// size asks for.
#define MSC_DECLARE_ROI_ALIGN(t, T)                                            \
  void msc_roi_align_##t(                                                      \
      const T *in, const T *rois, const int64_t *batch, T *out, int64_t n,     \
      int64_t c, int64_t h, int64_t w, int64_t count, int64_t height,          \
      int64_t width, int64_t samples, double scale, bool aligned, bool max);
MSC_DECLARE_ROI_ALIGN(f32, float)
MSC_DECLARE_ROI_ALIGN(f64, double)

/// Batches of square matrices [batch, n, n], f32 and f64. Functions that can
/// fail return the number of matrices for which they did (singular, or not
/// positive definite); those have NaN as their result.
///
/// msc_cholesky: the lower (L L^T = a) or upper (U^T U = a) factor, from the
/// lower triangle of a.
/// msc_solve: x [batch, n, m] with a x = b, or a^T x = b when `transposed`.
/// msc_triangular_solve: the same for a triangle of a; the other one is not
/// read. `unit_diagonal`: the diagonal is not read either but taken as 1.
/// msc_log_determinant: the sign (1, -1, 0) and log |det|.
/// msc_matrix_power: any exponent; negative ones invert first.
///
/// msc_lu_workspace is for solve, inverse, determinant and log_determinant.
#define MSC_DECLARE_LINALG(t, T)                                               \
  int64_t msc_lu_workspace_##t(int64_t n);                                     \
  int64_t msc_matrix_power_workspace_##t(int64_t n);                           \
  int64_t msc_cholesky_##t(const T *a, T *out, int64_t batch, int64_t n,       \
                           bool upper);                                        \
  int64_t msc_solve_##t(const T *a, const T *b, T *x, int64_t batch,           \
                        int64_t n, int64_t m, bool transposed,                 \
                        void *workspace);                                      \
  void msc_triangular_solve_##t(const T *a, const T *b, T *x, int64_t batch,   \
                                int64_t n, int64_t m, bool lower,              \
                                bool transposed, bool unit_diagonal);          \
  int64_t msc_inverse_##t(const T *a, T *out, int64_t batch, int64_t n,        \
                          void *workspace);                                    \
  void msc_determinant_##t(const T *a, T *out, int64_t batch, int64_t n,       \
                           void *workspace);                                   \
  void msc_log_determinant_##t(const T *a, T *sign, T *log, int64_t batch,     \
                               int64_t n, void *workspace);                    \
  int64_t msc_matrix_power_##t(const T *a, T *out, int64_t batch, int64_t n,   \
                               int64_t exponent, void *workspace);
MSC_DECLARE_LINALG(f32, float)
MSC_DECLARE_LINALG(f64, double)

/// msc_fft: the discrete Fourier transform along the axis of complex elements
/// (real and imaginary part side by side), sum over j of
/// x[j] exp(-2 pi i j k / n), with + when `inverse`, times `scale`. Any n >= 1;
/// computed in double precision.
int64_t msc_fft_workspace(int64_t n);
#define MSC_DECLARE_FFT(t, T)                                                  \
  void msc_fft_##t(const T *in, T *out, int64_t outer, int64_t n,              \
                   int64_t inner, bool inverse, double scale,                  \
                   void *workspace);
MSC_DECLARE_FFT(f32, float)
MSC_DECLARE_FFT(f64, double)
/// @}

#ifdef __cplusplus
}
#endif

#endif // LIB_TARGET_CPU_LIBRARY_MSCDEVICE_H
