// SPDX-License-Identifier: Apache-2.0
//
/// \file Compiles a model file ahead of time. The compiler is in libmsc.so, one
/// for this program and for msc-run, so that they share a compile cache.
#include "msc-c/jit.h"

int main(int argc, char **argv) { return msc_compile_main(argc, argv); }
