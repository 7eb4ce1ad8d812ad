// SPDX-License-Identifier: Apache-2.0
//
// Primitives whose result sizes depend on data.

def : MindIR<"MaskedSelect", ["x", "mask"], [MS_CompressOp]> { let hook = "importMaskedSelect"; }
def : MindIR<"NonZero", ["x"], [MS_NonZeroOp]> { let hook = "importNonZero"; }
def : MindIR<"NonZeroExt", ["input"], [MS_NonZeroOp, MS_SliceOp]> { let hook = "importNonZeroExt"; }
def : MindIR<"Unique", ["x"], [MS_UniqueOp]> { let hook = "importUnique"; }
def : MindIR<"Unique2", ["input", "sorted", "return_inverse", "return_counts"], [MS_UniqueOp]> { let hook = "importUnique2"; }
def : MindIR<"NonMaxSuppressionV3", ["boxes", "scores", "max_output_size", "iou_threshold", "score_threshold"],
             [MS_NonMaxSuppressionOp]> { let hook = "importNonMaxSuppressionV3"; }
