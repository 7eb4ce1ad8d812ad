// SPDX-License-Identifier: Apache-2.0
//
/// \file How a checkpoint is opened and which reader its content calls for.
#include "Reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <new>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mscrt {

Checkpoint::Checkpoint(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Checkpoint::~Checkpoint() = default;

const std::string &Checkpoint::name() const { return impl->name; }
CheckpointFormat Checkpoint::format() const { return impl->format; }
const std::vector<NamedTensor> &Checkpoint::tensors() const {
  return impl->tensors;
}
const std::vector<SkippedValue> &Checkpoint::skipped() const {
  return impl->skipped;
}

const NamedTensor *Checkpoint::find(const std::string &name) const {
  auto found = impl->byName.find(name);
  return found == impl->byName.end() ? nullptr : &impl->tensors[found->second];
}

bool Checkpoint::Impl::checkName(const std::string &name, std::string &error) {
  if (name.empty())
    error = "a value has no name";
  else if (name.size() > kMaxNameSize)
    error = "a name is longer than " + std::to_string(kMaxNameSize) +
            " bytes: " + quoted(name);
  else if (!isValidUTF8(name))
    error = "a name is not UTF-8: " + quoted(name);
  else if (byName.count(name) || skippedByName.count(name))
    error = quoted(name) + " is there twice";
  else if (tensors.size() + skipped.size() >= limits.values)
    error = "more than " + std::to_string(limits.values) + " values";
  else
    return true;
  return false;
}

bool Checkpoint::Impl::addTensor(NamedTensor tensor, std::string &error) {
  if (!checkName(tensor.name, error))
    return false;
  uint64_t expected = 0;
  if (tensor.shape.size() > kMaxRank ||
      !tensorByteSize(tensor.dtype, tensor.shape, expected)) {
    error = quoted(tensor.name) + " has an impossible shape";
    return false;
  }
  if (tensor.size != expected) {
    error = quoted(tensor.name) + ": " +
            describeTensor(tensor.dtype, tensor.shape) + " takes " +
            std::to_string(expected) + " bytes, the file has " +
            std::to_string(tensor.size);
    return false;
  }
  byName[tensor.name] = tensors.size();
  tensors.push_back(std::move(tensor));
  return true;
}

bool Checkpoint::Impl::addSkipped(std::string name, std::string reason,
                                  std::string &error) {
  if (!checkName(name, error))
    return false;
  skippedByName[name] = skipped.size();
  skipped.push_back({std::move(name), std::move(reason)});
  return true;
}

char *Checkpoint::Impl::allocate(uint64_t size) {
  char *data = new (std::nothrow) char[size];
  if (data)
    owners.push_back(std::shared_ptr<char>(data, [](char *p) { delete[] p; }));
  return data;
}

bool isEncrypted(const char *data, size_t size) {
  if (size < 4)
    return false;
  uint64_t magic = loadLittle(data, 4);
  return magic >= 0x7F3A5ED8 && magic <= 0x7F3A5EDA;
}

namespace {

bool startsWith(Bytes bytes, Bytes prefix) {
  return bytes.substr(0, prefix.size()) == prefix;
}

/// The 8-byte header length of safetensors, then the header's '{'.
bool looksLikeSafeTensors(Bytes bytes) {
  return bytes.size() > 8 && bytes[8] == '{' &&
         loadLittle(bytes.data(), 8) < (uint64_t(1) << 32);
}

/// Why \p bytes, of no format that is read here, is something else; or null.
const char *whatElse(Bytes bytes) {
  static const struct {
    Bytes prefix;
    const char *message;
  } known[] = {
      {"version https://git-lfs",
       "a git-lfs pointer, not the file itself: run 'git lfs pull'"},
      {"\x80\x02", "a Python pickle (PyTorch): convert it to safetensors"},
      {"\x80\x03", "a Python pickle (PyTorch): convert it to safetensors"},
      {"\x80\x04", "a Python pickle (PyTorch): convert it to safetensors"},
      {"\x89HDF\r\n", "an HDF5 file: convert it to safetensors or npz"},
      {"\x7f"
       "ELF",
       "a compiled model or program, not a checkpoint"},
      {"{", "JSON: give the directory of safetensors files that holds it"},
      {"\x0a\x05"
       "0.1.",
       "a MindIR model, not a checkpoint"},
      {"\x0a\x03"
       "1.1",
       "a MindIR model, not a checkpoint"},
  };
  for (const auto &entry : known)
    if (startsWith(bytes, entry.prefix))
      return entry.message;
  // Field 1 is a number in parallel strategy files and in ONNX models. Field 2
  // is a message in the former, a printable name in the latter.
  if (bytes.size() > 4 && bytes[0] == 0x08 && !(bytes[1] & 0x80) &&
      bytes[2] == 0x12)
    return bytes[4] == 0x0a ? "a parallel strategy file, not a checkpoint"
                            : "an ONNX model, not a checkpoint";
  return nullptr;
}

bool readNpyFile(Bytes bytes, Checkpoint::Impl &impl, std::string &error) {
  // The array has no name of its own: it gets that of the file.
  std::string stem = impl.name.substr(impl.name.find_last_of('/') + 1);
  stem = stem.substr(0, stem.find_last_of('.'));
  NamedTensor tensor;
  std::string skipReason;
  if (!readNpy(bytes, impl, tensor, skipReason, error))
    return false;
  if (!skipReason.empty()) {
    error = skipReason;
    return false;
  }
  tensor.name = stem;
  return impl.addTensor(std::move(tensor), error);
}

bool readAny(Bytes bytes, Checkpoint::Impl &impl, std::string &error) {
  if (bytes.empty()) {
    error = "the file is empty";
    return false;
  }
  if (isEncrypted(bytes.data(), bytes.size())) {
    error = "encrypted checkpoint: give --key";
    return false;
  }
  if (const char *what = whatElse(bytes)) {
    error = what;
    return false;
  }
  if (startsWith(bytes, "PK\x03\x04") || startsWith(bytes, "PK\x05\x06")) {
    impl.format = CheckpointFormat::Npz;
    return readNpz(bytes, impl, error);
  }
  if (startsWith(bytes, "\x93NUMPY")) {
    impl.format = CheckpointFormat::Npy;
    return readNpyFile(bytes, impl, error);
  }
  if (looksLikeSafeTensors(bytes)) {
    impl.format = CheckpointFormat::SafeTensors;
    return readSafeTensors(bytes, impl, error);
  }
  impl.format = CheckpointFormat::MindSpore;
  return readMindSpore(bytes, impl, error);
}

/// Maps the regular file \p path. \p flags are added to those of open().
bool mapFile(const std::string &path, int flags, Bytes &bytes,
             std::shared_ptr<const void> &owner, std::string &error) {
  // Non-blocking, so that a named pipe does not hang.
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
  if (file < 0) {
    error = std::string("cannot open: ") + std::strerror(errno);
    return false;
  }
  struct stat status;
  void *data = nullptr;
  size_t size = 0;
  if (fstat(file, &status) != 0) {
    error = std::string("cannot read: ") + std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    error = "not a regular file";
  } else if ((size = static_cast<size_t>(status.st_size)) != 0) {
    data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED)
      error = std::string("cannot map: ") + std::strerror(errno);
  }
  ::close(file);
  if (!error.empty())
    return false;
  if (!data)
    return true; // empty
  owner = std::shared_ptr<const void>(
      data, [size](const void *p) { munmap(const_cast<void *>(p), size); });
  bytes = Bytes(static_cast<const char *>(data), size);
  return true;
}

bool exists(const std::string &path) { return access(path.c_str(), F_OK) == 0; }

/// Adds the tensors \p names, found in \p path, to \p impl.
bool readPart(const std::string &path, const std::vector<std::string> &names,
              Checkpoint::Impl &impl, std::string &error) {
  // Within a directory no link is followed: it may lead anywhere.
  Bytes bytes;
  std::shared_ptr<const void> owner;
  Checkpoint::Impl part;
  part.limits = impl.limits;
  if (!mapFile(path, O_NOFOLLOW, bytes, owner, error))
    return false;
  if (!looksLikeSafeTensors(bytes)) {
    error = "not a safetensors file";
    return false;
  }
  if (!readSafeTensors(bytes, part, error))
    return false;
  impl.owners.push_back(owner);
  for (const std::string &name : names) {
    auto found = part.byName.find(name);
    if (found != part.byName.end()) {
      if (!impl.addTensor(part.tensors[found->second], error))
        return false;
      continue;
    }
    auto skipped =
        std::find_if(part.skipped.begin(), part.skipped.end(),
                     [&](const SkippedValue &v) { return v.name == name; });
    if (skipped == part.skipped.end()) {
      error = quoted(name) + " is not there, but the index says so";
      return false;
    }
    if (!impl.addSkipped(name, skipped->reason, error))
      return false;
  }
  return true;
}

bool readDirectory(const std::string &path, Checkpoint::Impl &impl,
                   std::string &error) {
  std::string indexPath = path + "/param_name_map.json";
  if (!exists(indexPath))
    indexPath = path + "/model.safetensors.index.json";
  if (!exists(indexPath)) {
    error = "a directory without param_name_map.json or "
            "model.safetensors.index.json";
    return false;
  }
  Bytes json;
  std::shared_ptr<const void> owner;
  SafeTensorsIndex index;
  if (!mapFile(indexPath, O_NOFOLLOW, json, owner, error) ||
      !readSafeTensorsIndex(json, index, error)) {
    error = indexPath.substr(path.size() + 1) + ": " + error;
    return false;
  }
  std::map<std::string, std::vector<std::string>> names;
  for (auto &[name, file] : index.files)
    names[file].push_back(name);
  impl.format = CheckpointFormat::SafeTensors;
  for (const auto &[file, tensors] : names) {
    if (file.empty() || file[0] == '.' || file.find('/') != std::string::npos ||
        file.find('\0') != std::string::npos) {
      error = "the index leads out of the directory: " + quoted(file);
      return false;
    }
    if (!readPart(path + "/" + file, tensors, impl, error)) {
      error = quoted(file) + ": " + error;
      return false;
    }
  }
  return true;
}

bool readPath(const std::string &path, Checkpoint::Impl &impl,
              std::string &error) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    return readDirectory(path, impl, error);
  Bytes bytes;
  std::shared_ptr<const void> owner;
  if (!mapFile(path, 0, bytes, owner, error))
    return false;
  impl.owners.push_back(owner);
  return readAny(bytes, impl, error);
}

/// Runs \p read on a new Impl.
template <typename Fn>
std::unique_ptr<Checkpoint> create(const std::string &name,
                                   const CheckpointLimits &limits,
                                   std::string &error, Fn read) {
  try {
    error.clear();
    auto impl = std::make_unique<Checkpoint::Impl>();
    impl->name = name;
    impl->limits = limits;
    if (read(*impl))
      return std::make_unique<Checkpoint>(std::move(impl));
    error = name + ": " + error;
  } catch (const std::bad_alloc &) {
    error = "out of memory";
  }
  return nullptr;
}

} // namespace

std::unique_ptr<Checkpoint> Checkpoint::open(const std::string &path,
                                             std::string &error,
                                             const CheckpointLimits &limits) {
  return create(path, limits, error,
                [&](Impl &impl) { return readPath(path, impl, error); });
}

std::unique_ptr<Checkpoint>
Checkpoint::fromMemory(const char *data, size_t size,
                       std::shared_ptr<const void> owner,
                       const std::string &name, std::string &error,
                       const CheckpointLimits &limits) {
  return create(name, limits, error, [&](Impl &impl) {
    impl.owners.push_back(std::move(owner));
    return readAny(Bytes(data, size), impl, error);
  });
}

} // namespace mscrt
