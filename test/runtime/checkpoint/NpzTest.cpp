// SPDX-License-Identifier: Apache-2.0
//
/// \file Reading numpy's npy and npz.
#include "Fixtures.h"

using namespace fixtures;
using mscrt::Checkpoint;
using mscrt::CheckpointFormat;

TEST(Npy, isNamedAfterItsFile) {
  TemporaryDirectory directory;
  writeFile(directory / "conv1.weight.npy",
            npy("<f4", "(2, 1)", raw<float>({1, 2})));
  std::string error;
  auto checkpoint = Checkpoint::open(directory / "conv1.weight.npy", error);
  ASSERT_TRUE(checkpoint) << error;
  EXPECT_EQ(checkpoint->format(), CheckpointFormat::Npy);
  const mscrt::NamedTensor *tensor = checkpoint->find("conv1.weight");
  ASSERT_TRUE(tensor);
  EXPECT_EQ(tensor->shape, Shape({2, 1}));
  EXPECT_EQ(values<float>(*tensor), std::vector<float>({1, 2}));
}

TEST(Npy, knowsAllTypes) {
  const struct {
    const char *name;
    mscrt_dtype dtype;
  } types[] = {{"<f2", MSCRT_F16}, {"<f4", MSCRT_F32}, {"<f8", MSCRT_F64},
               {"|i1", MSCRT_I8},  {"<i2", MSCRT_I16}, {"<i4", MSCRT_I32},
               {"<i8", MSCRT_I64}, {"|u1", MSCRT_U8},  {"<u2", MSCRT_U16},
               {"<u4", MSCRT_U32}, {"<u8", MSCRT_U64}, {"|b1", MSCRT_BOOL}};
  for (const auto &type : types) {
    auto checkpoint = read(
        npy(type.name, "()", std::string(mscrt::dtypeSize(type.dtype), 1)));
    ASSERT_TRUE(checkpoint) << type.name;
    EXPECT_EQ(checkpoint->tensors()[0].dtype, type.dtype) << type.name;
    EXPECT_EQ(checkpoint->tensors()[0].shape, Shape()) << type.name;
  }
  for (const char *type : {"<c8", "<U3", "|O", "|V2", "|f4", "f4", "<f44"})
    EXPECT_CONTAINS(readError(npy(type, "()", "1234")),
                    std::string("numpy type '") + type + "' is not supported");
}

TEST(Npy, convertsOrderAndEndianness) {
  // [[1, 2, 3], [4, 5, 6]] by columns.
  auto checkpoint =
      read(npy("<i2", "(2, 3)", raw<int16_t>({1, 4, 2, 5, 3, 6}), "True"));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(values<int16_t>(checkpoint->tensors()[0]),
            std::vector<int16_t>({1, 2, 3, 4, 5, 6}));
  checkpoint = read(npy(">i2", "(2,)", std::string("\0\1\2\0", 4)));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(values<int16_t>(checkpoint->tensors()[0]),
            std::vector<int16_t>({1, 512}));
  std::string both("\0\1\0\2\0\3\0\4\0\5\0\6\0\7\0\10", 16);
  checkpoint = read(npy(">u2", "(2, 2, 2)", both, "True"));
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(values<uint16_t>(checkpoint->tensors()[0]),
            std::vector<uint16_t>({1, 5, 3, 7, 2, 6, 4, 8}));
  EXPECT_TRUE(read(npy(">u2", "(0, 2)", "", "True")));
}

TEST(Npy, readsEveryHeaderVersion) {
  std::string text = "{\"shape\": (1L,), 'descr': '|u1', "
                     "'fortran_order': False}\n";
  std::string magic = "\x93NUMPY";
  for (char version : {'\2', '\3'})
    EXPECT_TRUE(
        read(magic + version + '\0' + little(text.size(), 4) + text + "a"));
  EXPECT_CONTAINS(
      readError(magic + '\4' + '\0' + little(text.size(), 4) + text + "a"),
      "unknown format version 4.0");
}

TEST(Npy, refusesDamagedFiles) {
  EXPECT_CONTAINS(readError(npy("<f4", "(2,)", "1234")),
                  "f32[2] takes 8 bytes, the file has 4");
  EXPECT_CONTAINS(readError(npy("<f4", "(-1,)", "1234")), "damaged header");
  EXPECT_CONTAINS(readError(npy("<f4", "(1 1)", "1234")), "damaged header");
  EXPECT_CONTAINS(readError(npy("<f4", "(99999999999999999999,)", "1234")),
                  "damaged header");
  EXPECT_CONTAINS(readError(npy("<f4", "(4294967296, 4294967296)", "")),
                  "impossible shape");
  EXPECT_CONTAINS(readError(npy("<f4", "(1,)", "1234", "Maybe")),
                  "damaged header");
  EXPECT_CONTAINS(readError(npy("<f4", "(1,), 'x': 1", "1234")),
                  "damaged header");
  // No code is run, no expression evaluated.
  EXPECT_CONTAINS(readError(npy("<f4", "(1+1,)", "12345678")),
                  "damaged header");
  EXPECT_CONTAINS(readError("\x93NUMPY\x01"), "not a numpy array");
}

TEST(Npz, readsStoredAndDeflatedMembers) {
  std::vector<Member> members = {
      {"a.npy", npy("<f4", "(2,)", raw<float>({1, 2})), false},
      {"dir/b.npy", npy("|u1", "(1000,)", std::string(1000, 'x')), true},
      {"s.npy", npy("<U2", "()", "12345678"), true},
      {"readme.txt", "hello", false},
      {"dir/", "", false}};
  for (bool wide : {false, true}) {
    auto checkpoint = read(zip(members, wide));
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->format(), CheckpointFormat::Npz);
    ASSERT_EQ(checkpoint->tensors().size(), 2u);
    EXPECT_EQ(values<float>(*checkpoint->find("a")),
              std::vector<float>({1, 2}));
    EXPECT_EQ(values<char>(*checkpoint->find("dir/b")),
              std::vector<char>(1000, 'x'));
    ASSERT_EQ(checkpoint->skipped().size(), 2u);
    EXPECT_EQ(checkpoint->skipped()[0].reason,
              "numpy type '<U2' is not supported");
    EXPECT_EQ(checkpoint->skipped()[1].reason, "not a numpy array");
  }
  auto empty = read(zip({}));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->tensors().empty());
}

TEST(Npz, checksTheCRC) {
  std::string array = npy("|u1", "(4,)", "wxyz");
  std::string bytes = zip({{"a.npy", array, false}});
  bytes[bytes.find("wxyz")] = 'W';
  EXPECT_CONTAINS(readError(bytes), "'a.npy' is damaged: its CRC-32 is wrong");
}

TEST(Npz, boundsWhatItUnpacks) {
  std::string array = npy("|u1", "(100000,)", std::string(100000, 0));
  std::string bytes = zip({{"a.npy", array, true}});
  EXPECT_LT(bytes.size(), 1000u);
  EXPECT_TRUE(read(bytes));
  mscrt::CheckpointLimits limits;
  limits.inflatedBytes = 1000;
  EXPECT_CONTAINS(readError(bytes, limits), "more than the limit of 1000");
  // A size that no deflate stream of this length can have.
  std::string size = little(array.size(), 4);
  bytes.replace(bytes.rfind(size), 4, little(0xfffffffe, 4));
  EXPECT_CONTAINS(readError(bytes), "its size is impossible");
}

TEST(Npz, refusesOverlappingMembers) {
  std::string array = npy("|u1", "(4,)", "wxyz");
  std::string bytes = zip({{"a.npy", array, false}, {"a.npy", array, false}});
  // Both list entries point to the first member.
  size_t second = bytes.rfind("PK\x01\x02");
  bytes.replace(second + 42, 4, little(0, 4));
  EXPECT_CONTAINS(readError(bytes), "damaged npz file: the content of 'a.npy'");
}

TEST(Npz, refusesMembersBeyondTheFile) {
  std::string array = npy("|u1", "(4,)", "wxyz");
  std::string bytes = zip({{"a.npy", array, false}, {"b.npy", array, false}});
  size_t second = bytes.rfind("PK\x01\x02");
  size_t first = bytes.rfind("PK\x01\x02", second - 1);
  bytes.replace(first + 42, 4, little(100000, 4));
  bytes.replace(second + 42, 4, little(200000, 4));
  EXPECT_CONTAINS(readError(bytes), "damaged npz file: the content of 'a.npy'");
}

TEST(Npz, refusesOtherArchives) {
  EXPECT_CONTAINS(readError(zip({{"archive/data.pkl", "x", false}})),
                  "a PyTorch archive");
  std::string array = npy("|u1", "(4,)", "wxyz");
  std::string bytes = zip({{"a.npy", array, false}});
  size_t list = bytes.rfind("PK\x01\x02");
  std::string encrypted = bytes;
  encrypted[list + 8] = 1;
  EXPECT_CONTAINS(readError(encrypted), "'a.npy' is encrypted");
  std::string method = bytes;
  method[list + 10] = 14;
  EXPECT_CONTAINS(readError(method), "unsupported compression method 14");
  EXPECT_CONTAINS(readError(bytes.substr(0, list)), "no list of its members");
  EXPECT_CONTAINS(
      readError(zip({{"a.npy", array, false}, {"a.npy", array, false}})),
      "'a' is there twice");
  EXPECT_CONTAINS(readError(zip({{"a.npy", "nonsense", false}})),
                  "'a.npy': not a numpy array");
}
