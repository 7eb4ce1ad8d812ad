// SPDX-License-Identifier: Apache-2.0
//
// MindIR -> ms, one file per category. `args` name a primitive's inputs in the
// order of its definition; the format passes attributes as inputs or not,
// depending on the release, and the importer looks in both places.

include "msc/Import/ImportRule.td"
include "dialects/MS/IR/MSOps.td"

class MindIR<string name, list<string> names, list<Op> ops> : ImportRule<"mindir." # name, 0> {
  let args = names;
  let target = ops;
}

include "lib/Import/MindIR/Rules/Control.td"
include "lib/Import/MindIR/Rules/Elementwise.td"
include "lib/Import/MindIR/Rules/Image.td"
include "lib/Import/MindIR/Rules/Indexing.td"
include "lib/Import/MindIR/Rules/Linalg.td"
include "lib/Import/MindIR/Rules/Linear.td"
include "lib/Import/MindIR/Rules/Normalization.td"
include "lib/Import/MindIR/Rules/Pooling.td"
include "lib/Import/MindIR/Rules/Quant.td"
include "lib/Import/MindIR/Rules/Reduction.td"
include "lib/Import/MindIR/Rules/Scalar.td"
include "lib/Import/MindIR/Rules/Sequence.td"
include "lib/Import/MindIR/Rules/Selection.td"
include "lib/Import/MindIR/Rules/Shape.td"
