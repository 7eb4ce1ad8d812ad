// SPDX-License-Identifier: Apache-2.0
//
/// \file Rename rules. std::regex reports its errors by throwing; they end
/// here.
#include "Bind.h"
#include "Reader.h"

namespace mscrt {

bool Renamer::parse(const std::vector<std::string> &texts, std::string &error) {
  for (const std::string &text : texts) {
    // The last '=': a replacement hardly ever has one, a look-ahead does.
    size_t split = text.rfind('=');
    if (split == std::string::npos || split == 0) {
      error = "rename rule " + quoted(text) +
              " is not of the form regex=replacement";
      return false;
    }
    try {
      rules.push_back(
          {text, std::regex(text.substr(0, split)), text.substr(split + 1)});
    } catch (const std::regex_error &failure) {
      error = "rename rule " + quoted(text) +
              " has a malformed regular expression: " + failure.what();
      return false;
    }
  }
  return true;
}

bool Renamer::apply(const std::string &name, std::string &renamed,
                    std::string &error) const {
  renamed = name;
  for (const Rule &rule : rules) {
    try {
      renamed = std::regex_replace(renamed, rule.pattern, rule.replacement);
    } catch (const std::regex_error &failure) {
      error = "rename rule " + quoted(rule.text) + " fails on " + quoted(name) +
              ": " + failure.what();
      return false;
    }
    // The names of a file are short; this keeps the matcher's recursion so.
    if (renamed.size() > kMaxNameSize) {
      error = "rename rule " + quoted(rule.text) +
              " makes a name of more than " + std::to_string(kMaxNameSize) +
              " bytes out of " + quoted(name);
      return false;
    }
  }
  return true;
}

} // namespace mscrt
