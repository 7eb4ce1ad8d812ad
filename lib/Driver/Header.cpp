// SPDX-License-Identifier: Apache-2.0
//
/// \file The C++ header of an artifact: its inputs and outputs as members of
/// structs, over the runtime's C++ API.
#include "lib/Driver/Compilation.h"

#include "msc/Conversion/MSToMSRT.h"
#include "msc/Support/DType.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace msc {

namespace {
/// How an element type is spelled.
struct Spelling {
  const char *name;  ///< numpy's, as mscrt_dtype_name
  const char *dtype; ///< in mscrt/abi.h
  const char *type;  ///< in C++; the bits where C++17 has no such type
};

/// One input or output.
struct Member {
  std::string name; ///< in C++
  std::string text; ///< "float32[30, 10]"
  CallersValue value;
  Spelling spelling;
};
using Members = SmallVector<Member>;
} // namespace

static Spelling spellingOf(Type element) {
  switch (dtypeOf(element)) {
  case MSCRT_F32:
    return {"float32", "MSCRT_F32", "float"};
  case MSCRT_F64:
    return {"float64", "MSCRT_F64", "double"};
  case MSCRT_F16:
    return {"float16", "MSCRT_F16", "uint16_t"};
  case MSCRT_BF16:
    return {"bfloat16", "MSCRT_BF16", "uint16_t"};
  case MSCRT_BOOL:
    return {"bool", "MSCRT_BOOL", "bool"};
  case MSCRT_I8:
    return {"int8", "MSCRT_I8", "int8_t"};
  case MSCRT_I16:
    return {"int16", "MSCRT_I16", "int16_t"};
  case MSCRT_I32:
    return {"int32", "MSCRT_I32", "int32_t"};
  case MSCRT_I64:
    return {"int64", "MSCRT_I64", "int64_t"};
  case MSCRT_U8:
    return {"uint8", "MSCRT_U8", "uint8_t"};
  case MSCRT_U16:
    return {"uint16", "MSCRT_U16", "uint16_t"};
  case MSCRT_U32:
    return {"uint32", "MSCRT_U32", "uint32_t"};
  default:
    return {"uint64", "MSCRT_U64", "uint64_t"};
  }
}

/// \p text as an identifier that is no keyword and no name used in the header;
/// \p otherwise comes before what does not begin like one.
static std::string identifier(StringRef text, StringRef otherwise) {
  std::string name;
  for (char c : text)
    name += llvm::isAlnum(c) ? c : '_';
  while (name.find("__") != std::string::npos) // reserved in C++
    name.erase(name.find("__"), 1);
  name = StringRef(name).trim('_').str();
  if (name.empty() || llvm::isDigit(name.front()))
    name = otherwise.str() + name;
  static const llvm::StringSet<> reserved = {
      "alignas",   "alignof",  "and",      "asm",      "auto",      "bitand",
      "bitor",     "bool",     "break",    "case",     "catch",     "char",
      "class",     "compl",    "concept",  "const",    "consteval", "constexpr",
      "constinit", "continue", "decltype", "default",  "delete",    "do",
      "double",    "else",     "enum",     "explicit", "export",    "extern",
      "false",     "float",    "for",      "friend",   "goto",      "if",
      "inline",    "int",      "long",     "mutable",  "namespace", "new",
      "noexcept",  "not",      "nullptr",  "operator", "or",        "private",
      "protected", "public",   "register", "requires", "return",    "short",
      "signed",    "sizeof",   "static",   "struct",   "switch",    "template",
      "this",      "throw",    "true",     "try",      "typedef",   "typeid",
      "typename",  "union",    "unsigned", "using",    "virtual",   "void",
      "volatile",  "while",    "xor",      "Inputs",   "Outputs",   "Model",
      "context",   "error",    "given",    "model",    "mscrt",     "results",
      "std"};
  return reserved.contains(name) ? name + "_" : name;
}

/// "float32[30, 10]"; "?" where extents differ.
static std::string describe(const CallersValue &value, StringRef dtype) {
  std::string text = dtype.str() + "[";
  for (auto [i, extent] : llvm::enumerate(value.extents))
    text += (i ? ", " : "") + (extent < 0 ? "?" : std::to_string(extent));
  return text + "]";
}

/// Names are unique among all of \p taken.
static Members membersOf(const Compilation &c, bool inputs,
                         llvm::StringSet<> &taken) {
  Members members;
  for (const CallersValue &value : callersValues(c.entries, inputs)) {
    std::string number = std::to_string(members.size());
    std::string name =
        identifier(value.text("ms.name"), inputs ? "input" : "output");
    if (value.text("ms.name").empty())
      name += number;
    while (taken.contains(name + "_shape") || !taken.insert(name).second)
      name += "_" + number;
    taken.insert(name + "_shape");
    Spelling spelling = spellingOf(value.type.getElementType());
    members.push_back({name, describe(value, spelling.name), value, spelling});
  }
  return members;
}

/// A string literal's content: anything odd is in octal.
static std::string escape(StringRef text) {
  std::string result;
  for (unsigned char c : text) {
    if (llvm::isAlnum(c) || StringRef(" _.:/-[](),?>").contains(c)) {
      result += c;
      continue;
    }
    char octal[8];
    std::snprintf(octal, sizeof(octal), "\\%03o", c);
    result += octal;
  }
  return result;
}

/// "image: float32[30, 1, 8, 8], ..." as mscrt::signature writes it.
static std::string signature(const Members &members) {
  std::string text;
  for (const Member &member : members) {
    StringRef name = member.value.text("ms.name");
    text += text.empty() ? "" : ", ";
    text += name.empty() ? member.text : name.str() + ": " + member.text;
  }
  return "(" + text + ")";
}

static void writeStruct(llvm::raw_ostream &os, StringRef name,
                        const Members &members) {
  os << "struct " << name << " {\n";
  for (const Member &member : members)
    os << "  mscrt::Tensor " << member.name << "; ///< " << member.text << "\n";
  os << "};\n\n";
}

/// An array of mscrt_tensor over the caller's pointers.
static void writeTensors(llvm::raw_ostream &os, StringRef name,
                         const Members &members, bool isConst) {
  for (const Member &member : members)
    if (!member.value.extents.empty())
      os << "    static constexpr int64_t " << member.name << "_shape[] = {"
         << llvm::join(
                llvm::map_range(member.value.extents,
                                [](int64_t n) { return std::to_string(n); }),
                ", ")
         << "};\n";
  os << (isConst ? "    const mscrt_tensor " : "    mscrt_tensor ") << name
     << "[] = {\n";
  for (const Member &member : members) {
    const Spelling &s = member.spelling;
    os << "        {" << s.dtype << ", " << member.value.extents.size() << ", "
       << (member.value.extents.empty() ? "nullptr" : member.name + "_shape")
       << ", ";
    if (isConst)
      os << "const_cast<" << s.type << " *>(" << member.name << ")";
    else
      os << member.name;
    os << ", " << bufferBytes(member.value.type) << "},\n";
  }
  os << "    };\n";
}

/// `run` with pointers, where all extents are known.
static void writeRun(llvm::raw_ostream &os, const Members &inputs,
                     const Members &outputs) {
  SmallVector<std::string> parameters;
  for (const Member &member : inputs)
    parameters.push_back("const " + std::string(member.spelling.type) + " *" +
                         member.name);
  for (const Member &member : outputs)
    parameters.push_back(std::string(member.spelling.type) + " *" +
                         member.name);
  os << "\n  /// Runs on the caller's buffers, dense and row-major; results go "
        "to the\n  /// outputs, which must not overlap the inputs.\n"
     << "  mscrt::Result<mscrt::Done> run(" << llvm::join(parameters, ", ")
     << ") {\n";
  writeTensors(os, "given", inputs, true);
  writeTensors(os, "results", outputs, false);
  os << "    mscrt::Error error;\n"
     << "    if (mscrt_context_run(context.get(), given, " << inputs.size()
     << ", results, " << outputs.size() << ", error.get()))\n"
     << "      return error;\n    return mscrt::Done();\n  }\n";
}

static void writePredict(llvm::raw_ostream &os, const Members &inputs,
                         const Members &outputs) {
  SmallVector<std::string> given, results;
  for (const Member &member : inputs)
    given.push_back("inputs." + member.name);
  for (size_t i = 0; i < outputs.size(); ++i)
    results.push_back("(*results)[" + std::to_string(i) + "]");
  os << "\n  mscrt::Result<Outputs> predict(const Inputs &"
     << (inputs.empty() ? "" : "inputs") << ") {\n"
     << "    mscrt::Result<std::vector<mscrt::Tensor>> results = "
        "context.predict({"
     << llvm::join(given, ", ") << "});\n"
     << "    if (!results)\n      return results.error();\n"
     << "    return Outputs{" << llvm::join(results, ", ") << "};\n  }\n";
}

static void writeModel(llvm::raw_ostream &os, const Members &inputs,
                       const Members &outputs) {
  os << R"(/// A loaded model and a context: serves one call at a time, and state lives as
/// long as it does. `model` binds checkpoints and makes further contexts.
class Model {
public:
  /// Fails where the file is not the model that this header describes.
  static mscrt::Result<Model> load(const std::string &path = "@file@",
                                   const mscrt::LoadOptions &options = {}) {
    mscrt::Result<mscrt::Model> loaded = mscrt::Model::load(path, options);
    if (!loaded)
      return loaded.error();
    mscrt::Result<mscrt::Done> same = loaded->expectSignature(
        ")"
     << escape(signature(inputs) + " -> " + signature(outputs)) << R"(");
    if (!same)
      return same.error();
    mscrt::Result<mscrt::Context> created = loaded->createContext();
    if (!created)
      return created.error();
    return Model(*loaded, *created);
  }
)";
  writePredict(os, inputs, outputs);
  auto isFixed = [](const Member &member) {
    return llvm::all_of(member.value.extents, [](int64_t n) { return n >= 0; });
  };
  if (!inputs.empty() && !outputs.empty() && llvm::all_of(inputs, isFixed) &&
      llvm::all_of(outputs, isFixed))
    writeRun(os, inputs, outputs);
  os << R"(
  mscrt::Model model;
  mscrt::Context context;

private:
  Model(mscrt::Model model, mscrt::Context context)
      : model(std::move(model)), context(std::move(context)) {}
};
)";
}

llvm::Error checkHeaderReplaceable(StringRef output) {
  SmallString<128> path(output);
  llvm::sys::path::replace_extension(path, "h");
  auto file = llvm::MemoryBuffer::getFileSlice(path, headerMark.size(), 0);
  if (!llvm::sys::fs::exists(path) ||
      (file && (*file)->getBuffer() == headerMark))
    return llvm::Error::success();
  return llvm::createStringError(
      "the model's header would replace '" + path +
      "', which msc-compile did not write: name another output");
}

std::string instantiateHeader(StringRef text, StringRef output) {
  std::string space = identifier(llvm::sys::path::stem(output), "model_");
  std::string file = escape(llvm::sys::path::filename(output));
  std::string result = text.str();
  for (const auto &[token, value] :
       {std::pair<StringRef, std::string>{"@namespace@", space},
        {"@file@", file}})
    for (size_t at; (at = result.find(token)) != std::string::npos;)
      result.replace(at, token.size(), value);
  return result;
}

std::string headerTemplate(const Compilation &c) {
  llvm::StringSet<> taken;
  Members inputs = membersOf(c, true, taken),
          outputs = membersOf(c, false, taken);
  std::string text;
  llvm::raw_string_ostream os(text);
  os << headerMark << R"( together with @file@: do not edit.
//
// The compiled model as a class, over the runtime's C++ API
// (find_package(msc), msc::mscrt).
#pragma once

#include <mscrt/mscrt.hpp>

namespace @namespace@ {

)";
  writeStruct(os, "Inputs", inputs);
  writeStruct(os, "Outputs", outputs);
  writeModel(os, inputs, outputs);
  os << "\n} // namespace @namespace@\n";
  return text;
}

} // namespace msc
