// SPDX-License-Identifier: Apache-2.0
//
/// \file msc-run as its users see it: flags, output, exit status.
#include "TestModels.h"

#include <cmath>
#include <sys/wait.h>

using namespace mscrt;
using namespace test;

namespace {

struct Output {
  int status;
  std::string out, err;
};

class Tool : public testing::Test {
protected:
  /// Runs msc-run through the shell, so that arguments are quoted by the test.
  Output run(const std::string &arguments,
             const std::string &environment = "") {
    std::string out = folder / "stdout", err = folder / "stderr";
    int code = system(
        (environment + " " MSC_RUN " " + arguments + " >" + out + " 2>" + err)
            .c_str());
    return {WIFEXITED(code) ? WEXITSTATUS(code) : -1, readFile(out),
            readFile(err)};
  }
  std::string save(const std::string &name, const Tensor &tensor) {
    std::string path = folder / name;
    EXPECT_TRUE(tensor.write(path));
    return path;
  }
  static bool contains(const std::string &text, const std::string &part) {
    return text.find(part) != std::string::npos;
  }
  TemporaryFolder folder;
  Affine affine;
  std::string so = affine.folder / "affine.so";
  std::string x = save("x.npy", floats({2, 4}, {0, 1, 2, 3, 4, 5, 6, 7}));
  std::string y = save("y.npy", floats({2, 4}, {1, 4, 7, 10, 13, 16, 19, 22}));
};

TEST_F(Tool, PrintsOutputs) {
  Output result = run(so + " --input=" + x);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "output 'y': float32[2, 4]\n  1, 4, 7, 10, 13, 16, 19, "
                        "22\noutput 'steps': float32[]\n  1\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(Tool, WritesOutputsByNameAndPosition) {
  std::string first = folder / "a.npy", second = folder / "b.npy";
  Output result = run(so + " --input=x=" + x + " --output=" + first +
                      " --output steps=" + second);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(valuesOf(*Tensor::read(first)), valuesOf(*Tensor::read(y)));
  EXPECT_EQ(valuesOf(*Tensor::read(second)), std::vector<float>{1});
}

TEST_F(Tool, ComparesWithWhatIsExpected) {
  Output equal = run(so + " --input=" + x + " --expect=" + y);
  EXPECT_EQ(equal.status, 0) << equal.err;
  EXPECT_EQ(equal.out, "output 'y': equal, largest error 0\n");
  std::string other =
      save("z.npy", floats({2, 4}, {1, 4, 7, 10, 13.5f, 16, 19, 20}));
  Output differs = run(so + " --input=" + x + " --expect=y=" + other);
  EXPECT_EQ(differs.status, 1);
  EXPECT_EQ(differs.err,
            "error: output 'y' differs in 2 of 8 elements; most at "
            "[1, 3]: 22, expected 20 (largest error 2)\n");
  EXPECT_EQ(
      run(so + " --input=" + x + " --expect=" + other + " --atol=2").status, 0);
  EXPECT_EQ(
      run(so + " --input=" + x + " --expect=" + other + " --atol 0 --rtol 0.11")
          .status,
      0);
  Output shape = run(so + " --input=" + x + " --expect=steps=" + y);
  EXPECT_EQ(shape.status, 1);
  EXPECT_EQ(shape.err, "error: output 'steps' is float32[], expected "
                       "float32[2, 4]\n");
}

TEST_F(Tool, NanEqualsNanAndNothingElse) {
  Model model = loadModel("positive");
  float nan = NAN;
  std::string input = save("n.npy", floats({8}, {1, 2, 3, 4, 5, 6, 7, 8}));
  std::string expected = save("e.npy", floats({8}, {1, 2, nan, 4, 5, 6, 7, 8}));
  Output result = run(MODELS "positive.so --input=" + input +
                      " --expect=" + expected + " --atol=inf");
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(contains(result.err, "at [2]: 3, expected nan")) << result.err;
}

TEST_F(Tool, RandomInputsFollowTheSeed) {
  std::string a = folder / "a.npy", b = folder / "b.npy", c = folder / "c.npy";
  run(so + " --input=random --seed=7 --output=" + a);
  run(so + " --seed=7 --output=" + b);
  run(so + " --seed 8 --output=" + c);
  EXPECT_EQ(readFile(a), readFile(b));
  EXPECT_NE(readFile(a), readFile(c));
  for (float value : valuesOf(*Tensor::read(a))) {
    EXPECT_GE(value, 3 * -1 + 1);
    EXPECT_LT(value, 3 * 1 + 1);
  }
  Output ones = run(so + " --input=ones");
  EXPECT_TRUE(contains(ones.out, "4, 4, 4, 4\n")) << ones.out;
}

TEST_F(Tool, GuardedInputsGetTheirValue) {
  std::string failAt = save("f.npy", Tensor::of<int64_t>({}, {-1}).value());
  Output result =
      run(MODELS "grid.so --input=fail_at=" + failAt + " --threads=2 --quiet");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
}

TEST_F(Tool, BenchPrintsPercentilesAndSizes) {
  Output result = run(so + " --input=" + x + " --bench=5 --threads=1");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "median ")) << result.out;
  EXPECT_TRUE(contains(result.out, "(5 runs, 1 threads)")) << result.out;
  EXPECT_TRUE(contains(result.out, "arena 256 bytes  weights 192 bytes\n"));
}

TEST_F(Tool, JsonHoldsEverything) {
  Output result = run(so + " --json --bench=4 --input=" + x + " --expect=" + y);
  EXPECT_EQ(result.status, 0) << result.err;
  for (const char *part :
       {R"("inputs": [{"name": "x", "dtype": "float32", "shape": [2, 4]}])",
        R"({"name": "steps", "dtype": "float32", "shape": []}])",
        R"("expect": [{"name": "y", "equal": true, "max_abs_error": 0)",
        R"("bench": {"runs": 4, "median_ns": )", R"("arena_bytes": 256)",
        R"("weight_bytes": 192)", R"("status": 0})"})
    EXPECT_TRUE(contains(result.out, part)) << part << "\n" << result.out;
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1);
  EXPECT_EQ(
      run(so + " --json --expect=" + save("bad.npy", floats({1}, {0}))).status,
      1);
}

TEST_F(Tool, InspectDoesNotRun) {
  Output result = run(so + " --inspect");
  EXPECT_EQ(result.status, 0) << result.err;
  for (const char *part :
       {"model 'affine' for cpu", "input 'x': float32[batch, 4]",
        "output 'steps': float32[]", "parameter 'axis': int64[], frozen",
        "parameter 'steps': float32[1], state", "entry 2: float32[8, 4]"})
    EXPECT_TRUE(contains(result.out, part)) << part << "\n" << result.out;
  Output json = run(so + " --inspect --json");
  EXPECT_TRUE(contains(json.out, R"("shape": [-1, 4])")) << json.out;
}

TEST_F(Tool, ProfileWritesATrace) {
  std::string trace = folder / "trace.json";
  Output result = run(so + " --profile=" + trace + " --input=" + x);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(readFile(trace), R"("name":"mul, add")"));
}

TEST_F(Tool, BindsCheckpoints) {
  Output result = run(so + " --checkpoint=" + (folder / "none.ckpt"));
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(contains(result.err, "none.ckpt")) << result.err;
}

TEST_F(Tool, WrongUsageIsStatus2) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "error: no model given (msc-run --help)\n"},
      {so + " --seed=x",
       "error: 'x' is no value for --seed (msc-run --help)\n"},
      {so + " --input", "error: --input needs a value (msc-run --help)\n"},
      {so + " --json=1", "error: --json takes no value (msc-run --help)\n"},
      {so + " --threads=0",
       "error: '0' is no value for --threads (msc-run --help)\n"},
      {so + " --bench=0",
       "error: '0' is no value for --bench (msc-run --help)\n"},
      {so + " --atol=-1",
       "error: '-1' is no value for --atol (msc-run --help)\n"},
      {"a.so b.so",
       "error: 'b.so' is one model too many, after 'a.so' (msc-run "
       "--help)\n"},
      {so + " -O3", "error: '-O3' does not apply to '" + so +
                        "', which is compiled already\n"},
      {so + " --output=z=o.npy --quiet",
       "error: the model has no output 'z'\n"}};
  for (const auto &[arguments, message] : cases) {
    Output result = run(arguments);
    EXPECT_EQ(result.status, 2) << arguments;
    EXPECT_EQ(result.err, message);
  }
}

TEST_F(Tool, ErrorsAreStatus1) {
  EXPECT_EQ(run("/no/such.so").err,
            "error: cannot open '/no/such.so': No such file or directory\n");
  Output name = run(so + " --input=z=random");
  EXPECT_EQ(name.status, 1);
  EXPECT_EQ(name.err, "error: the model has no input 'z'\n");
  Output many = run(so + " --input=random --input=ones");
  EXPECT_EQ(many.err,
            "error: 'ones' is one too many: the model has 1 inputs\n");
  Output shape = run(
      so + " --input=" + save("s.npy", floats({3, 4}, std::vector<float>(12))));
  EXPECT_EQ(shape.status, 1);
  EXPECT_TRUE(contains(shape.err, "dimension 0 (batch) is 3")) << shape.err;
}

TEST_F(Tool, HelpFitsAScreen) {
  Output help = run("--help");
  EXPECT_EQ(help.status, 0);
  std::istringstream lines(help.out);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_LE(line.size(), 80u) << line;
  EXPECT_LE(count, 48u);
  EXPECT_EQ(run("--version").out, "msc-run 0.1.0\n");
}

TEST_F(Tool, CompilesModelFiles) {
  std::string model = folder / "net.onnx";
  writeFile(model, "a model");
  std::string compiler = "FAKE_ARTIFACT=" MODELS
                         "positive.so MSC_LIBRARY=" MODELS
                         "fake-compiler.so TMPDIR=" +
                         (folder / "");
  std::string input = save("n.npy", floats({8}, {1, 2, 0, 0, 0, 0, 0, 0}));
  Output result =
      run(model + " -O2 --shape=x:8 --verify --input=x=" + input, compiler);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err,
            "compiling " + model +
                " flag -O2 flag --shape=x:8 flag --verify input 'x' "
                "rank 1 dtype 1 size 32 8\n");
  EXPECT_EQ(result.out, "output 'y': float32[2]\n  1, 2\n");
  EXPECT_EQ(run(model + " --fail", compiler).status, 1);
  EXPECT_EQ(run(model + " --wrong", compiler).status, 2);
  Output none = run(model, "MSC_LIBRARY=/no/such.so");
  EXPECT_EQ(none.status, 1);
  EXPECT_TRUE(contains(none.err, "cannot load the compiler")) << none.err;
  for (auto &entry : std::filesystem::directory_iterator(folder / "."))
    EXPECT_FALSE(contains(entry.path(), "msc-run-")) << entry.path();
}

} // namespace
