// SPDX-License-Identifier: Apache-2.0
//
/// \file Rewrites of a kernel's linalg ops on buffers, before it is cut into
/// stages: less memory is touched, less is computed.
#ifndef LIB_TARGET_CPU_BUFFERS_H
#define LIB_TARGET_CPU_BUFFERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace msc::target {

/// Elements that are overwritten as a block are not filled before.
void narrowFills(mlir::func::FuncOp kernel);

/// buffer = f(...); result = g(buffer) ~> result = f(...); result = g(result)
///
/// where g is elementwise: no workspace, and a schedule sees that g can follow
/// f element by element.
void computeInPlace(mlir::func::FuncOp kernel);

/// result = 0; result += ...; result = f(result + b)
/// ~> result = b; result += ...; result = f(result)
///
/// at the end of a kernel of one sum: the terms are added in another order.
/// Where all terms are tiny beside b, as in channels that training switched
/// off, their sum alone would be denormal, which processors add up some fifty
/// times as slowly.
void startSums(mlir::func::FuncOp kernel);

} // namespace msc::target

#endif // LIB_TARGET_CPU_BUFFERS_H
