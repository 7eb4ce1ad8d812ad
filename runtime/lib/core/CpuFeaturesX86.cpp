// SPDX-License-Identifier: Apache-2.0
//
/// \file Which x86-64 features this processor has. Bits as in Intel's SDM and
/// AMD's APM; names as in LLVM's X86TargetParser.def.
#include "CpuFeatures.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <cstring>

using namespace mscrt::core;

namespace {

enum Register : uint8_t { EAX, EBX, ECX, EDX };

/// Register state that the operating system must save (bits of XCR0).
enum Os : uint32_t {
  None = 0,
  Avx = 0x6,
  Avx512 = 0xe6,
  Amx = 0x60000,
};

struct Feature {
  const char *name;
  uint32_t leaf, subleaf;
  Register reg;
  uint8_t bit;
  Os os;
};

constexpr uint32_t extended1 = 0x80000001, extended8 = 0x80000008;

constexpr Feature features[] = {
    {"cx8", 1, 0, EDX, 8, None},
    {"cmov", 1, 0, EDX, 15, None},
    {"mmx", 1, 0, EDX, 23, None},
    {"fxsr", 1, 0, EDX, 24, None},
    {"sse", 1, 0, EDX, 25, None},
    {"sse2", 1, 0, EDX, 26, None},
    {"sse3", 1, 0, ECX, 0, None},
    {"pclmul", 1, 0, ECX, 1, None},
    {"ssse3", 1, 0, ECX, 9, None},
    {"fma", 1, 0, ECX, 12, Avx},
    {"cx16", 1, 0, ECX, 13, None},
    {"sse4.1", 1, 0, ECX, 19, None},
    {"sse4.2", 1, 0, ECX, 20, None},
    {"crc32", 1, 0, ECX, 20, None},
    {"movbe", 1, 0, ECX, 22, None},
    {"popcnt", 1, 0, ECX, 23, None},
    {"aes", 1, 0, ECX, 25, None},
    {"xsave", 1, 0, ECX, 27, None},
    {"avx", 1, 0, ECX, 28, Avx},
    {"f16c", 1, 0, ECX, 29, Avx},
    {"rdrnd", 1, 0, ECX, 30, None},
    {"sahf", extended1, 0, ECX, 0, None},
    {"lzcnt", extended1, 0, ECX, 5, None},
    {"sse4a", extended1, 0, ECX, 6, None},
    {"prfchw", extended1, 0, ECX, 8, None},
    {"xop", extended1, 0, ECX, 11, Avx},
    {"lwp", extended1, 0, ECX, 15, None},
    {"fma4", extended1, 0, ECX, 16, Avx},
    {"tbm", extended1, 0, ECX, 21, None},
    {"mwaitx", extended1, 0, ECX, 29, None},
    {"64bit", extended1, 0, EDX, 29, None},
    {"clzero", extended8, 0, EBX, 0, None},
    {"rdpru", extended8, 0, EBX, 4, None},
    {"wbnoinvd", extended8, 0, EBX, 9, None},
    {"fsgsbase", 7, 0, EBX, 0, None},
    {"sgx", 7, 0, EBX, 2, None},
    {"bmi", 7, 0, EBX, 3, None},
    {"avx2", 7, 0, EBX, 5, Avx},
    {"bmi2", 7, 0, EBX, 8, None},
    {"invpcid", 7, 0, EBX, 10, None},
    {"rtm", 7, 0, EBX, 11, None},
    {"avx512f", 7, 0, EBX, 16, Avx512},
    {"avx512dq", 7, 0, EBX, 17, Avx512},
    {"rdseed", 7, 0, EBX, 18, None},
    {"adx", 7, 0, EBX, 19, None},
    {"avx512ifma", 7, 0, EBX, 21, Avx512},
    {"clflushopt", 7, 0, EBX, 23, None},
    {"clwb", 7, 0, EBX, 24, None},
    {"avx512cd", 7, 0, EBX, 28, Avx512},
    {"sha", 7, 0, EBX, 29, None},
    {"avx512bw", 7, 0, EBX, 30, Avx512},
    {"avx512vl", 7, 0, EBX, 31, Avx512},
    {"avx512vbmi", 7, 0, ECX, 1, Avx512},
    {"pku", 7, 0, ECX, 4, None},
    {"waitpkg", 7, 0, ECX, 5, None},
    {"avx512vbmi2", 7, 0, ECX, 6, Avx512},
    {"shstk", 7, 0, ECX, 7, None},
    {"gfni", 7, 0, ECX, 8, None},
    {"vaes", 7, 0, ECX, 9, Avx},
    {"vpclmulqdq", 7, 0, ECX, 10, Avx},
    {"avx512vnni", 7, 0, ECX, 11, Avx512},
    {"avx512bitalg", 7, 0, ECX, 12, Avx512},
    {"avx512vpopcntdq", 7, 0, ECX, 14, Avx512},
    {"rdpid", 7, 0, ECX, 22, None},
    {"kl", 7, 0, ECX, 23, None},
    {"cldemote", 7, 0, ECX, 25, None},
    {"movdiri", 7, 0, ECX, 27, None},
    {"movdir64b", 7, 0, ECX, 28, None},
    {"enqcmd", 7, 0, ECX, 29, None},
    {"uintr", 7, 0, EDX, 5, None},
    {"avx512vp2intersect", 7, 0, EDX, 8, Avx512},
    {"serialize", 7, 0, EDX, 14, None},
    {"tsxldtrk", 7, 0, EDX, 16, None},
    {"pconfig", 7, 0, EDX, 18, None},
    {"amx-bf16", 7, 0, EDX, 22, Amx},
    {"avx512fp16", 7, 0, EDX, 23, Avx512},
    {"amx-tile", 7, 0, EDX, 24, Amx},
    {"amx-int8", 7, 0, EDX, 25, Amx},
    {"sha512", 7, 1, EAX, 0, Avx},
    {"sm3", 7, 1, EAX, 1, Avx},
    {"sm4", 7, 1, EAX, 2, Avx},
    {"raoint", 7, 1, EAX, 3, None},
    {"avxvnni", 7, 1, EAX, 4, Avx},
    {"avx512bf16", 7, 1, EAX, 5, Avx512},
    {"cmpccxadd", 7, 1, EAX, 7, None},
    {"amx-fp16", 7, 1, EAX, 21, Amx},
    {"hreset", 7, 1, EAX, 22, None},
    {"avxifma", 7, 1, EAX, 23, Avx},
    {"avxvnniint8", 7, 1, EDX, 4, Avx},
    {"avxneconvert", 7, 1, EDX, 5, Avx},
    {"amx-complex", 7, 1, EDX, 8, Amx},
    {"avxvnniint16", 7, 1, EDX, 10, Avx},
    {"prefetchi", 7, 1, EDX, 14, None},
    {"usermsr", 7, 1, EDX, 15, None},
    {"avx10.1-256", 7, 1, EDX, 19, Avx512},
    {"avx10.1-512", 0x24, 0, EBX, 18, Avx512},
    {"xsaveopt", 0xd, 1, EAX, 0, None},
    {"xsavec", 0xd, 1, EAX, 1, None},
    {"xsaves", 0xd, 1, EAX, 3, None},
    {"ptwrite", 0x14, 0, EBX, 4, None},
    {"widekl", 0x19, 0, EBX, 2, None},
};

/// What LLVM lists as features but no processor can lack: choices of code
/// generation and tuning.
bool isCodeGenOnly(const std::string &name) {
  static const char *const prefixes[] = {
      "fast-",     "slow-",     "prefer-",     "false-deps-", "tuning-",
      "allow-",    "branch",    "macrofusion", "no-bypass-",  "idiv",
      "lvi-",      "retpoline", "use-",        "sbb-",        "inline-asm-",
      "pad-short", "ermsb",     "fsrm",        "lea-",        "vzeroupper",
      "evex512",   "x87",       "64bit-mode",  "harden-",     "faster-shift"};
  for (const char *prefix : prefixes)
    if (name.compare(0, strlen(prefix), prefix) == 0)
      return true;
  return false;
}

/// Register state that the operating system saves; 0 without XSAVE.
uint64_t enabledState() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 27))
    return 0;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

bool hasFeature(const Feature &feature) {
  unsigned registers[4] = {0, 0, 0, 0};
  if (!__get_cpuid_count(feature.leaf, feature.subleaf, &registers[EAX],
                         &registers[EBX], &registers[ECX], &registers[EDX]))
    return false;
  static const uint64_t state = enabledState();
  return registers[feature.reg] >> feature.bit & 1 &&
         (state & feature.os) == feature.os;
}

} // namespace

FeatureState mscrt::core::hostFeature(const std::string &name) {
  for (const Feature &feature : features)
    if (name == feature.name)
      return hasFeature(feature) ? FeatureState::Present
                                 : FeatureState::Missing;
  return isCodeGenOnly(name) ? FeatureState::Present : FeatureState::Unknown;
}

#endif // __x86_64__
