// SPDX-License-Identifier: Apache-2.0
//
/// \file Short forms of the shape and indexing ops for the mappings of all
/// formats. What changes nothing emits nothing.
#ifndef MSC_IMPORT_SHAPING_H
#define MSC_IMPORT_SHAPING_H

#include "msc/Import/Importer.h"

namespace msc::import {

/// Static shape; extents are not negative.
mlir::Value reshape(Emitter &e, mlir::Value v, llvm::ArrayRef<int64_t> shape);
mlir::Value transpose(Emitter &e, mlir::Value v,
                      llvm::ArrayRef<int64_t> permutation);
/// Moves dimension \p from to position \p to; the others keep their order.
mlir::Value moveDim(Emitter &e, mlir::Value v, int64_t from, int64_t to);
/// Extents [start, end) of \p v, i64; computed where its size depends on data.
mlir::Value shapeOf(Emitter &e, mlir::Value v, int64_t start, int64_t end);
/// Inserts a dimension of extent one at \p axis of the result.
mlir::Value expandDim(Emitter &e, mlir::Value v, int64_t axis);
/// Adds leading dimensions of extent one up to \p rank.
mlir::Value expandToRank(Emitter &e, mlir::Value v, int64_t rank);
/// Drops dimension \p axis of extent one.
mlir::Value squeezeDim(Emitter &e, mlir::Value v, int64_t axis);
mlir::Value broadcastTo(Emitter &e, mlir::Value v,
                        llvm::ArrayRef<int64_t> shape);
mlir::Value concat(Emitter &e, llvm::ArrayRef<mlir::Value> values,
                   int64_t axis);
/// \p size elements of dimension \p axis from \p start in steps of \p step.
mlir::Value slice(Emitter &e, mlir::Value v, int64_t axis, int64_t start,
                  int64_t size, int64_t step = 1);
/// Parts of the given sizes along \p axis; an error unless they add up.
llvm::SmallVector<mlir::Value> split(Emitter &e, mlir::Value v, int64_t axis,
                                     llvm::ArrayRef<int64_t> sizes);
/// Pads with \p value (null: zero); negative amounts crop.
mlir::Value pad(Emitter &e, mlir::Value v, llvm::ArrayRef<int64_t> low,
                llvm::ArrayRef<int64_t> high, llvm::StringRef mode = "constant",
                mlir::Value value = nullptr);
mlir::Value reverse(Emitter &e, mlir::Value v, llvm::ArrayRef<int64_t> axes);
mlir::Value tile(Emitter &e, mlir::Value v, llvm::ArrayRef<int64_t> repeats);

/// [0, 1, ..., n - 1] of a number type.
mlir::Value iota(Emitter &e, int64_t n, mlir::Type element);
/// iota along dimension \p axis of rank \p rank, other extents one.
mlir::Value iotaDim(Emitter &e, int64_t n, mlir::Type element, int64_t axis,
                    int64_t rank);
/// Zeros, or another number, of \p shape: a constant, repeated.
mlir::Value full(Emitter &e, double value, llvm::ArrayRef<int64_t> shape,
                 mlir::Type element);
/// true where column - row compares so with \p diagonal: the part of a matrix
/// on and below (\p lower) or on and above that diagonal, shape [rows,
/// columns].
mlir::Value triangle(Emitter &e, int64_t rows, int64_t columns,
                     int64_t diagonal, bool lower);

mlir::Value gather(Emitter &e, mlir::Value v, mlir::Value indices, int64_t axis,
                   int64_t batchDims = 0);
/// The elements before \p lengths[b] along \p time in reverse order, for each
/// index b of dimension \p batch; the others stay.
mlir::Value reverseSequence(Emitter &e, mlir::Value v, mlir::Value lengths,
                            int64_t time, int64_t batch);
/// Integer tensors of any type as gather and scatter take them: i32 or i64.
mlir::Value asIndices(Emitter &e, mlir::Value v);

/// How parameters hold integers of 4 bits: two to a byte, low bits first.
mlir::RankedTensorType packed(mlir::RankedTensorType type);
/// The 4-bit integers of \p type that \p v, of packed(type), holds, as 8-bit
/// ones.
mlir::Value unpackNibbles(Emitter &e, mlir::Value v,
                          mlir::RankedTensorType type);

/// The product of \p extents, or an error and 1 on overflow.
int64_t product(Emitter &e, llvm::ArrayRef<int64_t> extents);

/// reshape where one extent may be -1: what is left of the elements.
mlir::Value reshapeInferred(Emitter &e, mlir::Value v,
                            llvm::SmallVector<int64_t> shape);
/// Drops the dimensions \p axes, which have extent one; without a list all
/// such.
mlir::Value squeeze(Node &node, mlir::Value v,
                    std::optional<llvm::SmallVector<int64_t>> axes);
/// Inserts dimensions of extent one, so that \p axes are their places in the
/// result.
mlir::Value unsqueeze(Node &node, mlir::Value v, llvm::ArrayRef<int64_t> axes);

/// What a slice takes of one dimension.
struct SliceRange {
  int64_t start = 0, size = 0, step = 1;
};
/// Python's start:end:step of a dimension of \p extent; step is not zero.
SliceRange sliceRange(int64_t extent, int64_t start, int64_t end, int64_t step);
/// The ranges that take all of \p v.
llvm::SmallVector<SliceRange> wholeRanges(mlir::Value v);
mlir::Value sliceAll(Emitter &e, mlir::Value v,
                     llvm::ArrayRef<SliceRange> ranges);

/// The identity matrix, moved right by \p diagonal.
mlir::Value eye(Emitter &e, int64_t rows, int64_t columns, int64_t diagonal,
                mlir::Type element);
/// \p v with zeros above (\p lower) or below \p diagonal of its last two
/// dimensions.
mlir::Value trianglePart(Emitter &e, mlir::Value v, int64_t diagonal,
                         bool lower);

/// [N, C * block^2, H, W] -> [N, C, H * block, W * block]. The channels hold
/// (block row, block column, C), or (C, row, column) with \p channelFirst.
mlir::Value depthToSpace(Emitter &e, mlir::Value v, int64_t block,
                         bool channelFirst);
/// The inverse of depthToSpace without channelFirst.
mlir::Value spaceToDepth(Emitter &e, mlir::Value v, int64_t block);

/// A window sliding over the spatial dimensions of an image, one entry each;
/// `pads` has those before, then those after.
struct ColumnWindow {
  llvm::SmallVector<int64_t> image, kernel, dilations, strides, pads;
};
/// [N, C, image...] -> [N, C, K, L]: the K elements under the window at each of
/// its L places, both in row-major order.
mlir::Value imageToColumns(Emitter &e, mlir::Value v,
                           const ColumnWindow &window);
/// [N, C * K, L] -> [N, C, image...]: adds up the elements that imageToColumns
/// takes from one place.
mlir::Value columnsToImage(Emitter &e, mlir::Value v,
                           const ColumnWindow &window);

} // namespace msc::import

#endif // MSC_IMPORT_SHAPING_H
