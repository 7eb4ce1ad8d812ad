// SPDX-License-Identifier: Apache-2.0
//
/// \file Walks the wire format of protobuf three levels deep: model, graph,
/// initializer.
#include "lib/Import/ONNX/CutTensors.h"

using llvm::ArrayRef;

namespace msc::onnx {

/// Smaller data are copied, as ever.
static constexpr size_t largeBytes = 4096;

// Field numbers of onnx.proto.
static constexpr uint64_t modelGraph = 7, graphInitializer = 5,
                          tensorRawData = 9;

namespace {
/// One field of a message.
struct Field {
  uint64_t number = 0;
  bool isBytes = false;   ///< of wire type 2
  ArrayRef<char> whole;   ///< with its tag
  ArrayRef<char> content; ///< of wire type 2
};

/// The fields of one message, one after the other.
class FieldWalk {
public:
  explicit FieldWalk(ArrayRef<char> message) : rest(message) {}

  /// False at the end, and where the message is damaged.
  bool next(Field &field);
  bool isDamaged() const { return damaged; }

private:
  bool readVarint(uint64_t &value);
  bool skip(uint64_t bytes) {
    if (bytes > rest.size())
      return false;
    rest = rest.drop_front(bytes);
    return true;
  }
  bool read(Field &field);

  ArrayRef<char> rest;
  bool damaged = false;
};
} // namespace

bool FieldWalk::readVarint(uint64_t &value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    auto byte = static_cast<unsigned char>(rest.front());
    rest = rest.drop_front();
    value |= uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80)
      return true;
  }
  return false;
}

bool FieldWalk::read(Field &field) {
  uint64_t tag = 0, value = 0;
  if (!readVarint(tag))
    return false;
  field.number = tag >> 3;
  field.isBytes = (tag & 7) == 2;
  switch (tag & 7) {
  case 0:
    return readVarint(value);
  case 1:
    return skip(8);
  case 2: {
    if (!readVarint(value) || value > rest.size())
      return false;
    field.content = rest.take_front(value);
    return skip(value);
  }
  case 5:
    return skip(4);
  default: // groups, which no ONNX message has
    return false;
  }
}

bool FieldWalk::next(Field &field) {
  if (rest.empty())
    return false;
  ArrayRef<char> begin = rest;
  damaged = !read(field);
  field.whole = begin.drop_back(rest.size());
  return !damaged;
}

static void append(std::string &to, ArrayRef<char> bytes) {
  to.append(bytes.data(), bytes.size());
}

static void appendVarint(std::string &to, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    to += char(value | 0x80);
  to += char(value);
}

static void appendField(std::string &to, uint64_t number,
                        const std::string &content) {
  appendVarint(to, number << 3 | 2);
  appendVarint(to, content.size());
  to += content;
}

/// \p tensor without large raw_data, which \p cut gets.
static bool cutTensor(ArrayRef<char> tensor, std::string &bytes,
                      ArrayRef<char> &cut) {
  FieldWalk walk(tensor);
  Field field;
  bool hasData = false;
  while (walk.next(field)) {
    if (field.number != tensorRawData || !field.isBytes) {
      append(bytes, field.whole);
      continue;
    }
    if (hasData) // the last one would count
      return false;
    hasData = true;
    if (field.content.size() >= largeBytes)
      cut = field.content;
    else
      append(bytes, field.whole);
  }
  return !walk.isDamaged();
}

static bool cutGraph(ArrayRef<char> graph, std::string &bytes,
                     std::vector<ArrayRef<char>> &tensors) {
  FieldWalk walk(graph);
  Field field;
  while (walk.next(field)) {
    if (field.number != graphInitializer || !field.isBytes) {
      append(bytes, field.whole);
      continue;
    }
    std::string tensor;
    if (!cutTensor(field.content, tensor, tensors.emplace_back()))
      return false;
    appendField(bytes, graphInitializer, tensor);
  }
  return !walk.isDamaged();
}

std::optional<CutModel> cutTensors(ArrayRef<char> model) {
  CutModel result;
  FieldWalk walk(model);
  Field field;
  bool hasGraph = false;
  while (walk.next(field)) {
    if (field.number != modelGraph || !field.isBytes) {
      append(result.bytes, field.whole);
      continue;
    }
    std::string graph;
    if (hasGraph || // the two would be merged
        !cutGraph(field.content, graph, result.tensors))
      return std::nullopt;
    hasGraph = true;
    appendField(result.bytes, modelGraph, graph);
  }
  if (walk.isDamaged() || !hasGraph)
    return std::nullopt;
  return result;
}

} // namespace msc::onnx
