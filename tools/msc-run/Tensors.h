// SPDX-License-Identifier: Apache-2.0
//
/// \file The tensors that msc-run feeds and compares: which belongs to which
/// input or output, where their elements come from.
#ifndef MSC_TOOLS_MSC_RUN_TENSORS_H
#define MSC_TOOLS_MSC_RUN_TENSORS_H

#include "Options.h"

#include "mscrt/mscrt.hpp"

namespace msc::run {

/// For each of `count` values the spec that is meant for it, NULL where there
/// is none. `role` is "input" or "output". False and `error` for names that the
/// model does not have, duplicates, and more specs than values.
bool assignSpecs(const char *role, const mscrt_value_desc *values,
                 uint32_t count, const std::vector<TensorSpec> &specs,
                 std::vector<const TensorSpec *> &assigned, std::string &error);

/// Makes all inputs of a model. Files give theirs; the others get the shapes of
/// the first entry that fits those of the files. An input whose value was
/// compiled in gets that value rather than random ones.
bool makeInputs(const mscrt_model &model, const Options &options,
                std::vector<mscrt::Tensor> &inputs, std::string &error);

/// "float32[2, 3]".
std::string describe(uint32_t dtype, int32_t rank, const int64_t *shape,
                     const char *const *dimNames = nullptr);
std::string describe(const mscrt::Tensor &tensor);

/// "input 'x'", "output 2" when it has no name.
std::string nameOf(const char *role, const mscrt_value_desc &value,
                   uint32_t index);

/// All elements as double, which is exact but for large 64-bit integers.
std::vector<double> toDoubles(const mscrt::Tensor &tensor);

/// What a comparison found.
struct Comparison {
  bool isEqual = true;
  std::string problem; // dtype or shape differ; else empty
  uint64_t elements = 0, mismatches = 0;
  double maxAbsolute = 0, maxRelative = 0;
  /// The element that differs most, beyond its tolerance.
  std::vector<int64_t> worstIndex;
  double worstActual = 0, worstExpected = 0;
};

/// |a - e| <= atol + rtol * |e|, NaN equal to NaN; dtype and shape must be
/// equal.
Comparison compare(const mscrt::Tensor &actual, const mscrt::Tensor &expected,
                   double rtol, double atol);

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_TENSORS_H
