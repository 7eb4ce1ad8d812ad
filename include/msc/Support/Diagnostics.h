// SPDX-License-Identifier: Apache-2.0
//
/// \file How msc shows diagnostics: `file:node: error: what is wrong`.
#ifndef MSC_SUPPORT_DIAGNOSTICS_H
#define MSC_SUPPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace msc {

/// \p name in single quotes, on one line and of bounded length whatever the
/// file states: control characters are escaped, the end is cut.
std::string quoted(llvm::StringRef name);

/// The place \p loc as `file:node` (imported nodes), `file:line:column` (text)
/// or `file`; empty where unknown.
std::string formatLocation(mlir::Location loc);

/// While it lives, prints each diagnostic of a context on one line (notes on
/// lines of their own) and counts the errors.
class DiagnosticPrinter : public mlir::ScopedDiagnosticHandler {
public:
  DiagnosticPrinter(mlir::MLIRContext *context, llvm::raw_ostream &os);
  unsigned getErrorCount() const { return errorCount; }

private:
  unsigned errorCount = 0;
};

} // namespace msc

#endif // MSC_SUPPORT_DIAGNOSTICS_H
