// SPDX-License-Identifier: Apache-2.0
//
/// \file The one pool of worker threads of a process: forks a job over a few
/// threads and joins them, in well under a microsecond while a run is in
/// flight.
#ifndef MSCRT_LIB_CORE_THREADPOOL_H
#define MSCRT_LIB_CORE_THREADPOOL_H

#include <atomic>
#include <cstdint>

namespace mscrt::core {

/// Workers spin while somebody holds the pool and for about 50 us after, then
/// sleep in the kernel. The pool lives until the process ends; after a fork the
/// child gets a new one.
class ThreadPool {
public:
  static constexpr unsigned maxThreads = 256;

  static ThreadPool &instance();

  /// Takes the pool for a run that wants `threads` threads, the caller's
  /// included. Returns how many it got (fewer when the system refuses to make
  /// threads), or 0 when another run holds the pool.
  unsigned tryAcquire(unsigned threads);

  /// Gives the pool back; only who acquired it may.
  void release();

  using Job = void (*)(void *argument, unsigned part);

  /// Runs `job` for the parts [0, parts), part 0 on the caller, and returns
  /// when all are done. Only who holds the pool may call it; `parts` is at most
  /// what tryAcquire returned.
  void run(unsigned parts, Job job, void *argument);

private:
  /// What the caller and one worker share, on a cache line of its own.
  struct alignas(128) Worker {
    ThreadPool *pool = nullptr;
    unsigned part = 0;
    std::atomic<uint32_t> ticket{0};  // increased to start a job
    std::atomic<uint32_t> claimed{0}; // the ticket, by who does its part
    std::atomic<uint32_t> done{0};    // the ticket, when its part is finished
    std::atomic<uint32_t> isParked{0};

    /// True for one of the worker and the caller; every ticket is claimed
    /// before the next is given.
    bool claim(uint32_t wanted) {
      uint32_t before = wanted - 1;
      return claimed.compare_exchange_strong(before, wanted);
    }
  };

  static void *threadMain(void *worker);
  void waitForJob(Worker &worker, uint32_t seen);
  void waitForPart(const Worker &worker) const;
  bool startWorker();
  static void installForkHandler();

  std::atomic<bool> isHeld{false};
  std::atomic<bool> isOversubscribed{false}; // more threads than processors
  Job currentJob = nullptr;
  void *currentArgument = nullptr;
  unsigned numWorkers = 0; // changed by the holder only
  unsigned cpus = 1;
  Worker workers[maxThreads];
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_THREADPOOL_H
