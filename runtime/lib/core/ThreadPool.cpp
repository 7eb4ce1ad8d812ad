// SPDX-License-Identifier: Apache-2.0
//
/// \file How workers are started, woken and joined.
#include "ThreadPool.h"

#include "CpuCount.h"

#include <climits>
#include <cstdio>
#include <linux/futex.h>
#include <new>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace mscrt::core;

namespace {

std::atomic<ThreadPool *> currentPool{nullptr};

/// About 50 us: what a worker spins after a run, in case the next one follows.
constexpr unsigned lingerSpins = 2000;
/// About 1 ms: what it spins for the next stage of a run before it sleeps.
constexpr unsigned busySpins = 40000;
/// Spins after which a thread that waits offers its processor to others.
constexpr unsigned politeSpins = 4000;

inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

void futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAIT_PRIVATE,
          expected, nullptr, nullptr, 0);
}

void futexWake(std::atomic<uint32_t> &word) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), FUTEX_WAKE_PRIVATE,
          INT_MAX, nullptr, nullptr, 0);
}

} // namespace

void ThreadPool::installForkHandler() {
  // Workers do not survive a fork: the child starts over with a fresh pool and
  // leaves the old one, which a run in flight may still point to, alone.
  pthread_atfork(nullptr, nullptr, [] { currentPool.store(nullptr); });
}

ThreadPool &ThreadPool::instance() {
  static const bool isInstalled = (installForkHandler(), true);
  (void)isInstalled;
  ThreadPool *pool = currentPool.load(std::memory_order_acquire);
  if (pool)
    return *pool;
  auto *created = new ThreadPool;
  created->cpus = availableCpus();
  if (currentPool.compare_exchange_strong(pool, created))
    return *created;
  delete created;
  return *pool;
}

bool ThreadPool::startWorker() {
  Worker &worker = workers[numWorkers];
  worker.pool = this;
  worker.part = numWorkers + 1;
  // Signals are the program's business, not the workers'.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  bool isStarted = pthread_create(&thread, nullptr, threadMain, &worker) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!isStarted)
    return false;
  char name[16];
  snprintf(name, sizeof(name), "mscrt-%u", worker.part);
  pthread_setname_np(thread, name);
  pthread_detach(thread);
  ++numWorkers;
  if (numWorkers >= cpus)
    isOversubscribed.store(true);
  return true;
}

unsigned ThreadPool::tryAcquire(unsigned threads) {
  bool expected = false;
  if (!isHeld.compare_exchange_strong(expected, true))
    return 0;
  threads = threads < maxThreads ? threads : maxThreads;
  while (numWorkers + 1 < threads && startWorker())
    ;
  unsigned available = numWorkers + 1 < threads ? numWorkers + 1 : threads;
  // Wakes the sleepers now, so that they are spinning when the job comes. Who
  // is missed here (it falls asleep at this moment) is woken by its ticket.
  for (unsigned i = 0; i + 1 < available; ++i)
    if (workers[i].isParked.load())
      futexWake(workers[i].ticket);
  return available;
}

void ThreadPool::release() { isHeld.store(false); }

void ThreadPool::run(unsigned parts, Job job, void *argument) {
  currentJob = job;
  currentArgument = argument;
  for (unsigned i = 0; i + 1 < parts; ++i) {
    workers[i].ticket.fetch_add(1);
    if (workers[i].isParked.load())
      futexWake(workers[i].ticket);
  }
  job(argument, 0);
  for (unsigned i = 0; i + 1 < parts; ++i) {
    Worker &worker = workers[i];
    uint32_t ticket = worker.ticket.load(std::memory_order_relaxed);
    if (!worker.claim(ticket))
      continue;
    job(argument, worker.part);
    worker.done.store(ticket, std::memory_order_relaxed);
  }
  for (unsigned i = 0; i + 1 < parts; ++i)
    waitForPart(workers[i]);
}

void ThreadPool::waitForPart(const Worker &worker) const {
  uint32_t ticket = worker.ticket.load(std::memory_order_relaxed);
  for (unsigned spins = 0;
       worker.done.load(std::memory_order_acquire) != ticket; ++spins) {
    if (spins < politeSpins && !isOversubscribed.load())
      relax();
    else
      sched_yield();
  }
}

void ThreadPool::waitForJob(Worker &worker, uint32_t seen) {
  for (unsigned idle = 0, busy = 0;;) {
    if (worker.ticket.load(std::memory_order_acquire) != seen)
      return;
    bool isBusy = isHeld.load(std::memory_order_relaxed);
    unsigned spins = isBusy ? ++busy : ++idle;
    idle = isBusy ? 0 : idle;
    if (spins < (isBusy ? busySpins : lingerSpins)) {
      // With more threads than processors, spinning would keep those that
      // have work from running.
      if (isOversubscribed.load(std::memory_order_relaxed) && spins % 64 == 0)
        sched_yield();
      else
        relax();
      continue;
    }
    worker.isParked.store(1);
    if (worker.ticket.load() == seen)
      futexWait(worker.ticket, seen);
    worker.isParked.store(0);
    idle = busy = 0;
  }
}

void *ThreadPool::threadMain(void *argument) {
  Worker &worker = *static_cast<Worker *>(argument);
  ThreadPool &pool = *worker.pool;
  for (uint32_t seen = 0;;) {
    pool.waitForJob(worker, seen);
    seen = worker.ticket.load(std::memory_order_acquire);
    if (!worker.claim(seen))
      continue; // came too late, the caller does it
    pool.currentJob(pool.currentArgument, worker.part);
    worker.done.store(seen, std::memory_order_release);
  }
  return nullptr;
}
