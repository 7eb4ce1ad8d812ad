// SPDX-License-Identifier: Apache-2.0
//
/// \file A recursive descent parser for ref_attr_name.
#include "lib/Import/MindIR/MindIROldForm.h"

using namespace mlir;

namespace msc::import::mindir {

static constexpr unsigned maxDepth = 32;

/// element := leaf | ("Tuple[" | "List[") (element ",")* "]"
static LogicalResult parseElement(StringRef &text, OldForm &form,
                                  unsigned depth) {
  if (depth > maxDepth)
    return failure();
  if (text.consume_front("Tuple["))
    form.kind = OldForm::Kind::Tuple;
  else if (text.consume_front("List["))
    form.kind = OldForm::Kind::List;
  if (form.kind == OldForm::Kind::Leaf) {
    form.name = text.take_until(
        [](char c) { return c == ',' || c == '[' || c == ']'; });
    text = text.drop_front(form.name.size());
    return success(!form.name.empty());
  }
  while (!text.consume_front("]")) {
    if (failed(parseElement(text, form.elements.emplace_back(), depth + 1)))
      return failure();
    if (!text.consume_front(",") && !text.starts_with("]"))
      return failure();
  }
  return success();
}

LogicalResult parseOldForm(StringRef text, OldForm &form) {
  if (failed(parseElement(text, form, 0)))
    return failure();
  text.consume_front(",");
  return success(text.empty());
}

} // namespace msc::import::mindir
