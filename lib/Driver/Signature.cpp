// SPDX-License-Identifier: Apache-2.0
//
/// \file What callers see of a model: its inputs and outputs.
#include "lib/Driver/Compilation.h"

using namespace mlir;

namespace msc {

bool isCallersValue(DictionaryAttr attrs) {
  return !attrs || !(attrs.get("ms.state") || attrs.get("ms.packed") ||
                     attrs.get("ms.extent"));
}

StringRef CallersValue::text(StringRef name) const {
  auto attr = attrs ? attrs.getAs<StringAttr>(name) : StringAttr();
  return attr ? attr.getValue() : "";
}

static SmallVector<CallersValue> valuesOf(func::FuncOp function, bool inputs) {
  SmallVector<CallersValue> list;
  ArrayRef<Type> types =
      inputs ? function.getArgumentTypes() : function.getResultTypes();
  for (auto [i, type] : llvm::enumerate(types)) {
    DictionaryAttr attrs =
        inputs ? function.getArgAttrDict(i) : function.getResultAttrDict(i);
    auto tensor = cast<RankedTensorType>(type);
    if (isCallersValue(attrs))
      list.push_back({tensor, llvm::to_vector(tensor.getShape()), attrs});
  }
  return list;
}

SmallVector<CallersValue> callersValues(ArrayRef<func::FuncOp> entries,
                                        bool inputs) {
  func::FuncOp first = entries.front();
  SmallVector<CallersValue> list = valuesOf(first, inputs);
  for (func::FuncOp entry : entries.drop_front())
    for (auto [value, other] : llvm::zip_equal(list, valuesOf(entry, inputs)))
      for (auto [extent, differing] :
           llvm::zip_equal(value.extents, other.extents))
        if (extent != differing)
          extent = -1;
  for (unsigned r = 0; !inputs && r < first.getNumResults(); ++r)
    if (auto extent =
            first.getResultAttrOfType<DenseI64ArrayAttr>(r, "ms.extent"))
      list[extent[0]].extents[extent[1]] = -1;
  return list;
}

} // namespace msc
