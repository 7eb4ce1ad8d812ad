// SPDX-License-Identifier: Apache-2.0
//
// The ms dialect: types, traits and base classes shared by all categories.

#ifndef DIALECTS_MS_IR_MSBASE_TD
#define DIALECTS_MS_IR_MSBASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MS_Dialect : Dialect {
  let name = "ms";
  let cppNamespace = "::msc::ms";
  let summary = "What a model computes, in no file format's words";
  let description = [{
    Tensors with value semantics. Signed integers are signless builtin integers
    (`i32`), unsigned ones `ui32`, bool is `i1`. Compile-time parameters are
    attributes, run-time values are operands. Convolutions are NCHW.
  }];
  let hasConstantMaterializer = 1;
  // The parser infers types before it fills properties, so that inference of an
  // op in text would not see its attributes there.
  let usePropertiesForAttributes = 0;
  let extraClassDeclaration = [{
    void registerControlOps();
    void registerElementwiseOps();
    void registerImageOps();
    void registerIndexingOps();
    void registerLinalgOps();
    void registerLinearOps();
    void registerNormalizationOps();
    void registerPoolingOps();
    void registerReductionOps();
    void registerSelectionOps();
    void registerSequenceOps();
    void registerShapeOps();
  }];
}

def MS_Float : AnyTypeOf<[F16, BF16, F32, F64]>;
def MS_Int : AnyTypeOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64]>;
def MS_Number : AnyTypeOf<[MS_Float, MS_Int]>;
def MS_Element : AnyTypeOf<[MS_Number, I1]>;

def MS_Tensor : RankedTensorOf<[MS_Element]>;
def MS_NumberTensor : RankedTensorOf<[MS_Number]>;
def MS_FloatTensor : RankedTensorOf<[MS_Float]>;
def MS_IntTensor : RankedTensorOf<[MS_Int]>;
def MS_IndexTensor : RankedTensorOf<[I32, I64]>;
def MS_BoolTensor : RankedTensorOf<[I1]>;
def MS_BitTensor : RankedTensorOf<[MS_Int, I1]>;

/// Computes each result element from the elements of its operands at the same
/// (broadcast) position and nothing else.
def MS_Elementwise : NativeOpTrait<"Elementwise"> {
  let cppNamespace = "::msc::ms";
}

class MS_Op<string mnemonic, list<Trait> traits = []> :
    Op<MS_Dialect, mnemonic, !listconcat(traits, [Pure])>;

/// InferTypeOpAdaptor of MLIR, which first adds the attributes that were left to
/// their defaults, then checks that all are there and of their types: inference
/// comes before construction and verification.
def MS_InferTypes : TraitList<[
  DeclareOpInterfaceMethods<InferTypeOpInterface>,
  NativeOpTrait<"InferTypeOpAdaptor", [], [{
    static ::llvm::LogicalResult inferReturnTypes(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        Adaptor adaptor, ::llvm::SmallVectorImpl<::mlir::Type> &types);
  }], [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      ::mlir::NamedAttrList filled(attributes);
      ::mlir::OperationName name($cppClass::getOperationName(), context);
      $cppClass::populateDefaultAttrs(name, filled);
      $cppClass::Adaptor adaptor(operands, filled.getDictionary(context), properties, regions);
      if (::mlir::failed(adaptor.verify(location ? *location : ::mlir::UnknownLoc::get(context))))
        return ::mlir::failure();
      return $cppClass::inferReturnTypes(context, location, adaptor, types);
    }
  }]>
]>;

/// An op whose result types follow from operands and attributes. Define
/// `inferReturnTypes` in MSOps<Category>.cpp, with the helpers of MSInference.h.
class MS_InferredOp<string mnemonic, list<Trait> traits = []> :
    MS_Op<mnemonic, !listconcat(traits, [MS_InferTypes])>;

#endif // DIALECTS_MS_IR_MSBASE_TD
