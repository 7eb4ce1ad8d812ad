// SPDX-License-Identifier: Apache-2.0
//
/// \file What the conversion's files share: one populate function per op
/// category, and builders for the three shapes that most patterns have.
///
/// Shapes are static here. Unsigned integers become signless: a pattern that
/// needs the sign looks at the type of the ms op.
#ifndef LIB_CONVERSION_MSTOLINALG_PATTERNS_H
#define LIB_CONVERSION_MSTOLINALG_PATTERNS_H

#include "dialects/MS/IR/MSOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/DialectConversion.h"

namespace msc {

// One per file of that name.
void populateMSToLinalgAttentionPatterns(mlir::TypeConverter &,
                                         mlir::RewritePatternSet &);
void populateMSToLinalgControlPatterns(mlir::TypeConverter &,
                                       mlir::RewritePatternSet &);
void populateMSToLinalgElementwisePatterns(mlir::TypeConverter &,
                                           mlir::RewritePatternSet &);
void populateMSToLinalgImagePatterns(mlir::TypeConverter &,
                                     mlir::RewritePatternSet &);
void populateMSToLinalgIndexingPatterns(mlir::TypeConverter &,
                                        mlir::RewritePatternSet &);
void populateMSToLinalgLinalgPatterns(mlir::TypeConverter &,
                                      mlir::RewritePatternSet &);
void populateMSToLinalgLinearPatterns(mlir::TypeConverter &,
                                      mlir::RewritePatternSet &);
void populateMSToLinalgNormalizationPatterns(mlir::TypeConverter &,
                                             mlir::RewritePatternSet &);
void populateMSToLinalgPoolingPatterns(mlir::TypeConverter &,
                                       mlir::RewritePatternSet &);
void populateMSToLinalgReductionPatterns(mlir::TypeConverter &,
                                         mlir::RewritePatternSet &);
void populateMSToLinalgSelectionPatterns(mlir::TypeConverter &,
                                         mlir::RewritePatternSet &);
void populateMSToLinalgSequencePatterns(mlir::TypeConverter &,
                                        mlir::RewritePatternSet &);
void populateMSToLinalgShapePatterns(mlir::TypeConverter &,
                                     mlir::RewritePatternSet &);

/// The scalar computation of an ms elementwise op: \p args are the operands'
/// elements (signless), the result has the converted element type. \p op tells
/// which function, its attributes, and the sign of integers.
mlir::Value emitScalar(mlir::Operation *op, mlir::OpBuilder &b,
                       mlir::Location loc, mlir::ValueRange args);

/// Scalar helpers for pattern bodies. They take f16 and bf16 through f32.
class ScalarBuilder {
public:
  ScalarBuilder(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}
  mlir::OpBuilder &b;
  mlir::Location loc;

  mlir::Value constant(double value,
                       mlir::Type type); ///< any int or float type
  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value x, mlir::Value y); ///< int, index or float
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value div(mlir::Value x, mlir::Value y); ///< signed; floats or ints
  /// NaN-propagating for floats.
  mlir::Value max(mlir::Value x, mlir::Value y, bool isUnsigned = false);
  mlir::Value min(mlir::Value x, mlir::Value y, bool isUnsigned = false);
  mlir::Value lt(mlir::Value x, mlir::Value y, bool isUnsigned = false);
  mlir::Value ge(mlir::Value x, mlir::Value y, bool isUnsigned = false);
  mlir::Value eq(mlir::Value x, mlir::Value y);
  mlir::Value select(mlir::Value c, mlir::Value x, mlir::Value y);
  mlir::Value land(mlir::Value x, mlir::Value y); ///< of i1
  /// Number conversion between converted element types.
  mlir::Value cast(mlir::Value x, mlir::Type to, bool fromUnsigned = false,
                   bool toUnsigned = false);
  mlir::Value toIndex(mlir::Value x); ///< of a signed integer
  mlir::Value fromIndex(mlir::Value x, mlir::Type to);
  /// A function of the device library or the math dialect by ms name ("exp",
  /// "lgamma" ...), on f32 or f64; other floats go through f32.
  mlir::Value call(llvm::StringRef name, mlir::ValueRange args);
  /// exp(\p x), an f32 or f64, and 0 where f32 has no normal number for that:
  /// products of such numbers take a hundred times as long as others.
  mlir::Value weight(mlir::Value x);
  /// tensor.extract.
  mlir::Value at(mlir::Value tensor, mlir::ValueRange indices);
  /// The type that sums and transcendental functions of \p t are computed in:
  /// f32 for f16 and bf16, else \p t.
  static mlir::Type accumulator(mlir::Type t);
};

/// result[i] = body(i), for every index of \p type.
mlir::Value buildMap(
    mlir::OpBuilder &b, mlir::Location loc, mlir::RankedTensorType type,
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange index)>
        body);

/// result[i] = fold over r in [0, \p extents) of body(i, r, accumulator), from
/// \p init, in ascending row-major order of r. The accumulator has \p type's
/// element type.
mlir::Value buildReduction(
    mlir::OpBuilder &b, mlir::Location loc, mlir::RankedTensorType type,
    llvm::ArrayRef<int64_t> extents, mlir::Value init,
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange index,
                                   mlir::ValueRange reduced,
                                   mlir::Value accumulator)>
        body);

/// Elementwise linalg.generic of converted tensors that broadcast to \p type.
mlir::Value buildElementwise(
    mlir::OpBuilder &b, mlir::Location loc, mlir::RankedTensorType type,
    mlir::ValueRange operands,
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange)> body);

/// \p tensor converted element by element (f16 -> f32 ...); itself if equal.
mlir::Value convertElements(mlir::OpBuilder &b, mlir::Location loc,
                            mlir::Value tensor, mlir::Type element);

/// A call of `<name>(inputs..., parameters..., results..., scalars...,
/// workspace)` of the device library on dense row-major data; no workspace
/// where that is 0 bytes.
struct DeviceCall {
  std::string name;
  mlir::ValueRange inputs;
  llvm::ArrayRef<mlir::RankedTensorType> results;
  mlir::ValueRange scalars;
  int64_t workspace = 0;
  mlir::ValueRange parameters = {}; ///< scalars that come before the results
  /// The function returns an i64, which becomes a last result of rank 0.
  bool returnsCount = false;
};

/// Builds the call and returns the results. Tensors are passed as bare
/// pointers. The pass declares the functions that are called.
llvm::SmallVector<mlir::Value>
buildDeviceCall(mlir::OpBuilder &b, mlir::Location loc, const DeviceCall &call);

/// Bytes that the device library needs per item that it sorts: a key and an
/// index.
constexpr int64_t sortPairBytes = 16;

/// i64 constants: the number of elements before, along and behind \p axis.
llvm::SmallVector<mlir::Value> buildAxisExtents(mlir::OpBuilder &b,
                                                mlir::Location loc,
                                                llvm::ArrayRef<int64_t> shape,
                                                int64_t axis);

/// How the device library's names end for elements of \p type, an ms type:
/// "f32", "u8", "bool" ...
std::string deviceSuffix(mlir::Type type);

/// Fills a tensor of \p type with a number.
mlir::Value buildFill(mlir::OpBuilder &b, mlir::Location loc,
                      mlir::RankedTensorType type, double value);

/// \p input, of static shape, as a view of another shape.
mlir::Value buildReshape(mlir::OpBuilder &b, mlir::Location loc,
                         mlir::Value input, llvm::ArrayRef<int64_t> shape);

/// result[d...] = input[exprs(d...)], as new data.
mlir::Value buildReindexed(mlir::OpBuilder &b, mlir::Location loc,
                           mlir::RankedTensorType type, mlir::Value input,
                           llvm::ArrayRef<mlir::AffineExpr> exprs);

/// \p input with its last two axes swapped, as new data.
mlir::Value buildTransposed(mlir::OpBuilder &b, mlir::Location loc,
                            mlir::Value input);

/// \p target with the block at \p offsets replaced by \p input.
mlir::Value buildInsert(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value input, mlir::Value target,
                        llvm::ArrayRef<mlir::OpFoldResult> offsets);

/// The converted, ranked type of \p value.
inline mlir::RankedTensorType rankedType(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

} // namespace msc

#endif // LIB_CONVERSION_MSTOLINALG_PATTERNS_H
