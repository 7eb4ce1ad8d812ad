// SPDX-License-Identifier: Apache-2.0
//
/// \file Running: whose buffers are used, what comes back, how models report
/// errors.
#include "TestModels.h"

#include <cmath>
#include <thread>

using namespace mscrt;
using namespace test;

class Run : public testing::Test {
protected:
  mscrt_status run(mscrt_tensor input, std::vector<mscrt_tensor> &outputs) {
    return mscrt_context_run(context.get(), &input, 1, outputs.data(),
                             static_cast<uint32_t>(outputs.size()), &error);
  }
  Affine affine;
  Model model = affine.load();
  Context context = model.createContext().value();
  Tensor x = floats({1, 4}, {1, 2, 3, 4});
  mscrt_error error = {};
};

TEST_F(Run, GivesBuffersOfTheContextWhenAskedForNone) {
  std::vector<mscrt_tensor> outputs(2);
  ASSERT_EQ(run(x.get(), outputs), MSCRT_OK) << error.message;
  EXPECT_EQ(outputs[0].dtype, MSCRT_F32);
  EXPECT_EQ(outputs[0].rank, 2);
  EXPECT_EQ(outputs[0].shape[1], 4);
  EXPECT_EQ(outputs[0].size, 16u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(outputs[0].data) % MSCRT_ALIGNMENT, 0u);
  EXPECT_EQ(static_cast<float *>(outputs[0].data)[3], 13);
  EXPECT_EQ(outputs[1].rank, 0);
  EXPECT_EQ(*static_cast<float *>(outputs[1].data), 1);
}

TEST_F(Run, WritesBuffersOfTheCallerAlignedOrNot) {
  alignas(64) float aligned[4], steps[1];
  char raw[20];
  for (void *data :
       {static_cast<void *>(aligned), static_cast<void *>(raw + 1)}) {
    int64_t shape[] = {1, 4};
    std::vector<mscrt_tensor> outputs = {{MSCRT_F32, 2, shape, data, 16},
                                         {MSCRT_F32, 0, nullptr, steps, 4}};
    ASSERT_EQ(run(x.get(), outputs), MSCRT_OK) << error.message;
    EXPECT_EQ(outputs[0].data, data);
    float result[4];
    memcpy(result, data, sizeof(result));
    EXPECT_EQ(result[0], 4);
    EXPECT_EQ(result[3], 13);
  }
}

TEST_F(Run, ReadsInputsAtAnyAddress) {
  std::vector<char> bytes(17);
  memcpy(bytes.data() + 1, x.bytes(), 16);
  auto outputs =
      context.predict({Tensor::view(MSCRT_F32, {1, 4}, bytes.data() + 1, 16)});
  ASSERT_TRUE(outputs);
  EXPECT_EQ(valuesOf((*outputs)[0]), (std::vector<float>{4, 7, 10, 13}));
}

TEST_F(Run, ChecksTheOutputs) {
  float data[4];
  int64_t wrong[] = {1, 5};
  std::vector<mscrt_tensor> outputs = {{MSCRT_F32, 2, wrong, data, 16}, {}};
  EXPECT_EQ(run(x.get(), outputs), MSCRT_ERROR_SHAPE);
  EXPECT_STREQ(error.message, "output 'y' dimension 1 is 5, expected 4");
  outputs[0] = {MSCRT_I32, 2, nullptr, data, 16};
  EXPECT_EQ(run(x.get(), outputs), MSCRT_ERROR_DTYPE);
  EXPECT_STREQ(error.message, "output 'y' has dtype int32, expected float32");
  outputs[0] = {MSCRT_F32, 2, nullptr, data, 12};
  EXPECT_EQ(run(x.get(), outputs), MSCRT_ERROR_SHAPE);
  EXPECT_STREQ(error.message, "output 'y' needs 16 bytes, its buffer has 12");
  outputs.pop_back();
  EXPECT_EQ(run(x.get(), outputs), MSCRT_ERROR_ARGUMENT);
  EXPECT_STREQ(error.message, "the model has 2 outputs, got 1");
}

TEST_F(Run, GivesTheModelsOwnMessage) {
  x.data<float>()[2] = NAN;
  EXPECT_ERROR(context.predict({x}), MSCRT_ERROR_MODEL, "the input has a NaN");
  x.data<float>()[2] = 0;
  EXPECT_TRUE(context.predict({x}));
}

TEST_F(Run, ArenaHoldsTheLargestEntry) {
  EXPECT_EQ(mscrt_context_arena_size(context.get()), 256u);
}

TEST_F(Run, OutlivesTheModelHandle) {
  Context kept;
  {
    Affine other;
    kept = other.load().createContext().value();
  }
  EXPECT_TRUE(kept.predict({x}));
}

#if defined(__x86_64__)
/// What 3 * \p x is where the caller's denormals are kept or flushed to zero.
static std::pair<float, float> triple(const Affine &affine, float x) {
  writeFile(affine.folder / "three", affineWeights(3, 0));
  LoadOptions options;
  options.weightsPath = affine.folder / "three";
  Model model = affine.load(options);
  unsigned before = __builtin_ia32_stmxcsr();
  float results[2];
  for (unsigned flush : {0, 0x8040}) {
    __builtin_ia32_ldmxcsr((before & ~0x8040u) | flush);
    auto outputs = model.predict({floats({1, 4}, {x, 0, 0, 0})});
    unsigned after = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before);
    EXPECT_EQ(after & 0x8040, flush);
    results[flush != 0] = valuesOf((*outputs)[0])[0];
  }
  return {results[0], results[1]};
}

TEST(FloatEnvironment, IsTheSameWhateverTheCallerHas) {
  EXPECT_EQ(triple(Affine(), 2), std::pair(6.0f, 6.0f));
  EXPECT_EQ(triple(Affine(), 1e-40f), std::pair(0.0f, 0.0f));
  float tripled = triple(Affine("affine-strict"), 1e-40f).first;
  EXPECT_NEAR(tripled * 0x1p64f, 3e-40 * 0x1p64, 1e-24);
  EXPECT_EQ(triple(Affine("affine-strict"), 1e-40f),
            std::pair(tripled, tripled));
}
#endif

TEST(DataDependent, OutputHasItsActualShape) {
  Model model = loadModel("positive");
  auto outputs = model.predict({floats({8}, {1, -1, 2, -2, 3, 0, 0, 4})});
  ASSERT_TRUE(outputs) << outputs.error().message();
  EXPECT_EQ((*outputs)[0].shape(), std::vector<int64_t>{4});
  EXPECT_EQ(valuesOf((*outputs)[0]), (std::vector<float>{1, 2, 3, 4}));
  outputs = model.predict({floats({8}, std::vector<float>(8, -1))});
  EXPECT_EQ((*outputs)[0].shape(), std::vector<int64_t>{0});
  EXPECT_EQ((*outputs)[0].size(), 0u);
}

TEST(DataDependent, MoreThanTheBufferHoldsIsAnError) {
  EXPECT_ERROR(loadModel("positive-broken")
                   .predict({floats({8}, std::vector<float>(8))}),
               MSCRT_ERROR_MODEL,
               "output 'y' came back with dimension 0 of 9, more than 8");
}

TEST(Busy, AContextServesOneCallAtATime) {
  Model model = loadModel("gate");
  Context context = model.createContext().value();
  Tensor gate = Tensor::of<int32_t>({2}, {0, 0}).value();
  int32_t *flags = gate.data<int32_t>();
  std::thread other([&] { EXPECT_TRUE(context.predict({gate})); });
  while (!__atomic_load_n(&flags[1], __ATOMIC_SEQ_CST))
    std::this_thread::yield();
  EXPECT_ERROR(context.predict({gate}), MSCRT_ERROR_BUSY,
               "the context is in use by another call; use one per thread");
  EXPECT_EQ(mscrt_context_reset_state(context.get(), nullptr, nullptr),
            MSCRT_ERROR_BUSY);
  __atomic_store_n(&flags[0], 1, __ATOMIC_SEQ_CST);
  other.join();
  EXPECT_TRUE(context.predict({gate}));
}
