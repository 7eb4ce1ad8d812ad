// SPDX-License-Identifier: Apache-2.0
//
/// \file Reads one numpy array (.npy, format versions 1 to 3): a magic, the
/// length of a header, the header (a Python dict literal), the elements.
#include "Reader.h"

#include <algorithm>

namespace mscrt {

namespace {

/// As numpy itself.
constexpr uint64_t kMaxHeaderSize = 1 << 16;

struct Header {
  std::string type; // e.g. "<f4"; "" for structured types
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};

/// Reads the three keys of the header out of the dict literal that numpy
/// writes. Anything else in it is an error.
class HeaderReader {
public:
  HeaderReader(Bytes text, Header &header) : rest(text), header(header) {}

  bool read() {
    bool hasType = false, hasOrder = false, hasShape = false;
    if (!punctuation('{'))
      return false;
    while (!punctuation('}')) {
      Bytes key;
      if (!string(key) || !punctuation(':'))
        return false;
      if (key == "descr" && !hasType)
        hasType = descr();
      else if (key == "fortran_order" && !hasOrder)
        hasOrder = boolean();
      else if (key == "shape" && !hasShape)
        hasShape = shape();
      else
        return false;
      if (!punctuation(',') && peek() != '}')
        return false;
    }
    return hasType && hasOrder && hasShape && peek() == 0 && rest.empty();
  }

private:
  char peek() {
    size_t start = rest.find_first_not_of(" \t\r\n");
    rest.remove_prefix(start == rest.npos ? rest.size() : start);
    return rest.empty() ? 0 : rest.front();
  }
  bool punctuation(char c) {
    if (peek() != c || rest.empty())
      return false;
    rest.remove_prefix(1);
    return true;
  }
  bool word(Bytes text) {
    peek();
    if (rest.substr(0, text.size()) != text)
      return false;
    rest.remove_prefix(text.size());
    return true;
  }
  bool string(Bytes &value) {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      return false;
    size_t end = rest.find(quote, 1);
    if (end == rest.npos)
      return false;
    value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return value.find('\\') == value.npos;
  }
  bool descr() {
    if (peek() == '[') { // a structured type: skip to its closing bracket
      size_t depth = 0, at = 0;
      for (; at < rest.size(); ++at) {
        depth += rest[at] == '[';
        depth -= rest[at] == ']';
        if (depth == 0)
          break;
      }
      rest.remove_prefix(std::min(at + 1, rest.size()));
      return depth == 0;
    }
    Bytes type;
    if (!string(type))
      return false;
    header.type = std::string(type);
    return !type.empty();
  }
  bool boolean() {
    if (word("True"))
      return header.fortranOrder = true;
    return word("False");
  }
  bool shape() {
    if (!punctuation('('))
      return false;
    while (!punctuation(')')) {
      int64_t extent = 0;
      if (!integer(extent) || header.shape.size() >= kMaxRank)
        return false;
      header.shape.push_back(extent);
      if (!punctuation(',') && peek() != ')')
        return false;
    }
    return true;
  }
  bool integer(int64_t &value) {
    peek();
    size_t digits = 0;
    for (; digits < rest.size(); ++digits) {
      char c = rest[digits];
      if (c < '0' || c > '9')
        break;
      if (__builtin_mul_overflow(value, int64_t(10), &value) ||
          __builtin_add_overflow(value, int64_t(c - '0'), &value))
        return false;
    }
    rest.remove_prefix(digits);
    if (digits != 0 && !rest.empty() && rest.front() == 'L')
      rest.remove_prefix(1); // Python 2
    return digits != 0;
  }

  Bytes rest;
  Header &header;
};

mscrt_dtype dtypeOf(const std::string &type) {
  static const struct {
    const char *name;
    mscrt_dtype dtype;
  } types[] = {{"f2", MSCRT_F16}, {"f4", MSCRT_F32}, {"f8", MSCRT_F64},
               {"i1", MSCRT_I8},  {"i2", MSCRT_I16}, {"i4", MSCRT_I32},
               {"i8", MSCRT_I64}, {"u1", MSCRT_U8},  {"u2", MSCRT_U16},
               {"u4", MSCRT_U32}, {"u8", MSCRT_U64}, {"b1", MSCRT_BOOL}};
  for (const auto &entry : types)
    if (type.size() == 3 && type.compare(1, 2, entry.name) == 0 &&
        (type[0] == '<' || type[0] == '>' ||
         (type[0] == '|' && dtypeSize(entry.dtype) == 1)))
      return entry.dtype;
  return MSCRT_INVALID;
}

/// Copies the elements at \p from, which are big-endian and/or in column-major
/// order, to \p to, row-major and little-endian.
void reorder(const char *from, const Header &header, size_t elementSize,
             size_t count, char *to) {
  const std::vector<int64_t> &shape = header.shape;
  std::vector<size_t> strides(shape.size()); // in bytes
  size_t stride = elementSize;
  for (size_t k = 0; k < shape.size(); ++k) {
    size_t axis = header.fortranOrder ? k : shape.size() - 1 - k;
    strides[axis] = stride;
    stride *= static_cast<size_t>(shape[axis]);
  }
  bool swap = header.type[0] == '>';
  std::vector<int64_t> index(shape.size(), 0);
  size_t offset = 0;
  for (size_t i = 0; i < count; ++i, to += elementSize) {
    const char *element = from + offset;
    if (swap)
      std::reverse_copy(element, element + elementSize, to);
    else
      std::copy(element, element + elementSize, to);
    for (size_t axis = shape.size(); axis-- > 0;) {
      offset += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      offset -= strides[axis] * static_cast<size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
}

bool readPreamble(Cursor &cursor, Header &header, std::string &error) {
  Bytes magic, text;
  uint64_t major = 0, minor = 0, size = 0;
  if (!cursor.take(6, magic) || magic != "\x93NUMPY" ||
      !cursor.little(1, major) || !cursor.little(1, minor)) {
    error = "not a numpy array";
    return false;
  }
  if (major < 1 || major > 3) {
    error = "numpy array of the unknown format version " +
            std::to_string(major) + "." + std::to_string(minor);
    return false;
  }
  if (!cursor.little(major == 1 ? 2 : 4, size) || size > kMaxHeaderSize ||
      !cursor.take(size, text) || !HeaderReader(text, header).read()) {
    error = "damaged header of a numpy array";
    return false;
  }
  return true;
}

} // namespace

bool readNpy(Bytes bytes, Checkpoint::Impl &impl, NamedTensor &tensor,
             std::string &skipReason, std::string &error) {
  Cursor cursor(bytes);
  Header header;
  if (!readPreamble(cursor, header, error))
    return false;
  tensor.dtype = dtypeOf(header.type);
  if (tensor.dtype == MSCRT_INVALID) {
    skipReason = "numpy type " +
                 (header.type.empty() ? "with fields" : quoted(header.type)) +
                 " is not supported";
    return true;
  }
  Bytes data = cursor.remaining();
  tensor.shape = header.shape;
  tensor.data = data.data();
  tensor.size = data.size();
  size_t elementSize = dtypeSize(tensor.dtype);
  bool swapped = header.type[0] == '>' && elementSize > 1;
  bool transposed = header.fortranOrder && header.shape.size() > 1;
  uint64_t expected = 0;
  // A wrong size is refused by addTensor: nothing to copy before.
  if ((!swapped && !transposed) || data.empty() ||
      !tensorByteSize(tensor.dtype, tensor.shape, expected) ||
      expected != data.size())
    return true;
  char *copy = impl.allocate(data.size());
  if (!copy) {
    error = "out of memory";
    return false;
  }
  reorder(data.data(), header, elementSize, data.size() / elementSize, copy);
  tensor.data = copy;
  return true;
}

} // namespace mscrt
