// SPDX-License-Identifier: Apache-2.0
//
/// \file What a file that is not the expected model looks like instead, for
/// the error message of a reader.
#ifndef MSC_IMPORT_FILEKIND_H
#define MSC_IMPORT_FILEKIND_H

#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace msc::import {

/// Describes a file by its first bytes \p head, as the end of a sentence "it
/// looks like ...": "a git-LFS pointer (run 'git lfs pull')", "a MindIR model",
/// "a zip archive". Empty where nothing is recognised.
std::string describeFile(llvm::ArrayRef<char> head);

} // namespace msc::import

#endif // MSC_IMPORT_FILEKIND_H
