// SPDX-License-Identifier: Apache-2.0
//
/// \file Binding other parameter values to a loaded model.
#include "TestModels.h"

#include <algorithm>
#include <thread>

using namespace mscrt;
using namespace test;

class Bind : public testing::Test {
protected:
  mscrt_named_tensor named(const char *name, const Tensor &tensor) {
    kept.push_back(std::make_unique<Tensor>(tensor));
    mscrt_tensor raw = kept.back()->get();
    return {name, raw.dtype, raw.rank, raw.shape, raw.data, raw.size};
  }
  std::vector<mscrt_named_tensor> tensors(float scale, float shift) {
    return {named("scale", floats({4}, std::vector<float>(4, scale))),
            named("shift", floats({4}, std::vector<float>(4, shift))),
            named("steps", floats({}, {40}))};
  }
  std::vector<float> run(Context &context) {
    return valuesOf((*context.predict({floats({1, 4}, {1, 2, 3, 4})}))[0]);
  }
  std::vector<std::unique_ptr<Tensor>> kept;
  Affine affine;
  Model model = affine.load();
};

TEST_F(Bind, LaterRunsUseTheNewValues) {
  Context context = model.createContext().value();
  EXPECT_EQ(run(context), (std::vector<float>{4, 7, 10, 13}));
  auto bound = model.bind(tensors(10, 5));
  ASSERT_TRUE(bound) << bound.error().message();
  EXPECT_EQ(run(context), (std::vector<float>{15, 25, 35, 45}));
  // The old context keeps its state until it is reset; a new one has the new.
  EXPECT_EQ(valuesOf(*context.state("steps")), std::vector<float>{2});
  ASSERT_TRUE(context.resetState());
  EXPECT_EQ(valuesOf(*context.state("steps")), std::vector<float>{40});
  Context fresh = model.createContext().value();
  EXPECT_EQ(valuesOf(*fresh.state("steps")), std::vector<float>{40});
}

TEST_F(Bind, ReadsValuesAtAnyAddress) {
  auto values = tensors(2, 0);
  std::vector<char> bytes(17);
  memcpy(bytes.data() + 1, values[0].data, 16);
  values[0].data = bytes.data() + 1;
  ASSERT_TRUE(model.bind(values));
  Context context = model.createContext().value();
  EXPECT_EQ(run(context), (std::vector<float>{2, 4, 6, 8}));
}

TEST_F(Bind, ReportsEveryProblem) {
  std::vector<std::string> log;
  mscrt_set_log(
      [](void *user, mscrt_log_level level, const char *message) {
        EXPECT_EQ(level, MSCRT_LOG_WARNING);
        static_cast<std::vector<std::string> *>(user)->push_back(message);
      },
      &log);
  auto bound = model.bind(
      {named("scale", floats({5}, std::vector<float>(5))),
       named("shift", Tensor::create(MSCRT_F64, {4}).value()),
       named("extra", floats({1}, {0})), named("extra2", floats({1}, {0}))});
  mscrt_set_log(nullptr, nullptr);
  EXPECT_ERROR(bound, MSCRT_ERROR_BIND,
               "cannot bind: 'scale' has shape 5, expected 4; 'shift' has "
               "dtype float64, expected float32; the model has no parameter "
               "'extra'; and 2 more");
  EXPECT_EQ(log.size(), 5u);
  EXPECT_EQ(log.back(), "bind: 'steps' is missing");
  Context context = model.createContext().value();
  EXPECT_EQ(run(context), (std::vector<float>{4, 7, 10, 13}));
}

TEST_F(Bind, RefusesDuplicatesAndShortBuffers) {
  auto values = tensors(1, 1);
  values.push_back(values[0]);
  EXPECT_ERROR(model.bind(values), MSCRT_ERROR_BIND,
               "cannot bind: 'scale' is given twice");
  values.pop_back();
  values[1].size = 3;
  EXPECT_ERROR(model.bind(values), MSCRT_ERROR_BIND,
               "cannot bind: 'shift' has a bad shape or too little data");
}

TEST_F(Bind, IgnoresAndConvertsWhenAsked) {
  auto values = tensors(1, 0);
  values.push_back(named("extra", floats({1}, {0})));
  EXPECT_FALSE(model.bind(values));
  ASSERT_TRUE(model.bind(values, MSCRT_BIND_IGNORE_UNEXPECTED));
  values.pop_back();
  values[0] = named("scale", Tensor::of<double>({4}, {1, 2, 3, 4}).value());
  EXPECT_FALSE(model.bind(values));
  ASSERT_TRUE(model.bind(values, MSCRT_BIND_CONVERT));
  Context context = model.createContext().value();
  EXPECT_EQ(run(context), (std::vector<float>{1, 4, 9, 16}));
  values[0] = named("scale", Tensor::of<int32_t>({4}, {1, 2, 3, 4}).value());
  EXPECT_FALSE(model.bind(values, MSCRT_BIND_CONVERT));
}

TEST_F(Bind, FrozenValuesMustBeEqual) {
  auto values = tensors(1, 0);
  values.push_back(named("axis", Tensor::of<int64_t>({}, {1}).value()));
  EXPECT_TRUE(model.bind(values));
  values.back() = named("axis", Tensor::of<int64_t>({}, {2}).value());
  EXPECT_ERROR(model.bind(values), MSCRT_ERROR_BIND,
               "cannot bind: 'axis' was used while compiling and cannot have "
               "another value");
}

TEST_F(Bind, PackingThatFailsKeepsTheOldWeights) {
  EXPECT_ERROR(model.bind(tensors(0, 0)), MSCRT_ERROR_MODEL,
               "a scale must not be zero");
  Context context = model.createContext().value();
  EXPECT_EQ(run(context), (std::vector<float>{4, 7, 10, 13}));
}

TEST_F(Bind, NeedsABindFunction) {
  EXPECT_ERROR(loadModel("grid").bind(std::vector<mscrt_named_tensor>()),
               MSCRT_ERROR_UNSUPPORTED, "the artifact has no bind function");
}

TEST_F(Bind, ARunInFlightKeepsTheOldSet) {
  Model gated = loadModel("gate");
  Context context = gated.createContext().value();
  Tensor gate = Tensor::of<int32_t>({2}, {0, 0}).value();
  int32_t *flags = gate.data<int32_t>();
  int32_t seen = 0;
  std::thread other([&] {
    auto outputs = context.predict({gate});
    seen = *(*outputs)[0].data<int32_t>();
  });
  while (!__atomic_load_n(&flags[1], __ATOMIC_SEQ_CST))
    std::this_thread::yield();
  ASSERT_TRUE(
      gated.bind({named("value", Tensor::of<int32_t>({}, {22}).value())}));
  __atomic_store_n(&flags[0], 1, __ATOMIC_SEQ_CST);
  other.join();
  EXPECT_EQ(seen, 11);
  EXPECT_EQ(*(*context.predict({gate}))[0].data<int32_t>(), 22);
}

TEST_F(Bind, ReadsCheckpointFilesWithRenames) {
  // safetensors: a length, a JSON header, the elements.
  std::string header =
      R"({"net.scale":{"dtype":"F64","shape":[4],"data_offsets":[0,32]},)"
      R"("net.shift":{"dtype":"F32","shape":[4],"data_offsets":[32,48]},)"
      R"("net.steps":{"dtype":"F32","shape":[1],"data_offsets":[48,52]}})";
  uint64_t length = header.size();
  std::string bytes(reinterpret_cast<const char *>(&length), 8);
  bytes += header;
  for (double value : {1.0, 2.0, 3.0, 4.0})
    bytes.append(reinterpret_cast<const char *>(&value), 8);
  for (float value : {0.5f, 0.5f, 0.5f, 0.5f, 9.0f})
    bytes.append(reinterpret_cast<const char *>(&value), 4);
  std::string path = affine.folder / "net.safetensors";
  writeFile(path, bytes);
  EXPECT_FALSE(model.bind(path));
  auto bound = model.bind(path, {"^net\\.="});
  ASSERT_TRUE(bound) << bound.error().message();
  Context context = model.createContext().value();
  EXPECT_EQ(run(context), (std::vector<float>{1.5f, 4.5f, 9.5f, 16.5f}));
  EXPECT_EQ(valuesOf(*context.state("steps")), std::vector<float>{10});
  auto missing = model.bind(std::string(affine.folder / "none.ckpt"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), MSCRT_ERROR_BIND);
}
