// SPDX-License-Identifier: Apache-2.0
//
// Python numbers and sequences, and primitives that pass values on. Numbers
// that the file states are computed while compiling; others are tensors of
// rank 0.

class MindIRScalar<string name, Op op> : MindIR<name, ["x", "y"], [op]> {
  let hook = "importScalarBinary";
}
def : MindIRScalar<"ScalarAdd", MS_AddOp>;
def : MindIRScalar<"ScalarSub", MS_SubOp>;
def : MindIRScalar<"ScalarMul", MS_MulOp>;
def : MindIRScalar<"ScalarDiv", MS_DivOp>;
def : MindIRScalar<"ScalarFloorDiv", MS_FloorDivOp>;
def : MindIRScalar<"ScalarFloordiv", MS_FloorDivOp>;
def : MindIRScalar<"ScalarMod", MS_ModOp>;
def : MindIRScalar<"ScalarPow", MS_PowOp>;
def : MindIRScalar<"ScalarEq", MS_EqualOp>;
def : MindIRScalar<"ScalarLt", MS_LessOp>;
def : MindIRScalar<"ScalarGt", MS_GreaterOp>;
def : MindIRScalar<"ScalarLe", MS_LessEqualOp>;
def : MindIRScalar<"ScalarGe", MS_GreaterEqualOp>;
def : MindIRScalar<"scalar_eq", MS_EqualOp>;
def : MindIR<"ScalarUsub", ["x"], [MS_NegOp]> { let hook = "importScalarNegate"; }
def : MindIR<"ScalarUadd", ["x"], []> { let hook = "importFirst"; }
def : MindIR<"ScalarLog", ["x"], [MS_LogOp]> { let hook = "importScalarLog"; }
def : MindIR<"ScalarCast", ["x", "dtype"], [MS_CastOp]> { let hook = "importScalarCast"; }
def : MindIR<"ScalarBool", ["x"], [MS_CastOp]> { let hook = "importScalarBool"; }
def : MindIR<"BoolNot", ["x"], [MS_LogicalNotOp]> { let hook = "importBoolNot"; }
def : MindIR<"BoolAnd", ["x", "y"], [MS_LogicalAndOp]> { let hook = "importScalarLogic"; }
def : MindIR<"BoolOr", ["x", "y"], [MS_LogicalOrOp]> { let hook = "importScalarLogic"; }
def : MindIR<"bool_and", ["x", "y"], [MS_LogicalAndOp]> { let hook = "importScalarLogic"; }
def : MindIR<"bool_or", ["x", "y"], [MS_LogicalOrOp]> { let hook = "importScalarLogic"; }
def : MindIR<"bool_not", ["x"], [MS_LogicalNotOp]> { let hook = "importBoolNot"; }
def : MindIR<"is_", ["x", "y"], []> { let hook = "importIs"; }
def : MindIR<"is_not", ["x", "y"], []> { let hook = "importIs"; }

// Between numbers, sequences and tensors.
def : MindIR<"ScalarToTensor", ["input", "dtype"], [MS_CastOp]> { let hook = "importScalarToTensor"; }
def : MindIR<"ScalarToArray", ["input"], [MS_CastOp]> { let hook = "importScalarToTensor"; }
def : MindIR<"TensorToScalar", ["input"], [MS_ReshapeOp]> { let hook = "importTensorToScalar"; }
def : MindIR<"TupleToTensor", ["input", "dtype"], [MS_ConcatOp]> { let hook = "importSequenceToTensor"; }
def : MindIR<"ListToTensor", ["input", "dtype"], [MS_ConcatOp]> { let hook = "importSequenceToTensor"; }
def : MindIR<"TensorToTuple", ["input"], [MS_SliceOp]> { let hook = "importTensorToSequence"; }
def : MindIR<"TensorToList", ["input"], [MS_SliceOp]> { let hook = "importTensorToSequence"; }

// Sequences.
def : MindIR<"MakeTuple", [], []> { let hook = "importMakeTuple"; }
def : MindIR<"make_tuple", [], []> { let hook = "importMakeTuple"; }
def : MindIR<"MakeList", [], []> { let hook = "importMakeTuple"; }
def : MindIR<"make_list", [], []> { let hook = "importMakeTuple"; }
def : MindIR<"TupleGetItem", ["input", "index"], []> { let hook = "importGetItem"; }
def : MindIR<"tuple_getitem", ["input", "index"], []> { let hook = "importGetItem"; }
def : MindIR<"list_getitem", ["input", "index"], []> { let hook = "importGetItem"; }
def : MindIR<"RealTupleGetItem", ["input", "index"], []> { let hook = "importGetItem"; }
def : MindIR<"SequenceAdd", ["x", "y"], []> { let hook = "importSequenceAdd"; }
def : MindIR<"SequenceMul", ["x", "count"], []> { let hook = "importSequenceMul"; }
def : MindIR<"SequenceSlice", ["x", "start", "stop", "step"], []> { let hook = "importSequenceSlice"; }
def : MindIR<"SequenceLen", ["x"], []> { let hook = "importSequenceLength"; }
def : MindIR<"sequence_len", ["x"], []> { let hook = "importSequenceLength"; }
def : MindIR<"InSequence", ["x", "sequence"], []> { let hook = "importInSequence"; }

// Values passed on. What orders side effects is needed by none of them.
def : MindIR<"Depend", ["x"], []> { let hook = "importFirst"; }
def : MindIR<"InsertGradientOf", ["x"], []> { let hook = "importFirst"; }
def : MindIR<"Load", ["x"], [MS_ParameterOp]> { let hook = "importLoad"; }
def : MindIR<"Print", [], []> { let hook = "importEffect"; let note = "prints nothing"; }
def : MindIR<"StopGradient", ["x"], []> { let hook = "importFirst"; }
def : MindIR<"TensorMove", ["x"], []> { let hook = "importFirst"; }
def : MindIR<"UpdateState", [], []> { let hook = "importEffect"; }
def : MindIR<"Dropout", ["x", "keep_prob"], []> { let hook = "importDropout"; let note = "keep_prob 1"; }
