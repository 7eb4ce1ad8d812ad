// SPDX-License-Identifier: Apache-2.0
//
// What the sequence ops refuse.
// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @rnn_rank(%x: tensor<5x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{input is 'tensor<5x3xf32>' and recurrence 'tensor<4x4xf32>', expected ranks of 3 and 2}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h : tensor<5x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @rnn_c1_shape(%x: tensor<5x2x3xf32>, %w: tensor<2x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{weight is 'tensor<2x4xf32>', expected shape [3, 4]}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h : tensor<5x2x3xf32>, tensor<2x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @rnn_c1_element(%x: tensor<5x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf64>) {
  // expected-error@+1 {{initial_hidden is 'tensor<2x4xf64>', expected elements of 'f32'}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf64>
  return
}

// -----

func.func @rnn_c2_count(%x: tensor<5x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{has 2 activations, expected 1}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h {activations = ["relu", "tanh"]} : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @rnn_c2_name(%x: tensor<5x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{has no activation "cube"}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h {activations = ["cube"]} : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @rnn_c3(%x: tensor<5x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{has 2 numbers for its activations, expected 1}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h {alphas = array<f64: 1.0, 2.0>} : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @rnn_c4(%x: tensor<5x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<4x4xf32>, %b: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{clip 0.000000e+00 is not positive}}
  %y, %hn = ms.rnn %x, %w, %r, %b, %h {clip = 0.0 : f64} : tensor<5x2x3xf32>, tensor<3x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @gru_c1(%x: tensor<5x2x3xf32>, %w: tensor<3x12xf32>, %r: tensor<4x12xf32>, %b: tensor<12xf32>, %rb: tensor<4xf32>, %h: tensor<2x4xf32>) {
  // expected-error@+1 {{recurrence_bias is 'tensor<4xf32>', expected shape [12]}}
  %y, %hn = ms.gru %x, %w, %r, %b, %rb, %h : tensor<5x2x3xf32>, tensor<3x12xf32>, tensor<4x12xf32>, tensor<12xf32>, tensor<4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @lstm_c1(%x: tensor<5x2x3xf32>, %w: tensor<3x16xf32>, %r: tensor<4x16xf32>, %b: tensor<16xf32>, %h: tensor<2x4xf32>, %p: tensor<16xf32>) {
  // expected-error@+1 {{peephole is 'tensor<16xf32>', expected shape [12]}}
  %y, %hn, %cn = ms.lstm %x, %w, %r, %b, %h, %h peephole(%p : tensor<16xf32>) : tensor<5x2x3xf32>, tensor<3x16xf32>, tensor<4x16xf32>, tensor<16xf32>, tensor<2x4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @attention_c1_rank(%q: tensor<3x8xf32>, %k: tensor<2x2x6x8xf32>, %v: tensor<2x2x6x5xf32>) {
  // expected-error@+1 {{attends with 'tensor<3x8xf32>' to 'tensor<2x2x6x8xf32>' and 'tensor<2x2x6x5xf32>', expected ranks of 4}}
  %y = ms.attention %q, %k, %v {scale = 0.5 : f64} : tensor<3x8xf32>, tensor<2x2x6x8xf32>, tensor<2x2x6x5xf32>
  return
}

// -----

func.func @attention_c1_heads(%q: tensor<2x4x3x8xf32>, %k: tensor<2x3x6x8xf32>, %v: tensor<2x2x6x5xf32>) {
  // expected-error@+1 {{3 heads of 'tensor<2x3x6x8xf32>' do not divide those of 'tensor<2x4x3x8xf32>'}}
  %y = ms.attention %q, %k, %v {scale = 0.5 : f64} : tensor<2x4x3x8xf32>, tensor<2x3x6x8xf32>, tensor<2x2x6x5xf32>
  return
}

// -----

func.func @attention_c2_key(%q: tensor<2x4x3x8xf32>, %k: tensor<2x2x6x7xf32>, %v: tensor<2x2x6x5xf32>) {
  // expected-error@+1 {{key 'tensor<2x2x6x7xf32>' does not fit query 'tensor<2x4x3x8xf32>'}}
  %y = ms.attention %q, %k, %v {scale = 0.5 : f64} : tensor<2x4x3x8xf32>, tensor<2x2x6x7xf32>, tensor<2x2x6x5xf32>
  return
}

// -----

func.func @attention_c2_value(%q: tensor<2x4x3x8xf32>, %k: tensor<2x2x6x8xf32>, %v: tensor<2x2x5x5xf32>) {
  // expected-error@+1 {{value 'tensor<2x2x5x5xf32>' does not fit key 'tensor<2x2x6x8xf32>'}}
  %y = ms.attention %q, %k, %v {scale = 0.5 : f64} : tensor<2x4x3x8xf32>, tensor<2x2x6x8xf32>, tensor<2x2x5x5xf32>
  return
}

// -----

func.func @attention_c3_shape(%q: tensor<2x4x3x8xf32>, %k: tensor<2x2x6x8xf32>, %v: tensor<2x2x6x5xf32>, %m: tensor<3x7xi1>) {
  // expected-error@+1 {{mask 'tensor<3x7xi1>' does not broadcast to [2, 4, 3, 6]}}
  %y = ms.attention %q, %k, %v mask(%m : tensor<3x7xi1>) {scale = 0.5 : f64} : tensor<2x4x3x8xf32>, tensor<2x2x6x8xf32>, tensor<2x2x6x5xf32>
  return
}

// -----

func.func @attention_c3_element(%q: tensor<2x4x3x8xf32>, %k: tensor<2x2x6x8xf32>, %v: tensor<2x2x6x5xf32>, %m: tensor<3x6xf16>) {
  // expected-error@+1 {{mask 'tensor<3x6xf16>' is neither bool nor of elements 'f32'}}
  %y = ms.attention %q, %k, %v mask(%m : tensor<3x6xf16>) {scale = 0.5 : f64} : tensor<2x4x3x8xf32>, tensor<2x2x6x8xf32>, tensor<2x2x6x5xf32>
  return
}

// -----

func.func @attention_c4(%q: tensor<2x4x3x8xf32>, %k: tensor<2x2x6x8xf32>, %v: tensor<2x2x6x5xf16>) {
  // expected-error@+1 {{element types 'f32' and 'f16' differ}}
  %y = ms.attention %q, %k, %v {scale = 0.5 : f64} : tensor<2x4x3x8xf32>, tensor<2x2x6x8xf32>, tensor<2x2x6x5xf16>
  return
}

// -----

func.func @attention_c5(%q: tensor<2x4x3x8xf32>, %k: tensor<2x2x6x8xf32>, %v: tensor<2x2x6x5xf32>) {
  // expected-error@+1 {{softcap 0.000000e+00 is not positive}}
  %y = ms.attention %q, %k, %v {scale = 0.5 : f64, softcap = 0.0 : f64} : tensor<2x4x3x8xf32>, tensor<2x2x6x8xf32>, tensor<2x2x6x5xf32>
  return
}

// -----

func.func @rotary_c1(%x: tensor<2x4x8xf32>, %c: tensor<4x8xf32>, %s: tensor<4x8xf32>) {
  // expected-error@+1 {{turns 'tensor<2x4x8xf32>' by 'tensor<4x8xf32>' and 'tensor<4x8xf32>', expected one static shape of the same rank}}
  %y = ms.rotary_embedding %x, %c, %s : tensor<2x4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
  return
}

// -----

func.func @rotary_c2(%x: tensor<2x4x8xf32>, %c: tensor<1x4x10xf32>, %s: tensor<1x4x10xf32>) {
  // expected-error@+1 {{turns 10 of 8 features, expected an even number of them}}
  %y = ms.rotary_embedding %x, %c, %s : tensor<2x4x8xf32>, tensor<1x4x10xf32>, tensor<1x4x10xf32>
  return
}

// -----

func.func @rotary_c3(%x: tensor<2x4x8xf32>, %c: tensor<1x3x8xf32>, %s: tensor<1x3x8xf32>) {
  // expected-error@+1 {{'tensor<1x3x8xf32>' does not broadcast to 'tensor<2x4x8xf32>'}}
  %y = ms.rotary_embedding %x, %c, %s : tensor<2x4x8xf32>, tensor<1x3x8xf32>, tensor<1x3x8xf32>
  return
}

// -----

func.func @rotary_c4(%x: tensor<2x4x8xf32>, %c: tensor<1x4x8xf16>, %s: tensor<1x4x8xf16>) {
  // expected-error@+1 {{element types 'f32' and 'f16' differ}}
  %y = ms.rotary_embedding %x, %c, %s : tensor<2x4x8xf32>, tensor<1x4x8xf16>, tensor<1x4x8xf16>
  return
}
