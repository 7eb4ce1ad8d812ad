// SPDX-License-Identifier: Apache-2.0
//
/// \file The window attributes of MindIR's convolutions and pools.
#include "lib/Import/MindIR/Hooks/Windows.h"

#include "msc/Import/Shaping.h"

using namespace mlir;

namespace msc::import::mindir {

/// The first of \p names that is an attribute (or argument) of the node.
static const char *present(Node &node, Names names) {
  for (const char *name : names)
    if (node.hasAttr(name))
      return name;
  return nullptr;
}

SmallVector<int64_t> spatialList(Node &node, Names names, size_t rank,
                                 ArrayRef<int64_t> fallback,
                                 bool channelsLast) {
  const char *name = present(node, names);
  if (!name)
    return SmallVector<int64_t>(fallback);
  SmallVector<int64_t> values = node.i64s(name);
  if (values.size() == 1)
    values.assign(rank, values[0]);
  if (values.size() == rank + 2) {
    values.erase(values.begin(), values.begin() + (channelsLast ? 1 : 2));
    values.resize(rank);
  }
  if (values.size() != rank && !node.failed())
    node.error() << "'" << name << "' has " << values.size()
                 << " entries, expected one for each of " << rank
                 << " spatial dimensions";
  values.resize(rank, 1);
  return values;
}

PadMode readPadMode(Node &node, Names names, PadMode fallback) {
  const char *name = present(node, names);
  if (!name)
    return fallback;
  Attribute value = node.attr(name);
  std::string word;
  if (auto text = dyn_cast<StringAttr>(value)) {
    word = text.getValue().lower();
  } else {
    static const char *const words[] = {"pad", "same", "valid"};
    int64_t number = node.i64(name);
    word = number >= 0 && number < 3 ? words[number] : std::to_string(number);
  }
  if (word == "pad" || word == "calculated")
    return PadMode::Pad;
  if (word == "same")
    return PadMode::Same;
  if (word != "valid" && !node.failed())
    node.error() << "pad mode '" << word << "' is not pad, same or valid";
  return PadMode::Valid;
}

void readPads(Node &node, WindowAttrs &window, Names names) {
  size_t rank = window.rank();
  window.pads.assign(2 * rank, 0);
  const char *name = present(node, names);
  if (!name)
    return;
  SmallVector<int64_t> values = node.i64s(name);
  if (values.size() == 2 * rank) {
    for (size_t d = 0; d < rank; ++d) {
      window.pads[d] = values[2 * d];
      window.pads[rank + d] = values[2 * d + 1];
    }
    return;
  }
  readEqualPads(node, window, {name});
}

void readEqualPads(Node &node, WindowAttrs &window, Names names) {
  size_t rank = window.rank();
  SmallVector<int64_t> zeros(rank, 0);
  window.pads = spatialList(node, names, rank, zeros);
  window.pads.append(window.pads.begin(), window.pads.begin() + rank);
}

bool isChannelsLast(Node &node) {
  const char *name = present(node, {"format", "data_format"});
  if (!name)
    return false;
  Attribute value = node.attr(name);
  std::string word;
  if (auto text = dyn_cast<StringAttr>(value))
    word = text.getValue().upper();
  else
    word = std::to_string(node.i64(name));
  if (word == "NHWC" || word == "NDHWC" || word == "1" || word == "17")
    return true;
  if (word != "NCHW" && word != "NCDHW" && word != "DEFAULTFORMAT" &&
      word != "0" && word != "14" && !node.failed())
    node.error() << "layout '" << word << "' is not supported";
  return false;
}

Value channelsFirst(Emitter &e, Value v) {
  return Emitter::rank(v) > 2 ? moveDim(e, v, Emitter::rank(v) - 1, 1) : v;
}

Value channelsLast(Emitter &e, Value v) {
  return Emitter::rank(v) > 2 ? moveDim(e, v, 1, Emitter::rank(v) - 1) : v;
}

} // namespace msc::import::mindir
