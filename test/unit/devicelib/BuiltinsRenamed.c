// SPDX-License-Identifier: Apache-2.0

/// \file
/// Builtins.c under names that do not replace the C library's in the test,
/// and its conversions as functions of bits.

#include <stddef.h>
#include <stdint.h>

#define memcpy builtin_memcpy
#define memmove builtin_memmove
#define memset builtin_memset
#define memcmp builtin_memcmp
#define fmodf builtin_fmodf
#define fmod builtin_fmod
#define __extendhfsf2 builtin_extendhfsf2
#define __extendhfdf2 builtin_extendhfdf2
#define __truncsfhf2 builtin_truncsfhf2
#define __truncdfhf2 builtin_truncdfhf2
#define __truncsfbf2 builtin_truncsfbf2
#define __truncdfbf2 builtin_truncdfbf2
#include "lib/Target/CPU/Library/Builtins.c"

float test_half_to_f32(uint16_t h) { return builtin_extendhfsf2(as_half(h)); }

static uint16_t half_bits(_Float16 x) {
  uint16_t h;
  __builtin_memcpy(&h, &x, 2);
  return h;
}

static uint16_t bfloat_bits(__bf16 x) {
  uint16_t h;
  __builtin_memcpy(&h, &x, 2);
  return h;
}

uint16_t test_f32_to_half(float x) { return half_bits(builtin_truncsfhf2(x)); }
uint16_t test_f64_to_half(double x) { return half_bits(builtin_truncdfhf2(x)); }

uint16_t test_f32_to_bfloat(float x) {
  return bfloat_bits(builtin_truncsfbf2(x));
}

uint16_t test_f64_to_bfloat(double x) {
  return bfloat_bits(builtin_truncdfbf2(x));
}
