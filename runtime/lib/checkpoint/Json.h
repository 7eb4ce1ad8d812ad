// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads JSON front to back, without building a tree: memory is bounded
/// by what the caller keeps.
#ifndef MSCRT_LIB_CHECKPOINT_JSON_H
#define MSCRT_LIB_CHECKPOINT_JSON_H

#include <cstdint>
#include <string>
#include <string_view>

namespace mscrt {

/// Every function returns false, and leaves the reader unusable, if the text
/// goes on otherwise than asked for.
class JsonReader {
public:
  explicit JsonReader(std::string_view text) : rest(text) {}

  /// Nothing but white space is left.
  bool atEnd();
  /// The next character that is not white space; 0 at the end.
  char peek();
  /// Takes the single character \p c, e.g. '{'.
  bool punctuation(char c);
  bool string(std::string &value);
  /// An integer without sign, fraction or exponent.
  bool integer(uint64_t &value);
  /// Any value. Nesting is limited.
  bool skipValue(unsigned depth = 0);

  /// Calls \p onMember(key) for each member of an object, with the reader at
  /// the member's value; it returns false to stop with failure.
  template <typename Fn> bool object(Fn onMember) {
    std::string key;
    return sequence('{', '}', [&] {
      return string(key) && punctuation(':') && onMember(key);
    });
  }
  /// Likewise for the elements of an array.
  template <typename Fn> bool array(Fn onElement) {
    return sequence('[', ']', onElement);
  }

private:
  template <typename Fn> bool sequence(char open, char close, Fn onItem) {
    if (!punctuation(open))
      return false;
    if (peek() == close)
      return punctuation(close);
    do {
      if (!onItem())
        return false;
    } while (peek() == ',' && punctuation(','));
    return punctuation(close);
  }
  bool escape(std::string &value);
  bool hex4(uint32_t &code);
  bool scalar();

  std::string_view rest;
};

} // namespace mscrt

#endif // MSCRT_LIB_CHECKPOINT_JSON_H
