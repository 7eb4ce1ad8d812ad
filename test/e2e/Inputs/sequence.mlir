// SPDX-License-Identifier: Apache-2.0
//
// Every form of the sequence ops that is code of its own; see sequence.test.
func.func @main(%x: tensor<5x2x3xf32>, %n: tensor<2xi32>, %w: tensor<3x16xf32>, %r: tensor<4x16xf32>,
                %b: tensor<16xf32>, %h: tensor<2x4xf32>, %c: tensor<2x4xf32>, %p: tensor<12xf32>,
                %gw: tensor<3x12xf32>, %gr: tensor<4x12xf32>, %hx: tensor<5x2x3xf16>, %hw: tensor<3x4xf16>,
                %hr: tensor<4x4xf16>, %hb: tensor<4xf16>, %hh: tensor<2x4xf16>, %q: tensor<2x6x4x8xf32>,
                %k: tensor<2x2x5x8xf32>, %v: tensor<2x2x5x7xf32>, %m: tensor<6x4x5xf32>, %one: tensor<2x2x1x8xf16>,
                %hk: tensor<2x2x5x8xf16>, %seen: tensor<2x1x1x5xi1>, %cos: tensor<1x1x4x6xf32>,
                %sin: tensor<1x1x4x6xf32>)
    -> (tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x2x4xf32>, tensor<2x4xf32>,
        tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<5x2x4xf32>, tensor<5x2x4xf16>, tensor<2x4xf16>,
        tensor<2x6x4x7xf32>, tensor<2x2x1x8xf16>, tensor<2x6x4x8xf32>, tensor<2x6x4x8xf32>) {
  %y0, %h0, %c0 = ms.lstm %x, %w, %r, %b, %h, %c lengths(%n : tensor<2xi32>) peephole(%p : tensor<12xf32>)
      {reverse, clip = 0.75 : f64} : tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>,
      tensor<2x4xf32>, tensor<2x4xf32>
  %y1, %h1, %c1 = ms.lstm %x, %w, %r, %b, %h, %c
      {input_forget, activations = ["hard_sigmoid", "elu", "softsign"], alphas = array<f64: 0.3, 0.6, 0.0>,
       betas = array<f64: 0.4, 0.0, 0.0>} : tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>,
      tensor<2x4xf32>, tensor<2x4xf32>
  %y2, %h2 = ms.gru %x, %gw, %gr, %p, %p, %h lengths(%n : tensor<2xi32>)
      : tensor<5x2x3xf32>, tensor<3x12xf32>, tensor<4x12xf32>, tensor<12xf32>, tensor<12xf32>, tensor<2x4xf32>
  %y3, %h3 = ms.gru %x, %gw, %gr, %p, %p, %h {reset_after, reverse, activations = ["affine", "softplus"],
      alphas = array<f64: 0.5, 0.0>, betas = array<f64: 0.125, 0.0>}
      : tensor<5x2x3xf32>, tensor<3x12xf32>, tensor<4x12xf32>, tensor<12xf32>, tensor<12xf32>, tensor<2x4xf32>
  %y4, %h4 = ms.rnn %hx, %hw, %hr, %hb, %hh {activations = ["scaled_tanh"], alphas = array<f64: 0.8>,
      betas = array<f64: 0.9>} : tensor<5x2x3xf16>, tensor<3x4xf16>, tensor<4x4xf16>, tensor<4xf16>, tensor<2x4xf16>
  %a0 = ms.attention %q, %k, %v mask(%m : tensor<6x4x5xf32>) {scale = 0.25 : f64, softcap = 2.0 : f64,
      band_low = -2 : i64, band_high = 1 : i64} : tensor<2x6x4x8xf32>, tensor<2x2x5x8xf32>, tensor<2x2x5x7xf32>
  // Keys that are all forbidden give zeros.
  %a1 = ms.attention %one, %hk, %hk mask(%seen : tensor<2x1x1x5xi1>) {scale = 0.5 : f64}
      : tensor<2x2x1x8xf16>, tensor<2x2x5x8xf16>, tensor<2x2x5x8xf16>
  %e0 = ms.rotary_embedding %q, %cos, %sin : tensor<2x6x4x8xf32>, tensor<1x1x4x6xf32>, tensor<1x1x4x6xf32>
  %e1 = ms.rotary_embedding %q, %cos, %sin {interleaved}
      : tensor<2x6x4x8xf32>, tensor<1x1x4x6xf32>, tensor<1x1x4x6xf32>
  return %y0, %h0, %c0, %y1, %c1, %y2, %h2, %y3, %y4, %h4, %a0, %a1, %e0, %e1
      : tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<5x2x4xf32>, tensor<2x4xf32>,
        tensor<5x2x4xf32>, tensor<2x4xf32>, tensor<5x2x4xf32>, tensor<5x2x4xf16>, tensor<2x4xf16>,
        tensor<2x6x4x7xf32>, tensor<2x2x1x8xf16>, tensor<2x6x4x8xf32>, tensor<2x6x4x8xf32>
}
