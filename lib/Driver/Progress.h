// SPDX-License-Identifier: Apache-2.0
//
/// \file A line on a terminal that says what a long compilation is doing.
#ifndef LIB_DRIVER_PROGRESS_H
#define LIB_DRIVER_PROGRESS_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"
#include <mutex>

namespace msc {

/// Rewrites one line of \p os, and nothing where that is no terminal or
/// \p quiet was asked for. May be used from several threads.
class Progress {
public:
  Progress(llvm::raw_ostream &os, bool quiet)
      : os(os), shows(!quiet && os.is_displayed()) {}
  ~Progress() { clear(); }

  void show(const llvm::Twine &text) {
    if (!shows)
      return;
    std::lock_guard<std::mutex> lock(mutex);
    os << "\r\033[K" << text;
    os.flush();
  }
  /// Removes the line, so that other text may be printed.
  void clear() { show(""); }

private:
  llvm::raw_ostream &os;
  bool shows;
  std::mutex mutex;
};

} // namespace msc

#endif // LIB_DRIVER_PROGRESS_H
