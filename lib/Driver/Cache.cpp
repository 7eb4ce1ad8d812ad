// SPDX-License-Identifier: Apache-2.0
//
/// \file Entries are files `llvmcache-KEY`, as llvm::pruneCache expects them: a
/// magic, the BLAKE3 digest of the content, the content.
#include "lib/Driver/Cache.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <chrono>

using namespace llvm;

namespace msc {

static constexpr StringLiteral magic = "msc-cache-1\n";
static constexpr size_t headerSize = magic.size() + LLVM_BLAKE3_OUT_LEN;

KeyHasher &KeyHasher::add(StringRef field) {
  add(uint64_t(field.size()));
  hasher.update(field);
  return *this;
}

KeyHasher &KeyHasher::add(uint64_t number) {
  char bytes[8];
  support::endian::write64le(bytes, number);
  hasher.update(StringRef(bytes, sizeof(bytes)));
  return *this;
}

KeyHasher &KeyHasher::add(ArrayRef<int64_t> shape) {
  add(uint64_t(shape.size()));
  for (int64_t extent : shape)
    add(uint64_t(extent));
  return *this;
}

std::string KeyHasher::str() { return toHex(hasher.final<20>(), true); }

std::string HashingStream::digest() {
  flush();
  return toHex(hasher.final<20>(), true);
}

static std::string digestOf(ArrayRef<StringRef> parts) {
  BLAKE3 hasher;
  for (StringRef part : parts)
    hasher.update(part);
  auto digest = hasher.final();
  return std::string(digest.begin(), digest.end());
}

/// The folder meant by \p folder, or "" when there is none.
static std::string resolveFolder(StringRef folder) {
  SmallString<128> path(folder);
  if (path.empty())
    path = sys::Process::GetEnv("MSC_CACHE_DIR").value_or("");
  if (path.empty() && sys::path::cache_directory(path))
    sys::path::append(path, "msc");
  if (path.empty() || sys::fs::create_directories(path, /*IgnoreExisting=*/true,
                                                  sys::fs::owner_all))
    return "";
  return path.str().str();
}

std::unique_ptr<Cache> Cache::open(StringRef folder, uint64_t limitBytes) {
  if (limitBytes == 0 || buildIdentity().empty())
    return nullptr;
  std::string path = resolveFolder(folder);
  if (path.empty())
    return nullptr;
  return std::unique_ptr<Cache>(new Cache(std::move(path), limitBytes));
}

Cache::~Cache() {
  if (!grown)
    return;
  CachePruningPolicy policy;
  policy.Interval = std::chrono::seconds(0);
  policy.Expiration = std::chrono::seconds(0);
  policy.MaxSizePercentageOfAvailableSpace = 0;
  policy.MaxSizeBytes = limit;
  pruneCache(folder, policy);
}

std::unique_ptr<MemoryBuffer> Cache::read(StringRef key) {
  std::string path = entryPath(key);
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file) {
    consumeError(file.takeError());
    return nullptr;
  }
  // What counts as use is written down here: file systems often do not.
  sys::fs::setLastAccessAndModificationTime(*file,
                                            std::chrono::system_clock::now());
  auto buffer = MemoryBuffer::getOpenFile(*file, path, /*FileSize=*/-1,
                                          /*RequiresNullTerminator=*/false);
  sys::fs::closeFile(*file);
  return buffer ? std::move(*buffer) : nullptr;
}

Cache::Entry Cache::find(StringRef key) {
  std::unique_ptr<MemoryBuffer> buffer = read(key);
  if (!buffer)
    return {};
  StringRef bytes = buffer->getBuffer();
  StringRef content = bytes.drop_front(std::min(bytes.size(), headerSize));
  if (bytes.size() < headerSize || !bytes.starts_with(magic) ||
      bytes.substr(magic.size(), LLVM_BLAKE3_OUT_LEN) != digestOf(content)) {
    sys::fs::remove(entryPath(key));
    return {};
  }
  return {std::move(buffer), content};
}

std::string Cache::readText(StringRef key) {
  std::unique_ptr<MemoryBuffer> buffer = read(key);
  return buffer ? buffer->getBuffer().str() : "";
}

void Cache::writeText(StringRef key, StringRef text) { write(key, {text}); }

/// Makes \p to, which is replaced in one step, the same as \p from.
static bool linkOrCopy(const std::string &from, StringRef to) {
  SmallString<128> temp;
  sys::fs::createUniquePath(to + ".%%%%%%%%.tmp", temp, /*MakeAbsolute=*/false);
  if (!sys::fs::create_hard_link(from, temp)) {
    if (!sys::fs::rename(temp, to))
      return true;
    sys::fs::remove(temp);
  }
  auto buffer = MemoryBuffer::getFile(from, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return false;
  Error error = writeToOutput(to, [&](raw_ostream &os) {
    os << (*buffer)->getBuffer();
    return Error::success();
  });
  bool failed = bool(error);
  consumeError(std::move(error));
  return !failed;
}

/// Size and time of the last change of \p path; "" when there is none.
static std::string stateOf(StringRef path) {
  sys::fs::file_status status;
  if (sys::fs::status(path, status) || !sys::fs::is_regular_file(status))
    return "";
  auto time = status.getLastModificationTime().time_since_epoch();
  return (Twine(status.getSize()) + " " + Twine(time.count())).str();
}

std::string Cache::keepFile(StringRef key, StringRef path, StringRef content) {
  std::string place = entryPath(key);
  if (content.size() > limit || !linkOrCopy(path.str(), place))
    return "";
  grown = true;
  return toHex(digestOf({content}), true) + " " + stateOf(place);
}

bool Cache::restoreFile(StringRef key, StringRef seal, StringRef path) {
  std::string place = entryPath(key);
  auto [digest, state] = seal.split(' ');
  std::string actual = stateOf(place);
  if (actual.empty() || state.empty())
    return false;
  if (actual != state) {
    auto buffer = MemoryBuffer::getFile(place, /*IsText=*/false,
                                        /*RequiresNullTerminator=*/false);
    if (!buffer || toHex(digestOf({(*buffer)->getBuffer()}), true) != digest) {
      sys::fs::remove(place);
      return false;
    }
  }
  if (Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(place)) {
    sys::fs::file_status status;
    if (!sys::fs::status(*file, status)) // what was used last goes last
      sys::fs::setLastAccessAndModificationTime(
          *file, std::chrono::system_clock::now(),
          status.getLastModificationTime());
    sys::fs::closeFile(*file);
  } else {
    consumeError(file.takeError());
  }
  return linkOrCopy(place, path);
}

void Cache::store(StringRef key, ArrayRef<StringRef> parts) {
  std::string digest = digestOf(parts);
  SmallVector<StringRef> all = {magic, digest};
  all.append(parts.begin(), parts.end());
  write(key, all);
}

void Cache::write(StringRef key, ArrayRef<StringRef> parts) {
  uint64_t size = 0;
  for (StringRef part : parts)
    size += part.size();
  if (size > limit)
    return;
  // pruneCache knows the prefix: what a killed process leaves goes in time.
  auto temp = sys::fs::TempFile::create(folder + "/Thin-%%%%%%%%.tmp");
  if (!temp)
    return consumeError(temp.takeError());
  bool failed;
  {
    raw_fd_ostream os(temp->FD, /*shouldClose=*/false);
    for (StringRef part : parts)
      os << part;
    os.flush();
    failed = os.has_error();
    os.clear_error();
  }
  Error error = failed ? temp->discard() : temp->keep(entryPath(key));
  consumeError(std::move(error));
  grown = true;
}

} // namespace msc
