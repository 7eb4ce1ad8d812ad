// SPDX-License-Identifier: Apache-2.0
//
/// \file A file that appears complete under its name or not at all.
#ifndef MSCRT_LIB_CORE_OUTPUTFILE_H
#define MSCRT_LIB_CORE_OUTPUTFILE_H

#include "mscrt/mscrt.h"

#include <cstdio>
#include <string>

namespace mscrt::core {

/// Writes to a temporary file beside the target; commit renames it. What exists
/// and is no regular file (/dev/stdout, a pipe) is written directly.
class OutputFile {
public:
  OutputFile() = default;
  ~OutputFile();
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;

  mscrt_status open(const char *path, mscrt_error *error);
  /// Failures are kept for commit.
  void write(const void *data, size_t size);
  void write(const std::string &text) { write(text.data(), text.size()); }
  mscrt_status commit(mscrt_error *error);

private:
  std::string target, temporary; // temporary is empty when written directly
  FILE *file = nullptr;
  bool hasFailed = false;
};

} // namespace mscrt::core

#endif // MSCRT_LIB_CORE_OUTPUTFILE_H
