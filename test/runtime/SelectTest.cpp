// SPDX-License-Identifier: Apache-2.0
//
/// \file Which entry runs given inputs, and how inputs that fit none are
/// refused.
#include "TestModels.h"

using namespace mscrt;
using namespace test;

class Select : public testing::Test {
protected:
  Affine affine;
  Model model = affine.load();
};

TEST_F(Select, TakesTheEntryOfTheShape) {
  for (uint32_t expected = 0; expected < 3; ++expected) {
    int64_t rows = expected == 0 ? 1 : expected == 1 ? 2 : 8;
    Tensor x = Tensor::create(MSCRT_F32, {rows, 4}).value();
    mscrt_tensor raw = x.get();
    uint32_t entry = 99;
    ASSERT_EQ(mscrt_model_select(model.get(), &raw, 1, &entry, nullptr),
              MSCRT_OK);
    EXPECT_EQ(entry, expected);
    auto outputs = model.predict({x});
    EXPECT_EQ((*outputs)[0].shape(), (std::vector<int64_t>{rows, 4}));
    EXPECT_EQ((*outputs)[1].shape(), std::vector<int64_t>());
  }
}

TEST_F(Select, NamesTheInputTheDimensionAndBothValues) {
  EXPECT_ERROR(model.predict({floats({2, 3}, std::vector<float>(6))}),
               MSCRT_ERROR_SHAPE, "input 'x' dimension 1 is 3, expected 4");
  EXPECT_ERROR(model.predict({floats({5, 4}, std::vector<float>(20))}),
               MSCRT_ERROR_SHAPE,
               "input 'x' dimension 0 (batch) is 5, expected 1 as in the "
               "nearest of 3 compiled shapes");
  EXPECT_ERROR(model.predict({floats({4}, std::vector<float>(4))}),
               MSCRT_ERROR_SHAPE, "input 'x' has rank 1, expected 2");
}

TEST_F(Select, NamesBothDtypes) {
  EXPECT_ERROR(model.predict({Tensor::create(MSCRT_F64, {1, 4}).value()}),
               MSCRT_ERROR_DTYPE,
               "input 'x' has dtype float64, expected float32");
}

TEST_F(Select, CountsTheInputs) {
  EXPECT_ERROR(model.predict({}), MSCRT_ERROR_ARGUMENT,
               "the model has 1 inputs (x), got 0");
}

TEST_F(Select, ChecksTheBuffer) {
  float values[4] = {};
  EXPECT_ERROR(model.predict({Tensor::view(MSCRT_F32, {1, 4}, values, 15)}),
               MSCRT_ERROR_SHAPE,
               "input 'x' needs 16 bytes, its buffer has 15");
  EXPECT_ERROR(model.predict({Tensor::view(MSCRT_F32, {1, 4}, nullptr, 16)}),
               MSCRT_ERROR_SHAPE, "input 'x' needs 16 bytes, its buffer has 0");
}

TEST(Guard, AnotherValueIsRefusedWithBoth) {
  Model model = loadModel("grid");
  std::vector<Tensor> inputs = gridInputs();
  ASSERT_TRUE(model.predict(inputs));
  inputs[2].data<int64_t>()[1] = -7;
  EXPECT_ERROR(model.predict(inputs), MSCRT_ERROR_GUARD,
               "input 'shape' element 1 is -7, but the model was compiled for "
               "the value 4");
}
