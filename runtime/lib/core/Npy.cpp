// SPDX-License-Identifier: Apache-2.0
//
/// \file NumPy's .npy files, versions 1 to 3, as numpy/lib/format.py describes
/// them: a magic, a header that is a Python dict literal, the elements.
#include "Array.h"
#include "OutputFile.h"
#include "Support.h"

#include <algorithm>
#include <cstring>

using namespace mscrt::core;

namespace {

constexpr std::string_view magic("\x93NUMPY", 6);
constexpr size_t maxRank = 64;

/// What the header says.
struct Header {
  std::string descr;
  bool isFortran = false;
  std::vector<int64_t> shape;
};

/// Reads the one dict literal that a header is; anything else is an error.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest(text) {}

  bool parse(Header &header) {
    bool hasDescr = false, hasOrder = false, hasShape = false;
    if (!accept('{'))
      return false;
    while (!accept('}')) {
      std::string key;
      if (!parseString(key) || !accept(':'))
        return false;
      bool *seen = key == "descr"           ? &hasDescr
                   : key == "fortran_order" ? &hasOrder
                   : key == "shape"         ? &hasShape
                                            : nullptr;
      if (!seen || *seen)
        return false;
      *seen = true;
      bool isParsed = seen == &hasDescr   ? parseString(header.descr)
                      : seen == &hasOrder ? parseBool(header.isFortran)
                                          : parseShape(header.shape);
      if (!isParsed || (!accept(',') && peek() != '}'))
        return false;
    }
    return hasDescr && hasOrder && hasShape && peek() == 0;
  }

private:
  /// Next character that is no space; 0 at the end.
  char peek() {
    while (!rest.empty() && strchr(" \t\n\r", rest[0]) && rest[0])
      rest.remove_prefix(1);
    return rest.empty() ? 0 : rest[0];
  }
  bool accept(char c) {
    if (peek() != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  bool acceptWord(std::string_view word) {
    peek();
    if (rest.substr(0, word.size()) != word)
      return false;
    rest.remove_prefix(word.size());
    return true;
  }
  bool parseString(std::string &text) {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      return false;
    size_t end = rest.find(quote, 1);
    if (end == std::string_view::npos)
      return false;
    text = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return true;
  }
  bool parseBool(bool &value) {
    value = acceptWord("True");
    return value || acceptWord("False");
  }
  bool parseInteger(int64_t &value) {
    if (peek() < '0' || peek() > '9')
      return false;
    value = 0;
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, rest[0] - '0', &value))
        return false;
      rest.remove_prefix(1);
    }
    if (!rest.empty() && rest[0] == 'L') // Python 2 wrote longs
      rest.remove_prefix(1);
    return true;
  }
  bool parseShape(std::vector<int64_t> &shape) {
    if (!accept('('))
      return false;
    while (!accept(')')) {
      int64_t extent;
      if (shape.size() == maxRank || !parseInteger(extent))
        return false;
      shape.push_back(extent);
      if (!accept(',') && peek() != ')')
        return false;
    }
    return true;
  }

  std::string_view rest;
};

/// Finds the header and the elements behind it.
bool splitFile(std::string_view bytes, std::string_view &header,
               std::string_view &elements) {
  if (bytes.size() < 10)
    return false;
  auto byte = [&](size_t i) {
    return static_cast<size_t>(static_cast<unsigned char>(bytes[i]));
  };
  size_t version = byte(6), start = version == 1 ? 10 : 12;
  if (version < 1 || version > 3 || bytes.size() < start)
    return false;
  size_t length = byte(8) | byte(9) << 8;
  if (version > 1)
    length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - start)
    return false;
  header = bytes.substr(start, length);
  elements = bytes.substr(start + length);
  return true;
}

/// Element type of a descr such as "<f4"; 0 when there is none for it.
uint32_t dtypeOf(const std::string &descr, uint32_t wanted) {
  if (descr.size() != 3)
    return 0;
  std::string_view type(descr.c_str() + 1, 2);
  if (wanted == MSCRT_BF16 && (type == "u2" || type == "V2"))
    return MSCRT_BF16;
  static const struct {
    const char *type;
    uint32_t dtype;
  } rows[] = {{"b1", MSCRT_BOOL}, {"i1", MSCRT_I8},  {"i2", MSCRT_I16},
              {"i4", MSCRT_I32},  {"i8", MSCRT_I64}, {"u1", MSCRT_U8},
              {"u2", MSCRT_U16},  {"u4", MSCRT_U32}, {"u8", MSCRT_U64},
              {"f2", MSCRT_F16},  {"f4", MSCRT_F32}, {"f8", MSCRT_F64}};
  for (const auto &row : rows)
    if (type == row.type)
      return row.dtype;
  return 0;
}

const char *descrOf(uint32_t dtype) {
  switch (dtype) {
  case MSCRT_BOOL:
    return "|b1";
  case MSCRT_I8:
    return "|i1";
  case MSCRT_U8:
    return "|u1";
  case MSCRT_I16:
    return "<i2";
  case MSCRT_U16:
  case MSCRT_BF16:
    return "<u2";
  case MSCRT_I32:
    return "<i4";
  case MSCRT_U32:
    return "<u4";
  case MSCRT_I64:
    return "<i8";
  case MSCRT_U64:
    return "<u8";
  case MSCRT_F16:
    return "<f2";
  case MSCRT_F32:
    return "<f4";
  case MSCRT_F64:
    return "<f8";
  default:
    return nullptr;
  }
}

/// Copies column-major elements to row-major order.
void copyFortran(const char *from, const mscrt_tensor &to) {
  size_t elementSize = mscrt_dtype_size(to.dtype);
  uint64_t count = elementCount(to.rank, to.shape);
  std::vector<int64_t> index(static_cast<size_t>(to.rank), 0);
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t target = 0;
    for (int32_t d = 0; d < to.rank; ++d)
      target = target * static_cast<uint64_t>(to.shape[d]) +
               static_cast<uint64_t>(index[d]);
    memcpy(static_cast<char *>(to.data) + target * elementSize,
           from + i * elementSize, elementSize);
    for (int32_t d = 0; d < to.rank && ++index[d] == to.shape[d]; ++d)
      index[d] = 0;
  }
}

void swapBytes(const mscrt_tensor &tensor) {
  size_t elementSize = mscrt_dtype_size(tensor.dtype);
  char *data = static_cast<char *>(tensor.data);
  for (uint64_t at = 0; at < tensor.size; at += elementSize)
    std::reverse(data + at, data + at + elementSize);
}

} // namespace

bool mscrt::core::isNpy(std::string_view bytes) {
  return bytes.substr(0, magic.size()) == magic;
}

mscrt_status mscrt::core::parseNpy(std::string_view bytes, uint32_t wantedDtype,
                                   const char *origin, mscrt_array &array,
                                   mscrt_error *error) {
  std::string_view text, elements;
  Header header;
  if (!isNpy(bytes) || !splitFile(bytes, text, elements) ||
      !HeaderParser(text).parse(header))
    return fail(error, MSCRT_ERROR_FORMAT,
                "%s: the .npy header is damaged or of an unknown version",
                origin);
  uint32_t dtype = dtypeOf(header.descr, wantedDtype);
  if (!dtype)
    return fail(error, MSCRT_ERROR_UNSUPPORTED,
                "%s: elements of type '%s' are not supported", origin,
                header.descr.c_str());
  uint64_t needed;
  if (!tensorBytes(dtype, static_cast<int32_t>(header.shape.size()),
                   header.shape.data(), needed) ||
      needed != elements.size())
    return fail(error, MSCRT_ERROR_FORMAT,
                "%s: shape %s does not fit the %zu bytes of elements", origin,
                shapeText(static_cast<int32_t>(header.shape.size()),
                          header.shape.data())
                    .c_str(),
                elements.size());
  array.shape = std::move(header.shape);
  if (mscrt_status status = array.allocate(dtype, error))
    return status;
  if (header.isFortran && array.shape.size() > 1)
    copyFortran(elements.data(), array.tensor);
  else if (!elements.empty())
    memcpy(array.tensor.data, elements.data(), elements.size());
  if (header.descr[0] == '>')
    swapBytes(array.tensor);
  return MSCRT_OK;
}

mscrt_status mscrt_array_write_npy(const char *path, const mscrt_tensor *tensor,
                                   mscrt_error *error) {
  uint64_t bytes;
  if (!path || !tensor)
    return fail(error, MSCRT_ERROR_ARGUMENT, "no path or no tensor");
  if (mscrt_status status = mscrt_tensor_bytes(tensor->dtype, tensor->rank,
                                               tensor->shape, &bytes, error))
    return status;
  if (tensor->size < bytes || (bytes && !tensor->data))
    return fail(error, MSCRT_ERROR_ARGUMENT, "the tensor has too little data");
  std::string text = std::string("{'descr': '") + descrOf(tensor->dtype) +
                     "', 'fortran_order': False, 'shape': (";
  for (int32_t i = 0; i < tensor->rank; ++i)
    text += std::to_string(tensor->shape[i]) + (i + 1 < tensor->rank ? ", "
                                                : tensor->rank == 1  ? ","
                                                                     : "");
  text += "), }";
  // The elements start at a multiple of 64; the header ends with a newline.
  constexpr size_t prefix = 10;
  text.append(63 - (prefix + text.size()) % 64, ' ');
  text += '\n';
  OutputFile file;
  if (mscrt_status status = file.open(path, error))
    return status;
  file.write(magic.data(), magic.size());
  const unsigned char lead[4] = {1, 0, static_cast<unsigned char>(text.size()),
                                 static_cast<unsigned char>(text.size() >> 8)};
  file.write(lead, sizeof(lead));
  file.write(text);
  file.write(tensor->data, bytes);
  return file.commit(error);
}
