// SPDX-License-Identifier: Apache-2.0
//
/// \file MindSpore's encryption container: a sequence of blocks, each with its
/// own initialisation vector and, since 1.7, a tag when it is AES-GCM.
#include "msc/Import/Decrypt.h"

#include "msc/Parameters/ParameterStore.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <climits>
#include <memory>
#include <openssl/evp.h>

using namespace llvm;

namespace msc::import {
namespace {

enum : uint32_t {
  MagicGCM = 0x7F3A5ED8, ///< up to 1.6 also AES-CBC
  MagicCBC = 0x7F3A5ED9,
  MagicSM4 = 0x7F3A5EDA,
};
constexpr size_t tagBytes = 16, ivBytes = 16;

enum class Mode { GCM, CBC, SM4 };

struct Block {
  uint32_t magic = 0;
  ArrayRef<char> tag; ///< empty when the file has none
  ArrayRef<char> iv, cipher;
};

/// Takes blocks off the front of the container.
class BlockReader {
public:
  explicit BlockReader(ArrayRef<char> bytes) : rest(bytes) {}
  bool done() const { return rest.empty(); }

  Expected<Block> next() {
    Block block;
    if (!isEncrypted(rest))
      return damaged("a block has an unknown header");
    block.magic = word(0);
    rest = rest.drop_front(4);
    if (block.magic == MagicGCM && !bodyFits()) {
      if (rest.size() < tagBytes)
        return damaged("truncated in a tag");
      block.tag = rest.take_front(tagBytes);
      rest = rest.drop_front(tagBytes);
    }
    if (!bodyFits())
      return damaged("truncated or with inconsistent block sizes");
    uint32_t cipherBytes = word(8 + ivBytes);
    block.iv = rest.slice(8, ivBytes);
    block.cipher = rest.slice(12 + ivBytes, cipherBytes);
    rest = rest.drop_front(12 + ivBytes + cipherBytes);
    return block;
  }

private:
  uint32_t word(size_t offset) const {
    return support::endian::read32le(rest.data() + offset);
  }
  /// block length, IV length, IV, cipher length, cipher text: all consistent.
  bool bodyFits() const {
    if (rest.size() < 12 + ivBytes || word(4) != ivBytes)
      return false;
    uint64_t cipherBytes = word(8 + ivBytes);
    return cipherBytes <= INT_MAX && word(0) == 8 + ivBytes + cipherBytes &&
           cipherBytes <= rest.size() - 12 - ivBytes;
  }
  static Error damaged(const char *why) {
    return createStringError("the encrypted file is damaged: %s", why);
  }

  ArrayRef<char> rest;
};

const EVP_CIPHER *cipherFor(Mode mode, size_t keyBytes) {
  bool gcm = mode == Mode::GCM;
  if (mode == Mode::SM4)
    return keyBytes == 16 ? EVP_sm4_cbc() : nullptr;
  switch (keyBytes) {
  case 16:
    return gcm ? EVP_aes_128_gcm() : EVP_aes_128_cbc();
  case 24:
    return gcm ? EVP_aes_192_gcm() : EVP_aes_192_cbc();
  case 32:
    return gcm ? EVP_aes_256_gcm() : EVP_aes_256_cbc();
  }
  return nullptr;
}

/// Appends the plain text of \p block to \p plain; false if the key is wrong.
/// GCM uses the first 12 bytes of the IV only: that is what MindSpore does.
bool decryptBlock(const Block &block, Mode mode, ArrayRef<uint8_t> key,
                  std::vector<char> &plain) {
  auto bytes = [](ArrayRef<char> data) {
    return reinterpret_cast<const unsigned char *>(data.data());
  };
  std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX *)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const EVP_CIPHER *cipher = cipherFor(mode, key.size());
  if (!context || !cipher ||
      EVP_DecryptInit_ex(context.get(), cipher, nullptr, key.data(),
                         bytes(block.iv)) != 1)
    return false;
  size_t start = plain.size();
  plain.resize(start + block.cipher.size() + EVP_MAX_BLOCK_LENGTH);
  auto *out = reinterpret_cast<unsigned char *>(plain.data() + start);
  int written = 0, last = 0;
  bool ok = EVP_DecryptUpdate(context.get(), out, &written, bytes(block.cipher),
                              int(block.cipher.size())) == 1;
  if (ok && !block.tag.empty())
    ok = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tagBytes,
                             const_cast<char *>(block.tag.data())) == 1;
  // Without a tag there is nothing to finish in GCM; CBC ends with padding.
  if (ok && (mode != Mode::GCM || !block.tag.empty()))
    ok = EVP_DecryptFinal_ex(context.get(), out + written, &last) == 1;
  plain.resize(start + (ok ? written + last : 0));
  return ok;
}

bool decryptAll(ArrayRef<Block> blocks, Mode mode, ArrayRef<uint8_t> key,
                std::vector<char> &plain) {
  size_t total = 0;
  for (const Block &block : blocks)
    total += block.cipher.size();
  plain.clear();
  plain.reserve(total + EVP_MAX_BLOCK_LENGTH);
  for (const Block &block : blocks)
    if (!decryptBlock(block, mode, key, plain))
      return false;
  return true;
}

Expected<SmallVector<Block>> readBlocks(ArrayRef<char> file) {
  SmallVector<Block> blocks;
  BlockReader reader(file);
  while (!reader.done()) {
    Expected<Block> block = reader.next();
    if (!block)
      return block.takeError();
    if (!blocks.empty() && (block->magic != blocks.front().magic ||
                            block->tag.empty() != blocks.front().tag.empty()))
      return createStringError(
          "the encrypted file is damaged: its blocks differ in kind");
    blocks.push_back(*block);
  }
  return blocks;
}

} // namespace

bool isEncrypted(ArrayRef<char> head) {
  if (head.size() < 4)
    return false;
  uint32_t magic = support::endian::read32le(head.data());
  return magic == MagicGCM || magic == MagicCBC || magic == MagicSM4;
}

Expected<std::vector<uint8_t>> parseKey(StringRef text) {
  if (text.consume_front("@")) {
    Expected<MappedFile> file = mapFile(text);
    if (!file)
      return createStringError("--key: " + toString(file.takeError()));
    return std::vector<uint8_t>(file->data.begin(), file->data.end());
  }
  std::string bytes;
  if (text.empty() || text.size() % 2 != 0 || !tryGetFromHex(text, bytes))
    return createStringError("--key: expected an even number of hexadecimal "
                             "digits or @FILE, got '" +
                             text + "'");
  return std::vector<uint8_t>(bytes.begin(), bytes.end());
}

Expected<std::vector<char>>
decrypt(ArrayRef<char> file, ArrayRef<uint8_t> key,
        function_ref<bool(ArrayRef<char>)> plausible) {
  Expected<SmallVector<Block>> blocks = readBlocks(file);
  if (!blocks)
    return blocks.takeError();
  if (blocks->empty())
    return createStringError("the encrypted file is empty");
  const Block &first = blocks->front();
  SmallVector<Mode, 2> modes;
  if (first.magic == MagicSM4)
    modes = {Mode::SM4};
  else if (first.magic == MagicCBC)
    modes = {Mode::CBC};
  else if (!first.tag.empty())
    modes = {Mode::GCM};
  else
    modes = {Mode::GCM, Mode::CBC};
  StringRef name = modes.front() == Mode::SM4   ? "SM4-CBC"
                   : modes.front() == Mode::CBC ? "AES-CBC"
                                                : "AES-GCM";
  if (key.empty())
    return createStringError("the file is encrypted (" + name +
                             "): give its key with --key=HEX");
  if (!cipherFor(modes.front(), key.size()))
    return createStringError(
        "--key: " + name + " takes " +
        (modes.front() == Mode::SM4 ? "16" : "16, 24 or 32") + " bytes, got " +
        Twine(key.size()));
  std::vector<char> plain;
  for (Mode mode : modes)
    if (decryptAll(*blocks, mode, key, plain) && plausible(plain))
      return plain;
  return createStringError("cannot decrypt the file (" + name +
                           "): the key given with --key is wrong, or the file "
                           "is damaged");
}

} // namespace msc::import
