// SPDX-License-Identifier: Apache-2.0
//
/// \file Build tool: turns the importers' rule tables into C++ and Markdown.
#include "mlir/Tools/mlir-tblgen/MlirTblgenMain.h"

int main(int argc, char **argv) { return mlir::MlirTblgenMain(argc, argv); }
