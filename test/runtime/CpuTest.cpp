// SPDX-License-Identifier: Apache-2.0
//
/// \file What the runtime finds out about the processor and its limits.
#include "TestModels.h"

#include "runtime/lib/core/CpuCount.h"
#include "runtime/lib/core/CpuFeatures.h"

#include <sched.h>
#include <thread>

using namespace mscrt::core;
using namespace test;

TEST(CpuFeatures, NamesWhatIsMissingAndWhatIsUnknown) {
  mscrt_error error = {};
  EXPECT_EQ(checkCpu(hostArchitecture(), "", &error), MSCRT_OK);
  EXPECT_EQ(checkCpu("sparc64-linux", "", &error), MSCRT_ERROR_CPU);
  EXPECT_EQ(std::string(error.message),
            std::string("the model is compiled for sparc64, this machine is ") +
                hostArchitecture());
  EXPECT_EQ(checkCpu("", "+abc,-def,ghi", &error), MSCRT_ERROR_CPU);
  EXPECT_STREQ(error.message, "the model needs processor features that this "
                              "runtime does not know: abc, ghi");
}

#if defined(__x86_64__)
TEST(CpuFeatures, AgreesWithTheKernelOnX86) {
  std::string flags = " " + readFile("/proc/cpuinfo");
  flags = flags.substr(flags.find("flags"));
  flags = flags.substr(0, flags.find('\n')) + " ";
  const std::pair<const char *, const char *> names[] = {
      {"sse2", "sse2"},         {"avx", "avx"},
      {"avx2", "avx2"},         {"fma", "fma"},
      {"bmi2", "bmi2"},         {"f16c", "f16c"},
      {"avx512f", "avx512f"},   {"avx512bf16", "avx512_bf16"},
      {"amx-tile", "amx_tile"}, {"avxvnni", "avx_vnni"},
      {"xsavec", "xsavec"},     {"sse4a", "sse4a"},
      {"lzcnt", "abm"},         {"avx512fp16", "avx512_fp16"}};
  for (auto [feature, flag] : names) {
    bool isThere =
        flags.find(std::string(" ") + flag + " ") != std::string::npos;
    EXPECT_EQ(hostFeature(feature),
              isThere ? FeatureState::Present : FeatureState::Missing)
        << feature;
  }
  mscrt_error error = {};
  EXPECT_EQ(checkCpu("x86_64", "+sse2,+fxsr,-avx512f,cx8", &error), MSCRT_OK)
      << error.message;
  // No processor has AMD's and Intel's oldest and newest at once.
  ASSERT_EQ(checkCpu("x86_64", "+sse2,+xop,+usermsr", &error), MSCRT_ERROR_CPU);
  EXPECT_NE(strstr(error.message, "usermsr"), nullptr) << error.message;
}
#endif

TEST(CpuCount, ReadsQuotasOfVersion2) {
  TemporaryFolder root;
  std::filesystem::create_directories(root / "a/b");
  std::string folder = root / "";
  folder.pop_back();
  EXPECT_EQ(cgroupCpuLimit("0::/a/b\n", folder), 0u);
  writeFile(root / "a/cpu.max", "max 100000\n");
  EXPECT_EQ(cgroupCpuLimit("0::/a/b\n", folder), 0u);
  writeFile(root / "a/cpu.max", "250000 100000\n");
  EXPECT_EQ(cgroupCpuLimit("0::/a/b\n", folder), 3u);
  writeFile(root / "a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(cgroupCpuLimit("0::/a/b\n", folder), 1u);
  EXPECT_EQ(cgroupCpuLimit("0::/elsewhere\n", folder), 0u);
  writeFile(root / "cpu.max", "200000 100000\n");
  EXPECT_EQ(cgroupCpuLimit("0::/elsewhere\n", folder), 2u);
}

TEST(CpuCount, ReadsQuotasOfVersion1) {
  TemporaryFolder root;
  std::filesystem::create_directories(root / "cpu,cpuacct/x");
  writeFile(root / "cpu,cpuacct/x/cpu.cfs_quota_us", "400000\n");
  writeFile(root / "cpu,cpuacct/x/cpu.cfs_period_us", "100000\n");
  std::string folder = root / "";
  folder.pop_back();
  const char *membership = "7:memory:/x\n4:cpu,cpuacct:/x\nnonsense\n";
  EXPECT_EQ(cgroupCpuLimit(membership, folder), 4u);
  writeFile(root / "cpu,cpuacct/x/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(cgroupCpuLimit(membership, folder), 0u);
}

TEST(CpuCount, RespectsTheAffinityMask) {
  unsigned all = mscrt_available_threads();
  EXPECT_GE(all, 1u);
  EXPECT_LE(all, std::max(1u, std::thread::hardware_concurrency()));
  std::thread([] {
    cpu_set_t mask;
    ASSERT_EQ(sched_getaffinity(0, sizeof(mask), &mask), 0);
    for (int cpu = 0, kept = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &mask) && kept++)
        CPU_CLR(cpu, &mask);
    ASSERT_EQ(sched_setaffinity(0, sizeof(mask), &mask), 0);
    EXPECT_EQ(mscrt_available_threads(), 1u);
  }).join();
}
