// SPDX-License-Identifier: Apache-2.0
//
/// \file The report of matching a checkpoint with a model, as text.
#include "Reader.h"

namespace mscrt {

static void addCount(std::string &text, size_t count, const char *what) {
  if (count != 0)
    text += ", " + std::to_string(count) + " " + what;
}

std::string BindReport::summary() const {
  std::string text = "bound " + std::to_string(numBound) + " of " +
                     std::to_string(numParameters) + " parameters";
  addCount(text, renamed.size(), "renamed");
  addCount(text, converted.size(), "converted");
  addCount(text, kept.size(), "kept");
  addCount(text, missing.size(), "missing");
  addCount(text, mismatched.size(), "mismatched");
  addCount(text, unexpected.size(), "unexpected");
  return text;
}

static void addSection(std::string &text, const char *title,
                       const std::vector<BindReport::Item> &items,
                       size_t maxItems) {
  if (items.empty())
    return;
  text += std::string(title) + ":\n";
  size_t shown = 0;
  for (const BindReport::Item &item : items) {
    if (shown++ == maxItems) {
      text +=
          "  ... and " + std::to_string(items.size() - maxItems) + " more\n";
      return;
    }
    text += "  " + quoted(item.name);
    if (!item.detail.empty())
      text += ": " + item.detail;
    for (size_t i = 0; i < item.near.size(); ++i)
      text += (i ? ", " : "; near: ") + quoted(item.near[i]);
    text += "\n";
  }
}

std::string BindReport::text(size_t maxItems) const {
  std::string text = summary() + "\n";
  auto add = [&](const char *title, const std::vector<Item> &items) {
    addSection(text, title, items, maxItems);
  };
  add("missing (in the model only)", missing);
  add("mismatched", mismatched);
  add("unexpected (in the checkpoint only)", unexpected);
  add("kept (used while compiling, not in the checkpoint)", kept);
  add("renamed", renamed);
  add("converted", converted);
  add("not usable", skipped);
  add("optimizer state, not used", optimizerState);
  if (!suggestedRule.empty())
    text += "a rule that binds more: --rename='" + suggestedRule + "'\n";
  return text;
}

} // namespace mscrt
