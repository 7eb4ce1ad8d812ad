// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @reshape_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ms.reshape' op keeps the element type, got 'f32' and 'f64'}}
  %0 = ms.reshape %x : tensor<2x3xf32> -> tensor<6xf64>
  return
}

// -----

func.func @reshape_c2(%x: tensor<2x3xf32>) {
  // expected-error @below {{'ms.reshape' op keeps the number of elements, got 6 and 8}}
  %0 = ms.reshape %x : tensor<2x3xf32> -> tensor<8xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{[1, 1] is not a permutation of 2 axes}}
  %0 = ms.transpose %x {permutation = array<i64: 1, 1>} : tensor<2x3xf32>
  return
}

// -----

func.func @transpose_entries(%x: tensor<2x3xf32>) {
  // expected-error @below {{permutation has 1 entries for a tensor of rank 2}}
  %0 = ms.transpose %x {permutation = array<i64: 0>} : tensor<2x3xf32>
  return
}

// -----

func.func @concat_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{axis 2 is out of range [0, 2)}}
  %0 = ms.concat %x, %x {axis = 2 : i64} : tensor<2x3xf32>, tensor<2x3xf32>
  return
}

// -----

func.func @concat_c3(%x: tensor<2x3xf32>, %y: tensor<3x3xf32>) {
  // expected-error @below {{cannot join 'tensor<2x3xf32>' and 'tensor<3x3xf32>' along axis 1}}
  %0 = ms.concat %x, %y {axis = 1 : i64} : tensor<2x3xf32>, tensor<3x3xf32>
  return
}

// -----

func.func @slice_c1(%x: tensor<2x5xf32>) {
  // expected-error @below {{starts has 1 entries for a tensor of rank 2}}
  %0 = ms.slice %x {starts = array<i64: 0>, sizes = array<i64: 2, 3>, steps = array<i64: 1, 1>} : tensor<2x5xf32>
  return
}

// -----

func.func @slice_c2(%x: tensor<5xf32>) {
  // expected-error @below {{dimension 0 takes 3 elements in steps of 0}}
  %0 = ms.slice %x {starts = array<i64: 0>, sizes = array<i64: 3>, steps = array<i64: 0>} : tensor<5xf32>
  return
}

// -----

func.func @slice_c3(%x: tensor<5xf32>) {
  // expected-error @below {{dimension 0 takes 3 elements from 3 in steps of -2, outside an extent of 5}}
  %0 = ms.slice %x {starts = array<i64: 3>, sizes = array<i64: 3>, steps = array<i64: -2>} : tensor<5xf32>
  return
}

// -----

func.func @slice_overflow(%x: tensor<5xf32>) {
  // expected-error @below {{dimension 0 takes 3 elements from 1 in steps of 9223372036854775807, outside an extent of 5}}
  %0 = ms.slice %x {starts = array<i64: 1>, sizes = array<i64: 3>, steps = array<i64: 9223372036854775807>} : tensor<5xf32>
  return
}

// -----

func.func @pad_c2(%x: tensor<5xf32>) {
  // expected-error @below {{dimension 0 is padded by -1 and 0}}
  %0 = ms.pad %x {low = array<i64: -1>, high = array<i64: 0>} : tensor<5xf32>
  return
}

// -----

func.func @pad_c3(%x: tensor<5xf32>) {
  // expected-error @below {{mode 'zero' is not constant, edge, reflect, symmetric or wrap}}
  %0 = ms.pad %x {low = array<i64: 1>, high = array<i64: 0>, mode = "zero"} : tensor<5xf32>
  return
}

// -----

func.func @pad_c4(%x: tensor<5xf32>, %v: tensor<2xf32>) {
  // expected-error @below {{mode 'constant' cannot fill 'tensor<5xf32>' with 'tensor<2xf32>'}}
  %0 = ms.pad %x, %v {low = array<i64: 1>, high = array<i64: 0>} : tensor<5xf32>, tensor<2xf32>
  return
}

// -----

func.func @pad_c5(%x: tensor<0xf32>) {
  // expected-error @below {{dimension 0 of extent 0 cannot be padded with 'edge'}}
  %0 = ms.pad %x {low = array<i64: 1>, high = array<i64: 0>, mode = "edge"} : tensor<0xf32>
  return
}

// -----

func.func @broadcast_to_c1(%x: tensor<3xf32>) {
  // expected-error @below {{'ms.broadcast_to' op cannot repeat 'tensor<3xf32>' to 'tensor<2x4xf32>'}}
  %0 = ms.broadcast_to %x : tensor<3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @tile_c2(%x: tensor<3xf32>) {
  // expected-error @below {{dimension 0 is repeated -1 times}}
  %0 = ms.tile %x {repeats = array<i64: -1>} : tensor<3xf32>
  return
}

// -----

func.func @reverse_c1(%x: tensor<3xf32>) {
  // expected-error @below {{axis 1 is out of range [0, 1)}}
  %0 = ms.reverse %x {axes = array<i64: 1>} : tensor<3xf32>
  return
}

// -----

func.func @iota_c1() {
  // expected-error @below {{'ms.iota' op axis -1 is out of range [0, 1)}}
  %0 = ms.iota {axis = -1 : i64} : tensor<3xi64>
  return
}

// -----

func.func @unpack_panels_c1(%p: tensor<2x64x16xf32>) {
  // expected-error @below {{axis 2 is out of range [0, 2)}}
  %0 = ms.unpack_panels %p {axis = 2 : i64, extent = 20 : i64} : tensor<2x64x16xf32>
  return
}

// -----

func.func @unpack_panels_c2(%p: tensor<16xf32>) {
  // expected-error @below {{expects panels of rank 2 or more, not 'tensor<16xf32>'}}
  %0 = ms.unpack_panels %p {axis = 0 : i64, extent = 20 : i64} : tensor<16xf32>
  return
}

// -----

func.func @unpack_panels_c3(%p: tensor<2x64x16xf32>) {
  // expected-error @below {{33 elements are not 2 panels of 16}}
  %0 = ms.unpack_panels %p {axis = 0 : i64, extent = 33 : i64} : tensor<2x64x16xf32>
  return
}
