// SPDX-License-Identifier: Apache-2.0
//
/// \file Builds ms ops with inferred types, folding constants as it goes.
#ifndef MSC_IMPORT_EMITTER_H
#define MSC_IMPORT_EMITTER_H

#include "dialects/MS/IR/MSOps.h"
#include "llvm/ADT/ArrayRef.h"

namespace msc::import {

/// An attribute value in the encodings that ms ops use: int -> I64Attr, double
/// -> F64Attr, true -> UnitAttr (false: left out), array -> DenseI64ArrayAttr.
class AttrValue {
public:
  AttrValue(mlir::Attribute attr)
      : make([attr](mlir::Builder &) { return attr; }) {}
  AttrValue(int v) : AttrValue(int64_t(v)) {}
  AttrValue(int64_t v);
  AttrValue(double v);
  AttrValue(bool v);
  AttrValue(const char *v) : AttrValue(llvm::StringRef(v)) {}
  AttrValue(llvm::StringRef v);
  AttrValue(llvm::ArrayRef<int64_t> v);
  AttrValue(const llvm::SmallVector<int64_t> &v)
      : AttrValue(llvm::ArrayRef<int64_t>(v)) {}
  AttrValue(llvm::ArrayRef<double> v);
  std::function<mlir::Attribute(mlir::Builder &)> make;
};
using Attrs = std::initializer_list<std::pair<const char *, AttrValue>>;

/// Errors are reported once, at the current location, and remembered: every
/// later call returns a harmless scalar, so that op mappings read straight
/// through and are checked once at their end.
class Emitter {
public:
  explicit Emitter(mlir::MLIRContext *ctx);

  mlir::OpBuilder builder;
  mlir::Location loc;
  bool failed = false;

  /// Emits a diagnostic at the current location and marks the mapping failed.
  mlir::InFlightDiagnostic error();
  /// What every call returns after a failure: f32 zero, rank 0.
  mlir::Value poison();

  /// Builds an op of one or more results with inferred types.
  template <typename OpT>
  mlir::Value emit(mlir::ValueRange operands, Attrs attrs = {}) {
    return first(create(OpT::getOperationName(), operands, attrs, {}));
  }
  template <typename OpT>
  llvm::SmallVector<mlir::Value> emitAll(mlir::ValueRange operands,
                                         Attrs attrs = {}) {
    return create(OpT::getOperationName(), operands, attrs, {});
  }
  /// Builds an op whose result type the caller states.
  template <typename OpT>
  mlir::Value emitTyped(mlir::Type type, mlir::ValueRange operands,
                        Attrs attrs = {}) {
    return first(create(OpT::getOperationName(), operands, attrs, {type}));
  }
  /// Empty \p types: inferred. Null attributes are left out. After a failure
  /// the result has one poison value per type, at least one.
  llvm::SmallVector<mlir::Value> create(llvm::StringRef name,
                                        mlir::ValueRange operands, Attrs attrs,
                                        mlir::TypeRange types);
  llvm::SmallVector<mlir::Value> createNamed(llvm::StringRef name,
                                             mlir::ValueRange operands,
                                             mlir::NamedAttrList attrs,
                                             mlir::TypeRange types);

  // Constants.
  mlir::Value constant(mlir::DenseElementsAttr value);
  mlir::Value emptyConstant(mlir::RankedTensorType type); ///< of no elements
  mlir::Value scalar(double value, mlir::Type element);   ///< rank 0
  mlir::Value splat(double value, mlir::RankedTensorType type);
  mlir::Value ints(llvm::ArrayRef<int64_t> values,
                   mlir::Type element); ///< rank 1

  // Shapes and types.
  static mlir::RankedTensorType type(mlir::Value v) {
    return ms::tensorType(v);
  }
  static llvm::ArrayRef<int64_t> shape(mlir::Value v) {
    return type(v).getShape();
  }
  static int64_t rank(mlir::Value v) { return type(v).getRank(); }
  static mlir::Type element(mlir::Value v) { return type(v).getElementType(); }
  mlir::Value cast(mlir::Value v, mlir::Type element); ///< no op if equal
  mlir::Type f32() { return builder.getF32Type(); }
  mlir::Type i64() { return builder.getI64Type(); }
  mlir::Type i32() { return builder.getI32Type(); }
  mlir::Type boolean() { return builder.getI1Type(); }

  // Elementwise shorthands; scalars take the element type of the tensor.
  mlir::Value add(mlir::Value a, mlir::Value b) {
    return emit<ms::AddOp>({a, b});
  }
  mlir::Value sub(mlir::Value a, mlir::Value b) {
    return emit<ms::SubOp>({a, b});
  }
  mlir::Value mul(mlir::Value a, mlir::Value b) {
    return emit<ms::MulOp>({a, b});
  }
  mlir::Value div(mlir::Value a, mlir::Value b) {
    return emit<ms::DivOp>({a, b});
  }
  mlir::Value add(mlir::Value a, double b) {
    return add(a, scalar(b, element(a)));
  }
  mlir::Value sub(mlir::Value a, double b) {
    return sub(a, scalar(b, element(a)));
  }
  mlir::Value mul(mlir::Value a, double b) {
    return mul(a, scalar(b, element(a)));
  }
  mlir::Value div(mlir::Value a, double b) {
    return div(a, scalar(b, element(a)));
  }
  mlir::Value select(mlir::Value c, mlir::Value a, mlir::Value b) {
    return emit<ms::SelectOp>({c, a, b});
  }

  /// A tensor of which only the first `count` along `dim` exist, like a dense
  /// tensor of that smaller shape (see the ms selection ops).
  struct Size {
    int64_t dim;
    mlir::Value count; ///< rank 0, i64
  };
  /// Says that \p v has such a size, and returns it. Ops that use it are
  /// checked: those that keep the dimension first pass the size on, others are
  /// errors. Where \p count is known while compiling, the part that exists
  /// instead.
  mlir::Value sized(mlir::Value v, int64_t dim, mlir::Value count);
  /// False, with an error, if one of \p values has such a size.
  bool expectFixedSize(mlir::ValueRange values);
  std::optional<Size> sizeOf(mlir::Value v) const {
    auto it = sizes.find(v);
    return it == sizes.end() ? std::nullopt : std::optional<Size>(it->second);
  }

  /// The value of \p v if it is a constant in the IR, else null.
  static mlir::DenseElementsAttr literal(mlir::Value v);

private:
  /// Finds the sizes of the results of \p op, which are the largest it can
  /// have; an error where it cannot work on a part of its operands.
  void propagateSizes(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, Size> sizes;
  mlir::Value first(llvm::ArrayRef<mlir::Value> values) {
    return values.front();
  }
  /// Replaces \p op by constants if its results have no elements: code is only
  /// generated for buffers that exist. Null if it stays.
  llvm::SmallVector<mlir::Value> replaceEmpty(mlir::Operation *op);
  /// Replaces \p op by constants if all operands are; null if it stays.
  llvm::SmallVector<mlir::Value> fold(mlir::Operation *op);
};

/// Whether ms has elements of \p type; an error at the current location if not.
bool isKnownElement(Emitter &e, mlir::Type type);

} // namespace msc::import

#endif // MSC_IMPORT_EMITTER_H
