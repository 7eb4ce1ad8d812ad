// SPDX-License-Identifier: Apache-2.0
//
/// \file Loading artifacts: what is accepted, and how everything else is
/// refused.
#include "TestModels.h"

#include <elf.h>
#include <thread>

using namespace mscrt;
using namespace test;

TEST(Load, FindsTheWeightsBesideTheArtifact) {
  Affine affine;
  Model model = affine.load();
  auto outputs = model.predict({floats({1, 4}, {0, 1, 2, 3})});
  ASSERT_TRUE(outputs) << outputs.error().message();
  EXPECT_EQ(valuesOf((*outputs)[0]), (std::vector<float>{1, 4, 7, 10}));
}

TEST(Load, TakesTheWeightsFileItIsGiven) {
  Affine affine;
  writeFile(affine.folder / "other", affineWeights(5, 0));
  LoadOptions options;
  options.weightsPath = affine.folder / "other";
  auto outputs = affine.load(options).predict({floats({1, 4}, {1, 1, 1, 1})});
  EXPECT_EQ(valuesOf((*outputs)[0]), (std::vector<float>{5, 5, 5, 5}));
}

TEST(Load, RefusesWeightsThatAreMissingShortOrOthers) {
  Affine affine;
  std::string so = affine.folder / "affine.so";
  std::string weights = affine.folder / "affine.weights";
  LoadOptions check;
  check.checkWeights = true;
  EXPECT_ERROR(Model::load(so, check), MSCRT_ERROR_FORMAT,
               "the weights are not those that the model was compiled with");
  std::filesystem::resize_file(weights, 100);
  EXPECT_ERROR(
      Model::load(so), MSCRT_ERROR_FORMAT,
      ("'" + weights + "' has 100 bytes, '" + so + "' expects 192").c_str());
  std::filesystem::remove(weights);
  EXPECT_ERROR(
      Model::load(so), MSCRT_ERROR_IO,
      ("cannot open '" + weights + "': No such file or directory").c_str());
}

TEST(Load, RefusesFilesThatAreNoModel) {
  TemporaryFolder folder;
  std::string path = folder / "model.so";
  EXPECT_ERROR(
      Model::load(path), MSCRT_ERROR_IO,
      ("cannot open '" + path + "': No such file or directory").c_str());
  for (const char *content : {"", "\x7f", "ELF", "a text, not a model"}) {
    writeFile(path, content);
    EXPECT_ERROR(
        Model::load(path), MSCRT_ERROR_FORMAT,
        ("'" + path + "' is not a compiled model (not a shared object)")
            .c_str());
  }
  EXPECT_ERROR(Model::load(MODELS "no-symbol.so"), MSCRT_ERROR_FORMAT,
               "'" MODELS "no-symbol.so' is not a compiled model (no symbol "
               "mscrt_model_v1)");
  EXPECT_ERROR(Model::load(MODELS), MSCRT_ERROR_IO,
               "'" MODELS "' is not a regular file");
}

TEST(Load, RefusesTruncatedLibrariesWithoutTouchingThem) {
  TemporaryFolder folder;
  std::string whole = readFile(MODELS "grid.so");
  std::string path = folder / "grid.so";
  for (size_t size :
       {size_t(64), whole.size() / 4, whole.size() / 2, whole.size() - 1}) {
    writeFile(path, whole.substr(0, size));
    auto model = Model::load(path);
    ASSERT_FALSE(model) << size;
    EXPECT_EQ(model.error().code(), MSCRT_ERROR_FORMAT);
  }
}

TEST(Load, RefusesAnotherArchitecture) {
  TemporaryFolder folder;
  std::string bytes = readFile(MODELS "grid.so");
  bytes[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_RISCV);
  bytes[offsetof(Elf64_Ehdr, e_machine) + 1] = 0;
  std::string path = folder / "grid.so";
  writeFile(path, bytes);
  auto model = Model::load(path);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), MSCRT_ERROR_CPU);
  EXPECT_NE(strstr(model.error().message(), "is compiled for riscv64"),
            nullptr);
}

TEST(Load, RefusesAFileThatWasReplacedWhileInUse) {
  Affine affine;
  std::string so = affine.folder / "affine.so";
  {
    Model model = affine.load();
    std::filesystem::copy(so, affine.folder / "new.so");
    std::filesystem::rename(affine.folder / "new.so", so);
    auto again = Model::load(so);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code(), MSCRT_ERROR_IO);
  }
  EXPECT_TRUE(Model::load(so));
}

/// A copy of the affine model's description that a test can damage.
struct Wrapped {
  Wrapped() : desc(model.inspect()), weights(affineWeights(1, 0)) {
    block = Tensor::create(MSCRT_U8, {192}).value();
    memcpy(block.bytes(), weights.data(), weights.size());
  }
  mscrt_status wrap() {
    mscrt_loaded_model *loaded = nullptr;
    mscrt_status status =
        mscrt_model_wrap(&desc, block.bytes(), nullptr, &loaded, &error);
    mscrt_model_release(loaded);
    return status;
  }
  Affine affine;
  Model model = affine.load();
  mscrt_model desc;
  std::string weights;
  Tensor block;
  mscrt_error error = {};
};

TEST(Load, WrapsAModelInMemory) {
  Wrapped wrapped;
  EXPECT_EQ(wrapped.wrap(), MSCRT_OK) << wrapped.error.message;
}

TEST(Load, ChecksVersionsFirst) {
  Wrapped wrapped;
  wrapped.desc.abi_version = 7;
  wrapped.desc.inputs = nullptr;
  EXPECT_EQ(wrapped.wrap(), MSCRT_ERROR_VERSION);
  EXPECT_EQ(std::string(wrapped.error.message),
            "the model is built for ABI version 7, this runtime has " +
                std::to_string(MSCRT_ABI_VERSION));
  wrapped.desc.abi_version = MSCRT_ABI_VERSION;
  wrapped.desc.size = 16;
  EXPECT_EQ(wrapped.wrap(), MSCRT_ERROR_VERSION);
}

TEST(Load, ChecksProcessorAndTarget) {
  Wrapped wrapped;
  wrapped.desc.triple = "riscv64-unknown-linux-gnu";
  EXPECT_EQ(wrapped.wrap(), MSCRT_ERROR_CPU);
  wrapped.desc.triple = nullptr;
  wrapped.desc.cpu_features = "+no-such-feature-1,-unwanted,other-feature-2";
  EXPECT_EQ(wrapped.wrap(), MSCRT_ERROR_CPU);
  wrapped.desc.cpu_features = nullptr;
  wrapped.desc.target = "gpu";
  EXPECT_EQ(wrapped.wrap(), MSCRT_ERROR_UNSUPPORTED);
  EXPECT_STREQ(wrapped.error.message,
               "the model is compiled for target 'gpu', this runtime has cpu");
}

TEST(Load, ChecksTheTables) {
  auto expectDamaged = [](const char *what, auto damage) {
    Wrapped wrapped;
    damage(wrapped.desc);
    EXPECT_EQ(wrapped.wrap(), MSCRT_ERROR_FORMAT) << what;
    EXPECT_NE(strstr(wrapped.error.message, what), nullptr)
        << wrapped.error.message;
  };
  expectDamaged("one is missing",
                [](mscrt_model &desc) { desc.entries = nullptr; });
  expectDamaged("one is missing",
                [](mscrt_model &desc) { desc.num_entries = 0; });
  expectDamaged("state 0", [](mscrt_model &desc) { desc.state_size = 64; });
  expectDamaged("state 0", [](mscrt_model &desc) { desc.weights_size = 130; });
  mscrt_value_desc input = {"x", "", 0, 99, 0, nullptr, nullptr};
  expectDamaged("input 0", [&](mscrt_model &desc) { desc.inputs = &input; });
  mscrt_stage_desc stages[4] = {};
  expectDamaged("stage 0", [&](mscrt_model &desc) { desc.stages = stages; });
  mscrt_entry entries[3] = {};
  expectDamaged("entry 0", [&](mscrt_model &desc) { desc.entries = entries; });
  const int64_t huge[] = {INT64_MAX / 2};
  mscrt_parameter_desc parameters[4] = {
      {"p", MSCRT_F32, 1, huge, 0, 0, 0, MSCRT_NOT_STORED}};
  expectDamaged("parameter 0",
                [&](mscrt_model &desc) { desc.parameters = parameters; });
  parameters[0] = {"p", MSCRT_F32, 0, nullptr, 4, 0, 0, uint64_t(1) << 40};
  expectDamaged("parameter 0",
                [&](mscrt_model &desc) { desc.parameters = parameters; });
}

TEST(Load, NullArgumentsAreErrors) {
  mscrt_loaded_model *model = nullptr;
  EXPECT_EQ(mscrt_model_load(nullptr, nullptr, &model, nullptr),
            MSCRT_ERROR_ARGUMENT);
  EXPECT_EQ(mscrt_model_wrap(nullptr, nullptr, nullptr, &model, nullptr),
            MSCRT_ERROR_ARGUMENT);
  mscrt_model_release(nullptr);
  mscrt_context_destroy(nullptr);
}

TEST(Load, DescribesTheSignature) {
  Affine affine;
  Model model = affine.load();
  mscrt_loaded_model *raw = model.get();
  ASSERT_EQ(mscrt_model_num_inputs(raw), 1u);
  ASSERT_EQ(mscrt_model_num_outputs(raw), 2u);
  EXPECT_STREQ(mscrt_model_input(raw, 0)->name, "x");
  EXPECT_EQ(mscrt_model_input(raw, 0)->shape[0], -1);
  EXPECT_STREQ(mscrt_model_output(raw, 1)->path, "1");
  EXPECT_EQ(mscrt_model_input(raw, 1), nullptr);
  EXPECT_EQ(mscrt_model_output(raw, 2), nullptr);
  EXPECT_STREQ(mscrt_model_parameter(raw, 3)->name, "steps");
  EXPECT_EQ(mscrt_model_parameter(raw, mscrt_model_num_parameters(raw)),
            nullptr);
  EXPECT_EQ(mscrt_model_state(raw, 0)->offset, 64u);
  EXPECT_EQ(mscrt_model_state(raw, mscrt_model_num_states(raw)), nullptr);
}
