// SPDX-License-Identifier: Apache-2.0
//
/// \file Runs a compiled model, or compiles a model file and runs it.
#include "Session.h"

#include <cstdio>

int main(int argc, char **argv) {
  msc::run::Options options;
  std::string error;
  if (!msc::run::parseOptions(argc, argv, options, error)) {
    fprintf(stderr, "error: %s (msc-run --help)\n", error.c_str());
    return 2;
  }
  if (options.help) {
    fputs(msc::run::helpText, stdout);
    return 0;
  }
  if (options.listFlags) {
    fputs(msc::run::flagList().c_str(), stdout);
    return 0;
  }
  if (options.version) {
    printf("msc-run %s\n", mscrt_version());
    return 0;
  }
  return msc::run::Session(options).run();
}
