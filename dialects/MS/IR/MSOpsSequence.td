// SPDX-License-Identifier: Apache-2.0
//
// Sequence ops: recurrences over time, each a kernel with a matrix product ahead
// of its loop, and attention.

#ifndef DIALECTS_MS_IR_MSOPSSEQUENCE_TD
#define DIALECTS_MS_IR_MSOPSSEQUENCE_TD

include "dialects/MS/IR/MSBase.td"

// A layer of one direction with `gateCount` gates and the activations `functions`.
class MS_Recurrence<string mnemonic, int gateCount, string functions, dag states, dag more,
                    list<Trait> traits = []> : MS_InferredOp<mnemonic, traits> {
  let arguments = !con(
      (ins MS_FloatTensor:$input, MS_FloatTensor:$weight, MS_FloatTensor:$recurrence,
           MS_FloatTensor:$bias),
      states, (ins Optional<MS_IndexTensor>:$lengths), more,
      (ins UnitAttr:$reverse, OptionalAttr<F64Attr>:$clip,
           DefaultValuedAttr<StrArrayAttr, functions>:$activations,
           OptionalAttr<DenseF64ArrayAttr>:$alphas, OptionalAttr<DenseF64ArrayAttr>:$betas));
  let extraClassDeclaration = [{
    /// Blocks of H columns in weight and recurrence.
    static constexpr int64_t gates = }] # gateCount # [{;
    /// The functions in the order of `activations`.
    ::llvm::SmallVector<::msc::ms::Activation> functions() {
      return ::msc::ms::activationsOf(getOperation());
    }
  }];
}

def MS_LSTMOp : MS_Recurrence<"lstm", 4,
    "{\"sigmoid\", \"tanh\", \"tanh\"}",
    (ins MS_FloatTensor:$initial_hidden, MS_FloatTensor:$initial_cell),
    (ins Optional<MS_FloatTensor>:$peephole, UnitAttr:$input_forget),
    [AttrSizedOperandSegments]> {
  let summary = "Runs a long short-term memory over a sequence";
  let description = [{
    For t = 0 .. T-1 (descending with `reverse`), with the activations (f, g, h)
    and products of matrices,

        i = f(x_t W_i + h R_i + p_i * c + b_i)     c' = forget * c + i * g(x_t W_c + h R_c + b_c)
        forget = f(x_t W_f + h R_f + p_f * c + b_f)
        o = f(x_t W_o + h R_o + p_o * c' + b_o)    h' = o * h(c')

    input [T, B, I], weight [I, 4H] (the blocks W_i W_f W_c W_o), recurrence
    [H, 4H] alike, bias [4H], states [B, H], lengths [B], peephole [3H] (p_i p_f
    p_o). Results: output [T, B, H] (all h'), hidden and cell [B, H] (the last).
    Steps t >= lengths[b] leave the states of b alone and give zeros; other
    lengths than 0 .. T act like the nearest. `input_forget`: forget = 1 - i.
    `clip` bounds the arguments of f and g to [-clip, clip]. States are
    f32 where elements are narrower.

    - (C1) all float operands have one element type; shapes agree as above
    - (C2) three activations of: sigmoid, tanh, relu, softsign, softplus, and,
      with numbers alpha and beta, affine (alpha x + beta), leaky_relu (alpha),
      thresholded_relu (alpha), scaled_tanh (alpha tanh(beta x)), hard_sigmoid
      (min(max(alpha x + beta, 0), 1)), elu (alpha)
    - (C3) `alphas` and `betas`, where given, have a number per activation
    - (C4) `clip` is positive

    ```mlir
    %y, %h, %c = ms.lstm %x, %w, %r, %b, %h0, %c0 lengths(%n : tensor<2xi32>) {reverse}
        : tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>,
          tensor<2x4xf32>, tensor<2x4xf32>
    ```
  }];
  let results = (outs MS_FloatTensor:$output, MS_FloatTensor:$hidden, MS_FloatTensor:$cell);
  let assemblyFormat = [{
    $input `,` $weight `,` $recurrence `,` $bias `,` $initial_hidden `,` $initial_cell
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    (`peephole` `(` $peephole^ `:` type($peephole) `)`)? attr-dict `:`
    type($input) `,` type($weight) `,` type($recurrence) `,` type($bias) `,`
    type($initial_hidden) `,` type($initial_cell)
  }];
}

def MS_GRUOp : MS_Recurrence<"gru", 3, "{\"sigmoid\", \"tanh\"}",
    (ins MS_FloatTensor:$recurrence_bias, MS_FloatTensor:$initial_hidden),
    (ins UnitAttr:$reset_after)> {
  let summary = "Runs a gated recurrent unit over a sequence";
  let description = [{
    For t = 0 .. T-1 (descending with `reverse`), with the activations (f, g),

        r = f(x_t W_r + b_r + h R_r + rb_r)
        z = f(x_t W_z + b_z + h R_z + rb_z)
        n = g(x_t W_n + b_n + (r * h) R_n + rb_n)
        n = g(x_t W_n + b_n + r * (h R_n + rb_n))     with `reset_after`
        h' = (1 - z) * n + z * h

    input [T, B, I], weight [I, 3H] (the blocks W_r W_z W_n), recurrence [H, 3H],
    bias and recurrence_bias [3H] alike, state [B, H], lengths [B]. Results:
    output [T, B, H] (all h') and hidden [B, H] (the last). Lengths, `clip`,
    activations and precision as for `ms.lstm`.

    - (C1) all float operands have one element type; shapes agree as above
    - (C2) two activations, of those of `ms.lstm`
    - (C3), (C4) as for `ms.lstm`

    ```mlir
    %y, %h = ms.gru %x, %w, %r, %b, %rb, %h0 {reset_after}
        : tensor<5x2x3xf32>, tensor<3x12xf32>, tensor<4x12xf32>, tensor<12xf32>,
          tensor<12xf32>, tensor<2x4xf32>
    ```
  }];
  let results = (outs MS_FloatTensor:$output, MS_FloatTensor:$hidden);
  let assemblyFormat = [{
    $input `,` $weight `,` $recurrence `,` $bias `,` $recurrence_bias `,` $initial_hidden
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)? attr-dict `:`
    type($input) `,` type($weight) `,` type($recurrence) `,` type($bias) `,`
    type($recurrence_bias) `,` type($initial_hidden)
  }];
}

def MS_RNNOp : MS_Recurrence<"rnn", 1, "{\"tanh\"}",
    (ins MS_FloatTensor:$initial_hidden), (ins)> {
  let summary = "Runs a simple recurrence over a sequence";
  let description = [{
    h' = f(x_t W + h R + b) for t = 0 .. T-1 (descending with `reverse`).

    input [T, B, I], weight [I, H], recurrence [H, H], bias [H], state [B, H],
    lengths [B]. Results: output [T, B, H] (all h') and hidden [B, H] (the last).
    Lengths, `clip`, the activation and precision as for `ms.lstm`.

    - (C1) all float operands have one element type; shapes agree as above
    - (C2) one activation, of those of `ms.lstm`
    - (C3), (C4) as for `ms.lstm`

    ```mlir
    %y, %h = ms.rnn %x, %w, %r, %b, %h0 {activations = ["relu"]}
        : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
    ```
  }];
  let results = (outs MS_FloatTensor:$output, MS_FloatTensor:$hidden);
  let assemblyFormat = [{
    $input `,` $weight `,` $recurrence `,` $bias `,` $initial_hidden
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)? attr-dict `:`
    type($input) `,` type($weight) `,` type($recurrence) `,` type($bias) `,`
    type($initial_hidden)
  }];
}

def MS_AttentionOp : MS_InferredOp<"attention"> {
  let summary = "Attends to values by the products of queries and keys";
  let description = [{
    result = softmax(cap(scale * query key^T) + mask) value, over the keys that
    the band and the mask allow; a query that may see no key gives zeros.

    query [B, H, L, E], key [B, K, S, E], value [B, K, S, V], result [B, H, L, V];
    each key head serves H/K neighbouring query heads. `mask` broadcasts to
    [B, H, L, S]: bool (true allows) or numbers to add (-inf forbids). Query i
    sees key j only if band_low <= j - i <= band_high. cap(s) = softcap * tanh(s /
    softcap), or s without `softcap`. f16 and bf16 are computed in f32.

    - (C1) the ranks are 4; batches agree; key and value have the same heads, whose
      number divides that of the query's
    - (C2) the extents of E agree, and those of S
    - (C3) the mask broadcasts; it is bool or of the query's element type
    - (C4) query, key and value have one element type
    - (C5) `softcap` is positive

    ```mlir
    %y = ms.attention %q, %k, %v mask(%m : tensor<4x6xi1>) {scale = 0.5 : f64, band_high = 2 : i64}
        : tensor<2x8x4x16xf32>, tensor<2x2x6x16xf32>, tensor<2x2x6x16xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$query, MS_FloatTensor:$key, MS_FloatTensor:$value,
                       Optional<RankedTensorOf<[MS_Float, I1]>>:$mask, F64Attr:$scale,
                       OptionalAttr<I64Attr>:$band_low, OptionalAttr<I64Attr>:$band_high,
                       OptionalAttr<F64Attr>:$softcap);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = [{
    $query `,` $key `,` $value (`mask` `(` $mask^ `:` type($mask) `)`)? attr-dict `:`
    type($query) `,` type($key) `,` type($value)
  }];
}

def MS_RotaryEmbeddingOp : MS_InferredOp<"rotary_embedding"> {
  let summary = "Turns pairs of features by angles";
  let description = [{
    result[..., j] = x[..., j] * cos[..., j] - x[..., j'] * sin[..., j] for the
    first, and + for the second feature of a pair (j, j'), among the first R
    features: j' = j + R/2, or j + 1 with `interleaved`. The others stay.

    cos and sin broadcast to [..., R]; R is their last extent. f16 and bf16 are
    computed in f32.

    - (C1) cos and sin have one static shape, of the input's rank
    - (C2) R is even, 2 or more, and not above the input's last extent
    - (C3) the other extents are one or the input's
    - (C4) all element types are equal

    ```mlir
    %y = ms.rotary_embedding %x, %cos, %sin {interleaved}
        : tensor<2x8x4x16xf32>, tensor<1x1x4x16xf32>, tensor<1x1x4x16xf32>
    ```
  }];
  let arguments = (ins MS_FloatTensor:$input, MS_FloatTensor:$cos, MS_FloatTensor:$sin,
                       UnitAttr:$interleaved);
  let results = (outs MS_FloatTensor:$result);
  let assemblyFormat = "$input `,` $cos `,` $sin attr-dict `:` type($input) `,` type($cos) `,` type($sin)";
}

#endif // DIALECTS_MS_IR_MSOPSSEQUENCE_TD
