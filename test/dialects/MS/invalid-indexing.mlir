// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @gather_c1(%x: tensor<10x4xf32>, %i: tensor<3xi64>) {
  // expected-error @below {{axis 2 is out of range [0, 2)}}
  %0 = ms.gather %x, %i {axis = 2 : i64} : tensor<10x4xf32>, tensor<3xi64>
  return
}

// -----

func.func @gather_c2(%x: tensor<10x4xf32>, %i: tensor<3xi64>) {
  // expected-error @below {{batch_dims 2 is out of range [0, 1]}}
  %0 = ms.gather %x, %i {axis = 1 : i64, batch_dims = 2 : i64} : tensor<10x4xf32>, tensor<3xi64>
  return
}

// -----

func.func @gather_c3(%x: tensor<10x4xf32>, %i: tensor<3xi64>) {
  // expected-error @below {{batch dimension 0 is 10 in the input and 3 in the indices}}
  %0 = ms.gather %x, %i {axis = 1 : i64, batch_dims = 1 : i64} : tensor<10x4xf32>, tensor<3xi64>
  return
}

// -----

func.func @gather_elements_c3(%x: tensor<3x4xf32>, %i: tensor<4x2xi64>) {
  // expected-error @below {{indices 'tensor<4x2xi64>' do not fit 'tensor<3x4xf32>' except along axis 1}}
  %0 = ms.gather_elements %x, %i {axis = 1 : i64} : tensor<3x4xf32>, tensor<4x2xi64>
  return
}

// -----

func.func @gather_nd_c1(%x: tensor<3x4xf32>, %i: tensor<3xi64>) {
  // expected-error @below {{batch_dims 1 is not below the ranks 2 and 1}}
  %0 = ms.gather_nd %x, %i {batch_dims = 1 : i64} : tensor<3x4xf32>, tensor<3xi64>
  return
}

// -----

func.func @gather_nd_c2(%x: tensor<3x4xf32>, %i: tensor<7x3xi64>) {
  // expected-error @below {{index tuples 'tensor<7x3xi64>' have more than 2 entries or an unknown number}}
  %0 = ms.gather_nd %x, %i : tensor<3x4xf32>, tensor<7x3xi64>
  return
}

// -----

func.func @scatter_elements_c2(%x: tensor<3xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) {
  // expected-error @below {{reduction 'sum' is not none, add, sub, mul, div, max or min}}
  %0 = ms.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = "sum"} : tensor<3xf32>, tensor<2xi64>, tensor<2xf32>
  return
}

// -----

func.func @scatter_elements_bool(%x: tensor<3xi1>, %i: tensor<2xi64>, %u: tensor<2xi1>) {
  // expected-error @below {{reduction 'add' needs numbers, got 'tensor<3xi1>'}}
  %0 = ms.scatter_elements %x, %i, %u {axis = 0 : i64, reduction = "add"} : tensor<3xi1>, tensor<2xi64>, tensor<2xi1>
  return
}

// -----

func.func @scatter_elements_c4(%x: tensor<3xf32>, %i: tensor<2xi64>, %u: tensor<3xf32>) {
  // expected-error @below {{updates 'tensor<3xf32>' do not fit indices 'tensor<2xi64>' of 'tensor<3xf32>'}}
  %0 = ms.scatter_elements %x, %i, %u {axis = 0 : i64} : tensor<3xf32>, tensor<2xi64>, tensor<3xf32>
  return
}

// -----

func.func @scatter_nd_c3(%x: tensor<8x4xf32>, %i: tensor<3x1xi64>, %u: tensor<3x5xf32>) {
  // expected-error @below {{updates are 'tensor<3x5xf32>', expected 'tensor<3x4xf32>'}}
  %0 = ms.scatter_nd %x, %i, %u : tensor<8x4xf32>, tensor<3x1xi64>, tensor<3x5xf32>
  return
}

// -----

func.func @scatter_nd_rank0(%x: tensor<8x4xf32>, %i: tensor<i64>, %u: tensor<4xf32>) {
  // expected-error @below {{indices have rank 0, expected at least 1}}
  %0 = ms.scatter_nd %x, %i, %u : tensor<8x4xf32>, tensor<i64>, tensor<4xf32>
  return
}

// -----

func.func @dynamic_slice_c2(%x: tensor<8x4xf32>, %s: tensor<2xi64>) {
  // expected-error @below {{a block of [9, 4] does not fit 'tensor<8x4xf32>'}}
  %0 = ms.dynamic_slice %x, %s {sizes = array<i64: 9, 4>} : tensor<8x4xf32>, tensor<2xi64>
  return
}

// -----

func.func @dynamic_slice_c3(%x: tensor<8x4xf32>, %s: tensor<3xi64>) {
  // expected-error @below {{starts 'tensor<3xi64>' are not one index per dimension of 'tensor<8x4xf32>'}}
  %0 = ms.dynamic_slice %x, %s {sizes = array<i64: 1, 4>} : tensor<8x4xf32>, tensor<3xi64>
  return
}

// -----

func.func @dynamic_update_slice_c1(%x: tensor<8xf32>, %u: tensor<1xf64>, %s: tensor<1xi64>) {
  // expected-error @below {{cannot write 'tensor<1xf64>' into 'tensor<8xf32>'}}
  %0 = ms.dynamic_update_slice %x, %u, %s : tensor<8xf32>, tensor<1xf64>, tensor<1xi64>
  return
}

// -----

func.func @one_hot_c1(%i: tensor<2xi64>, %on: tensor<f32>) {
  // expected-error @below {{depth -1 is negative}}
  %0 = ms.one_hot %i, %on, %on {depth = -1 : i64, axis = 0 : i64} : tensor<2xi64>, tensor<f32>, tensor<f32>
  return
}

// -----

func.func @one_hot_c4(%i: tensor<2xi64>, %on: tensor<f32>, %off: tensor<f64>) {
  // expected-error @below {{on and off are 'tensor<f32>' and 'tensor<f64>', expected one element each of one type}}
  %0 = ms.one_hot %i, %on, %off {depth = 3 : i64, axis = 0 : i64} : tensor<2xi64>, tensor<f32>, tensor<f64>
  return
}

// -----

func.func @search_sorted_c1(%s: tensor<2x9xf32>, %v: tensor<3x4xf32>) {
  // expected-error @below {{'ms.search_sorted' op cannot look 'tensor<3x4xf32>' up in 'tensor<2x9xf32>'}}
  %0 = ms.search_sorted %s, %v : tensor<2x9xf32>, tensor<3x4xf32> -> tensor<3x4xi64>
  return
}

// -----

func.func @search_sorted_c3(%s: tensor<9xf32>, %v: tensor<3x4xf32>) {
  // expected-error @below {{'ms.search_sorted' op gives 'tensor<3xi64>' for values 'tensor<3x4xf32>'}}
  %0 = ms.search_sorted %s, %v : tensor<9xf32>, tensor<3x4xf32> -> tensor<3xi64>
  return
}

// -----

func.func @sort_c1(%x: tensor<3x9xf32>) {
  // expected-error @below {{axis 2 is out of range [0, 2)}}
  %0, %1 = ms.sort %x {axis = 2 : i64} : tensor<3x9xf32>
  return
}

// -----

func.func @top_k_c2(%x: tensor<3x9xf32>) {
  // expected-error @below {{k 10 is out of range [0, 9]}}
  %0, %1 = ms.top_k %x {axis = 1 : i64, k = 10 : i64} : tensor<3x9xf32>
  return
}
