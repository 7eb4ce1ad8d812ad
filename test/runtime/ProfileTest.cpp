// SPDX-License-Identifier: Apache-2.0
//
/// \file The trace that a profiled run leaves.
#include "TestModels.h"

#include <map>
#include <set>

using namespace mscrt;
using namespace test;

static size_t countOf(const std::string &text, const std::string &part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(Profile, HasASlicePerStageAndThread) {
  TemporaryFolder folder;
  Model model = loadModel("grid", withThreads(2));
  Context context = model.createContext().value();
  mscrt_context_set_profiling(context.get(), 1, nullptr);
  ASSERT_TRUE(context.predict(gridInputs()));
  ASSERT_TRUE(context.predict(gridInputs()));
  mscrt_context_set_profiling(context.get(), 0, nullptr);
  ASSERT_TRUE(context.predict(gridInputs()));
  std::string path = folder / "trace.json";
  ASSERT_EQ(mscrt_context_write_profile(context.get(), path.c_str(), nullptr),
            MSCRT_OK);
  std::string text = readFile(path);
  EXPECT_EQ(countOf(text, "\"name\":\"first\""), 4u) << text;
  EXPECT_EQ(countOf(text, "\"name\":\"second\""), 4u);
  // A stage without source nodes goes by its own name.
  EXPECT_EQ(countOf(text, "\"name\":\"grid.2\""), 4u);
  EXPECT_EQ(countOf(text, "\"name\":\"run grid\""), 2u);
  EXPECT_EQ(countOf(text, "\"tid\":1,\"ts\""), 6u);
  EXPECT_EQ(countOf(text, "{"), countOf(text, "}"));
  EXPECT_EQ(text.rfind("{\"displayTimeUnit\"", 0), 0u);
}

TEST(Profile, GivesItsSlicesWithTheirLaunches) {
  Context context = loadModel("grid", withThreads(2)).createContext().value();
  mscrt_context_set_profiling(context.get(), 1, nullptr);
  ASSERT_TRUE(context.predict(gridInputs()));
  ASSERT_TRUE(context.predict(gridInputs()));
  uint64_t count = 0;
  ASSERT_EQ(
      mscrt_context_get_profile(context.get(), nullptr, 0, &count, nullptr),
      MSCRT_OK);
  ASSERT_EQ(count, 14u); // 2 runs of 3 stages on 2 threads, and the runs
  std::vector<mscrt_slice> slices(count);
  mscrt_context_get_profile(context.get(), slices.data(), count, &count,
                            nullptr);
  std::map<uint64_t, std::set<uint32_t>> stages, threads;
  std::vector<uint64_t> runs;
  for (const mscrt_slice &slice : slices) {
    EXPECT_LE(slice.begin, slice.end);
    if (slice.stage == MSCRT_WHOLE_RUN) {
      runs.push_back(slice.launch);
      continue;
    }
    stages[slice.launch].insert(slice.stage);
    threads[slice.launch].insert(slice.thread);
  }
  EXPECT_EQ(runs, (std::vector<uint64_t>{0, 3}));
  ASSERT_EQ(stages.size(), 6u);
  for (uint64_t launch = 0; launch < 6; ++launch) {
    EXPECT_EQ(stages[launch], std::set<uint32_t>{uint32_t(launch % 3)});
    EXPECT_EQ(threads[launch], (std::set<uint32_t>{0, 1}));
  }
}

TEST(Profile, EscapesNames) {
  TemporaryFolder folder;
  Affine affine;
  Context context = affine.load().createContext().value();
  mscrt_context_set_profiling(context.get(), 1, nullptr);
  ASSERT_TRUE(context.predict({floats({1, 4}, {1, 2, 3, 4})}));
  std::string path = folder / "trace.json";
  ASSERT_EQ(mscrt_context_write_profile(context.get(), path.c_str(), nullptr),
            MSCRT_OK);
  EXPECT_NE(readFile(path).find(R"("name":"mul, \"add\"")"), std::string::npos);
}

TEST(Profile, SaysWhyItCannotBeWritten) {
  Context context = loadModel("grid").createContext().value();
  mscrt_error error = {};
  EXPECT_EQ(
      mscrt_context_write_profile(context.get(), "/no/such/dir/t.json", &error),
      MSCRT_ERROR_IO);
  EXPECT_STREQ(error.message, "cannot write '/no/such/dir/t.json': No such "
                              "file or directory");
}
