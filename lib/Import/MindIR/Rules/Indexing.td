// SPDX-License-Identifier: Apache-2.0
//
// Indexing primitives.

foreach name = ["Gather", "GatherV2", "SparseGatherV2"] in
  def : MindIR<name, ["input_params", "input_indices", "axis", "batch_dims"], [MS_GatherOp]> {
    let hook = "importGather";
  }
def : MindIR<"GatherD", ["x", "dim", "index"], [MS_GatherElementsOp]> {
  let attrs = [Attr_<"dim", "axis", "", "axisOfRank">];
}
def : MindIR<"GatherNd", ["input_x", "indices"], [MS_GatherNdOp]>;
def : MindIR<"Embedding", ["input", "weight", "padding_idx", "max_norm"], [MS_GatherOp]> {
  let hook = "importEmbedding";
}
def : MindIR<"EmbeddingLookup", ["params", "indices", "offset"], [MS_GatherOp]> { let hook = "importEmbeddingLookup"; }
def : MindIR<"Index", ["input", "indices"], [MS_GatherNdOp]> { let hook = "importIndex"; }
def : MindIR<"IndexSelect", ["input", "axis", "index"], [MS_GatherOp]> {
  let attrs = [Attr_<"axis", "axis", "", "axisOfRank">];
}
def : MindIR<"Take", ["input", "index"], [MS_GatherOp]> { let hook = "importTake"; }

def : MindIR<"ScatterNd", ["indices", "updates", "shape"], [MS_ScatterNdOp]> { let hook = "importScatterNd"; }
class TensorScatter<string name, string word> :
    MindIR<"TensorScatter" # name, ["input_x", "indices", "updates"], [MS_ScatterNdOp]> {
  let attrs = [Attr_<"reduction", "reduction", "\"" # word # "\"">];
}
def : TensorScatter<"Update", "none">;
def : TensorScatter<"Add", "add">;
def : TensorScatter<"Sub", "sub">;
def : TensorScatter<"Mul", "mul">;
def : TensorScatter<"Div", "div">;
def : TensorScatter<"Max", "max">;
def : TensorScatter<"Min", "min">;
def : MindIR<"TensorScatterElements", ["data", "indices", "updates", "axis", "reduction"],
             [MS_ScatterElementsOp]> { let hook = "importTensorScatterElements"; }
def : MindIR<"Scatter", ["input", "axis", "index", "src", "reduction"], [MS_ScatterElementsOp]> {
  let hook = "importScatter";
}
def : MindIR<"ScatterAddExt", ["input", "axis", "index", "src"], [MS_ScatterElementsOp]> {
  let hook = "importScatterAdd";
}
def : MindIR<"ScatterValue", ["input", "axis", "index", "src", "reduction"], [MS_ScatterElementsOp]> {
  let hook = "importScatter";
}
def : MindIR<"IndexAddExt", ["input", "axis", "index", "source", "alpha"], [MS_ScatterNdOp]> {
  let hook = "importIndexAdd";
}
foreach name = ["IndexFill", "IndexFillScalar", "IndexFillTensor"] in
  def : MindIR<name, ["input", "axis", "index", "value"], [MS_ScatterNdOp]> { let hook = "importIndexFill"; }
foreach kind = ["Sum", "Max", "Min", "Prod"] in
  def : MindIR<"UnsortedSegment" # kind, ["x", "segment_ids", "num_segments"], [MS_ScatterNdOp]> {
    let hook = "importUnsortedSegment" # kind;
  }

foreach name = ["MaskedFill", "MaskedFillScalar"] in
  def : MindIR<name, ["input", "mask", "value"], [MS_SelectOp]> { let hook = "importMaskedFill"; }
def : MindIR<"MaskedScatter", ["input", "mask", "source"], [MS_SelectOp, MS_CumSumOp, MS_GatherOp]> {
  let hook = "importMaskedScatter";
}
foreach name = ["OneHot", "OneHotExt"] in
  def : MindIR<name, ["indices", "depth", "on_value", "off_value", "axis"], [MS_OneHotOp]> {
    let hook = "importOneHot";
  }
def : MindIR<"SearchSorted", ["sorted_sequence", "values", "sorter", "dtype", "right"], [MS_SearchSortedOp]> {
  let hook = "importSearchSorted";
}
def : MindIR<"Select", ["condition", "input", "other"], [MS_SelectOp]> { let hook = "importSelect"; }

// Writing into the first argument, a parameter or another value.
foreach kind = ["Update", "Add", "Sub", "Mul", "Div", "Max", "Min"] in {
  def : MindIR<"Scatter" # kind, ["input_x", "indices", "updates"], [MS_ScatterNdOp]> {
    let hook = "importScatterInplace";
  }
  def : MindIR<"ScatterNd" # kind, ["input_x", "indices", "updates"], [MS_ScatterNdOp]> {
    let hook = "importScatterNdInplace";
  }
}
foreach kind = ["Add", "Sub"] in
  foreach suffix = ["Ext", "sExt", "Scalar"] in
    def : MindIR<"Inplace" # kind # suffix, ["input", "other", "alpha"], [MS_AddOp, MS_SubOp]> {
      let hook = "importInplace" # kind;
    }
foreach kind = ["Mul", "Div"] in {
  def : MindIR<"Inplace" # kind, ["input", "other"], [MS_MulOp, MS_DivOp]> { let hook = "importInplace" # kind; }
  def : MindIR<"Inplace" # kind # "s", ["input", "other"], [MS_MulOp, MS_DivOp]> {
    let hook = "importInplace" # kind;
  }
}
def : MindIR<"InplaceCopy", ["input", "src"], [MS_BroadcastToOp]> { let hook = "importInplaceCopy"; }
foreach name = ["InplaceFillScalar", "InplaceFillTensor"] in
  def : MindIR<name, ["input", "value"], [MS_BroadcastToOp]> { let hook = "importInplaceFill"; }
def : MindIR<"InplaceZero", ["input"], [MS_ConstantOp]> { let hook = "importInplaceZero"; }

// Order.
def : MindIR<"TopK", ["input", "k"], [MS_TopKOp]> { let hook = "importTopK"; }
def : MindIR<"TopkExt", ["input", "k", "dim", "largest", "sorted"], [MS_TopKOp]> { let hook = "importTopK"; }
def : MindIR<"Sort", ["input"], [MS_SortOp]> { let hook = "importSort"; }
foreach name = ["SortExt", "ArgSort"] in
  def : MindIR<name, ["input", "axis", "descending", "stable"], [MS_SortOp]> { let hook = "importSort"; }
def : MindIR<"Kthvalue", ["input", "k", "axis", "keep_dims"], [MS_SortOp]> { let hook = "importKthvalue"; }
foreach name = ["Median", "MedianDim"] in
  def : MindIR<name, ["input", "axis", "keep_dims"], [MS_SortOp]> { let hook = "importMedian"; }
def : MindIR<"InTopK", ["input", "target", "k"], [MS_GatherElementsOp, MS_LessOp]> { let hook = "importInTopK"; }
def : MindIR<"MoeGatingTopKSoftmax", ["input", "finished", "k"], [MS_SoftmaxOp, MS_TopKOp]> {
  let hook = "importMoeGatingTopK";
}
