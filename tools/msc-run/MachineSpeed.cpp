// SPDX-License-Identifier: Apache-2.0
//
/// \file Short loops of multiply-adds and of loads, on all threads at once: two
/// hardware threads of a core, or a shared cache, give less than twice.
#include "MachineSpeed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>
#include <unistd.h>

using namespace msc::run;

namespace {

/// Independent results in flight: enough for two units of five cycles, and few
/// enough for sixteen registers.
constexpr int chains = 12;

/// Loops for one vector unit; both return how long they are, in operations and
/// in bytes.
struct Unit {
  const char *feature;
  double (*multiplyAdd)(uint64_t steps);
  double (*read)(const char *data, uint64_t bytes);
};

/// Keeps `value` from being optimised away.
template <typename T> void use(T &value) {
  __asm__ volatile("" : : "r"(&value) : "memory");
}

#define MSC_UNIT(NAME, BYTES, TARGET)                                          \
  typedef float NAME##Vector __attribute__((vector_size(BYTES)));              \
  TARGET double NAME##MultiplyAdd(uint64_t steps) {                            \
    NAME##Vector sums[chains] = {}, zero = {};                                 \
    NAME##Vector factor = zero + 0.999f, term = zero + 0.5f;                   \
    use(factor);                                                               \
    use(term);                                                                 \
    for (uint64_t step = 0; step < steps; ++step)                              \
      for (int i = 0; i < chains; ++i)                                         \
        sums[i] = sums[i] * factor + term;                                     \
    use(sums);                                                                 \
    return double(steps) * chains * 2 * (BYTES / sizeof(float));               \
  }                                                                            \
  TARGET double NAME##Read(const char *data, uint64_t bytes) {                 \
    NAME##Vector sums[8] = {};                                                 \
    auto *vectors = reinterpret_cast<const NAME##Vector *>(data);              \
    uint64_t count = bytes / (8 * BYTES);                                      \
    for (uint64_t step = 0; step < count; ++step)                              \
      for (int i = 0; i < 8; ++i)                                              \
        sums[i] += vectors[step * 8 + i];                                      \
    use(sums);                                                                 \
    return double(count) * 8 * BYTES;                                          \
  }                                                                            \
  const Unit NAME##Unit = {#NAME, NAME##MultiplyAdd, NAME##Read};

#if defined(__x86_64__)
MSC_UNIT(avx512f, 64, __attribute__((target("avx512f,fma"))))
MSC_UNIT(fma, 32, __attribute__((target("avx2,fma"))))
MSC_UNIT(avx, 32, __attribute__((target("avx"))))
MSC_UNIT(sse2, 16, )
const Unit *const units[] = {&avx512fUnit, &fmaUnit, &avxUnit, &sse2Unit};
#else
MSC_UNIT(neon, 16, )
const Unit *const units[] = {&neonUnit};
#endif

/// The widest unit among the features; the last one is always there.
const Unit &unitOf(const std::string &features) {
  std::string list = "," + features + ",";
  for (const Unit *unit : units)
    if (list.find("," + std::string(unit->feature) + ",") != list.npos)
      return *unit;
  return *units[sizeof(units) / sizeof(units[0]) - 1];
}

double now() {
  auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(time).count();
}

/// Calls `work(thread)`, which says how much it did, on all threads at once,
/// for several rounds of `seconds`; adds up the best rate of each thread, as
/// other programs may take its processor in between.
template <typename Work>
double rateOf(unsigned threads, double seconds, Work work) {
  constexpr int rounds = 12;
  std::vector<double> best(threads);
  std::atomic<unsigned> arrived{0};
  auto body = [&](unsigned thread) {
    work(thread); // warm
    for (unsigned round = 1; round <= rounds; ++round) {
      ++arrived;
      while (arrived.load() < round * threads)
        std::this_thread::yield();
      double begin = now(), end = begin, done = 0;
      for (; end - begin < seconds; end = now())
        done += work(thread);
      best[thread] = std::max(best[thread], done / (end - begin));
    }
  };
  std::vector<std::thread> others;
  for (unsigned thread = 1; thread < threads; ++thread)
    others.emplace_back(body, thread);
  body(0);
  for (std::thread &other : others)
    other.join();
  double sum = 0;
  for (double rate : best)
    sum += rate;
  return sum;
}

uint64_t cacheSize(int name, uint64_t otherwise) {
  long size = sysconf(name);
  return size > 0 ? static_cast<uint64_t>(size) : otherwise;
}

/// Reads `bytes` on each thread.
double readRate(const Unit &unit, unsigned threads, uint64_t bytes) {
  constexpr uint64_t page = 4096;
  bytes = std::max(bytes / page, uint64_t(1)) * page;
  std::unique_ptr<char, decltype(&free)> data(
      static_cast<char *>(aligned_alloc(page, bytes * threads)), &free);
  if (!data)
    return 0;
  std::fill_n(data.get(), bytes * threads, 0);
  return rateOf(threads, 0.003, [&](unsigned thread) {
    return unit.read(data.get() + bytes * thread, bytes);
  });
}

} // namespace

const MachineSpeed::Level &MachineSpeed::levelOf(uint64_t bytes) const {
  for (const Level &level : levels)
    if (bytes <= level.capacity)
      return level;
  return levels.back();
}

MachineSpeed msc::run::measureMachine(const std::string &features,
                                      unsigned threads) {
  constexpr uint64_t mebi = 1 << 20;
  MachineSpeed speed;
  const Unit &unit = unitOf(features);
  speed.unit = unit.feature;
  speed.threads = threads;
  speed.flopsPerSecond =
      rateOf(threads, 0.003, [&](unsigned) { return unit.multiplyAdd(2000); });
  uint64_t l2 = cacheSize(_SC_LEVEL2_CACHE_SIZE, mebi),
           l3 = cacheSize(_SC_LEVEL3_CACHE_SIZE, 32 * mebi);
  uint64_t large = std::clamp(2 * l3, 64 * mebi, 512 * mebi);
  // In the middle of what a level holds, as far as others leave it.
  speed.levels = {
      {"L2", l2 * threads, readRate(unit, threads, l2 / 2)},
      {"L3", l3, readRate(unit, threads, std::min(4 * l2, l3 / 2 / threads))},
      {"memory", UINT64_MAX, readRate(unit, threads, large / threads)}};
  return speed;
}
