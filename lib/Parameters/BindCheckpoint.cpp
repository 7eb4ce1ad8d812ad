// SPDX-License-Identifier: Apache-2.0
//
/// \file How checkpoints are opened, decrypted and bound while compiling.
#include "msc/Parameters/BindCheckpoint.h"

#include <new>

using namespace llvm;

namespace msc {

using CheckpointPtr = std::shared_ptr<mscrt::Checkpoint>;

/// The checkpoint in the encrypted file \p path.
static Expected<CheckpointPtr>
openEncrypted(const std::string &path, ArrayRef<char> file,
              const BindCheckpointOptions &options) {
  Expected<std::vector<char>> plain = options.decrypt(file);
  if (!plain)
    return createStringError(path + ": " + toString(plain.takeError()));
  auto bytes = std::make_shared<std::vector<char>>(std::move(*plain));
  std::string error;
  CheckpointPtr checkpoint = mscrt::Checkpoint::fromMemory(
      bytes->data(), bytes->size(), bytes, path, error);
  if (!checkpoint)
    return createStringError(error + " (after decryption: is the key right?)");
  return checkpoint;
}

static Expected<CheckpointPtr>
openCheckpoint(const std::string &path, const BindCheckpointOptions &options) {
  if (options.decrypt) {
    // What cannot be mapped (a directory, no file) is not encrypted.
    Expected<MappedFile> file = mapFile(path);
    if (file && mscrt::isEncrypted(file->data.data(), file->data.size()))
      return openEncrypted(path, file->data, options);
    if (!file)
      consumeError(file.takeError());
  }
  std::string error;
  CheckpointPtr checkpoint = mscrt::Checkpoint::open(path, error);
  if (!checkpoint)
    return createStringError(error);
  return checkpoint;
}

static mscrt::ParameterInfo infoOf(const Parameter &parameter) {
  mscrt::ParameterInfo info;
  info.name = parameter.name;
  info.dtype = parameter.dtype;
  info.shape = parameter.shape;
  if (parameter.frozen) {
    info.flags = MSCRT_PARAMETER_FROZEN;
    info.hash = mscrt::hashBytes(parameter.data.data(), parameter.data.size());
  }
  return info;
}

/// The data that \p parameter gets from \p bound, and what keeps it alive:
/// \p checkpoints, unless it has to be converted.
static Expected<MappedFile> valueOf(const Parameter &parameter,
                                    const mscrt::BoundParameter &bound,
                                    const std::shared_ptr<void> &checkpoints) {
  const mscrt::NamedTensor &tensor = *bound.tensor;
  if (!bound.converted)
    return MappedFile{ArrayRef<char>(tensor.data, tensor.size), checkpoints,
                      ""};
  size_t size = parameter.data.size();
  std::shared_ptr<char> converted(new (std::nothrow) char[size],
                                  [](char *data) { delete[] data; });
  if (!converted)
    return createStringError("no memory to convert '" + parameter.name + "'");
  if (!mscrt::writeParameter(bound, parameter.dtype, converted.get(), size))
    return createStringError("'" + parameter.name + "' cannot be converted");
  return MappedFile{ArrayRef<char>(converted.get(), size), converted, ""};
}

Error bindCheckpoints(ParameterStore &store, ArrayRef<std::string> paths,
                      const BindCheckpointOptions &options,
                      mscrt::BindReport &report) {
  report = mscrt::BindReport();
  auto checkpoints = std::make_shared<std::vector<CheckpointPtr>>();
  std::vector<const mscrt::Checkpoint *> opened;
  for (const std::string &path : paths) {
    Expected<CheckpointPtr> checkpoint = openCheckpoint(path, options);
    if (!checkpoint)
      return checkpoint.takeError();
    checkpoints->push_back(*checkpoint);
    opened.push_back(checkpoint->get());
  }

  std::vector<Parameter *> parameters = store.all();
  std::vector<mscrt::ParameterInfo> infos;
  for (const Parameter *parameter : parameters)
    infos.push_back(infoOf(*parameter));
  mscrt::Binding binding;
  std::string error;
  bool ok =
      mscrt::bindCheckpoints(infos, opened, options.match, binding, error);
  report = std::move(binding.report);
  if (!ok)
    return createStringError(
        (paths.size() == 1 ? paths.front() : "the checkpoints") + ": " + error);

  std::vector<MappedFile> values(parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!binding.parameters[i].tensor)
      continue;
    Expected<MappedFile> value =
        valueOf(*parameters[i], binding.parameters[i], checkpoints);
    if (!value)
      return value.takeError();
    values[i] = std::move(*value);
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!binding.parameters[i].tensor)
      continue;
    parameters[i]->data = values[i].data;
    parameters[i]->owner = values[i].owner;
  }
  return Error::success();
}

} // namespace msc
