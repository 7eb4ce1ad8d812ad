// SPDX-License-Identifier: Apache-2.0
//
/// \file Linking with LLD as a library: no linker or sysroot is needed.
#include "msc/Target/CodeGen.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace msc::target {

static Error link(ArrayRef<const char *> mode, ArrayRef<std::string> objects,
                  StringRef output, const Machine &machine) {
  static std::mutex mutex; // LLD keeps global state
  std::lock_guard<std::mutex> lock(mutex);
  std::string out = output.str();
  std::vector<const char *> args = {"ld.lld", "--build-id=none", "--threads=1",
                                    "-z", "noexecstack"};
  args.insert(args.end(), mode.begin(), mode.end());
  args.push_back("-m");
  args.push_back(Triple(machine.triple()).isAArch64() ? "aarch64linux"
                                                      : "elf_x86_64");
  for (const std::string &object : objects)
    args.push_back(object.c_str());
  args.push_back("-o");
  args.push_back(out.c_str());
  std::string messages;
  raw_string_ostream os(messages);
  lld::Result result =
      lld::lldMain(args, os, os, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("linking failed: " + StringRef(messages).trim());
  return Error::success();
}

Error linkShared(ArrayRef<std::string> objects, StringRef output,
                 const Machine &machine) {
  return link({"-shared", "--no-undefined", "--gc-sections", "-Bsymbolic",
               "--strip-debug"},
              objects, output, machine);
}

Error linkRelocatable(ArrayRef<std::string> objects, StringRef output,
                      const Machine &machine) {
  return link({"-r"}, objects, output, machine);
}

} // namespace msc::target
