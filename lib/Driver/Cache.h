// SPDX-License-Identifier: Apache-2.0
//
/// \file A folder of compiled things, addressed by what they were made from.
#ifndef LIB_DRIVER_CACHE_H
#define LIB_DRIVER_CACHE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>
#include <memory>
#include <string>

namespace msc {

/// Digests what an entry depends on. Each add() is a field of its own: its
/// length counts.
class KeyHasher {
public:
  KeyHasher &add(llvm::StringRef field);
  KeyHasher &add(uint64_t number);
  KeyHasher &add(llvm::ArrayRef<int64_t> shape);
  /// Hexadecimal, 160 bits.
  std::string str();

private:
  llvm::BLAKE3 hasher;
};

/// Digests what is printed to it, without keeping it.
class HashingStream : public llvm::raw_ostream {
public:
  HashingStream() { SetBuffered(); }
  ~HashingStream() override { flush(); }
  std::string digest();

private:
  void write_impl(const char *data, size_t size) override {
    hasher.update(llvm::StringRef(data, size));
    written += size;
  }
  uint64_t current_pos() const override { return written; }

  llvm::BLAKE3 hasher;
  uint64_t written = 0;
};

/// Identifies this compiler: its version and the build ids of the code of msc,
/// MLIR and LLVM in this process. Empty when one has no build id.
const std::string &buildIdentity();

/// Several processes and threads may use one folder at once: entries appear by
/// renaming. Nothing here fails: what cannot be read is a miss, what cannot be
/// written is not kept.
class Cache {
public:
  /// An entry found, verified against its digest.
  struct Entry {
    std::unique_ptr<llvm::MemoryBuffer> owner;
    llvm::StringRef content;
    explicit operator bool() const { return owner != nullptr; }
  };

  /// The cache in \p folder, which is created; by default (\p folder empty)
  /// MSC_CACHE_DIR, else `msc` in XDG_CACHE_HOME or in ~/.cache. Null when the
  /// limit is 0, there is no such folder, or the compiler has no identity.
  static std::unique_ptr<Cache> open(llvm::StringRef folder,
                                     uint64_t limitBytes);
  /// Deletes the entries used least recently until the limit holds, if this
  /// object has added any.
  ~Cache();

  /// Deletes an entry that is damaged.
  Entry find(llvm::StringRef key);
  /// Adds the concatenated \p parts as \p key.
  void store(llvm::StringRef key, llvm::ArrayRef<llvm::StringRef> parts);

  /// Text that people may read and edit, which no digest guards; "" where there
  /// is none.
  std::string readText(llvm::StringRef key);
  void writeText(llvm::StringRef key, llvm::StringRef text);
  /// Where it lies.
  std::string textPath(llvm::StringRef key) const { return entryPath(key); }

  /// Keeps the file \p path, which holds \p content, as \p key: as a hard link
  /// where the file system allows that, else as a copy. The result seals it for
  /// restoreFile; "" when it is not kept.
  std::string keepFile(llvm::StringRef key, llvm::StringRef path,
                       llvm::StringRef content);
  /// Makes \p path a link to, or a copy of, the file kept as \p key. False when
  /// it is gone or is not what was sealed. It is read only where its time of
  /// change is not the sealed one.
  bool restoreFile(llvm::StringRef key, llvm::StringRef seal,
                   llvm::StringRef path);

private:
  Cache(std::string folder, uint64_t limit)
      : folder(std::move(folder)), limit(limit) {}

  /// The bytes of an entry, which counts as used now; null: there is none.
  std::unique_ptr<llvm::MemoryBuffer> read(llvm::StringRef key);
  void write(llvm::StringRef key, llvm::ArrayRef<llvm::StringRef> parts);
  std::string entryPath(llvm::StringRef key) const {
    return (folder + "/llvmcache-" + key).str();
  }

  std::string folder;
  uint64_t limit;
  std::atomic<bool> grown{false};
};

} // namespace msc

#endif // LIB_DRIVER_CACHE_H
