// SPDX-License-Identifier: Apache-2.0
//
/// \file Partitions grids over threads. Points are independent and each thread
/// takes a contiguous range of them, so results do not depend on the number of
/// threads; nor do errors, because that of the first failing point is kept.
#include "Launch.h"

#include "Profile.h"
#include "Support.h"
#include "ThreadPool.h"

#include <algorithm>
#include <cstring>
#include <optional>

using namespace mscrt::core;

namespace {

struct StageJob {
  const mscrt_stage_desc *stage;
  void *const *buffers;
  char *scratch; // of the first part, or NULL
  uint64_t scratchOfPart;
  uint64_t points;
  unsigned parts;
  uint32_t index;
  Denormals denormals;
  Profile *profile;
  uint64_t launch;                        // for the profile
  int32_t errors[ThreadPool::maxThreads]; // [part]
};

/// First point of a part; part `parts` is the end. Without overflow for any
/// number of points below 2^56.
uint64_t firstPoint(const StageJob &job, unsigned part) {
  return job.points * part / job.parts;
}

void runPart(void *argument, unsigned part) {
  StageJob &job = *static_cast<StageJob *>(argument);
  std::optional<FloatEnvironment> environment;
  if (part > 0) // the caller's thread has it
    environment.emplace(job.denormals);
  uint64_t begin = job.profile ? nowNs() : 0;
  const uint32_t *grid = job.stage->grid;
  uint64_t point = firstPoint(job, part);
  uint64_t end = firstPoint(job, part + 1);
  auto x = static_cast<uint32_t>(point % grid[0]);
  auto y = static_cast<uint32_t>(point / grid[0] % grid[1]);
  auto z = static_cast<uint32_t>(point / grid[0] / grid[1]);
  int32_t error = 0;
  const mscrt_kernel_args args = {
      job.buffers, &error,
      job.scratch ? job.scratch + part * job.scratchOfPart : nullptr};
  for (; point < end && !error; ++point) {
    job.stage->fn(&args, x, y, z);
    if (++x < grid[0])
      continue;
    x = 0;
    if (++y < grid[1])
      continue;
    y = 0;
    ++z;
  }
  job.errors[part] = error;
  if (job.profile)
    job.profile->add({job.index, part, job.launch, begin, nowNs()});
}

} // namespace

/// Arithmetic with denormals takes a hundred times as long as other; only
/// strict results have them.
static Denormals denormalsOf(const mscrt_model &model) {
  bool isStrict =
      model.precision && std::strcmp(model.precision, "strict") == 0;
  return isStrict ? Denormals::Keep : Denormals::Flush;
}

Launcher::Launcher(const mscrt_model &model, unsigned threads, Block &scratch,
                   Profile *profile)
    : model(model), threads(threads), scratch(scratch),
      denormals(denormalsOf(model)), profile(profile) {}

Launcher::~Launcher() {
  if (poolState == Held)
    ThreadPool::instance().release();
}

unsigned Launcher::usableThreads() {
  if (poolState == Untried && threads > 1) {
    unsigned got = ThreadPool::instance().tryAcquire(threads);
    poolState = got ? Held : Refused;
    threads = std::max(got, 1u);
  }
  return threads;
}

void Launcher::runStage(uint32_t stage, const mscrt_kernel_args &args) {
  const mscrt_stage_desc &desc = model.stages[stage];
  StageJob job;
  job.stage = &desc;
  job.buffers = args.buffers;
  job.scratch = scratchOfThread ? scratch.data() : nullptr;
  job.scratchOfPart = scratchOfThread;
  job.points = uint64_t(desc.grid[0]) * desc.grid[1] * desc.grid[2];
  job.index = stage;
  job.denormals = denormals;
  job.profile = profile;
  if (!job.points)
    return;
  job.launch = profile ? profile->countLaunch() : 0;
  job.parts = job.points == 1 ? 1
                              : static_cast<unsigned>(std::min<uint64_t>(
                                    job.points, usableThreads()));
  if (job.parts == 1)
    runPart(&job, 0);
  else
    ThreadPool::instance().run(job.parts, runPart, &job);
  for (unsigned part = 0; part < job.parts && !*args.error; ++part)
    *args.error = job.errors[part];
}

void Launcher::launch(mscrt_call *call, uint32_t stage,
                      const mscrt_kernel_args *args) {
  auto *self = static_cast<Launcher *>(call->runtime);
  if (stage < self->model.num_stages)
    self->runStage(stage, *args);
  else
    call->error = -1;
}

mscrt_status Launcher::reserveScratch(mscrt_error *error) {
  constexpr uint64_t unit = MSCRT_ALIGNMENT;
  uint64_t units = model.scratch_size / unit + (model.scratch_size % unit != 0);
  uint64_t total;
  bool isPossible = !__builtin_mul_overflow(units, unit * threads, &total);
  if (!isPossible || (scratch.size() < total && !scratch.allocate(total)))
    return fail(error, MSCRT_ERROR_MEMORY,
                "no memory for %llu bytes of scratch for each of %u threads",
                static_cast<unsigned long long>(model.scratch_size), threads);
  scratchOfThread = units * unit;
  return MSCRT_OK;
}

mscrt_status Launcher::call(mscrt_entry_fn function, mscrt_call &call,
                            mscrt_error *error) {
  static const mscrt_services services = {sizeof(mscrt_services),
                                          &Launcher::launch};
  call.services = &services;
  call.runtime = this;
  call.error = 0;
  threads = std::min(threads, ThreadPool::maxThreads);
  if (mscrt_status status = reserveScratch(error))
    return status;
  if (profile)
    profile->reserveThreads(threads);
  uint64_t begin = profile ? nowNs() : 0;
  uint64_t firstLaunch = profile ? profile->numLaunches() : 0;
  int32_t code;
  {
    FloatEnvironment environment(denormals);
    code = function(&call);
  }
  if (profile)
    profile->add({MSCRT_WHOLE_RUN, 0, firstLaunch, begin, nowNs()});
  if (!code)
    code = call.error;
  if (!code)
    return MSCRT_OK;
  if (code > 0 && static_cast<uint32_t>(code) <= model.num_messages)
    return fail(error, MSCRT_ERROR_MODEL, "%s", model.messages[code - 1]);
  return fail(error, MSCRT_ERROR_MODEL, "the model failed with code %d", code);
}
