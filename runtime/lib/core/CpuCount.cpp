// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads the affinity mask and the quotas of control groups.
#include "CpuCount.h"

#include "mscrt/mscrt.h"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <vector>

using namespace mscrt::core;

static std::string readSmallFile(const std::string &path) {
  std::string text;
  FILE *file = fopen(path.c_str(), "re");
  if (!file)
    return text;
  char buffer[4096];
  size_t count;
  while ((count = fread(buffer, 1, sizeof(buffer), file)) > 0 &&
         text.size() < (1 << 20))
    text.append(buffer, count);
  fclose(file);
  return text;
}

/// Whole processors that a quota allows; UINT_MAX for "no limit".
static unsigned cpusOf(long long quota, long long period) {
  if (quota <= 0 || period <= 0)
    return UINT_MAX;
  long long cpus = (quota + period - 1) / period;
  return static_cast<unsigned>(std::min<long long>(cpus, 1 << 20));
}

/// "max 100000" or "150000 100000".
static unsigned limitV2(const std::string &folder) {
  std::string text = readSmallFile(folder + "/cpu.max");
  long long quota = 0, period = 0;
  if (sscanf(text.c_str(), "%lld %lld", &quota, &period) != 2)
    return UINT_MAX;
  return cpusOf(quota, period);
}

static unsigned limitV1(const std::string &folder) {
  std::string quota = readSmallFile(folder + "/cpu.cfs_quota_us");
  std::string period = readSmallFile(folder + "/cpu.cfs_period_us");
  return cpusOf(atoll(quota.c_str()), atoll(period.c_str()));
}

/// The least limit of a group and all groups above it. Inside a container the
/// path may name groups that are not mounted; their files read as no limit.
static unsigned limitUpwards(const std::string &mount, std::string path,
                             unsigned (*limit)(const std::string &)) {
  unsigned least = limit(mount);
  while (!path.empty() && path != "/") {
    least = std::min(least, limit(mount + path));
    path.erase(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
  return least;
}

unsigned mscrt::core::cgroupCpuLimit(const std::string &membership,
                                     const std::string &root) {
  unsigned least = UINT_MAX;
  // Lines are "<id>:<controllers>:<path>"; version 2 has no controllers.
  for (size_t begin = 0; begin < membership.size();) {
    size_t end = std::min(membership.find('\n', begin), membership.size());
    std::string line = membership.substr(begin, end - begin);
    begin = end + 1;
    size_t first = line.find(':');
    size_t second =
        first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos)
      continue;
    std::string controllers = line.substr(first + 1, second - first - 1);
    std::string path = line.substr(second + 1);
    if (controllers.empty())
      least = std::min(least, limitUpwards(root, path, limitV2));
    else if (("," + controllers + ",").find(",cpu,") != std::string::npos)
      for (const std::string &mount : {root + "/cpu", root + "/" + controllers})
        least = std::min(least, limitUpwards(mount, path, limitV1));
  }
  return least == UINT_MAX ? 0 : least;
}

static unsigned affinityCount() {
  // The kernel refuses a mask that is too small for its processors.
  for (int cpus = 1024; cpus <= 1 << 20; cpus *= 4) {
    cpu_set_t *mask = CPU_ALLOC(cpus);
    if (!mask)
      return 1;
    size_t size = CPU_ALLOC_SIZE(cpus);
    bool isRead = sched_getaffinity(0, size, mask) == 0;
    int count = isRead ? CPU_COUNT_S(size, mask) : 0;
    CPU_FREE(mask);
    if (isRead)
      return static_cast<unsigned>(std::max(count, 1));
  }
  return 1;
}

unsigned mscrt::core::availableCpus() {
  unsigned count = affinityCount();
  unsigned limit =
      cgroupCpuLimit(readSmallFile("/proc/self/cgroup"), "/sys/fs/cgroup");
  return limit ? std::min(count, limit) : count;
}

uint32_t mscrt_available_threads(void) { return availableCpus(); }
