// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads npz: a zip archive (PKWARE APPNOTE 6.3, with zip64) of npy
/// files, stored (numpy.savez) or deflated (numpy.savez_compressed). The list
/// of members at the end of the archive is what counts.
#include "Reader.h"

#include <algorithm>
#include <zlib.h>

namespace mscrt {

namespace {

enum Method { Stored = 0, Deflated = 8 };

struct Member {
  std::string name;
  uint64_t flags = 0;
  uint64_t method = 0;
  uint64_t crc = 0;
  uint64_t packedSize = 0;
  uint64_t size = 0;
  uint64_t offset = 0; // of the local header
  Bytes packed;
};

/// Where the list of members is.
struct Directory {
  uint64_t offset = 0;
  uint64_t size = 0;
  uint64_t count = 0;
};

bool endsWith(Bytes text, Bytes suffix) {
  return text.size() >= suffix.size() &&
         text.substr(text.size() - suffix.size()) == suffix;
}

/// Zip64 archives have a second end record with wider fields.
bool readEnd64(Bytes bytes, size_t endOffset, Directory &directory) {
  constexpr size_t locatorSize = 20;
  uint64_t offset = 0, field = 0;
  Bytes skipped;
  if (endOffset < locatorSize)
    return false;
  Cursor locator(bytes.substr(endOffset - locatorSize, locatorSize));
  if (!locator.take(4, skipped) || skipped != "PK\x06\x07" ||
      !locator.little(4, field) || !locator.little(8, offset) ||
      offset > bytes.size())
    return false;
  Cursor end(bytes.substr(offset));
  return end.take(4, skipped) && skipped == "PK\x06\x06" &&
         end.take(28, skipped) && end.little(8, directory.count) &&
         end.little(8, directory.size) && end.little(8, directory.offset);
}

bool readEnd(Bytes bytes, Directory &directory) {
  // The record is 22 bytes, then a comment of up to 64 KiB.
  size_t from = bytes.size() > 22 + 65535 ? bytes.size() - (22 + 65535) : 0;
  size_t at = bytes.rfind("PK\x05\x06");
  if (at == bytes.npos || at < from)
    return false;
  Cursor end(bytes.substr(at));
  Bytes skipped;
  uint64_t commentSize = 0;
  if (!end.take(10, skipped) || !end.little(2, directory.count) ||
      !end.little(4, directory.size) || !end.little(4, directory.offset) ||
      !end.little(2, commentSize) || end.remaining().size() != commentSize)
    return false;
  bool isWide = directory.count == 0xffff || directory.size == 0xffffffff ||
                directory.offset == 0xffffffff;
  if (isWide && !readEnd64(bytes, at, directory))
    return false;
  return directory.offset <= at && directory.size <= at - directory.offset;
}

/// Fields of a member that do not fit 32 bits are in extra field 1.
bool readExtra64(Bytes extra, Member &member) {
  Cursor cursor(extra);
  uint64_t id = 0, size = 0;
  Bytes field;
  while (cursor.little(2, id) && cursor.little(2, size) &&
         cursor.take(size, field)) {
    if (id != 1)
      continue;
    Cursor wide(field);
    for (uint64_t *value : {&member.size, &member.packedSize, &member.offset})
      if (*value == 0xffffffff && !wide.little(8, *value))
        return false;
    return true;
  }
  return true;
}

bool readMember(Cursor &cursor, Member &member) {
  Bytes skipped, name, extra;
  uint64_t nameSize = 0, extraSize = 0, commentSize = 0;
  if (!cursor.take(4, skipped) || skipped != "PK\x01\x02" ||
      !cursor.take(4, skipped) || !cursor.little(2, member.flags) ||
      !cursor.little(2, member.method) || !cursor.take(4, skipped) ||
      !cursor.little(4, member.crc) || !cursor.little(4, member.packedSize) ||
      !cursor.little(4, member.size) || !cursor.little(2, nameSize) ||
      !cursor.little(2, extraSize) || !cursor.little(2, commentSize) ||
      !cursor.take(8, skipped) || !cursor.little(4, member.offset) ||
      !cursor.take(nameSize, name) || !cursor.take(extraSize, extra) ||
      !cursor.take(commentSize, skipped))
    return false;
  member.name = std::string(name);
  return readExtra64(extra, member);
}

/// Finds the packed bytes behind the local header, which end before \p end.
bool findContent(Bytes bytes, uint64_t end, Member &member) {
  if (member.offset > end)
    return false;
  Cursor cursor(bytes.substr(member.offset, end - member.offset));
  Bytes skipped, name;
  uint64_t nameSize = 0, extraSize = 0;
  return cursor.take(4, skipped) && skipped == "PK\x03\x04" &&
         cursor.take(22, skipped) && cursor.little(2, nameSize) &&
         cursor.little(2, extraSize) && cursor.take(nameSize, name) &&
         name == member.name && cursor.take(extraSize, skipped) &&
         cursor.take(member.packedSize, member.packed);
}

/// Members must not share bytes: a small file could otherwise unpack to any
/// size.
bool findContents(Bytes bytes, const Directory &directory,
                  std::vector<Member> &members, std::string &error) {
  std::vector<Member *> sorted;
  for (Member &member : members)
    sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(),
            [](Member *a, Member *b) { return a->offset < b->offset; });
  for (size_t i = 0; i < sorted.size(); ++i) {
    uint64_t end = directory.offset;
    if (i + 1 < sorted.size())
      end = std::min(end, sorted[i + 1]->offset);
    if (findContent(bytes, end, *sorted[i]))
      continue;
    error = "damaged npz file: the content of " + quoted(sorted[i]->name);
    return false;
  }
  return true;
}

bool inflateAll(Bytes packed, char *out, uint64_t size) {
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return false;
  constexpr uint64_t maxStep = 1 << 30; // zlib counts in 32 bits
  int status = Z_OK;
  uint64_t written = 0;
  while (status == Z_OK) {
    uint64_t in = std::min<uint64_t>(packed.size(), maxStep);
    uint64_t room = std::min<uint64_t>(size - written, maxStep);
    stream.next_in =
        reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(in);
    stream.next_out = reinterpret_cast<Bytef *>(out + written);
    stream.avail_out = static_cast<uInt>(room);
    status = inflate(&stream, Z_NO_FLUSH);
    packed.remove_prefix(in - stream.avail_in);
    written += room - stream.avail_out;
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && written == size && packed.empty();
}

class Reader {
public:
  Reader(Checkpoint::Impl &impl, std::string &error)
      : impl(impl), error(error) {}

  bool add(Member &member) {
    if (member.flags & 1)
      return fail(member, "is encrypted");
    if (endsWith(member.name, "/"))
      return true; // a folder
    if (!endsWith(member.name, ".npy"))
      return impl.addSkipped(member.name, "not a numpy array", error);
    Bytes content;
    if (!unpack(member, content))
      return false;
    uLong crc = crc32_z(0, reinterpret_cast<const Bytef *>(content.data()),
                        content.size());
    if (crc != member.crc)
      return fail(member, "is damaged: its CRC-32 is wrong");
    NamedTensor tensor;
    std::string skipReason;
    tensor.name = member.name.substr(0, member.name.size() - 4);
    if (!readNpy(content, impl, tensor, skipReason, error)) {
      error = quoted(member.name) + ": " + error;
      return false;
    }
    if (!skipReason.empty())
      return impl.addSkipped(tensor.name, skipReason, error);
    return impl.addTensor(std::move(tensor), error);
  }

private:
  bool fail(const Member &member, const std::string &what) {
    error = quoted(member.name) + " " + what;
    return false;
  }

  bool unpack(const Member &member, Bytes &content) {
    content = member.packed;
    if (member.method == Stored)
      return member.size == member.packedSize ||
             fail(member, "is damaged: its two sizes differ");
    if (member.method != Deflated)
      return fail(member, "uses the unsupported compression method " +
                              std::to_string(member.method));
    // Deflate packs 258 bytes into no less than two bits.
    if (member.size / 1032 > member.packedSize + 1)
      return fail(member, "is damaged: its size is impossible");
    inflated += member.size;
    if (inflated > impl.limits.inflatedBytes)
      return fail(member, "unpacks to more than the limit of " +
                              std::to_string(impl.limits.inflatedBytes) +
                              " bytes; use numpy.savez");
    char *out = impl.allocate(member.size);
    if (!out)
      return fail(member, "does not fit in memory");
    if (!inflateAll(member.packed, out, member.size))
      return fail(member, "is damaged: it does not unpack");
    content = Bytes(out, member.size);
    return true;
  }

  Checkpoint::Impl &impl;
  std::string &error;
  uint64_t inflated = 0;
};

bool readMembers(Bytes bytes, const Directory &directory,
                 std::vector<Member> &members, std::string &error) {
  Cursor cursor(bytes.substr(directory.offset, directory.size));
  for (uint64_t i = 0; i < directory.count; ++i) {
    Member member;
    if (!readMember(cursor, member)) {
      error = "damaged npz file: entry " + std::to_string(i) + " of its list";
      return false;
    }
    if (endsWith(member.name, "data.pkl")) {
      error = "a PyTorch archive (pickle): convert it to safetensors";
      return false;
    }
    members.push_back(std::move(member));
  }
  return true;
}

} // namespace

bool readNpz(Bytes bytes, Checkpoint::Impl &impl, std::string &error) {
  Directory directory;
  if (!readEnd(bytes, directory)) {
    error = "truncated or damaged npz file: it has no list of its members";
    return false;
  }
  if (directory.count > impl.limits.values) {
    error = "more than " + std::to_string(impl.limits.values) + " values";
    return false;
  }
  std::vector<Member> members;
  if (!readMembers(bytes, directory, members, error) ||
      !findContents(bytes, directory, members, error))
    return false;
  Reader reader(impl, error);
  for (Member &member : members)
    if (!reader.add(member))
      return false;
  return true;
}

} // namespace mscrt
