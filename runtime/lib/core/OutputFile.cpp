// SPDX-License-Identifier: Apache-2.0
//
/// \file How output files are written atomically.
#include "OutputFile.h"

#include "Support.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mscrt::core;

OutputFile::~OutputFile() {
  if (!file)
    return;
  fclose(file);
  if (!temporary.empty())
    unlink(temporary.c_str());
}

mscrt_status OutputFile::open(const char *path, mscrt_error *error) {
  target = path;
  struct stat existing;
  bool isSpecial = stat(path, &existing) == 0 && !S_ISREG(existing.st_mode);
  if (isSpecial) {
    file = fopen(path, "wbe");
  } else {
    temporary = target + ".tmpXXXXXX";
    int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor >= 0) {
      // mkostemp makes private files; this one shall be as any other.
      mode_t mask = umask(0);
      umask(mask);
      fchmod(descriptor, 0666 & ~mask);
      file = fdopen(descriptor, "wb");
    }
  }
  if (!file)
    return fail(error, MSCRT_ERROR_IO, "cannot write '%s': %s", path,
                strerror(errno));
  return MSCRT_OK;
}

void OutputFile::write(const void *data, size_t size) {
  if (size && fwrite(data, 1, size, file) != size)
    hasFailed = true;
}

mscrt_status OutputFile::commit(mscrt_error *error) {
  hasFailed |= fclose(file) != 0;
  file = nullptr;
  if (!hasFailed && !temporary.empty())
    hasFailed = rename(temporary.c_str(), target.c_str()) != 0;
  if (!hasFailed)
    return MSCRT_OK;
  int reason = errno;
  if (!temporary.empty())
    unlink(temporary.c_str());
  return fail(error, MSCRT_ERROR_IO, "cannot write '%s': %s", target.c_str(),
              strerror(reason));
}
