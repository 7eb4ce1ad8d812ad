// SPDX-License-Identifier: Apache-2.0

/// \file
/// Element types of the odd kernels: how each is read as a number, as an
/// unsigned key of the same order, and compared; and the stable sort of keys
/// that sorting, top-k and unique share.

#ifndef LIB_TARGET_CPU_LIBRARY_KEYS_H
#define LIB_TARGET_CPU_LIBRARY_KEYS_H

#include "Detail.h"
#include "MSCDevice.h"

#include <stddef.h>

/// A sort key and where it came from.
typedef struct {
  u64 key;
  i64 index;
} keyed;

/// Sorts items[0, n) by key, ascending and stable; `scratch` holds n more.
void msc_sort_keyed(keyed *items, keyed *scratch, i64 n);

// Floating-point keys: the order of the values, -0 equal to +0, every NaN
// equal to every other and above infinity.
MSC_INLINE u64 key_f32(f32 x) {
  u32 u = bits_f32(x);
  u32 key = u >> 31 ? ~u : u | 0x80000000u;
  key = x == 0.0f ? 0x80000000u : key;
  return x == x ? key : 0xffffffffu;
}

MSC_INLINE u64 key_f64(f64 x) {
  u64 u = bits_f64(x);
  u64 key = u >> 63 ? ~u : u | 0x8000000000000000ull;
  key = x == 0.0 ? 0x8000000000000000ull : key;
  return x == x ? key : 0xffffffffffffffffull;
}

/// 16-bit formats whose infinity has the bits `infinity`.
MSC_INLINE u64 key_16(u16 x, u32 infinity) {
  u32 magnitude = x & 0x7fffu;
  u32 key = x >> 15 ? 0x7fffu - magnitude : 0x8000u + magnitude;
  key = magnitude == 0 ? 0x8000u : key;
  return magnitude > infinity ? 0xffffu : key;
}

MSC_INLINE u64 key_f16(u16 x) { return key_16(x, 0x7c00u); }
MSC_INLINE u64 key_bf16(u16 x) { return key_16(x, 0x7f80u); }
MSC_INLINE u64 key_i8(i8 x) { return (u8)x ^ 0x80u; }
MSC_INLINE u64 key_i16(i16 x) { return (u16)x ^ 0x8000u; }
MSC_INLINE u64 key_i32(i32 x) { return (u32)x ^ 0x80000000u; }
MSC_INLINE u64 key_i64(i64 x) { return (u64)x ^ 0x8000000000000000ull; }
MSC_INLINE u64 key_u8(u8 x) { return x; }
MSC_INLINE u64 key_u16(u16 x) { return x; }
MSC_INLINE u64 key_u32(u32 x) { return x; }
MSC_INLINE u64 key_u64(u64 x) { return x; }
MSC_INLINE u64 key_bool(u8 x) { return x != 0; }

/// The value in which two elements are compared with ==: NaN differs from
/// itself, -0 equals +0.
#define MSC_DEFINE_NUMBER(t, storage, number, convert)                         \
  MSC_INLINE number number_##t(storage x) { return convert; }
MSC_DEFINE_NUMBER(f32, f32, f32, x)
MSC_DEFINE_NUMBER(f64, f64, f64, x)
MSC_DEFINE_NUMBER(f16, u16, f32, half_to_f32(x))
MSC_DEFINE_NUMBER(bf16, u16, f32, bfloat_to_f32(x))
MSC_DEFINE_NUMBER(i8, i8, i8, x)
MSC_DEFINE_NUMBER(i16, i16, i16, x)
MSC_DEFINE_NUMBER(i32, i32, i32, x)
MSC_DEFINE_NUMBER(i64, i64, i64, x)
MSC_DEFINE_NUMBER(u8, u8, u8, x)
MSC_DEFINE_NUMBER(u16, u16, u16, x)
MSC_DEFINE_NUMBER(u32, u32, u32, x)
MSC_DEFINE_NUMBER(u64, u64, u64, x)
MSC_DEFINE_NUMBER(bool, u8, u8, x != 0)

#endif // LIB_TARGET_CPU_LIBRARY_KEYS_H
