// SPDX-License-Identifier: Apache-2.0
//
/// \file Element types: the runtime's numbering and MLIR's types.
#include "msc/Support/DType.h"

using namespace mlir;

namespace msc {

Type elementType(MLIRContext *ctx, mscrt_dtype dtype) {
  auto integer = [&](unsigned width, bool isUnsigned = false) {
    return IntegerType::get(
        ctx, width, isUnsigned ? IntegerType::Unsigned : IntegerType::Signless);
  };
  switch (dtype) {
  case MSCRT_F32:
    return Float32Type::get(ctx);
  case MSCRT_F64:
    return Float64Type::get(ctx);
  case MSCRT_F16:
    return Float16Type::get(ctx);
  case MSCRT_BF16:
    return BFloat16Type::get(ctx);
  case MSCRT_BOOL:
    return integer(1);
  case MSCRT_I8:
    return integer(8);
  case MSCRT_I16:
    return integer(16);
  case MSCRT_I32:
    return integer(32);
  case MSCRT_I64:
    return integer(64);
  case MSCRT_U8:
    return integer(8, true);
  case MSCRT_U16:
    return integer(16, true);
  case MSCRT_U32:
    return integer(32, true);
  case MSCRT_U64:
    return integer(64, true);
  case MSCRT_STRING:
  case MSCRT_INVALID:
    break;
  }
  return {};
}

mscrt_dtype dtypeOf(Type type) {
  for (int dtype = MSCRT_F32; dtype <= MSCRT_BF16; ++dtype)
    if (Type t = elementType(type.getContext(), mscrt_dtype(dtype));
        t && t == type)
      return mscrt_dtype(dtype);
  return MSCRT_INVALID;
}

} // namespace msc
