// SPDX-License-Identifier: Apache-2.0
//
/// \file Undoes MindSpore's file encryption (models, their external data and
/// checkpoints share one container).
#ifndef MSC_IMPORT_DECRYPT_H
#define MSC_IMPORT_DECRYPT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <vector>

namespace msc::import {

/// Whether a file that starts with \p head (4 bytes suffice) is encrypted.
bool isEncrypted(llvm::ArrayRef<char> head);

/// The key that a --key option states: an even number of hexadecimal digits, or
/// "@FILE" for a file that holds the key's bytes.
llvm::Expected<std::vector<uint8_t>> parseKey(llvm::StringRef text);

/// The plain bytes of the encrypted \p file: AES-GCM, AES-CBC (16, 24 or 32
/// bytes of \p key) or SM4-CBC (16 bytes). Errors name the option --key.
///
/// Files of MindSpore 1.6 and older carry no authentication tag and do not tell
/// GCM from CBC; \p plausible then decides from the plain text whether the
/// guess and the key were right.
llvm::Expected<std::vector<char>>
decrypt(llvm::ArrayRef<char> file, llvm::ArrayRef<uint8_t> key,
        llvm::function_ref<bool(llvm::ArrayRef<char>)> plausible);

} // namespace msc::import

#endif // MSC_IMPORT_DECRYPT_H
