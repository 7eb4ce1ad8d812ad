// SPDX-License-Identifier: Apache-2.0
//
/// \file Gives model code a floating-point environment of its own, so that
/// results do not depend on the thread that computes them.
#ifndef MSCRT_LIB_CORE_FLOATENVIRONMENT_H
#define MSCRT_LIB_CORE_FLOATENVIRONMENT_H

#include <cstdint>

namespace mscrt::core {

enum class Denormals { Keep, Flush };

/// While alive: round to nearest, exceptions masked, denormal operands and
/// results of arithmetic kept or zero. Programs built with -ffast-math leave
/// other settings in their main thread.
class FloatEnvironment {
public:
  explicit FloatEnvironment(Denormals denormals) : saved(get()) {
    set(denormals == Denormals::Flush ? defaults | flush : defaults);
  }
  ~FloatEnvironment() { set(saved); }
  FloatEnvironment(const FloatEnvironment &) = delete;
  FloatEnvironment &operator=(const FloatEnvironment &) = delete;

private:
#if defined(__x86_64__)
  static constexpr uint64_t defaults = 0x1f80, flush = 0x8040;
  static uint64_t get() { return __builtin_ia32_stmxcsr(); }
  static void set(uint64_t value) {
    __builtin_ia32_ldmxcsr(static_cast<uint32_t>(value));
  }
#elif defined(__aarch64__)
  static constexpr uint64_t defaults = 0, flush = 1 << 24;
  static uint64_t get() {
    uint64_t value;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void set(uint64_t value) {
    __asm__ volatile("msr fpcr, %0" ::"r"(value));
  }
#else
  static constexpr uint64_t defaults = 0, flush = 0;
  static uint64_t get() { return 0; }
  static void set(uint64_t) {}
#endif

  uint64_t saved;
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_FLOATENVIRONMENT_H
