// SPDX-License-Identifier: Apache-2.0
//
/// \file State variables: seeded from the weights, kept per context, read,
/// written and reset by name.
#include "TestModels.h"

using namespace mscrt;
using namespace test;

class State : public testing::Test {
protected:
  State() {
    writeFile(affine.folder / "affine.weights", affineWeights(1, 0, 5));
  }
  float step(Context &context) {
    return valuesOf((*context.predict({x}))[1])[0];
  }
  Affine affine;
  Tensor x = floats({1, 4}, {1, 2, 3, 4});
};

TEST_F(State, StartsFromTheWeightsAndIsKeptPerContext) {
  Model model = affine.load();
  Context first = model.createContext().value();
  Context second = model.createContext().value();
  EXPECT_EQ(step(first), 6);
  EXPECT_EQ(step(first), 7);
  EXPECT_EQ(step(second), 6);
}

TEST_F(State, CanBeReadWrittenAndReset) {
  Context context = affine.load().createContext().value();
  step(context);
  EXPECT_EQ(valuesOf(*context.state("steps")), std::vector<float>{6});
  EXPECT_EQ(context.state("steps")->shape(), std::vector<int64_t>{1});
  ASSERT_TRUE(context.setState("steps", floats({1}, {100})));
  EXPECT_EQ(step(context), 101);
  ASSERT_TRUE(context.resetState());
  EXPECT_EQ(step(context), 6);
  ASSERT_EQ(mscrt_context_reset_state(context.get(), "steps", nullptr),
            MSCRT_OK);
  EXPECT_EQ(step(context), 6);
}

TEST_F(State, RefusesOtherNamesAndSizes) {
  Context context = affine.load().createContext().value();
  EXPECT_ERROR(context.state("cache"), MSCRT_ERROR_ARGUMENT,
               "the model has no state 'cache'");
  EXPECT_ERROR(context.setState("cache", x), MSCRT_ERROR_ARGUMENT,
               "the model has no state 'cache'");
  EXPECT_ERROR(context.setState("steps", x), MSCRT_ERROR_SHAPE,
               "state 'steps' has 4 bytes, the buffer has 16");
  EXPECT_EQ(mscrt_context_reset_state(context.get(), "cache", nullptr),
            MSCRT_ERROR_ARGUMENT);
}
