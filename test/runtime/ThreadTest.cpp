// SPDX-License-Identifier: Apache-2.0
//
/// \file Threads: the pool itself, equal results for any number of threads,
/// several contexts at once, processes that fork.
#include "TestModels.h"

#include "runtime/lib/core/ThreadPool.h"

#include <atomic>
#include <sys/wait.h>
#include <thread>

using namespace mscrt;
using namespace test;
using mscrt::core::ThreadPool;

TEST(Pool, RunsEveryPartOnce) {
  ThreadPool &pool = ThreadPool::instance();
  unsigned threads = pool.tryAcquire(4);
  ASSERT_EQ(threads, 4u);
  std::atomic<unsigned> counts[4] = {};
  for (unsigned round = 0; round < 1000; ++round)
    pool.run(
        1 + round % 4,
        [](void *argument, unsigned part) {
          ++static_cast<std::atomic<unsigned> *>(argument)[part];
        },
        counts);
  pool.release();
  EXPECT_EQ(counts[0], 1000u);
  EXPECT_EQ(counts[1], 750u);
  EXPECT_EQ(counts[2], 500u);
  EXPECT_EQ(counts[3], 250u);
}

TEST(Pool, IsHeldByOne) {
  ThreadPool &pool = ThreadPool::instance();
  ASSERT_GT(pool.tryAcquire(2), 0u);
  EXPECT_EQ(pool.tryAcquire(2), 0u);
  pool.release();
  ASSERT_GT(pool.tryAcquire(2), 0u);
  pool.release();
}

TEST(Pool, WakesWorkersThatSleep) {
  ThreadPool &pool = ThreadPool::instance();
  for (int round = 0; round < 5; ++round) {
    ASSERT_GT(pool.tryAcquire(3), 1u);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::atomic<int> count{0};
    pool.run(
        2,
        [](void *argument, unsigned) {
          ++*static_cast<std::atomic<int> *>(argument);
        },
        &count);
    EXPECT_EQ(count, 2);
    pool.release();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST(Threads, GiveTheSameBitsInAnyNumber) {
  Model model = loadModel("grid");
  model.setThreads(1);
  std::vector<float> expected = valuesOf((*model.predict(gridInputs()))[0]);
  ASSERT_EQ(expected.size(), 455u);
  for (unsigned threads : {2, 3, 4, 7, 16}) {
    model.setThreads(threads);
    Context context = model.createContext().value();
    for (int round = 0; round < 20; ++round)
      ASSERT_EQ(valuesOf((*context.predict(gridInputs()))[0]), expected);
  }
}

TEST(Threads, GiveTheErrorOfTheFirstFailingPoint) {
  Model model = loadModel("grid");
  for (unsigned threads : {1, 2, 5}) {
    model.setThreads(threads);
    EXPECT_ERROR(model.predict(gridInputs(0)), MSCRT_ERROR_MODEL,
                 "an even point failed");
    EXPECT_ERROR(model.predict(gridInputs(101)), MSCRT_ERROR_MODEL,
                 "an odd point failed");
    EXPECT_ERROR(model.predict(gridInputs(454)), MSCRT_ERROR_MODEL,
                 "an even point failed");
    EXPECT_TRUE(model.predict(gridInputs(455)));
  }
}

TEST(Threads, SeveralContextsRunAtOnce) {
  Model model = loadModel("grid", withThreads(3));
  Model other = Affine().load();
  std::vector<float> expected = valuesOf((*model.predict(gridInputs()))[0]);
  std::vector<std::thread> users;
  std::atomic<int> failures{0};
  for (int user = 0; user < 4; ++user)
    users.emplace_back([&, user] {
      Context context = model.createContext().value();
      Context affine = other.createContext().value();
      for (int round = 0; round < 50; ++round) {
        failures += valuesOf((*context.predict(gridInputs()))[0]) != expected;
        auto x = static_cast<float>(user * 100 + round);
        auto y = affine.predict({floats({1, 4}, {x, x, x, x})});
        failures += valuesOf((*y)[0])[0] != 3 * x + 1;
        failures += valuesOf((*y)[1])[0] != static_cast<float>(round + 1);
      }
    });
  for (std::thread &user : users)
    user.join();
  EXPECT_EQ(failures, 0);
}

TEST(Threads, BindingRacesWithRuns) {
  Affine affine;
  Model model = affine.load(withThreads(2));
  std::atomic<bool> isDone{false};
  std::thread binder([&] {
    Tensor steps = floats({1}, {0});
    for (int round = 1; round <= 50; ++round) {
      Tensor values = floats({4}, std::vector<float>(4, round));
      mscrt_tensor raw = values.get(), last = steps.get();
      EXPECT_TRUE(model.bind(
          {{"scale", raw.dtype, 1, raw.shape, raw.data, raw.size},
           {"shift", raw.dtype, 1, raw.shape, raw.data, raw.size},
           {"steps", last.dtype, 1, last.shape, last.data, last.size}}));
    }
    isDone = true;
  });
  Context context = model.createContext().value();
  while (!isDone) {
    auto y = valuesOf((*context.predict({floats({1, 4}, {1, 1, 1, 1})}))[0]);
    // scale + shift of one weight set, never a mixture: 3 + 1 or an even sum.
    EXPECT_EQ(static_cast<int>(y[0]) % 2, 0);
    EXPECT_EQ(y[0], y[3]);
  }
  binder.join();
}

/// Threads of this process.
static size_t numTasks() {
  std::filesystem::directory_iterator tasks("/proc/self/task"), end;
  return static_cast<size_t>(std::distance(tasks, end));
}

/// Processor time of this process in seconds.
static double processSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

TEST(Threads, SleepBetweenRuns) {
  Context context = loadModel("grid", withThreads(4)).createContext().value();
  ASSERT_TRUE(context.predict(gridInputs()));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  double before = processSeconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(processSeconds() - before, 0.02);
}

#if !defined(__SANITIZE_THREAD__) && !__has_feature(thread_sanitizer)
/// The exit status of a child in which `body` runs, with a pool of its own.
static int statusOfChild(int (*body)()) {
  pid_t child = fork();
  if (child == 0)
    _exit(body());
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
    return -1;
  return WEXITSTATUS(status);
}

TEST(Threads, AreNotStartedForStagesOfOnePoint) {
  EXPECT_EQ(statusOfChild([] {
              Affine affine;
              Model model = affine.load(withThreads(4));
              for (int run = 0; run < 10; ++run)
                if (!model.predict({floats({1, 4}, {1, 2, 3, 4})}))
                  return 0;
              return static_cast<int>(numTasks());
            }),
            1);
}

TEST(Threads, AreThoseOfOnePoolForTwoModels) {
  EXPECT_EQ(statusOfChild([] {
              Model models[] = {loadModel("grid", withThreads(3)),
                                loadModel("grid", withThreads(2))};
              auto run = [&](int which) {
                Context context = models[which].createContext().value();
                for (int round = 0; round < 50; ++round)
                  if (!context.predict(gridInputs()))
                    _exit(100);
              };
              std::thread other(run, 1);
              run(0);
              other.join();
              run(0); // alone: it gets the pool
              return static_cast<int>(numTasks());
            }),
            3); // this one and two workers
}

TEST(Threads, AForkedChildHasItsOwnPool) {
  Model model = loadModel("grid", withThreads(2));
  std::vector<float> expected = valuesOf((*model.predict(gridInputs()))[0]);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto outputs = model.predict(gridInputs());
    _exit(outputs && valuesOf((*outputs)[0]) == expected ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif
