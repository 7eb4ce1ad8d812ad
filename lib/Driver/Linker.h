// SPDX-License-Identifier: Apache-2.0
//
/// \file Links compiled kernels, host programs and their descriptor.
#ifndef LIB_DRIVER_LINKER_H
#define LIB_DRIVER_LINKER_H

#include "lib/Driver/Compilation.h"

namespace msc {

/// A directory of temporary files that goes with it.
class TempDir {
public:
  ~TempDir();
  llvm::Error create();
  std::string file(const llvm::Twine &name) const {
    return (llvm::Twine(path) + "/" + name).str();
  }

private:
  llvm::SmallString<128> path;
};

/// Links one program. Everything but the descriptor is compiled once, however
/// often it is linked. What is linked goes with the linker.
class Linker {
public:
  Linker(Compilation &c, ProgramCode &program) : c(c), program(program) {}
  llvm::Error prepare();
  /// Links with a descriptor of these weights; returns the file's path. A
  /// relocatable object takes memcpy and its like from who links it.
  llvm::Expected<std::string> link(uint64_t hash, llvm::ArrayRef<char> embedded,
                                   bool relocatable = false);

private:
  const target::Machine &machine() { return program.target->machine(); }
  llvm::Error addObject(llvm::ArrayRef<char> bytes, const llvm::Twine &name);
  llvm::Error addHostProgram();

  Compilation &c;
  ProgramCode &program;
  TempDir temp;
  std::vector<std::string> objects;
};

} // namespace msc

#endif // LIB_DRIVER_LINKER_H
