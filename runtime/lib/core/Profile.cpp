// SPDX-License-Identifier: Apache-2.0
//
/// \file Writes recorded slices in the trace event format that chrome://tracing
/// and Perfetto read.
#include "Profile.h"

#include "OutputFile.h"
#include "Support.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <string>

using namespace mscrt::core;

uint64_t mscrt::core::nowNs() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000000000u +
         static_cast<uint64_t>(time.tv_nsec);
}

/// A JSON string literal; bytes from 0x80 are passed on as UTF-8.
static std::string quoted(const std::string &text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      snprintf(escape, sizeof(escape), "\\u%04x", c);
      result += escape;
    } else {
      result += c;
    }
  }
  return result + '"';
}

static std::string threadNameEvent(size_t thread) {
  std::string name = thread ? "worker " + std::to_string(thread) : "caller";
  return "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":" +
         std::to_string(thread) + ",\"args\":{\"name\":\"" + name + "\"}}";
}

static std::string sliceEvent(const mscrt_model &model,
                              const mscrt_slice &slice, uint64_t start) {
  uint64_t begin = slice.begin - start, end = slice.end - start;
  char times[128];
  snprintf(times, sizeof(times),
           ",\"pid\":1,\"tid\":%u,\"ts\":%" PRIu64 ".%03" PRIu64
           ",\"dur\":%" PRIu64 ".%03" PRIu64,
           slice.thread, begin / 1000, begin % 1000, (end - begin) / 1000,
           (end - begin) % 1000);
  if (slice.stage == MSCRT_WHOLE_RUN)
    return "{\"ph\":\"X\",\"cat\":\"run\",\"name\":" +
           quoted(std::string("run ") + orEmpty(model.name)) + times + "}";
  const mscrt_stage_desc &desc = model.stages[slice.stage];
  std::string kernel = orEmpty(desc.name);
  std::string source = orEmpty(desc.source);
  return "{\"ph\":\"X\",\"cat\":\"stage\",\"name\":" +
         quoted(source.empty() ? kernel : source) + times +
         ",\"args\":{\"kernel\":" + quoted(kernel) +
         ",\"schedule\":" + quoted(orEmpty(desc.schedule)) + "}}";
}

uint64_t Profile::copy(mscrt_slice *to, uint64_t capacity) const {
  uint64_t count = 0;
  for (const std::vector<mscrt_slice> &list : slices)
    for (const mscrt_slice &slice : list)
      if (count++ < capacity)
        to[count - 1] = slice;
  return count;
}

mscrt_status Profile::write(const mscrt_model &model, const char *path,
                            mscrt_error *error) const {
  OutputFile file;
  if (mscrt_status status = file.open(path, error))
    return status;
  uint64_t start = UINT64_MAX;
  for (const std::vector<mscrt_slice> &list : slices)
    for (const mscrt_slice &slice : list)
      start = std::min(start, slice.begin);
  file.write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
  const char *separator = "";
  auto event = [&](const std::string &text) {
    file.write(separator + text);
    separator = ",\n";
  };
  for (size_t thread = 0; thread < slices.size(); ++thread) {
    event(threadNameEvent(thread));
    for (const mscrt_slice &slice : slices[thread])
      event(sliceEvent(model, slice, start));
  }
  file.write("\n]}\n");
  return file.commit(error);
}
