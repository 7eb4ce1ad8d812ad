// SPDX-License-Identifier: Apache-2.0
//
// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @kernel_c1(%x: tensor<4xf32>) {
  // expected-error @below {{'ms.kernel' op region yields ('tensor<4xi1>'), expected ('tensor<4xf32>')}}
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %b = ms.less %a, %a : tensor<4xf32>, tensor<4xf32>
    ms.yield %b : tensor<4xi1>
  }
  return
}

// -----

func.func @kernel_c2_count(%x: tensor<4xf32>) {
  // expected-error @below {{'ms.kernel' op has 2 operands and results, but its stages take 1 buffers}}
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    ms.yield %a : tensor<4xf32>
  } stages {
  ^bb0(%a: memref<4xf32>):
    ms.yield
  }
  return
}

// -----

func.func @kernel_c2_size(%x: tensor<4xf32>) {
  // expected-error @below {{'ms.kernel' op buffer 1 is 'memref<3xf32>', which does not hold 'tensor<4xf32>'}}
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    ms.yield %a : tensor<4xf32>
  } stages {
  ^bb0(%a: memref<4xf32>, %b: memref<3xf32>):
    ms.yield
  }
  return
}

// -----

func.func @kernel_c2_workspace(%x: tensor<4xui8>) {
  // expected-error @below {{'ms.kernel' op stages take 'memref<?xf32>', expected a memref of static shape}}
  %0 = ms.kernel (%x) : (tensor<4xui8>) -> tensor<4xui8> {
  ^bb0(%a: tensor<4xui8>):
    ms.yield %a : tensor<4xui8>
  } stages {
  ^bb0(%a: memref<4xi8>, %b: memref<4xi8>, %c: memref<?xf32>):
    ms.yield
  }
  return
}

// -----

func.func @kernel_c3(%x: tensor<4xf32>) {
  // expected-error @below {{'ms.kernel' op expects ms.stage ops and an empty ms.yield in its stages}}
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    ms.yield %a : tensor<4xf32>
  } stages {
  ^bb0(%a: memref<4xf32>, %b: memref<4xf32>):
    ms.yield
  }
  return
}

// -----

func.func @kernel_c4(%x: tensor<4xf32>) {
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    ms.yield %a : tensor<4xf32>
  } stages {
  ^bb0(%a: memref<4xf32>, %b: memref<4xf32>):
    ms.stage "copy" grid [1, 1, 1] {
    ^bb0(%i: index, %j: index, %k: index):
      %stack = memref.alloca() : memref<4xf32>
      // expected-error @below {{'memref.alloc' op allocates in a stage: make it workspace}}
      %heap = memref.alloc() : memref<4xf32>
      ms.yield
    }
    ms.yield
  }
  return
}

// -----

func.func @stage_c1(%x: tensor<4xf32>) {
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    ms.yield %a : tensor<4xf32>
  } stages {
  ^bb0(%a: memref<4xf32>, %b: memref<4xf32>):
    // expected-error @below {{'ms.stage' op region takes ('index'), expected the point of the grid, (index, index, index)}}
    ms.stage "copy" grid [1, 1, 1] {
    ^bb0(%i: index):
      ms.yield
    }
    ms.yield
  }
  return
}

// -----

func.func @stage_c2(%x: tensor<4xf32>) {
  %0 = ms.kernel (%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    ms.yield %a : tensor<4xf32>
  } stages {
  ^bb0(%a: memref<4xf32>, %b: memref<4xf32>):
    // expected-error @below {{'ms.stage' op grid [4, 0, 1] is not three positive extents}}
    ms.stage "copy" grid [4, 0, 1] {
    ^bb0(%i: index, %j: index, %k: index):
      ms.yield
    }
    ms.yield
  }
  return
}
