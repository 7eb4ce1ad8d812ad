// SPDX-License-Identifier: Apache-2.0
//
/// \file What `--tune` measured, kept in the cache as text.
#ifndef LIB_DRIVER_TUNINGRECORD_H
#define LIB_DRIVER_TUNINGRECORD_H

#include "lib/Driver/Cache.h"
#include "msc/Target/Target.h"
#include <map>

namespace msc {

struct ProgramCode;

/// What was measured of one kernel.
struct TunedKernel {
  target::KernelChoices choices; ///< none: the estimates are as good
  /// Nanoseconds of one launch on one thread: by the estimates, and as chosen.
  /// 0 where not known.
  int64_t estimated = 0, chosen = 0;
  std::string note; ///< the choices in words
};

/// The kernels measured by one build of the compiler, for one processor and
/// precision. They share a file in the cache, of JSON that may be edited.
class TuningRecord {
public:
  /// Reads what is stored. Without a \p cache nothing is.
  TuningRecord(const target::Target &target, llvm::StringRef precision,
               Cache *cache);

  /// Null where \p symbol was not measured.
  const TunedKernel *find(llvm::StringRef symbol) const;
  /// Adds a kernel, here and to the file with what others added to it since.
  void add(llvm::StringRef symbol, TunedKernel kernel);
  /// Gives the kernels of \p program the choices they have here.
  void apply(ProgramCode &program) const;
  /// Of all choices.
  std::string digest() const;
  /// Whether kernels were added to what was read.
  bool hasGrown() const { return grown; }
  /// The file, or "".
  std::string path() const { return cache ? cache->textPath(key) : ""; }

private:
  void read();
  void write() const;

  Cache *cache;
  std::string key, machine, precision;
  std::map<std::string, TunedKernel> kernels; ///< by their symbols
  bool grown = false;
};

} // namespace msc

#endif // LIB_DRIVER_TUNINGRECORD_H
