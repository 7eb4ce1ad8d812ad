// RUN: msc-opt %s -split-input-file -verify-diagnostics

func.func @fft_c1(%x: tensor<3x16xf32>) {
  // expected-error @below {{the last dimension of 'tensor<3x16xf32>' is not 2: real and imaginary part}}
  %0 = ms.fft %x {axis = 0 : i64} : tensor<3x16xf32>
  return
}

// -----

func.func @fft_c2(%x: tensor<3x16x2xf32>) {
  // expected-error @below {{axis 2 is out of range [0, 2)}}
  %0 = ms.fft %x {axis = 2 : i64} : tensor<3x16x2xf32>
  return
}

// -----

func.func @fft_c3(%x: tensor<0x2xf32>) {
  // expected-error @below {{axis 0 of 'tensor<0x2xf32>' is empty}}
  %0 = ms.fft %x {axis = 0 : i64} : tensor<0x2xf32>
  return
}
