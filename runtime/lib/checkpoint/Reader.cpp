// SPDX-License-Identifier: Apache-2.0
//
/// \file The small things all format readers need.
#include "Reader.h"

namespace mscrt {

std::string quoted(std::string_view name) {
  constexpr size_t maxShown = 120;
  static const char hex[] = "0123456789abcdef";
  std::string text = "'";
  for (char c : name.substr(0, maxShown)) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f)
      text += c;
    else
      text += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
  }
  return text + (name.size() > maxShown ? "...'" : "'");
}

/// The bytes of the character that starts with \p lead, and the smallest code
/// point that needs so many; 0 if nothing starts with it.
static unsigned sequenceLength(unsigned char lead, uint32_t &least) {
  if (lead < 0x80) {
    least = 0;
    return 1;
  }
  if (lead >= 0xc2 && lead < 0xe0) {
    least = 0x80;
    return 2;
  }
  if (lead >= 0xe0 && lead < 0xf0) {
    least = 0x800;
    return 3;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    least = 0x10000;
    return 4;
  }
  return 0;
}

bool isValidUTF8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    uint32_t least = 0;
    unsigned length = sequenceLength(lead, least);
    if (length == 0 || length > text.size() - i)
      return false;
    uint32_t code = length == 1 ? lead : lead & (0x7f >> length);
    for (unsigned k = 1; k < length; ++k) {
      auto byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xc0) != 0x80)
        return false;
      code = code << 6 | (byte & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
      return false;
    i += length;
  }
  return true;
}

uint64_t loadLittle(const char *data, unsigned count) {
  uint64_t value = 0;
  for (unsigned i = 0; i < count; ++i)
    value |= uint64_t(static_cast<unsigned char>(data[i])) << (8 * i);
  return value;
}

bool Cursor::varint(uint64_t &value) {
  uint64_t result = 0;
  for (size_t i = 0; i < rest.size() && i < 10; ++i) {
    auto byte = static_cast<unsigned char>(rest[i]);
    if (i == 9 && byte > 1)
      return false;
    result |= uint64_t(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      value = result;
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

} // namespace mscrt
