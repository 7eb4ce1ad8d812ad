// SPDX-License-Identifier: Apache-2.0
//
/// \file Element access of reference tensors.
#include "msc/Reference/Reference.h"

#include "llvm/ADT/APFloat.h"
#include <cmath>
#include <cstring>

using namespace mlir;

namespace msc::reference {

size_t elementBytes(Type type) {
  return type.isInteger(1) ? 1 : type.getIntOrFloatBitWidth() / 8;
}

Tensor::Tensor(RankedTensorType type)
    : type(type),
      data(type.getNumElements() * elementBytes(type.getElementType())) {}

Tensor::Tensor(RankedTensorType type, ArrayRef<char> bytes)
    : type(type), data(bytes.begin(), bytes.end()) {}

template <typename T> static T load(const std::vector<char> &data, int64_t i) {
  T value;
  std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
static void store(std::vector<char> &data, int64_t i, T value) {
  std::memcpy(data.data() + i * sizeof(T), &value, sizeof(T));
}

static double fromBits(const llvm::fltSemantics &semantics, uint16_t bits) {
  APFloat value(semantics, APInt(16, bits));
  bool lossy;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
  return value.convertToDouble();
}

static uint16_t toBits(const llvm::fltSemantics &semantics, double value) {
  APFloat rounded(value);
  bool lossy;
  rounded.convert(semantics, APFloat::rmNearestTiesToEven, &lossy);
  return rounded.bitcastToAPInt().getZExtValue();
}

double Tensor::getFloat(int64_t i) const {
  Type t = element();
  if (t.isF32())
    return load<float>(data, i);
  if (t.isF64())
    return load<double>(data, i);
  if (auto f = dyn_cast<FloatType>(t))
    return fromBits(f.getFloatSemantics(), load<uint16_t>(data, i));
  int64_t value = getInt(i);
  return t.isUnsignedInteger(64) ? double(uint64_t(value)) : double(value);
}

/// \p value towards zero, saturated to 64 bits; NaN gives 0.
static int64_t truncateToInt(double value, bool isUnsigned) {
  if (std::isnan(value))
    return 0;
  if (isUnsigned)
    return value >= 0x1p64 ? -1
           : value < 0     ? int64_t(value)
                           : int64_t(uint64_t(value));
  return value >= 0x1p63   ? INT64_MAX
         : value < -0x1p63 ? INT64_MIN
                           : int64_t(value);
}

int64_t Tensor::getInt(int64_t i) const {
  Type t = element();
  if (isa<FloatType>(t))
    return truncateToInt(getFloat(i), false);
  bool isUnsigned = t.isUnsignedInteger();
  switch (t.getIntOrFloatBitWidth()) {
  case 1:
    return load<uint8_t>(data, i) != 0;
  case 8:
    return isUnsigned ? load<uint8_t>(data, i) : load<int8_t>(data, i);
  case 16:
    return isUnsigned ? load<uint16_t>(data, i) : load<int16_t>(data, i);
  case 32:
    return isUnsigned ? int64_t(load<uint32_t>(data, i))
                      : load<int32_t>(data, i);
  default:
    return load<int64_t>(data, i);
  }
}

void Tensor::setFloat(int64_t i, double value) {
  Type t = element();
  if (t.isF32())
    return store<float>(data, i, float(value));
  if (t.isF64())
    return store<double>(data, i, value);
  if (auto f = dyn_cast<FloatType>(t))
    return store<uint16_t>(data, i, toBits(f.getFloatSemantics(), value));
  if (t.isInteger(1))
    return store<uint8_t>(data, i, value != 0);
  setInt(i, truncateToInt(value, t.isUnsignedInteger()));
}

void Tensor::setInt(int64_t i, int64_t value) {
  Type t = element();
  if (isa<FloatType>(t))
    return setFloat(i, double(value));
  switch (t.getIntOrFloatBitWidth()) {
  case 1:
    return store<uint8_t>(data, i, value != 0);
  case 8:
    return store<int8_t>(data, i, int8_t(value));
  case 16:
    return store<int16_t>(data, i, int16_t(value));
  case 32:
    return store<int32_t>(data, i, int32_t(value));
  default:
    return store<int64_t>(data, i, value);
  }
}

void Tensor::copyElement(int64_t i, const Tensor &from, int64_t j) {
  size_t bytes = elementBytes(element());
  std::memcpy(data.data() + i * bytes, from.data.data() + j * bytes, bytes);
}

std::vector<double> Tensor::floats() const {
  std::vector<double> values(size());
  for (int64_t i = 0; i < size(); ++i)
    values[i] = getFloat(i);
  return values;
}

std::vector<int64_t> Tensor::ints() const {
  std::vector<int64_t> values(size());
  for (int64_t i = 0; i < size(); ++i)
    values[i] = getInt(i);
  return values;
}

void Tensor::setFloats(ArrayRef<double> values) {
  for (auto [i, value] : llvm::enumerate(values))
    setFloat(i, value);
}

Tensor fromAttr(ElementsAttr attr) {
  auto type = cast<RankedTensorType>(attr.getType());
  Tensor result(type);
  auto dense = dyn_cast<DenseElementsAttr>(attr);
  if (!dense)
    return result;
  if (type.getElementType().isInteger(1)) {
    for (auto [i, value] : llvm::enumerate(dense.getValues<bool>()))
      result.data[i] = value;
    return result;
  }
  ArrayRef<char> raw = dense.getRawData();
  size_t bytes = elementBytes(type.getElementType());
  for (int64_t i = 0, n = type.getNumElements(); i < n; ++i)
    std::memcpy(result.data.data() + i * bytes,
                raw.data() + (dense.isSplat() ? 0 : i * bytes), bytes);
  return result;
}

DenseElementsAttr toAttr(const Tensor &tensor) {
  if (tensor.element().isInteger(1)) {
    SmallVector<bool> values;
    for (char value : tensor.data)
      values.push_back(value != 0);
    return DenseElementsAttr::get(tensor.type, values);
  }
  return DenseElementsAttr::getFromRawBuffer(tensor.type, tensor.data);
}

SmallVector<int64_t> strides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result(shape.size(), 1);
  for (int64_t i = int64_t(shape.size()) - 2; i >= 0; --i)
    result[i] = result[i + 1] * shape[i + 1];
  return result;
}

void forEachIndex(ArrayRef<int64_t> shape,
                  llvm::function_ref<void(ArrayRef<int64_t>)> fn) {
  for (int64_t extent : shape)
    if (extent == 0)
      return;
  SmallVector<int64_t> index(shape.size(), 0);
  while (true) {
    fn(index);
    int64_t d = int64_t(shape.size()) - 1;
    for (; d >= 0 && ++index[d] == shape[d]; --d)
      index[d] = 0;
    if (d < 0)
      return;
  }
}

int64_t broadcastOffset(ArrayRef<int64_t> shape, ArrayRef<int64_t> index) {
  int64_t offset = 0;
  size_t skip = index.size() - shape.size();
  for (auto [d, extent] : llvm::enumerate(shape))
    offset = offset * extent + (extent == 1 ? 0 : index[skip + d]);
  return offset;
}

} // namespace msc::reference
