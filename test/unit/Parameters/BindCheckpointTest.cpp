// SPDX-License-Identifier: Apache-2.0
//
/// \file Checkpoints put in place of a model's own parameters.
#include "msc/Parameters/BindCheckpoint.h"
#include "Fixtures.h"

using namespace fixtures;
using namespace msc;

namespace {

class BindCheckpoint : public testing::Test {
protected:
  void add(const std::string &name, const std::vector<float> &content) {
    auto owner = std::make_shared<std::vector<float>>(content);
    Parameter parameter;
    parameter.name = name;
    parameter.dtype = MSCRT_F32;
    parameter.shape = {static_cast<int64_t>(content.size())};
    parameter.data = {reinterpret_cast<const char *>(owner->data()),
                      owner->size() * sizeof(float)};
    parameter.owner = owner;
    ASSERT_FALSE(llvm::errorToBool(store.add(std::move(parameter))));
  }
  std::string file(const std::string &name, const std::string &bytes) {
    writeFile(directory / name, bytes);
    return directory / name;
  }
  /// The error of binding \p paths; empty if there is none.
  std::string bind(const std::vector<std::string> &paths) {
    return llvm::toString(bindCheckpoints(store, paths, options, report));
  }
  std::vector<float> value(const std::string &name) {
    llvm::ArrayRef<char> data = store.find(name)->data;
    std::vector<float> result(data.size() / sizeof(float));
    std::memcpy(result.data(), data.data(), data.size());
    return result;
  }
  using Floats = std::vector<float>;
  TemporaryDirectory directory;
  ParameterStore store;
  BindCheckpointOptions options;
  mscrt::BindReport report;
};

} // namespace

TEST_F(BindCheckpoint, replacesData) {
  add("w", {1, 2});
  add("b", {3});
  std::string path = file("net.ckpt", floats("net.w", {2}, {4, 5}) +
                                          floats("net.b", {0}, {6}));
  options.match.renames = {"^net\\.="};
  EXPECT_EQ(bind({path}), "");
  EXPECT_EQ(value("w"), Floats({4, 5}));
  EXPECT_EQ(value("b"), Floats({6}));
  // The model's shape stays.
  EXPECT_EQ(store.find("b")->shape, Shape({1}));
  EXPECT_EQ(report.numBound, 2u);
  EXPECT_CONTAINS(report.text(), "bound 2 of 2 parameters, 2 renamed\n");
}

TEST_F(BindCheckpoint, convertsToTheModelsType) {
  add("w", {1, 2});
  std::string half =
      entry("w", {2}, "BFloat16", std::string("\x80\x3f\0\xc0", 4));
  EXPECT_EQ(bind({file("half.ckpt", half)}), "");
  EXPECT_EQ(value("w"), Floats({1, -2}));
  EXPECT_EQ(store.find("w")->dtype, MSCRT_F32);
}

TEST_F(BindCheckpoint, severalFilesOfAnyFormat) {
  add("a", {1});
  add("b", {2});
  add("c", {3});
  std::string first = file(
      "1.npz", zip({{"a.npy", npy("<f4", "(1,)", raw<float>({4})), true}}));
  std::string second =
      file("2.ckpt", floats("b", {1}, {5}) + floats("c", {1}, {6}));
  EXPECT_EQ(bind({first, second}), "");
  EXPECT_EQ(value("a"), Floats({4}));
  EXPECT_EQ(value("b"), Floats({5}));
  EXPECT_EQ(value("c"), Floats({6}));
}

TEST_F(BindCheckpoint, aFailureLeavesTheStoreAsItWas) {
  add("w", {1, 2});
  add("b", {3});
  std::string path = file("net.ckpt", floats("w", {2}, {4, 5}));
  EXPECT_EQ(bind({path}),
            path + ": bound 1 of 2 parameters, 1 missing; 'b' is missing");
  EXPECT_EQ(value("w"), Floats({1, 2}));
  EXPECT_EQ(report.missing.size(), 1u);
  options.match.strict = false;
  EXPECT_EQ(bind({path}), "");
  EXPECT_EQ(value("w"), Floats({4, 5}));
  EXPECT_EQ(value("b"), Floats({3}));
}

TEST_F(BindCheckpoint, frozenValuesStay) {
  add("w", {1});
  add("shape", {7});
  store.find("shape")->frozen = true;
  EXPECT_EQ(bind({file("same.ckpt",
                       floats("w", {1}, {2}) + floats("shape", {1}, {7}))}),
            "");
  EXPECT_CONTAINS(bind({file("other.ckpt", floats("w", {1}, {2}) +
                                               floats("shape", {1}, {8}))}),
                  "'shape': its value was used while compiling");
}

TEST_F(BindCheckpoint, decryptsWithTheGivenFunction) {
  add("w", {1});
  std::string magic = "\xd8\x5e\x3a\x7f";
  std::string path = file("enc.ckpt", magic + floats("w", {1}, {9}));
  EXPECT_EQ(bind({path}), path + ": encrypted checkpoint: give --key");
  options.decrypt =
      [](llvm::ArrayRef<char> bytes) -> llvm::Expected<std::vector<char>> {
    return std::vector<char>(bytes.begin() + 4, bytes.end());
  };
  EXPECT_EQ(bind({path}), "");
  EXPECT_EQ(value("w"), Floats({9}));
  // Plain files go the usual way.
  EXPECT_EQ(bind({file("plain.ckpt", floats("w", {1}, {8}))}), "");
  EXPECT_EQ(value("w"), Floats({8}));
  options.decrypt =
      [](llvm::ArrayRef<char>) -> llvm::Expected<std::vector<char>> {
    return std::vector<char>(3, 'x');
  };
  EXPECT_CONTAINS(bind({path}), "is the key right?");
  options.decrypt =
      [](llvm::ArrayRef<char>) -> llvm::Expected<std::vector<char>> {
    return llvm::createStringError("--key has the wrong length");
  };
  EXPECT_EQ(bind({path}), path + ": --key has the wrong length");
}

TEST_F(BindCheckpoint, saysWhichFileIsBad) {
  add("w", {1});
  EXPECT_CONTAINS(bind({directory / "none.ckpt"}),
                  "none.ckpt: cannot open: No such file");
  EXPECT_CONTAINS(bind({file("bad.ckpt", "hello")}),
                  "bad.ckpt: not a checkpoint");
}
