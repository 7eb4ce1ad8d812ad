// SPDX-License-Identifier: Apache-2.0
//
/// \file Which AArch64 features this processor has. Bits as in Linux'
/// uapi/asm/hwcap.h; names as in LLVM's AArch64TargetParser.
#include "CpuFeatures.h"

#if defined(__aarch64__)

#include <cstring>
#include <sys/auxv.h>

using namespace mscrt::core;

namespace {

struct Feature {
  const char *name;
  unsigned long type; // AT_HWCAP or AT_HWCAP2
  uint8_t bit;
};

constexpr Feature features[] = {
    {"fp-armv8", AT_HWCAP, 0},
    {"neon", AT_HWCAP, 1},
    {"aes", AT_HWCAP, 4},
    {"sha2", AT_HWCAP, 6},
    {"crc", AT_HWCAP, 7},
    {"lse", AT_HWCAP, 8},
    {"fullfp16", AT_HWCAP, 10},
    {"rdm", AT_HWCAP, 12},
    {"jsconv", AT_HWCAP, 13},
    {"complxnum", AT_HWCAP, 14},
    {"rcpc", AT_HWCAP, 15},
    {"ccpp", AT_HWCAP, 16},
    {"sha3", AT_HWCAP, 17},
    {"sm4", AT_HWCAP, 19},
    {"dotprod", AT_HWCAP, 20},
    {"sve", AT_HWCAP, 22},
    {"fp16fml", AT_HWCAP, 23},
    {"dit", AT_HWCAP, 24},
    {"lse2", AT_HWCAP, 25},
    {"rcpc-immo", AT_HWCAP, 26},
    {"flagm", AT_HWCAP, 27},
    {"ssbs", AT_HWCAP, 28},
    {"sb", AT_HWCAP, 29},
    {"pauth", AT_HWCAP, 30},
    {"ccdp", AT_HWCAP2, 0},
    {"sve2", AT_HWCAP2, 1},
    {"sve2-aes", AT_HWCAP2, 2},
    {"sve2-bitperm", AT_HWCAP2, 4},
    {"sve2-sha3", AT_HWCAP2, 5},
    {"sve2-sm4", AT_HWCAP2, 6},
    {"altnzcv", AT_HWCAP2, 7},
    {"fptoint", AT_HWCAP2, 8},
    {"f32mm", AT_HWCAP2, 10},
    {"f64mm", AT_HWCAP2, 11},
    {"i8mm", AT_HWCAP2, 13},
    {"bf16", AT_HWCAP2, 14},
    {"rand", AT_HWCAP2, 16},
    {"bti", AT_HWCAP2, 17},
    {"mte", AT_HWCAP2, 18},
    {"sme", AT_HWCAP2, 23},
    {"sme-i16i64", AT_HWCAP2, 24},
    {"sme-f64f64", AT_HWCAP2, 25},
    // Architecture levels, by the newest mandatory feature that Linux reports.
    {"v8.1a", AT_HWCAP, 8},
    {"v8.2a", AT_HWCAP, 16},
    {"v8.3a", AT_HWCAP, 15},
    {"v8.4a", AT_HWCAP, 27},
    {"v8.5a", AT_HWCAP, 29},
    {"v8.6a", AT_HWCAP2, 13},
    {"v9a", AT_HWCAP2, 1},
    {"v9.1a", AT_HWCAP2, 1},
};

/// What LLVM lists as features but no processor can lack.
bool isCodeGenOnly(const std::string &name) {
  static const char *const prefixes[] = {
      "v8a",     "fuse-",           "arith-",       "use-",     "predictable-",
      "slow-",   "fast-",           "alu-",         "custom-",  "disable-",
      "enable-", "balance-",        "zcm",          "zcz",      "store-pair-",
      "perfmon", "outline-atomics", "strict-align", "no-",      "ascend-",
      "cmp-",    "exynos-",         "lsl-fast",     "addr-lsl-"};
  for (const char *prefix : prefixes)
    if (name.compare(0, strlen(prefix), prefix) == 0)
      return true;
  return false;
}

} // namespace

FeatureState mscrt::core::hostFeature(const std::string &name) {
  for (const Feature &feature : features)
    if (name == feature.name)
      return getauxval(feature.type) >> feature.bit & 1 ? FeatureState::Present
                                                        : FeatureState::Missing;
  return isCodeGenOnly(name) ? FeatureState::Present : FeatureState::Unknown;
}

#endif // __aarch64__
