// SPDX-License-Identifier: Apache-2.0
//
/// \file How tensors of MindIR files are typed and where their bytes are.
#include "lib/Import/MindIR/MindIRTensors.h"

#include "mlir/IR/Diagnostics.h"
#include "msc/Import/Decrypt.h"
#include "msc/Support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using mind_ir::TensorProto;

namespace msc::import::mindir {

/// MindSpore itself stops at 8; leave room without inviting abuse.
static constexpr int maxRank = 64;

Type elementType(int32_t dataType, MLIRContext *context) {
  auto integer = [&](unsigned width, bool isUnsigned = false) -> Type {
    return IntegerType::get(context, width,
                            isUnsigned ? IntegerType::Unsigned
                                       : IntegerType::Signless);
  };
  switch (dataType) {
  case TensorProto::DT_FLOAT:
    return Float32Type::get(context);
  case TensorProto::DT_UINT8:
    return integer(8, true);
  case TensorProto::DT_INT8:
    return integer(8);
  case TensorProto::DT_UINT16:
    return integer(16, true);
  case TensorProto::DT_INT16:
    return integer(16);
  case TensorProto::DT_INT32:
    return integer(32);
  case TensorProto::DT_INT64:
    return integer(64);
  case TensorProto::DT_BOOL:
    return integer(1);
  case TensorProto::DT_FLOAT16:
    return Float16Type::get(context);
  case TensorProto::DT_DOUBLE:
  case TensorProto::DT_FLOAT64:
    return Float64Type::get(context);
  case TensorProto::DT_UINT32:
    return integer(32, true);
  case TensorProto::DT_UINT64:
    return integer(64, true);
  case TensorProto::DT_COMPLEX64:
    return ComplexType::get(Float32Type::get(context));
  case TensorProto::DT_COMPLEX128:
    return ComplexType::get(Float64Type::get(context));
  case TensorProto::DT_BFLOAT16:
    return BFloat16Type::get(context);
  }
  return {};
}

mscrt_dtype storeType(int32_t dataType) {
  switch (dataType) {
  case TensorProto::DT_FLOAT64:
    return MSCRT_F64;
  case TensorProto::DT_COMPLEX64:
  case TensorProto::DT_COMPLEX128:
  case TensorProto::DT_STRING:
  case TensorProto::DT_QINT4X2:
    return MSCRT_INVALID;
  }
  // The other numbers are the store's own.
  bool known = dataType > 0 && dataType <= TensorProto::DT_BFLOAT16;
  return known ? mscrt_dtype(dataType) : MSCRT_INVALID;
}

/// Why \p tensor cannot be read at all, or nothing.
static const char *unsupported(const TensorProto &tensor) {
  if (tensor.compression_type() != 0)
    return "is compressed (weight quantisation of converter_lite), which is "
           "not supported";
  if (tensor.quant_params_size() > 0)
    return "carries quantisation parameters of converter_lite, which are not "
           "supported";
  if (tensor.data_type() == TensorProto::DT_STRING)
    return "holds strings, which are not supported";
  if (tensor.data_type() == TensorProto::DT_QINT4X2)
    return "holds 4-bit integers, which are not supported";
  return nullptr;
}

/// "tensor 'w'"; types have no name.
static std::string describe(const TensorProto &tensor) {
  return tensor.name().empty() ? "the tensor"
                               : "tensor " + quoted(tensor.name());
}

FailureOr<TensorType> tensorType(const TensorProto &tensor, Location loc) {
  auto complain = [&]() { return emitError(loc) << describe(tensor) << " "; };
  if (const char *why = unsupported(tensor))
    return complain() << why;
  Type element = elementType(tensor.data_type(), loc.getContext());
  if (!element)
    return complain() << "has the unknown data type " << tensor.data_type();
  if (tensor.dims_size() == 1 && tensor.dims(0) == -2)
    return TensorType(UnrankedTensorType::get(element));
  if (tensor.dims_size() > maxRank)
    return complain() << "has rank " << tensor.dims_size() << ", more than "
                      << maxRank;
  SmallVector<int64_t> shape;
  int64_t count = 1;
  for (int64_t extent : tensor.dims()) {
    if (extent < -1)
      return complain() << "has an extent of " << extent;
    shape.push_back(extent == -1 ? ShapedType::kDynamic : extent);
    // 16 bytes is the largest element.
    if (extent > 0 && (llvm::MulOverflow(count, extent, count) ||
                       count > std::numeric_limits<int64_t>::max() / 16))
      return complain() << "has more elements than can be addressed";
  }
  return TensorType(RankedTensorType::get(shape, element));
}

bool hasValue(const TensorProto &tensor) {
  return tensor.has_raw_data() || tensor.has_external_data() ||
         llvm::is_contained(tensor.dims(), 0);
}

/// prod(dims) * element size. Complex elements count as two.
static llvm::Expected<uint64_t> expectedBytes(const TensorProto &tensor) {
  if (const char *why = unsupported(tensor))
    return llvm::createStringError(why);
  SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  mscrt_dtype dtype = storeType(tensor.data_type());
  if (tensor.data_type() == TensorProto::DT_COMPLEX64)
    dtype = MSCRT_F32;
  else if (tensor.data_type() == TensorProto::DT_COMPLEX128)
    dtype = MSCRT_F64;
  if (dtype != storeType(tensor.data_type()))
    shape.push_back(2);
  return tensorBytes(dtype, shape);
}

static ArrayRef<char> bytesOf(const std::string &text) {
  return ArrayRef<char>(text.data(), text.size());
}

llvm::Expected<TensorBytes> TensorReader::read(const TensorProto &tensor) {
  llvm::Expected<uint64_t> expected = expectedBytes(tensor);
  if (!expected)
    return expected.takeError();
  llvm::Expected<TensorBytes> bytes = TensorBytes{};
  if (tensor.has_raw_data()) {
    bytes->data = bytesOf(tensor.raw_data());
    bytes->owner = model;
  } else if (tensor.has_external_data()) {
    bytes = readExternal(tensor.external_data());
  } else if (*expected > 0) {
    bytes = readSplit(tensor.name());
  }
  if (bytes && bytes->data.size() != *expected)
    return llvm::createStringError("expected " + Twine(*expected) +
                                   " bytes, got " + Twine(bytes->data.size()));
  return bytes;
}

/// Maps a file below the model's directory and decrypts it if need be.
llvm::Expected<TensorBytes> TensorReader::open(StringRef location) {
  if (auto it = files.find(location); it != files.end())
    return it->second;
  llvm::Expected<MappedFile> file =
      mapExternalData(llvm::sys::path::parent_path(path), location);
  if (!file)
    return file.takeError();
  TensorBytes bytes{file->data, file->owner};
  if (isEncrypted(file->data)) {
    auto plausible = [](ArrayRef<char> plain) {
      // The header of a data file, or the GraphProto of 1.2 to 1.5.
      return !plain.empty() &&
             (plain[0] == 0 || plain[0] == 1 || plain[0] == 0x0a ||
              plain[0] == 0x12 || plain[0] == 0x1a);
    };
    llvm::Expected<std::vector<char>> plain =
        decrypt(file->data, key, plausible);
    if (!plain)
      return llvm::createStringError("'" + location +
                                     "': " + llvm::toString(plain.takeError()));
    auto owner = std::make_shared<std::vector<char>>(std::move(*plain));
    bytes = {*owner, owner};
  }
  return files[location] = bytes;
}

/// Since 1.6: a slice of a data file with a header of 64 bytes.
llvm::Expected<TensorBytes>
TensorReader::readExternal(const TensorProto::ExternalDataProto &external) {
  llvm::Expected<TensorBytes> file = open(external.location());
  if (!file)
    return file.takeError();
  auto refuse = [&](const Twine &why) {
    return llvm::createStringError("external data '" + external.location() +
                                   "' " + why);
  };
  if (file->data.empty() || file->data.front() != 1)
    return refuse("is not in little-endian order, or no MindSpore data file");
  uint64_t size = file->data.size();
  int64_t offset = external.offset(), length = external.length();
  if (offset < 0 || length < 0 || uint64_t(offset) > size ||
      uint64_t(length) > size - offset)
    return refuse("has " + Twine(size) + " bytes; the tensor lies at " +
                  Twine(offset) + " + " + Twine(length));
  return TensorBytes{file->data.slice(offset, length), file->owner};
}

/// 1.2 to 1.5: "n_graph.mindir" and GraphProto files in "n_variables/".
llvm::Expected<TensorBytes> TensorReader::readSplit(StringRef name) {
  if (!splitLoaded) {
    splitLoaded = true;
    splitError = toString(loadSplit());
  }
  if (!splitError.empty())
    return llvm::createStringError(splitError);
  if (auto it = split.find(name); it != split.end())
    return it->second;
  return llvm::createStringError(
      "neither the file nor its _variables have data for it");
}

llvm::Error TensorReader::loadSplit() {
  StringRef stem = llvm::sys::path::filename(path);
  if (!stem.consume_back("_graph.mindir"))
    return llvm::createStringError(
        "the file has no data for it (weights of a split model lie in "
        "NAME_variables beside NAME_graph.mindir)");
  std::string folder = (stem + "_variables").str();
  SmallString<128> directory(llvm::sys::path::parent_path(path));
  llvm::sys::path::append(directory, folder);
  std::vector<std::string> names;
  std::error_code ec;
  for (llvm::sys::fs::directory_iterator it(directory, ec), end;
       it != end && !ec; it.increment(ec))
    names.push_back(llvm::sys::path::filename(it->path()).str());
  if (ec)
    return llvm::createStringError(ec, "cannot list '" + directory + "'");
  llvm::sort(names);
  for (const std::string &name : names) {
    llvm::Expected<TensorBytes> file = open(folder + "/" + name);
    if (!file)
      return file.takeError();
    auto graph = std::make_shared<mind_ir::GraphProto>();
    if (file->data.size() > INT_MAX ||
        !graph->ParseFromArray(file->data.data(), int(file->data.size())))
      return llvm::createStringError("'" + folder + "/" + name +
                                     "' is damaged or no MindSpore data file");
    for (const TensorProto &tensor : graph->parameter())
      split[tensor.name()] = {bytesOf(tensor.raw_data()), graph};
  }
  return llvm::Error::success();
}

FailureOr<DenseElementsAttr>
TensorReader::readElements(const TensorProto &tensor, Location loc) {
  FailureOr<TensorType> type = tensorType(tensor, loc);
  if (failed(type))
    return failure();
  auto ranked = dyn_cast<RankedTensorType>(*type);
  if (!ranked || !ranked.hasStaticShape())
    return emitError(loc) << describe(tensor)
                          << " has a value but no static shape";
  llvm::Expected<TensorBytes> bytes = read(tensor);
  if (!bytes)
    return emitError(loc) << describe(tensor) << ": "
                          << llvm::toString(bytes.takeError());
  if (ranked.getElementType().isInteger(1)) {
    SmallVector<bool> values(bytes->data.begin(), bytes->data.end());
    return DenseElementsAttr::get(ranked, values);
  }
  return DenseElementsAttr::getFromRawBuffer(ranked, bytes->data);
}

} // namespace msc::import::mindir
