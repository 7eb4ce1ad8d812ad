// SPDX-License-Identifier: Apache-2.0
//
/// \file How model parameters are stored and how their files are opened.
#include "msc/Parameters/ParameterStore.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <ctime>
#include <sys/stat.h>

using namespace llvm;

namespace msc {

size_t elementSize(mscrt_dtype dtype) {
  switch (dtype) {
  case MSCRT_U8:
  case MSCRT_I8:
  case MSCRT_BOOL:
    return 1;
  case MSCRT_U16:
  case MSCRT_I16:
  case MSCRT_F16:
  case MSCRT_BF16:
    return 2;
  case MSCRT_F32:
  case MSCRT_I32:
  case MSCRT_U32:
    return 4;
  case MSCRT_I64:
  case MSCRT_U64:
  case MSCRT_F64:
    return 8;
  case MSCRT_INVALID:
  case MSCRT_STRING:
    break;
  }
  return 0;
}

Expected<uint64_t> tensorBytes(mscrt_dtype dtype, ArrayRef<int64_t> shape) {
  uint64_t bytes = elementSize(dtype);
  if (bytes == 0)
    return createStringError("element type %d has no fixed size", int(dtype));
  bool empty = false;
  for (int64_t extent : shape) {
    if (extent < 0)
      return createStringError("negative extent %lld", (long long)extent);
    empty |= extent == 0;
    if (extent != 0 && bytes > uint64_t(INT64_MAX) / uint64_t(extent))
      return createStringError("size overflows 63 bits");
    bytes *= extent == 0 ? 1 : extent;
  }
  return empty ? 0 : bytes;
}

Error ParameterStore::add(Parameter parameter) {
  Expected<uint64_t> bytes = tensorBytes(parameter.dtype, parameter.shape);
  if (!bytes)
    return createStringError("parameter '" + parameter.name +
                             "': " + toString(bytes.takeError()));
  if (*bytes != parameter.data.size())
    return createStringError("parameter '" + parameter.name + "': expected " +
                             Twine(*bytes) + " bytes, got " +
                             Twine(parameter.data.size()));
  if (byName.count(parameter.name))
    return createStringError("parameter '" + parameter.name +
                             "' is defined twice");
  parameters.push_back(std::make_unique<Parameter>(std::move(parameter)));
  byName[parameters.back()->name] = parameters.back().get();
  return Error::success();
}

Parameter *ParameterStore::find(StringRef name) { return byName.lookup(name); }

std::vector<Parameter *> ParameterStore::all() const {
  std::vector<Parameter *> result;
  for (const auto &parameter : parameters)
    result.push_back(parameter.get());
  return result;
}

/// See MappedFile::stamp. File systems note times to a few milliseconds.
static std::string stampOf(sys::fs::file_t file) {
  constexpr time_t settled = 2; // seconds
  struct stat info;
  if (fstat(file, &info) != 0 ||
      std::max(info.st_mtime, info.st_ctime) + settled > time(nullptr))
    return "";
  std::string text;
  raw_string_ostream(text) << info.st_dev << " " << info.st_ino << " "
                           << info.st_size << " " << info.st_mtim.tv_sec << "."
                           << info.st_mtim.tv_nsec << " " << info.st_ctim.tv_sec
                           << "." << info.st_ctim.tv_nsec;
  return text;
}

static Expected<MappedFile> mapOpenFile(sys::fs::file_t file, StringRef path) {
  auto close = [&] { sys::fs::closeFile(file); };
  sys::fs::file_status status;
  if (std::error_code ec = sys::fs::status(file, status)) {
    close();
    return createStringError(ec, "cannot read '" + path + "'");
  }
  if (!sys::fs::is_regular_file(status)) {
    close();
    return createStringError("'" + path + "' is not a regular file");
  }
  if (status.getSize() == 0) {
    close();
    return MappedFile{};
  }
  std::error_code ec;
  auto region = std::make_shared<sys::fs::mapped_file_region>(
      file, sys::fs::mapped_file_region::readonly, status.getSize(), 0, ec);
  std::string stamp = stampOf(file);
  close();
  if (ec)
    return createStringError(ec, "cannot map '" + path + "'");
  return MappedFile{ArrayRef<char>(region->const_data(), region->size()),
                    region, std::move(stamp)};
}

Expected<MappedFile> mapFile(StringRef path) {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return createStringError("cannot open '" + path +
                             "': " + toString(file.takeError()));
  return mapOpenFile(*file, path);
}

Expected<MappedFile> mapExternalData(StringRef directory, StringRef location) {
  auto refuse = [&](const char *why) {
    return createStringError("external data location '" + location + "' " +
                             why);
  };
  if (location.empty() || sys::path::is_absolute(location) ||
      location.contains('\0') || location.contains('\\'))
    return refuse("is not a path relative to the model");
  SmallString<128> path(directory.empty() ? StringRef(".") : directory);
  for (StringRef part :
       make_range(sys::path::begin(location), sys::path::end(location))) {
    if (part == "..")
      return refuse("leaves the model's directory");
    sys::path::append(path, part);
    bool link = false;
    if (!sys::fs::is_symlink_file(path, link) && link)
      return refuse("is or passes through a symbolic link");
  }
  return mapFile(path);
}

} // namespace msc
