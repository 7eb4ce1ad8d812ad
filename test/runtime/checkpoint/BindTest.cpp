// SPDX-License-Identifier: Apache-2.0
//
/// \file Matching a checkpoint with the parameters of a model.
#include "Fixtures.h"

using namespace fixtures;
using namespace mscrt;

namespace {

ParameterInfo parameter(const std::string &name, const Shape &shape,
                        mscrt_dtype dtype = MSCRT_F32) {
  ParameterInfo info;
  info.name = name;
  info.dtype = dtype;
  info.shape = shape;
  return info;
}

class Bind : public testing::Test {
protected:
  void add(const std::string &bytes) {
    opened.push_back(read(bytes));
    ASSERT_TRUE(opened.back());
    checkpoints.push_back(opened.back().get());
  }
  bool bind(const std::vector<ParameterInfo> &parameters) {
    return bindCheckpoints(parameters, checkpoints, options, binding, error);
  }
  void lenient() { options.strict = false; }
  float boundFloat(size_t index) {
    return values<float>(*binding.parameters[index].tensor)[0];
  }
  std::vector<std::unique_ptr<Checkpoint>> opened;
  std::vector<const Checkpoint *> checkpoints;
  BindOptions options;
  Binding binding;
  std::string error;
};

} // namespace

TEST_F(Bind, bindsByName) {
  add(floats("b", {1}, {2}) + floats("a", {1, 1}, {1}));
  ASSERT_TRUE(bind({parameter("a", {1, 1}), parameter("b", {1})})) << error;
  EXPECT_EQ(boundFloat(0), 1);
  EXPECT_EQ(boundFloat(1), 2);
  EXPECT_EQ(binding.report.text(), "bound 2 of 2 parameters\n");
}

TEST_F(Bind, strictRefusesWhatIsMissing) {
  add(floats("a", {1}, {1}) + floats("extra", {1}, {2}));
  EXPECT_FALSE(bind({parameter("a", {1}), parameter("b", {2, 3})}));
  EXPECT_EQ(error,
            "bound 1 of 2 parameters, 1 missing, 1 unexpected; 'b' is missing");
  lenient();
  EXPECT_TRUE(bind({parameter("a", {1}), parameter("b", {2, 3})})) << error;
  EXPECT_TRUE(binding.parameters[0].tensor);
  EXPECT_FALSE(binding.parameters[1].tensor);
  EXPECT_CONTAINS(binding.report.text(),
                  "missing (in the model only):\n  'b': f32[2,3]\n");
  EXPECT_CONTAINS(binding.report.text(),
                  "unexpected (in the checkpoint only):\n  'extra': f32[1]\n");
}

TEST_F(Bind, unexpectedAloneIsNoError) {
  add(floats("a", {1}, {1}) + floats("extra", {1}, {2}));
  EXPECT_TRUE(bind({parameter("a", {1})})) << error;
  EXPECT_EQ(binding.report.unexpected.size(), 1u);
}

TEST_F(Bind, mismatchNamesBothSides) {
  add(floats("w", {3, 2}, {1, 2, 3, 4, 5, 6}) + floats("a", {1}, {1}) +
      entry("n", {1}, "Int64", raw<int64_t>({1})));
  EXPECT_FALSE(bind({parameter("w", {2, 3}), parameter("a", {1})}));
  EXPECT_CONTAINS(error, "'w': model f32[2,3], checkpoint f32[3,2]");
  EXPECT_FALSE(bind({parameter("n", {1}, MSCRT_I32), parameter("a", {1})}));
  EXPECT_CONTAINS(error, "'n': model i32[1], checkpoint i64[1]");
  lenient();
  EXPECT_TRUE(bind({parameter("w", {2, 3}), parameter("a", {1})})) << error;
  EXPECT_FALSE(binding.parameters[0].tensor);
  EXPECT_EQ(binding.report.mismatched.size(), 1u);
}

TEST_F(Bind, nothingBoundIsAnErrorEvenLeniently) {
  lenient();
  add(floats("x", {1}, {1}));
  EXPECT_FALSE(bind({parameter("a", {2})}));
  EXPECT_CONTAINS(error, "bound 0 of 1 parameters");
  EXPECT_TRUE(bind({})) << error;
}

TEST_F(Bind, scalarAndOneElementAreTheSame) {
  add(floats("a", {0}, {1}) + floats("b", {1}, {2}));
  EXPECT_TRUE(bind({parameter("a", {1}), parameter("b", {})})) << error;
  EXPECT_FALSE(bind({parameter("a", {1, 1}), parameter("b", {})}));
}

TEST_F(Bind, convertsFloatKinds) {
  add(entry("a", {2}, "Float16", std::string("\0\x3c\0\xc0", 4)) +
      floats("b", {1}, {1.5f}) + entry("c", {1}, "Float64", raw<double>({2})));
  ASSERT_TRUE(bind({parameter("a", {2}), parameter("b", {1}, MSCRT_BF16),
                    parameter("c", {1})}))
      << error;
  std::vector<float> a(2);
  EXPECT_TRUE(binding.parameters[0].converted);
  EXPECT_TRUE(writeParameter(binding.parameters[0], MSCRT_F32,
                             reinterpret_cast<char *>(a.data()), 8));
  EXPECT_EQ(a, std::vector<float>({1, -2}));
  EXPECT_CONTAINS(binding.report.text(),
                  "converted:\n  'a': f16 to f32\n  'b': f32 to bf16\n"
                  "  'c': f64 to f32\n");
}

TEST_F(Bind, rulesApplyInOrderToAllNames) {
  add(floats("net.encoder.0.w", {1}, {1}) + floats("net.b", {1}, {2}));
  options.renames = {"^net\\.=", "encoder\\.(\\d+)=layer$1"};
  EXPECT_TRUE(bind({parameter("layer0.w", {1}), parameter("b", {1})})) << error;
  EXPECT_EQ(boundFloat(0), 1);
  EXPECT_CONTAINS(binding.report.text(), "'layer0.w': from 'net.encoder.0.w'");
}

TEST_F(Bind, rulesAreSplitAtTheLastEqualsSign) {
  add(floats("net.w", {1}, {1}) + floats("net.b", {1}, {1}));
  options.renames = {"^net\\.(?=w)=x."};
  EXPECT_TRUE(bind({parameter("x.w", {1}), parameter("net.b", {1})})) << error;
}

TEST_F(Bind, refusesMalformedRules) {
  add(floats("a", {1}, {1}));
  options.renames = {"(=x"};
  EXPECT_FALSE(bind({parameter("a", {1})}));
  EXPECT_CONTAINS(error,
                  "rename rule '(=x' has a malformed regular expression");
  for (const char *rule : {"abc", "=x", ""}) {
    options.renames = {rule};
    EXPECT_FALSE(bind({parameter("a", {1})}));
    EXPECT_CONTAINS(error, "is not of the form regex=replacement");
  }
  options.renames = {"a=" + std::string(2000, 'b')};
  EXPECT_FALSE(bind({parameter("a", {1})}));
  EXPECT_CONTAINS(error, "makes a name of more than 1024 bytes");
}

TEST_F(Bind, rulesThatMakeNamesEqualAreRefused) {
  lenient();
  add(floats("a.w", {1}, {1}) + floats("b.w", {1}, {2}));
  options.renames = {"^.\\.="};
  EXPECT_FALSE(bind({parameter("w", {1})}));
  EXPECT_CONTAINS(error, "make both 'a.w' and 'b.w' this name");
}

TEST_F(Bind, aRegexOnTheLongestNameDoesNotOverflowTheStack) {
  std::string name(1024, 'n');
  add(floats(name, {1}, {1}));
  options.renames = {"^((n|m)*x|(n|.)*)$=$1"};
  EXPECT_TRUE(bind({parameter(name, {1})})) << error;
}

TEST_F(Bind, laterCheckpointsReplaceEarlierOnes) {
  add(floats("a", {1}, {1}) + floats("b", {1}, {2}));
  add(floats("b", {1}, {3}) + floats("c", {1}, {4}));
  ASSERT_TRUE(
      bind({parameter("a", {1}), parameter("b", {1}), parameter("c", {1})}))
      << error;
  EXPECT_EQ(boundFloat(0), 1);
  EXPECT_EQ(boundFloat(1), 3);
  EXPECT_EQ(boundFloat(2), 4);
}

TEST_F(Bind, listsOptimizerStateApart) {
  add(floats("w", {1}, {1}) + floats("moments.w", {1}, {0}) +
      floats("learning_rate", {0}, {0}) + floats("global_step", {0}, {0}) +
      floats("moment_encoder.w", {1}, {0}));
  EXPECT_TRUE(bind({parameter("w", {1})})) << error;
  EXPECT_EQ(binding.report.optimizerState.size(), 3u);
  ASSERT_EQ(binding.report.unexpected.size(), 1u);
  EXPECT_EQ(binding.report.unexpected[0].name, "moment_encoder.w");
}

TEST_F(Bind, skippedValuesAreNotedUnlessAskedFor) {
  lenient();
  add(floats("w", {1}, {1}) + entry("q", {2}, "Int4", "a") +
      entry("info", {0}, "str", little('a', 4)));
  EXPECT_TRUE(bind({parameter("w", {1})})) << error;
  EXPECT_CONTAINS(binding.report.text(),
                  "'q': Int4 elements are not supported");
  EXPECT_FALSE(bind({parameter("w", {1}), parameter("q", {2}, MSCRT_I8)}));
  EXPECT_CONTAINS(error, "'q': model i8[2], checkpoint: Int4 elements");
}

TEST_F(Bind, frozenParametersMayNotChange) {
  lenient();
  add(floats("w", {1}, {1}) + floats("axis", {1}, {3}) +
      entry("h", {1}, "Float16", std::string("\0\x3c", 2)));
  ParameterInfo frozen = parameter("axis", {1});
  frozen.flags = MSCRT_PARAMETER_FROZEN;
  std::string same = raw<float>({3});
  frozen.hash = hashBytes(same.data(), same.size());
  EXPECT_TRUE(bind({parameter("w", {1}), frozen})) << error;
  frozen.hash = 1;
  EXPECT_FALSE(bind({parameter("w", {1}), frozen}));
  EXPECT_CONTAINS(error, "'axis': its value was used while compiling");
  EXPECT_FALSE(binding.parameters[1].tensor);
  // Compared after conversion.
  ParameterInfo converted = parameter("h", {1});
  converted.flags = MSCRT_PARAMETER_FROZEN;
  std::string one = raw<float>({1});
  converted.hash = hashBytes(one.data(), one.size());
  EXPECT_TRUE(bind({parameter("w", {1}), converted})) << error;
}

TEST_F(Bind, frozenParametersMayBeMissing) {
  add(floats("w", {1}, {1}));
  ParameterInfo frozen = parameter("shape", {4}, MSCRT_I64);
  frozen.flags = MSCRT_PARAMETER_FROZEN;
  EXPECT_TRUE(bind({parameter("w", {1}), frozen})) << error;
  ASSERT_EQ(binding.report.kept.size(), 1u);
  EXPECT_EQ(binding.report.kept[0].name, "shape");
}

TEST_F(Bind, suggestsNearNames) {
  lenient();
  add(floats("a", {1}, {1}) + floats("conv1.wieght", {2}, {1, 2}) +
      floats("conv2.weight", {3}, {1, 2, 3}) + floats("other", {2}, {1, 2}));
  EXPECT_TRUE(bind({parameter("a", {1}), parameter("conv1.weight", {2})}));
  ASSERT_EQ(binding.report.missing.size(), 1u);
  // The same shape first.
  EXPECT_EQ(binding.report.missing[0].near,
            std::vector<std::string>({"conv1.wieght", "conv2.weight"}));
  EXPECT_CONTAINS(binding.report.text(),
                  "'conv1.weight': f32[2]; near: 'conv1.wieght', ");
}

TEST_F(Bind, suggestsARuleForAPrefix) {
  add(floats("train.net.fc.weight", {2}, {1, 2}) +
      floats("train.net.fc.bias", {1}, {1}));
  std::vector<ParameterInfo> model = {parameter("fc.weight", {2}),
                                      parameter("fc.bias", {1})};
  EXPECT_FALSE(bind(model));
  EXPECT_EQ(binding.report.suggestedRule, "^train\\.net\\.=");
  EXPECT_CONTAINS(error, "; try --rename='^train\\.net\\.='");
  options.renames = {binding.report.suggestedRule};
  EXPECT_TRUE(bind(model)) << error;

  // And the other way round.
  options.renames.clear();
  model = {parameter("model.train.net.fc.weight", {2}),
           parameter("model.train.net.fc.bias", {1})};
  EXPECT_FALSE(bind(model));
  EXPECT_EQ(binding.report.suggestedRule, "^=model.");
  options.renames = {binding.report.suggestedRule};
  EXPECT_TRUE(bind(model)) << error;
}

TEST_F(Bind, suggestionsAreSafeToPaste) {
  add(floats("a';rm x;'.w", {1}, {1}));
  EXPECT_FALSE(bind({parameter("w", {1})}));
  EXPECT_EQ(binding.report.suggestedRule, "");
}

TEST_F(Bind, longListsAreCut) {
  lenient();
  std::string bytes = floats("w", {1}, {1});
  for (int i = 0; i < 30; ++i)
    bytes += floats("extra" + std::to_string(i), {1}, {0});
  add(bytes);
  EXPECT_TRUE(bind({parameter("w", {1})}));
  EXPECT_CONTAINS(binding.report.text(5), "'extra4'");
  EXPECT_CONTAINS(binding.report.text(5), "  ... and 25 more\n");
}
