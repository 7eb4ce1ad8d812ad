// SPDX-License-Identifier: Apache-2.0
//
/// \file What a missing parameter may be called in the checkpoint.
#include "Bind.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <unordered_map>

namespace mscrt {

namespace {

constexpr size_t kMaxMissing = 20;
constexpr size_t kMaxCandidates = 2000;
constexpr size_t kMaxComparedSize = 256;
constexpr size_t kMaxSuggestions = 3;

/// Levenshtein distance.
size_t editDistance(const std::string &a, const std::string &b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

bool isSuffix(const std::string &text, const std::string &suffix) {
  return text.size() > suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) ==
             0 &&
         text[text.size() - suffix.size() - 1] == '.';
}

/// How unlike the two are: 0 is best, SIZE_MAX not worth a mention.
size_t unlikeness(const Unmatched &missing, const Unmatched &candidate) {
  const std::string &a = missing.name, &b = candidate.name;
  size_t penalty = sameShape(missing.shape, candidate.shape) ? 0 : 2;
  if (isSuffix(a, b) || isSuffix(b, a))
    return penalty;
  if (a.size() > kMaxComparedSize || b.size() > kMaxComparedSize)
    return SIZE_MAX;
  size_t longer = std::max(a.size(), b.size());
  size_t shorter = std::min(a.size(), b.size());
  size_t allowed = std::max<size_t>(2, longer / 3);
  if (longer - shorter > allowed)
    return SIZE_MAX;
  size_t distance = editDistance(a, b);
  return distance <= allowed ? distance + penalty : SIZE_MAX;
}

std::string escapeRegex(const std::string &text) {
  std::string escaped;
  for (char c : text) {
    if (std::string("\\^$.|?*+()[]{}").find(c) != std::string::npos)
      escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// True if \p text can be pasted into a shell between single quotes, and into a
/// rule.
bool isPlain(const std::string &text) {
  for (char c : text)
    if (c < 0x20 || c > 0x7e || c == '\'' || c == '=')
      return false;
  return true;
}

using NameTable = std::unordered_map<std::string, const Unmatched *>;

NameTable tableOf(const std::vector<Unmatched> &list) {
  NameTable table;
  for (const Unmatched &entry : list)
    table.emplace(entry.name, &entry);
  return table;
}

/// Calls \p found(prefix) for each leading part of a name in \p longer without
/// which the name is in \p shorter, with the same shape.
template <typename Fn>
void forEachPrefix(const std::vector<Unmatched> &longer,
                   const NameTable &shorter, Fn found) {
  for (const Unmatched &entry : longer)
    for (size_t dot = entry.name.find('.'); dot != std::string::npos;
         dot = entry.name.find('.', dot + 1)) {
      std::string prefix = entry.name.substr(0, dot + 1);
      auto match = shorter.find(entry.name.substr(dot + 1));
      if (match != shorter.end() && isPlain(prefix) &&
          sameShape(match->second->shape, entry.shape))
        found(prefix);
    }
}

} // namespace

bool sameShape(const std::vector<int64_t> &a, const std::vector<int64_t> &b) {
  auto isOne = [](const std::vector<int64_t> &shape) {
    return shape.empty() || (shape.size() == 1 && shape[0] == 1);
  };
  return a == b || (isOne(a) && isOne(b));
}

bool isOptimizerState(const std::string &name) {
  static const char *const prefixes[] = {
      "moments.",    "moment1.",        "moment2.",
      "moment.",     "momentum.",       "accum.",
      "accu_grads.", "adam_m.",         "adam_v.",
      "vhat.",       "mean_square.",    "mean_gradient.",
      "linear.",     "max_exp_avg_sq.", "exp_avg.",
      "exp_avg_sq.", "stat.",           "state_step.",
      "square_avg.", "acc_delta.",      "cumulative_grads."};
  static const char *const names[] = {
      "beta1_power",  "beta2_power", "learning_rate",
      "momentum",     "global_step", "scale_sense",
      "epoch_num",    "step_num",    "current_iterator_step",
      "weight_decay", "step",        "last_overflow_iterator_step",
      "opt_step",     "loss_scale",  "append_info"};
  for (const char *prefix : prefixes)
    if (name.rfind(prefix, 0) == 0)
      return true;
  for (const char *known : names)
    if (name == known)
      return true;
  return false;
}

std::vector<std::vector<std::string>>
findNearNames(const std::vector<Unmatched> &missing,
              const std::vector<Unmatched> &unexpected) {
  std::vector<std::vector<std::string>> result(missing.size());
  size_t candidates = std::min(unexpected.size(), kMaxCandidates);
  for (size_t i = 0; i < std::min(missing.size(), kMaxMissing); ++i) {
    std::vector<std::pair<size_t, size_t>> scored; // unlikeness, index
    for (size_t k = 0; k < candidates; ++k) {
      size_t score = unlikeness(missing[i], unexpected[k]);
      if (score != SIZE_MAX)
        scored.emplace_back(score, k);
    }
    std::sort(scored.begin(), scored.end());
    for (size_t k = 0; k < std::min(scored.size(), kMaxSuggestions); ++k)
      result[i].push_back(unexpected[scored[k].second].name);
  }
  return result;
}

std::string suggestRule(const std::vector<Unmatched> &missing,
                        const std::vector<Unmatched> &unexpected, bool mayAdd) {
  std::map<std::string, size_t> votes;
  forEachPrefix(unexpected, tableOf(missing), [&](const std::string &prefix) {
    ++votes["^" + escapeRegex(prefix) + "="];
  });
  if (mayAdd)
    forEachPrefix(missing, tableOf(unexpected),
                  [&](const std::string &prefix) { ++votes["^=" + prefix]; });
  std::string best;
  size_t most = 0;
  for (const auto &[rule, count] : votes)
    if (count > most) {
      best = rule;
      most = count;
    }
  return best;
}

} // namespace mscrt
