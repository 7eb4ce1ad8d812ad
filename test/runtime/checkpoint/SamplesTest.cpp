// SPDX-License-Identifier: Apache-2.0
//
/// \file Real files, written by MindSpore 1.1 to 2.10. They are not part of the
/// repository: MSC_SHARED names the folder that holds samples/ckpt and
/// mindir-suite/models.
#include "Fixtures.h"

using namespace fixtures;
using namespace mscrt;

namespace {

class Samples : public testing::Test {
protected:
  void SetUp() override {
    const char *path = std::getenv("MSC_SHARED");
    if (!path)
      GTEST_SKIP() << "MSC_SHARED is not set: no real checkpoint was read";
    shared = path;
  }
  std::unique_ptr<Checkpoint> sample(const std::string &name) {
    std::string error;
    auto checkpoint = Checkpoint::open(shared + "/samples/ckpt/" + name, error);
    EXPECT_TRUE(checkpoint) << error;
    return checkpoint;
  }
  std::string sampleError(const std::string &name) {
    std::string error;
    EXPECT_FALSE(Checkpoint::open(shared + "/samples/ckpt/" + name, error));
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    return error;
  }
  std::string shared;
};

} // namespace

TEST_F(Samples, allOpen) {
  const struct {
    const char *name;
    size_t count;
  } files[] = {{"FADA-source-classifier.ckpt", 2},
               {"FADA-source-encoder.ckpt", 8},
               {"FADA-tgt-classifier.ckpt", 2},
               {"FADA-tgt-discriminator.ckpt", 6},
               {"FADA-tgt-encoder.ckpt", 8},
               {"attention_block.ckpt", 12},
               {"coloring_2-8_775.ckpt", 233},
               {"fno1d.ckpt", 6},
               {"lenet_ascend_v111_offical_cv_mnist_bs32_acc98.ckpt", 21},
               {"llama2_fragment_fp16.ckpt", 12},
               {"lstm_crf_20_63.ckpt", 14},
               {"multihead.ckpt", 4},
               {"tbnet_epoch0.ckpt", 2},
               {"tbnet_epoch19.ckpt", 2},
               {"zero_dce_epoch99.ckpt", 46}};
  for (const auto &file : files) {
    auto checkpoint = sample(file.name);
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->tensors().size(), file.count) << file.name;
    EXPECT_TRUE(checkpoint->skipped().empty()) << file.name;
  }
}

TEST_F(Samples, othersAreRefused) {
  EXPECT_CONTAINS(sampleError("corrupt_utf8_mangled.ckpt"),
                  "not a MindSpore checkpoint: a copy that was saved as text");
  EXPECT_CONTAINS(sampleError("not_a_checkpoint_strategy.ckpt"),
                  "a parallel strategy file, not a checkpoint");
}

TEST_F(Samples, lenetOfATrainingRun) {
  auto checkpoint =
      sample("lenet_ascend_v111_offical_cv_mnist_bs32_acc98.ckpt");
  ASSERT_TRUE(checkpoint);
  const NamedTensor *rate = checkpoint->find("learning_rate");
  ASSERT_TRUE(rate);
  EXPECT_EQ(rate->shape, Shape());
  EXPECT_FLOAT_EQ(values<float>(*rate)[0], 0.01f);
  std::vector<ParameterInfo> model;
  for (const char *name :
       {"conv1.weight", "conv2.weight", "fc1.weight", "fc1.bias", "fc2.weight",
        "fc2.bias", "fc3.weight", "fc3.bias"}) {
    const NamedTensor *tensor = checkpoint->find(name);
    ASSERT_TRUE(tensor) << name;
    model.push_back({name, tensor->dtype, tensor->shape});
  }
  Binding binding;
  std::string error;
  ASSERT_TRUE(
      bindCheckpoints(model, {checkpoint.get()}, BindOptions(), binding, error))
      << error;
  EXPECT_EQ(binding.report.numBound, 8u);
  EXPECT_EQ(binding.report.optimizerState.size(), 13u);
  EXPECT_TRUE(binding.report.unexpected.empty());
}

TEST_F(Samples, fadaFromTwoFilesWithRules) {
  auto encoder = sample("FADA-tgt-encoder.ckpt");
  auto classifier = sample("FADA-source-classifier.ckpt");
  ASSERT_TRUE(encoder && classifier);
  std::vector<ParameterInfo> model = {
      {"0.conv.0.weight", MSCRT_F32, {6, 1, 5, 5}},
      {"0.fc.2.bias", MSCRT_F32, {84}},
      {"1.fc.weight", MSCRT_F32, {10, 64}}};
  BindOptions options;
  options.renames = {"^train_for_DD\\.network\\.encoder=0",
                     "^train_for_g\\.net_c=1"};
  Binding binding;
  std::string error;
  ASSERT_TRUE(bindCheckpoints(model, {encoder.get(), classifier.get()}, options,
                              binding, error))
      << error;
  EXPECT_EQ(binding.report.renamed.size(), 3u);
}

TEST_F(Samples, halfPrecisionIsConverted) {
  auto checkpoint = sample("llama2_fragment_fp16.ckpt");
  ASSERT_TRUE(checkpoint);
  const std::string name = "model.tok_embeddings.embedding_weight";
  std::vector<ParameterInfo> model = {{name, MSCRT_F32, {32000, 40}}};
  Binding binding;
  std::string error;
  ASSERT_TRUE(
      bindCheckpoints(model, {checkpoint.get()}, BindOptions(), binding, error))
      << error;
  std::vector<float> wide(32000 * 40);
  ASSERT_TRUE(writeParameter(binding.parameters[0], MSCRT_F32,
                             reinterpret_cast<char *>(wide.data()),
                             wide.size() * 4));
  for (float value : wide)
    ASSERT_TRUE(value > -100 && value < 100) << value;
}

TEST_F(Samples, oneNetworkInEveryContainer) {
  TemporaryDirectory directory;
  std::string command = "tar --zstd -xf '" + shared +
                        "/mindir-suite/models/stored.tar.zst' -C '" +
                        directory.path + "' mlp";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string error;
  auto plain = Checkpoint::open(directory / "mlp/model.ckpt", error);
  ASSERT_TRUE(plain) << error;
  ASSERT_EQ(plain->tensors().size(), 6u);
  for (const char *name : {"mlp/model_crc.ckpt", "mlp/model.safetensors"}) {
    auto other = Checkpoint::open(directory / name, error);
    ASSERT_TRUE(other) << error;
    ASSERT_EQ(other->tensors().size(), 6u);
    for (const NamedTensor &tensor : plain->tensors()) {
      const NamedTensor *twin = other->find(tensor.name);
      ASSERT_TRUE(twin) << tensor.name;
      EXPECT_EQ(twin->shape, tensor.shape);
      EXPECT_EQ(values<float>(*twin), values<float>(tensor));
    }
  }
  EXPECT_FALSE(Checkpoint::open(directory / "mlp/model_enc.ckpt", error));
  EXPECT_CONTAINS(error, "encrypted checkpoint: give --key");
  EXPECT_FALSE(Checkpoint::open(directory / "mlp/model.mindir", error));
  EXPECT_CONTAINS(error, "a MindIR model, not a checkpoint");
  EXPECT_FALSE(Checkpoint::open(directory / "mlp/model.onnx", error));
  EXPECT_CONTAINS(error, "an ONNX model, not a checkpoint");
}
