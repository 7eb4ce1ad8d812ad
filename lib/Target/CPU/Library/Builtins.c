// SPDX-License-Identifier: Apache-2.0

/// \file
/// The functions that LLVM's code generator calls without being asked:
/// memory primitives, half and bfloat conversions on CPUs without them, and
/// fmod for the remainder instruction. Same names and contracts as libc and
/// compiler-rt, hidden and weak: compiled models have no undefined symbols.

#include "Detail.h"
#include "MSCDevice.h"

#include <stddef.h>

#define BUILTIN __attribute__((weak, visibility("hidden"), used))

/// Eight bytes at a time from the front; right when `to` is not inside
/// (from, from + n).
MSC_INLINE void copy_forward(u8 *to, const u8 *from, size_t n) {
  for (; n >= 8; n -= 8, to += 8, from += 8) {
    u64 word;
    __builtin_memcpy_inline(&word, from, 8);
    __builtin_memcpy_inline(to, &word, 8);
  }
  for (size_t i = 0; i < n; ++i)
    to[i] = from[i];
}

BUILTIN void *memcpy(void *to, const void *from, size_t n) {
  copy_forward(to, from, n);
  return to;
}

BUILTIN void *memmove(void *to, const void *from, size_t n) {
  if ((uintptr_t)to - (uintptr_t)from >= n) {
    copy_forward(to, from, n);
    return to;
  }
  u8 *d = to;
  const u8 *s = from;
  for (; n >= 8; n -= 8) {
    u64 word;
    __builtin_memcpy_inline(&word, s + n - 8, 8);
    __builtin_memcpy_inline(d + n - 8, &word, 8);
  }
  while (n-- > 0)
    d[n] = s[n];
  return to;
}

BUILTIN void *memset(void *to, int value, size_t n) {
  u8 *d = to;
  u64 word = 0x0101010101010101ull * (u8)value;
  for (; n >= 8; n -= 8, d += 8)
    __builtin_memcpy_inline(d, &word, 8);
  for (size_t i = 0; i < n; ++i)
    d[i] = (u8)value;
  return to;
}

BUILTIN int memcmp(const void *a, const void *b, size_t n) {
  const u8 *x = a, *y = b;
  for (size_t i = 0; i < n; ++i)
    if (x[i] != y[i])
      return x[i] < y[i] ? -1 : 1;
  return 0;
}

BUILTIN float __extendhfsf2(_Float16 x) {
  u16 h;
  __builtin_memcpy_inline(&h, &x, 2);
  return half_to_f32(h);
}

BUILTIN double __extendhfdf2(_Float16 x) { return __extendhfsf2(x); }

static _Float16 as_half(u16 bits) {
  _Float16 r;
  __builtin_memcpy_inline(&r, &bits, 2);
  return r;
}

static __bf16 as_bfloat(u16 bits) {
  __bf16 r;
  __builtin_memcpy_inline(&r, &bits, 2);
  return r;
}

BUILTIN _Float16 __truncsfhf2(float x) { return as_half(f32_to_half(x)); }
BUILTIN __bf16 __truncsfbf2(float x) { return as_bfloat(f32_to_bfloat(x)); }

/// x in single precision, rounded to odd: a second rounding to a narrower
/// format then is as if it were the only one.
static f32 round_to_odd(f64 x) {
  f32 y = (f32)x;
  u32 u = bits_f32(y);
  if (x != x || (f64)y == x)
    return y;
  if (__builtin_fabs((f64)y) > __builtin_fabs(x))
    --u;
  return from_bits_f32(u | 1);
}

BUILTIN _Float16 __truncdfhf2(double x) {
  return as_half(f32_to_half(round_to_odd(x)));
}

BUILTIN __bf16 __truncdfbf2(double x) {
  return as_bfloat(f32_to_bfloat(round_to_odd(x)));
}

BUILTIN float fmodf(float x, float y) { return msc_fmod_f32(x, y); }
BUILTIN double fmod(double x, double y) { return msc_fmod_f64(x, y); }
