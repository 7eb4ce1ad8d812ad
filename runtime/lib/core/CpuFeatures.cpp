// SPDX-License-Identifier: Apache-2.0
//
/// \file Compares what a model asks of the processor with what is there; the
/// tables of each architecture are in CpuFeaturesX86.cpp and
/// CpuFeaturesAArch64.cpp.
#include "CpuFeatures.h"

#include "Support.h"

#include <algorithm>
#include <elf.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace mscrt::core;

const char *mscrt::core::hostArchitecture() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "unknown";
#endif
}

uint16_t mscrt::core::hostElfMachine() {
#if defined(__x86_64__)
  return EM_X86_64;
#elif defined(__aarch64__)
  return EM_AARCH64;
#else
  return EM_NONE;
#endif
}

#if !defined(__x86_64__) && !defined(__aarch64__)
FeatureState mscrt::core::hostFeature(const std::string &name) {
  return FeatureState::Unknown;
}
#endif

/// Linux keeps the tile data of AMX off until a process asks for it; threads
/// inherit the permission.
static bool requestTileRegisters() {
#if defined(__x86_64__)
  constexpr int requestPermission = 0x1023; // ARCH_REQ_XCOMP_PERM
  constexpr int tileData = 18;              // XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return false;
#endif
}

mscrt_status mscrt::core::checkCpu(const char *triple, const char *features,
                                   mscrt_error *error) {
  std::string architecture = orEmpty(triple);
  architecture = architecture.substr(0, architecture.find('-'));
  if (!architecture.empty() && architecture != hostArchitecture())
    return fail(error, MSCRT_ERROR_CPU,
                "the model is compiled for %s, this machine is %s",
                architecture.c_str(), hostArchitecture());
  std::string list = orEmpty(features);
  std::string missing, unknown;
  bool needsTiles = false;
  for (size_t begin = 0; begin < list.size();) {
    size_t end = std::min(list.find(',', begin), list.size());
    std::string name = list.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name[0] == '-')
      continue;
    if (name[0] == '+')
      name.erase(0, 1);
    needsTiles |= name == "amx-tile";
    FeatureState state = hostFeature(name);
    if (state == FeatureState::Missing)
      missing += (missing.empty() ? "" : ", ") + name;
    else if (state == FeatureState::Unknown)
      unknown += (unknown.empty() ? "" : ", ") + name;
  }
  if (!missing.empty())
    return fail(error, MSCRT_ERROR_CPU,
                "the model needs processor features that this machine lacks: "
                "%s",
                missing.c_str());
  if (!unknown.empty())
    return fail(error, MSCRT_ERROR_CPU,
                "the model needs processor features that this runtime does not "
                "know: %s",
                unknown.c_str());
  if (needsTiles && !requestTileRegisters())
    return fail(error, MSCRT_ERROR_CPU,
                "the operating system does not allow the AMX tile registers "
                "that the model needs");
  return MSCRT_OK;
}
