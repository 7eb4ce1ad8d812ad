// SPDX-License-Identifier: Apache-2.0
//
/// \file What the programs around other systems share: command line, timing,
/// and results as one line of JSON, measured as `msc-run --bench` measures.
#ifndef MSC_BENCH_PEERS_PEER_H
#define MSC_BENCH_PEERS_PEER_H

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace peer {

/// One element type as numpy, ONNX Runtime and OpenVINO call it.
struct ElementType {
  const char *name;
  int onnx;
  const char *openvino;
  size_t size;
};

inline const std::vector<ElementType> &elementTypes() {
  static const std::vector<ElementType> table = {
      {"float32", 1, "f32", 4},  {"uint8", 2, "u8", 1},
      {"int8", 3, "i8", 1},      {"uint16", 4, "u16", 2},
      {"int16", 5, "i16", 2},    {"int32", 6, "i32", 4},
      {"int64", 7, "i64", 8},    {"bool", 9, "boolean", 1},
      {"float16", 10, "f16", 2}, {"float64", 11, "f64", 8},
      {"uint32", 12, "u32", 4},  {"uint64", 13, "u64", 8}};
  return table;
}

[[noreturn]] inline void die(const std::string &message) {
  fprintf(stderr, "error: %s\n", message.c_str());
  _Exit(1);
}

inline std::string readFile(const std::string &path) {
  FILE *file = fopen(path.c_str(), "rb");
  if (!file)
    die("cannot read '" + path + "'");
  std::string bytes;
  char buffer[1 << 16];
  while (size_t count = fread(buffer, 1, sizeof(buffer), file))
    bytes.append(buffer, count);
  fclose(file);
  return bytes;
}

/// One tensor given to or got from a model.
struct Tensor {
  std::string name;
  const ElementType *type = nullptr;
  std::vector<int64_t> shape;
  std::string bytes;
};

inline const ElementType *findType(const std::string &name) {
  for (const ElementType &type : elementTypes())
    if (name == type.name)
      return &type;
  die("unknown element type '" + name + "'");
}

/// PROGRAM MODEL THREADS [--once] [--output PREFIX] [--dim NAME VALUE]...
///         [--static] [--input NAME TYPE 1x2x3 FILE]...
struct Options {
  std::string model, outputPrefix;
  int threads = 1;
  bool isOnce = false;   ///< one run, no measurement
  bool isStatic = false; ///< fix the shapes of the inputs before compiling
  std::vector<std::pair<std::string, int64_t>> dims;
  std::vector<Tensor> inputs;
};

inline std::vector<int64_t> parseShape(const char *text) {
  std::vector<int64_t> shape;
  while (*text) {
    char *end = nullptr;
    shape.push_back(strtoll(text, &end, 10));
    text = *end == 'x' ? end + 1 : "";
  }
  return shape;
}

inline Options parse(int count, char **arguments) {
  Options options;
  if (count < 3)
    die("usage: MODEL THREADS [--once] [--output PREFIX] ...");
  options.model = arguments[1];
  options.threads = atoi(arguments[2]);
  int at = 3;
  auto next = [&] {
    if (at >= count)
      die("a value is missing at the end");
    return arguments[at++];
  };
  while (at < count) {
    std::string flag = next();
    if (flag == "--once") {
      options.isOnce = true;
    } else if (flag == "--static") {
      options.isStatic = true;
    } else if (flag == "--output") {
      options.outputPrefix = next();
    } else if (flag == "--dim") {
      std::string name = next();
      options.dims.emplace_back(name, atoll(next()));
    } else if (flag == "--input") {
      Tensor tensor;
      tensor.name = next();
      tensor.type = findType(next());
      tensor.shape = parseShape(next());
      tensor.bytes = readFile(next());
      options.inputs.push_back(std::move(tensor));
    } else {
      die("unknown flag '" + flag + "'");
    }
  }
  return options;
}

inline double nowNs() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

/// Most resident memory of this program; getrusage would count what the
/// program that started it used before.
inline long peakResidentBytes() {
  long kilobytes = 0;
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  while (file && fgets(line, sizeof(line), file))
    if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1)
      break;
  if (file)
    fclose(file);
  return kilobytes * 1024;
}

inline double percentile(const std::vector<double> &sorted, double fraction) {
  double position = fraction * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<size_t>(position);
  size_t above = std::min(below + 1, sorted.size() - 1);
  double weight = position - static_cast<double>(below);
  return sorted[below] * (1 - weight) + sorted[above] * weight;
}

/// As msc-run does it: three runs to warm up, then at least ten and a second.
template <typename Run> std::vector<double> measure(Run run) {
  constexpr size_t warmups = 3, leastRuns = 10, mostRuns = 10000;
  constexpr double second = 1e9;
  std::vector<double> samples;
  for (size_t i = 0; i < warmups; ++i)
    run();
  double begin = nowNs();
  for (double end = begin;
       samples.size() < mostRuns &&
       (samples.size() < leastRuns || end - begin < second);) {
    double start = nowNs();
    run();
    end = nowNs();
    samples.push_back(end - start);
  }
  std::sort(samples.begin(), samples.end());
  return samples;
}

inline void writeOutput(const Options &options, size_t index,
                        const Tensor &tensor, const void *data) {
  size_t size = tensor.type->size;
  for (int64_t extent : tensor.shape)
    size *= static_cast<size_t>(extent);
  std::string path = options.outputPrefix + std::to_string(index) + ".bin";
  FILE *file = fopen(path.c_str(), "wb");
  if (!file || fwrite(data, 1, size, file) != size || fclose(file))
    die("cannot write '" + path + "'");
}

inline std::string describe(const Tensor &tensor) {
  std::string text = "[\"" + std::string(tensor.type->name) + "\", [";
  for (size_t i = 0; i < tensor.shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(tensor.shape[i]);
  return text + "]]";
}

/// Prints what was measured. The process ends without destructors: nothing of
/// them belongs to what is compared.
[[noreturn]] inline void finish(const std::vector<double> &samples,
                                const std::vector<Tensor> &outputs) {
  std::string shapes;
  for (const Tensor &tensor : outputs)
    shapes += (shapes.empty() ? "" : ", ") + describe(tensor);
  printf("{\"runs\": %zu, \"median_ns\": %.1f, ", samples.size(),
         samples.empty() ? 0.0 : percentile(samples, 0.5));
  printf("\"peak_rss_bytes\": %ld, \"outputs\": [%s]}\n", peakResidentBytes(),
         shapes.c_str());
  fflush(stdout);
  _Exit(0);
}

/// Loads, runs and measures a model with Session.
template <typename Session>
[[noreturn]] void main(int count, char **arguments) {
  Options options = parse(count, arguments);
  Session session;
  session.load(options);
  session.setInputs(options);
  session.run();
  std::vector<double> samples;
  if (!options.isOnce)
    samples = measure([&] { session.run(); });
  std::vector<Tensor> outputs = session.describeOutputs();
  if (!options.outputPrefix.empty())
    session.write(options, outputs);
  finish(samples, outputs);
}

} // namespace peer

#endif // MSC_BENCH_PEERS_PEER_H
