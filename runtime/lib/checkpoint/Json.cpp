// SPDX-License-Identifier: Apache-2.0
//
/// \file The JSON reader.
#include "Json.h"

namespace mscrt {

static void appendUTF8(uint32_t code, std::string &text) {
  auto tail = [&](unsigned shift) {
    text += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

char JsonReader::peek() {
  size_t start = rest.find_first_not_of(" \t\r\n");
  rest.remove_prefix(start == rest.npos ? rest.size() : start);
  return rest.empty() ? 0 : rest.front();
}

bool JsonReader::atEnd() {
  peek();
  return rest.empty();
}

bool JsonReader::punctuation(char c) {
  if (peek() != c || rest.empty())
    return false;
  rest.remove_prefix(1);
  return true;
}

bool JsonReader::hex4(uint32_t &code) {
  if (rest.size() < 4)
    return false;
  code = 0;
  for (char c : rest.substr(0, 4)) {
    if (c >= '0' && c <= '9')
      code = code * 16 + uint32_t(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
      code = code * 16 + uint32_t((c | 0x20) - 'a' + 10);
    else
      return false;
  }
  rest.remove_prefix(4);
  return true;
}

bool JsonReader::escape(std::string &value) {
  if (rest.empty())
    return false;
  char c = rest.front();
  rest.remove_prefix(1);
  static const std::string_view from = "\"\\/bfnrt";
  static const std::string_view to = "\"\\/\b\f\n\r\t";
  size_t simple = from.find(c);
  if (simple != from.npos) {
    value += to[simple];
    return true;
  }
  uint32_t code = 0, low = 0;
  if (c != 'u' || !hex4(code) || (code >= 0xdc00 && code < 0xe000))
    return false;
  if (code >= 0xd800 && code < 0xdc00) {
    if (rest.substr(0, 2) != "\\u")
      return false;
    rest.remove_prefix(2);
    if (!hex4(low) || low < 0xdc00 || low >= 0xe000)
      return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  appendUTF8(code, value);
  return true;
}

bool JsonReader::string(std::string &value) {
  value.clear();
  if (!punctuation('"'))
    return false;
  while (!rest.empty()) {
    char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"')
      return true;
    if (static_cast<unsigned char>(c) < 0x20)
      return false;
    if (c != '\\')
      value += c;
    else if (!escape(value))
      return false;
  }
  return false;
}

bool JsonReader::integer(uint64_t &value) {
  peek();
  size_t digits = rest.find_first_not_of("0123456789");
  if (digits == rest.npos)
    digits = rest.size();
  if (digits == 0 || (digits > 1 && rest.front() == '0'))
    return false;
  value = 0;
  for (char c : rest.substr(0, digits))
    if (__builtin_mul_overflow(value, uint64_t(10), &value) ||
        __builtin_add_overflow(value, uint64_t(c - '0'), &value))
      return false;
  rest.remove_prefix(digits);
  char next = rest.empty() ? 0 : rest.front();
  return next != '.' && next != 'e' && next != 'E';
}

/// A number, true, false or null; what follows tells whether it was whole.
bool JsonReader::scalar() {
  size_t size =
      rest.find_first_not_of("+-.0123456789abcdefghijklmnopqrstuvwxyzE");
  if (size == rest.npos)
    size = rest.size();
  std::string_view word = rest.substr(0, size);
  rest.remove_prefix(size);
  if (word == "true" || word == "false" || word == "null")
    return true;
  if (!word.empty() && word.front() == '-')
    word.remove_prefix(1);
  return !word.empty() && word.front() >= '0' && word.front() <= '9' &&
         word.find_first_not_of("+-.0123456789eE") == word.npos;
}

bool JsonReader::skipValue(unsigned depth) {
  if (depth > 64)
    return false;
  switch (peek()) {
  case '{':
    return object([&](const std::string &) { return skipValue(depth + 1); });
  case '[':
    return array([&] { return skipValue(depth + 1); });
  case '"': {
    std::string ignored;
    return string(ignored);
  }
  default:
    return scalar();
  }
}

} // namespace mscrt
