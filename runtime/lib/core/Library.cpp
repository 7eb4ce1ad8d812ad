// SPDX-License-Identifier: Apache-2.0
//
/// \file Opens the shared object of an artifact. The dynamic linker trusts what
/// it is given, so the file is looked at first.
#include "CpuFeatures.h"
#include "Model.h"
#include "Support.h"

#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <map>
#include <sys/stat.h>

using namespace mscrt::core;

namespace {

/// The dynamic linker hands out the library that is open under a path, also
/// when the file has been replaced since; this remembers which file that was.
struct OpenFile {
  dev_t device;
  ino_t inode;
  timespec modified;
  unsigned users;
};

std::mutex openMutex;

std::map<std::string, OpenFile> &openFiles() {
  static auto *files = new std::map<std::string, OpenFile>;
  return *files;
}

bool registerOpen(const std::string &path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    return true; // dlopen will say it better
  std::lock_guard<std::mutex> lock(openMutex);
  OpenFile &file = openFiles()[path];
  bool isSame = file.device == status.st_dev && file.inode == status.st_ino &&
                file.modified.tv_sec == status.st_mtim.tv_sec &&
                file.modified.tv_nsec == status.st_mtim.tv_nsec;
  if (file.users && !isSame)
    return false;
  file = {status.st_dev, status.st_ino, status.st_mtim, file.users + 1};
  return true;
}

void unregisterOpen(const std::string &path) {
  std::lock_guard<std::mutex> lock(openMutex);
  auto found = openFiles().find(path);
  if (found != openFiles().end() && --found->second.users == 0)
    openFiles().erase(found);
}

/// True when [offset, offset + size) lies in the file.
bool isInside(uint64_t offset, uint64_t size, uint64_t fileSize) {
  return offset <= fileSize && size <= fileSize - offset;
}

/// A truncated library would not fail to load but kill the process when its
/// missing pages are touched.
bool isComplete(const MappedFile &file, const Elf64_Ehdr &header) {
  if (!isInside(header.e_shoff, uint64_t(header.e_shnum) * header.e_shentsize,
                file.size()) ||
      header.e_phentsize != sizeof(Elf64_Phdr) ||
      !isInside(header.e_phoff, uint64_t(header.e_phnum) * sizeof(Elf64_Phdr),
                file.size()))
    return false;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    memcpy(&segment, file.data() + header.e_phoff + i * sizeof(segment),
           sizeof(segment));
    if (!isInside(segment.p_offset, segment.p_filesz, file.size()))
      return false;
  }
  return true;
}

const char *machineName(uint16_t machine) {
  switch (machine) {
  case EM_X86_64:
    return "x86_64";
  case EM_AARCH64:
    return "aarch64";
  case EM_RISCV:
    return "riscv64";
  default:
    return "another processor";
  }
}

mscrt_status checkElf(const char *path, mscrt_error *error) {
  MappedFile file;
  if (mscrt_status status = file.open(path, error))
    return status;
  Elf64_Ehdr header;
  if (file.size() < sizeof(header) || memcmp(file.data(), ELFMAG, SELFMAG) != 0)
    return fail(error, MSCRT_ERROR_FORMAT,
                "'%s' is not a compiled model (not a shared object)", path);
  memcpy(&header, file.data(), sizeof(header));
  if (header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_machine != hostElfMachine())
    return fail(error, MSCRT_ERROR_CPU,
                "'%s' is compiled for %s, this machine is %s", path,
                machineName(header.e_machine), hostArchitecture());
  if (header.e_type != ET_DYN || !isComplete(file, header))
    return fail(error, MSCRT_ERROR_FORMAT,
                "'%s' is damaged or not a shared object", path);
  return MSCRT_OK;
}

} // namespace

Library::~Library() {
  if (handle)
    dlclose(handle);
  if (!registeredPath.empty())
    unregisterOpen(registeredPath);
}

mscrt_status Library::open(const char *path, const mscrt_model *&desc,
                           mscrt_error *error) {
  if (mscrt_status status = checkElf(path, error))
    return status;
  // Without a slash dlopen would search the library path.
  std::string file = strchr(path, '/') ? path : std::string("./") + path;
  if (!registerOpen(file))
    return fail(error, MSCRT_ERROR_IO,
                "'%s' was replaced while its older version is still in use; "
                "release that first",
                path);
  registeredPath = file;
  handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return fail(error, MSCRT_ERROR_FORMAT, "cannot load '%s': %s", path,
                orEmpty(dlerror()));
  desc = static_cast<const mscrt_model *>(dlsym(handle, MSCRT_MODEL_SYMBOL));
  if (!desc)
    return fail(error, MSCRT_ERROR_FORMAT,
                "'%s' is not a compiled model (no symbol " MSCRT_MODEL_SYMBOL
                ")",
                path);
  return MSCRT_OK;
}
