// SPDX-License-Identifier: Apache-2.0
//
/// \file Compiles a model file ahead of time.
#include "msc/Driver/CommandLine.h"

int main(int argc, char **argv) {
  return msc::runCompileTool(std::vector<std::string>(argv + 1, argv + argc));
}
