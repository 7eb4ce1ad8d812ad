// SPDX-License-Identifier: Apache-2.0
//
/// \file A fixed amount of arithmetic on every thread: prints how many seconds
/// it took, which tells whether something else used the machine meanwhile.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

/// Some 40 ms on a CPU of 2020; no more than registers and two adders are used.
double work(double seed) {
  constexpr long rounds = 10000000;
  double sums[8] = {seed, 1, 2, 3, 4, 5, 6, 7};
  for (long i = 0; i < rounds; ++i)
    for (double &sum : sums)
      sum = sum * 0.999999 + 1e-6;
  double total = 0;
  for (double sum : sums)
    total += sum;
  return total;
}

} // namespace

int main(int count, char **arguments) {
  int threads = count > 1 ? atoi(arguments[1]) : 1;
  std::vector<double> totals(static_cast<size_t>(threads > 0 ? threads : 1));
  auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> others;
  for (size_t i = 1; i < totals.size(); ++i)
    others.emplace_back(
        [&totals, i] { totals[i] = work(static_cast<double>(i)); });
  totals[0] = work(0.5);
  for (std::thread &other : others)
    other.join();
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - start;
  // The totals are printed so that no compiler leaves the work out.
  fprintf(stderr, "%g\n", totals[0]);
  printf("%.6f\n", seconds.count());
}
