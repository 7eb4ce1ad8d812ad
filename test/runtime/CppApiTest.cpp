// SPDX-License-Identifier: Apache-2.0
//
/// \file The C++ header where other tests do not use it anyway.
#include "TestModels.h"

using namespace mscrt;
using namespace test;

TEST(CppApi, ValueOfAnErrorThrows) {
  auto model = Model::load("/no/such/model.so");
  ASSERT_FALSE(model);
  EXPECT_THROW(model.value(), std::runtime_error);
  EXPECT_THROW(model->inspect(), std::runtime_error);
}

TEST(CppApi, TensorsCheckTheirElements) {
  EXPECT_ERROR(Tensor::of<float>({2, 2}, {1, 2, 3}), MSCRT_ERROR_SHAPE,
               "the shape has 4 elements, got 3");
  EXPECT_ERROR(Tensor::create(MSCRT_F32, {INT64_MAX, 4}), MSCRT_ERROR_ARGUMENT,
               "the shape is negative or its size overflows");
  EXPECT_ERROR(Tensor::create(MSCRT_STRING, {1}), MSCRT_ERROR_ARGUMENT,
               "elements of dtype string have no size");
  Tensor tensor = floats({2}, {1, 2});
  EXPECT_EQ(tensor.data<int32_t>(), nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.bytes()) % MSCRT_ALIGNMENT, 0u);
}

TEST(CppApi, TensorsGoThroughFiles) {
  TemporaryFolder folder;
  Tensor tensor = floats({2, 1}, {1.5f, -2});
  ASSERT_TRUE(tensor.write(folder / "t.npy"));
  Tensor back = Tensor::read(folder / "t.npy").value();
  EXPECT_EQ(back.shape(), (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(valuesOf(back), valuesOf(tensor));
  EXPECT_FALSE(tensor.write(folder / "no/such/folder.npy"));
}

TEST(CppApi, StatusesAndDtypesHaveNames) {
  EXPECT_STREQ(mscrt_status_name(MSCRT_ERROR_GUARD), "guard");
  EXPECT_STREQ(mscrt_status_name(static_cast<mscrt_status>(99)), "unknown");
  EXPECT_STREQ(mscrt_dtype_name(MSCRT_BF16), "bfloat16");
  EXPECT_STREQ(mscrt_dtype_name(1000), "invalid");
  EXPECT_EQ(mscrt_dtype_size(MSCRT_STRING), 0u);
  EXPECT_STREQ(mscrt_version(), "0.1.0");
}
