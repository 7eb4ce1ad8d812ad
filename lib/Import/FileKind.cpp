// SPDX-License-Identifier: Apache-2.0
//
/// \file How model files and what is mistaken for them are told apart by their
/// first bytes.
#include "msc/Import/FileKind.h"

#include "msc/Import/Readers.h"
#include "llvm/ADT/StringExtras.h"
#include <optional>

using namespace llvm;

namespace msc::import {

namespace {
/// One protobuf field of a file's head. `bytes` is cut where the head ends.
struct Field {
  uint64_t number = 0;
  unsigned wireType = 0;
  uint64_t value = 0;
  StringRef bytes;
};

/// Splits the first bytes of a protobuf message into its top-level fields.
class FieldWalker {
public:
  explicit FieldWalker(StringRef head) : rest(head) {}

  bool atEnd() const { return rest.empty(); }

  /// The next field, or nothing where the bytes are no protobuf or cut short
  /// before the field says what it is.
  std::optional<Field> next() {
    std::optional<uint64_t> tag = varint();
    if (!tag)
      return std::nullopt;
    Field field;
    field.number = *tag >> 3;
    field.wireType = *tag & 7;
    std::optional<uint64_t> value;
    switch (field.wireType) {
    case 0:
      value = varint();
      break;
    case 1:
      value = skip(8);
      break;
    case 2:
      value = varint();
      field.bytes = rest.take_front(value.value_or(0));
      rest = rest.drop_front(field.bytes.size());
      break;
    case 5:
      value = skip(4);
      break;
    }
    if (!value || field.number == 0)
      return std::nullopt;
    field.value = *value;
    return field;
  }

private:
  /// At most ten bytes of seven bits, the lowest first.
  std::optional<uint64_t> varint() {
    uint64_t value = 0;
    for (unsigned length = 0; length < 10 && length < rest.size(); ++length) {
      unsigned char byte = rest[length];
      value |= uint64_t(byte & 0x7f) << (7 * length);
      if (byte < 0x80) {
        rest = rest.drop_front(length + 1);
        return value;
      }
    }
    return std::nullopt;
  }

  std::optional<uint64_t> skip(size_t count) {
    if (rest.size() < count)
      return std::nullopt;
    rest = rest.drop_front(count);
    return 0;
  }

  StringRef rest;
};
} // namespace

static StringRef asString(ArrayRef<char> head) {
  return StringRef(head.data(), head.size());
}

/// The wire type of the fields of onnx.ModelProto; -1 for unknown ones.
static int onnxWireType(uint64_t field) {
  switch (field) {
  case 1: // ir_version
  case 5: // model_version
    return 0;
  case 2:  // producer_name
  case 3:  // producer_version
  case 4:  // domain
  case 6:  // doc_string
  case 7:  // graph
  case 8:  // opset_import
  case 14: // metadata_props
  case 20: // training_info
  case 25: // functions
  case 26: // configuration
    return 2;
  }
  return -1;
}

bool looksLikeONNX(ArrayRef<char> head) {
  FieldWalker walker(asString(head));
  bool first = true;
  while (!walker.atEnd()) {
    std::optional<Field> field = walker.next();
    if (!field)
      return !first; // Cut inside a field.
    int expected = onnxWireType(field->number);
    if (expected >= 0 && unsigned(expected) != field->wireType)
      return false;
    if (first && expected < 0)
      return false;
    // A bare producer name or graph opens other formats too.
    if (first && field->number != 1)
      return false;
    first = false;
  }
  return !first;
}

/// Formats whose files start with protobuf fields: {} where none fits.
static StringRef describeProtobuf(StringRef head) {
  FieldWalker walker(head);
  std::optional<Field> first = walker.next();
  // ge.proto.ModelDef without a name: its graph, which starts with a name.
  if (first && first->number == 7 && first->wireType == 2) {
    std::optional<Field> name = FieldWalker(first->bytes).next();
    if (name && name->number == 1 && name->wireType == 2 &&
        !name->bytes.empty() && all_of(name->bytes, isPrint))
      return "an AIR model";
  }
  if (!first || first->number != 1)
    return {};
  std::optional<Field> second = walker.next();
  if (first->wireType == 0) {
    if (looksLikeONNX(ArrayRef<char>(head.data(), head.size())))
      return "an ONNX model";
    // TensorProto: dims, data_type.
    return second && second->number <= 2 && second->wireType == 0
               ? "a serialised ONNX tensor"
               : StringRef();
  }
  if (first->wireType != 2 || first->bytes.empty())
    return {};
  // mind_ir.ModelProto: ir_version "0.1.1", "1.1".
  if (first->bytes.find_first_not_of("0123456789.") == StringRef::npos)
    return "a MindIR model";
  // Checkpoint.Value: tag and tensor.
  FieldWalker inner(first->bytes);
  std::optional<Field> tag = inner.next();
  if (tag && tag->number == 1 && tag->wireType == 2 && !tag->bytes.empty() &&
      all_of(tag->bytes, isPrint)) {
    std::optional<Field> tensor = inner.next();
    if (tensor && (tensor->number == 2 || tensor->number == 3) &&
        tensor->wireType == 2)
      return "a MindSpore checkpoint";
  }
  // ge.proto.ModelDef: name, then version, custom_version or graph.
  if (second && all_of(first->bytes, isPrint) &&
      ((second->number == 2 && second->wireType == 0) ||
       ((second->number == 3 || second->number == 7) && second->wireType == 2)))
    return "an AIR model";
  return {};
}

/// Formats with a signature.
static StringRef describeMagic(StringRef head) {
  struct Signature {
    size_t offset;
    StringLiteral bytes;
    StringLiteral text;
  };
  static constexpr Signature signatures[] = {
      {0, "version https://git-lfs",
       "a git-LFS pointer, not the file itself (run 'git lfs pull')"},
      {0, "PK\x03\x04", "a zip archive (a PyTorch or npz file)"},
      {0,
       "\x7f"
       "ELF",
       "a compiled binary (ELF)"},
      {0, "\x93NUMPY", "a NumPy array"},
      {0, "\x89HDF", "an HDF5 file"},
      {0, "\x1f\x8b", "a gzip-compressed file"},
      {0, "\x28\xb5\x2f\xfd", "a zstd-compressed file"},
      {0, "IMOD", "an Ascend OM model"},
      {4, "MSL", "a MindSpore Lite model"},
      {4, "TFL3", "a TensorFlow Lite model"},
      {0, "\xd8\x5e\x3a\x7f", "an encrypted MindSpore file"},
      {0, "\xd9\x5e\x3a\x7f", "an encrypted MindSpore file"},
      {0, "\xda\x5e\x3a\x7f", "an encrypted MindSpore file"},
      {0, "<!DOCTYPE", "an HTML page"},
      {0, "<html", "an HTML page"}};
  for (const Signature &signature : signatures)
    if (head.drop_front(std::min(signature.offset, head.size()))
            .starts_with(signature.bytes))
      return signature.text;
  if (head.size() > 2 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5)
    return "a Python pickle";
  // safetensors: a 64-bit little-endian header size, then JSON.
  if (head.size() > 8 && head[8] == '{' && head.slice(5, 8).count('\0') == 3)
    return "a safetensors file";
  return {};
}

std::string describeFile(ArrayRef<char> head) {
  StringRef bytes = asString(head);
  if (bytes.empty())
    return "an empty file";
  if (StringRef text = describeMagic(bytes); !text.empty())
    return text.str();
  if (StringRef text = describeProtobuf(bytes); !text.empty())
    return text.str();
  if (bytes.find_first_not_of('\0') == StringRef::npos)
    return "a file of zeros";
  auto isText = [](char c) { return isPrint(c) || isSpace(c); };
  return all_of(bytes, isText) ? "a text file" : "";
}

} // namespace msc::import
