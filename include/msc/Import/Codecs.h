// SPDX-License-Identifier: Apache-2.0
//
/// \file Pure re-encodings of attributes, shared by the formats. Each reports
/// on the node and returns null when the value does not fit.
#ifndef MSC_IMPORT_CODECS_H
#define MSC_IMPORT_CODECS_H

#include "msc/Import/ImportRule.h"

namespace msc::import {

mlir::Attribute toI64(Node &node, mlir::Attribute value);
mlir::Attribute toF64(Node &node, mlir::Attribute value);
mlir::Attribute toI64Array(Node &node, mlir::Attribute value);
mlir::Attribute toF64Array(Node &node, mlir::Attribute value);
mlir::Attribute toStr(Node &node, mlir::Attribute value);
/// 0 leaves the attribute out, anything else sets it.
mlir::Attribute toUnit(Node &node, mlir::Attribute value);
/// "tanh" or 1 sets the attribute, "none" or 0 leaves it out.
mlir::Attribute tanhIfNamed(Node &node, mlir::Attribute value);
/// One axis (a number or a list of one) in [-rank, rank) of input 0, from the
/// front.
mlir::Attribute axisOfRank(Node &node, mlir::Attribute value);
/// A list of axes of input 0, from the front.
mlir::Attribute axesOfRank(Node &node, mlir::Attribute value);

} // namespace msc::import

#endif // MSC_IMPORT_CODECS_H
