// SPDX-License-Identifier: Apache-2.0
//
/// \file How locations and diagnostics become one line of text each.
#include "msc/Support/Diagnostics.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using llvm::hexdigit;
using llvm::raw_ostream;
using llvm::StringRef;
using llvm::Twine;

namespace msc {

/// Escapes what would break a line; bytes above 0x7f (UTF-8) stay.
static std::string onOneLine(StringRef text) {
  std::string result;
  for (unsigned char c : text) {
    if (c >= 0x20 && c != 0x7f) {
      result += char(c);
      continue;
    }
    result += "\\x";
    result += hexdigit(c >> 4);
    result += hexdigit(c & 15);
  }
  return result;
}

std::string quoted(StringRef name) {
  constexpr size_t limit = 200;
  std::string text = onOneLine(name.take_front(limit));
  return "'" + text + (name.size() > limit ? "...'" : "'");
}

std::string formatLocation(Location loc) {
  return TypeSwitch<LocationAttr, std::string>(loc)
      .Case([](FileLineColLoc file) {
        std::string text = onOneLine(file.getFilename().getValue());
        if (file.getColumn() == 0)
          return text;
        return (text + ":" + Twine(file.getLine()) + ":" +
                Twine(file.getColumn()))
            .str();
      })
      .Case([](NameLoc name) {
        std::string text = onOneLine(name.getName().getValue());
        std::string file = formatLocation(name.getChildLoc());
        return file.empty() ? text : file + ":" + text;
      })
      .Case([](CallSiteLoc call) { return formatLocation(call.getCallee()); })
      .Case([](FusedLoc fused) {
        for (Location part : fused.getLocations())
          if (std::string text = formatLocation(part); !text.empty())
            return text;
        return std::string();
      })
      .Default([](LocationAttr) { return std::string(); });
}

static StringRef severityName(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Note:
    return "note";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Remark:
    return "remark";
  }
  return "error";
}

static void print(Diagnostic &diagnostic, raw_ostream &os) {
  std::string place = formatLocation(diagnostic.getLocation());
  os << (place.empty() ? "msc" : place) << ": "
     << severityName(diagnostic.getSeverity()) << ": "
     << onOneLine(diagnostic.str()) << '\n';
  for (Diagnostic &note : diagnostic.getNotes())
    print(note, os);
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext *context, raw_ostream &os)
    : ScopedDiagnosticHandler(context) {
  setHandler([this, &os](Diagnostic &diagnostic) {
    errorCount += diagnostic.getSeverity() == DiagnosticSeverity::Error;
    print(diagnostic, os);
  });
}

} // namespace msc
