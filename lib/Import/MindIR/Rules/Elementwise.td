// SPDX-License-Identifier: Apache-2.0
//
// Elementwise primitives.

def : MindIR<"Abs", ["input"], [MS_AbsOp]>;
def : MindIR<"Add", ["input", "other"], [MS_AddOp]>;
def : MindIR<"Mul", ["input", "other"], [MS_MulOp]>;
def : MindIR<"ReLU", ["input"], [MS_ReluOp]>;
def : MindIR<"Sub", ["input", "other"], [MS_SubOp]>;
