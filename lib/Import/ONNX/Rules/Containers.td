// SPDX-License-Identifier: Apache-2.0
//
// Sequences and optionals.

def : Onnx<"ConcatFromSequence", 11, [MS_ConcatOp]> { let hook = "importConcatFromSequence"; }
def : Onnx<"Optional", 15, []> { let hook = "importOptional"; }
def : Onnx<"OptionalGetElement", 15, []> { let hook = "importOptionalGetElement"; }
def : Onnx<"OptionalHasElement", 15, [MS_ConstantOp]> { let hook = "importOptionalHasElement"; }
def : Onnx<"SequenceAt", 11, []> {
  let hook = "importSequenceAt";
  let note = "the position is known while compiling";
}
def : Onnx<"SequenceConstruct", 11, []> { let hook = "importSequenceConstruct"; }
def : Onnx<"SequenceEmpty", 11, []> { let hook = "importSequenceEmpty"; }
def : Onnx<"SequenceErase", 11, []> {
  let hook = "importSequenceErase";
  let note = "the position is known while compiling";
}
def : Onnx<"SequenceInsert", 11, []> {
  let hook = "importSequenceInsert";
  let note = "the position is known while compiling";
}
def : Onnx<"SequenceLength", 11, [MS_ConstantOp]> { let hook = "importSequenceLength"; }
def : Onnx<"SequenceMap", 17, []> { let hook = "importSequenceMap"; }
def : Onnx<"SplitToSequence", 11, [MS_SliceOp]> {
  let hook = "importSplitToSequence";
  let note = "the sizes are known while compiling";
}
