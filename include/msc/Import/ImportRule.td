// SPDX-License-Identifier: Apache-2.0
//
// One ImportRule is one row of a format's "source operator -> ms" table.

#ifndef MSC_IMPORT_IMPORTRULE_TD
#define MSC_IMPORT_IMPORTRULE_TD

include "mlir/IR/OpBase.td"

// Fills attribute `to` of the target op from the source attribute (or, where
// the source passes attributes as inputs, from the argument) called `from`.
// `fallback` is the value the source specification mandates when it is absent
// ("" = required there, "?" = leave the target attribute out). `codec` names a
// C++ function that re-encodes the value; by default it follows from the type
// of the target attribute.
class Attr_<string from_, string to_ = from_, string fallback_ = "",
            string codec_ = ""> {
  string from = from_;
  string to = to_;
  string fallback = fallback_;
  string codec = codec_;
}

class ImportRule<string source_, int since_> {
  string source = source_;     // "onnx.Concat"
  int since = since_;          // first operator-set version of this row
  list<Op> target = [];        // the ms op, or for hooks the ops it may build
  list<string> args = [];      // names of the inputs, in order
  list<Attr_> attrs = [];
  string hook = "";            // C++ function, replaces the generic builder
  string note = "";            // shown in the generated support table
}

#endif // MSC_IMPORT_IMPORTRULE_TD
