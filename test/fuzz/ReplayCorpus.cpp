// SPDX-License-Identifier: Apache-2.0
//
/// \file Feeds a fuzz target the files of a corpus, each once whole and once
/// per length cut off: what libFuzzer would start from, in an ordinary build.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/// From a block of exactly \p size bytes, for the sanitizers' sake.
static void feed(const std::string &bytes, size_t size) {
  std::unique_ptr<uint8_t[]> copy(new uint8_t[size]);
  if (size != 0)
    std::memcpy(copy.get(), bytes.data(), size);
  LLVMFuzzerTestOneInput(copy.get(), size);
}

static size_t feedFolder(const std::string &path) {
  size_t count = 0;
  std::error_code ec;
  for (const auto &entry :
       std::filesystem::recursive_directory_iterator(path, ec)) {
    if (!entry.is_regular_file())
      continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    for (size_t size = 0; size <= bytes.size(); ++size)
      feed(bytes, size);
    ++count;
  }
  return count;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    size_t count = feedFolder(argv[i]);
    std::printf("%s: %zu files\n", argv[i], count);
    if (count == 0)
      return 1;
  }
  return argc > 1 ? 0 : 2;
}
