// SPDX-License-Identifier: Apache-2.0
//
/// \file Which compiler this is, by the GNU build ids of the loaded objects
/// that its code lies in: an entry of the cache serves no other.
#include "lib/Driver/Cache.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <link.h>

using namespace llvm;

namespace msc {

namespace {
struct Search {
  uintptr_t address; ///< of code in the object looked for
  std::string id;
};
} // namespace

static bool contains(const dl_phdr_info &object, uintptr_t address) {
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) {
    const auto &header = object.dlpi_phdr[i];
    uintptr_t begin = object.dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && address - begin < header.p_memsz)
      return true;
  }
  return false;
}

/// The build id in one segment of notes, or "".
static std::string findBuildId(StringRef notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof(note));
    notes = notes.drop_front(sizeof(note));
    uint64_t name = alignTo(note.n_namesz, 4),
             content = alignTo(note.n_descsz, 4);
    if (name + content > notes.size())
      return "";
    if (note.n_type == NT_GNU_BUILD_ID &&
        notes.take_front(note.n_namesz) == StringRef("GNU\0", 4))
      return toHex(notes.substr(name, note.n_descsz), true);
    notes = notes.drop_front(name + content);
  }
  return "";
}

static int visit(dl_phdr_info *object, size_t, void *data) {
  auto &search = *static_cast<Search *>(data);
  if (!contains(*object, search.address))
    return 0;
  for (unsigned i = 0; i < object->dlpi_phnum && search.id.empty(); ++i) {
    const auto &header = object->dlpi_phdr[i];
    if (header.p_type == PT_NOTE)
      search.id = findBuildId(
          {reinterpret_cast<const char *>(object->dlpi_addr + header.p_vaddr),
           header.p_memsz});
  }
  return 1;
}

template <typename T> static std::string buildIdOf(T *code) {
  Search search{reinterpret_cast<uintptr_t>(code), ""};
  dl_iterate_phdr(visit, &search);
  return search.id;
}

const std::string &buildIdentity() {
  static const std::string identity = [] {
    std::string ids[] = {buildIdOf(&buildIdentity), buildIdOf(&mlir::verify),
                         buildIdOf(&llvm::verifyModule)};
    if (is_contained(ids, ""))
      return std::string();
    return "msc 0.1.0, LLVM " LLVM_VERSION_STRING ", " +
           join(ArrayRef(ids), " ");
  }();
  return identity;
}

} // namespace msc
