// SPDX-License-Identifier: Apache-2.0
//
/// \file Writes JSON: enough for the results of a tool.
#ifndef MSC_TOOLS_MSC_RUN_JSON_H
#define MSC_TOOLS_MSC_RUN_JSON_H

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

namespace msc::run {

/// Appends values one after the other; commas come by themselves.
class Json {
public:
  Json &open(char bracket) {
    separate();
    text += bracket;
    isFirst = true;
    return *this;
  }
  Json &close(char bracket) {
    text += bracket;
    isFirst = false;
    return *this;
  }
  Json &key(const std::string &name) {
    value(name);
    text += ": ";
    isFirst = true;
    return *this;
  }
  Json &value(const std::string &string) {
    separate();
    text += '"';
    for (char c : string)
      append(c);
    text += '"';
    return *this;
  }
  Json &value(const char *string) { return value(std::string(string)); }
  Json &value(bool boolean) { return raw(boolean ? "true" : "false"); }
  Json &value(int64_t number) { return raw(std::to_string(number)); }
  Json &value(uint64_t number) { return raw(std::to_string(number)); }
  Json &value(uint32_t number) { return raw(std::to_string(number)); }
  /// JSON has no NaN and no infinity: null.
  Json &value(double number) {
    char buffer[40];
    snprintf(buffer, sizeof(buffer), "%.9g", number);
    return raw(std::isfinite(number) ? buffer : "null");
  }

  std::string text;

private:
  void separate() {
    if (!isFirst)
      text += ", ";
    isFirst = false;
  }
  Json &raw(const std::string &token) {
    separate();
    text += token;
    return *this;
  }
  void append(char c) {
    if (c == '"' || c == '\\')
      (text += '\\') += c;
    else if (static_cast<unsigned char>(c) >= 0x20)
      text += c;
    else {
      char buffer[8];
      snprintf(buffer, sizeof(buffer), "\\u%04x", c);
      text += buffer;
    }
  }

  bool isFirst = true;
};

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_JSON_H
