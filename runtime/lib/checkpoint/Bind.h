// SPDX-License-Identifier: Apache-2.0
//
/// \file The parts of matching a checkpoint with a model.
#ifndef MSCRT_LIB_CHECKPOINT_BIND_H
#define MSCRT_LIB_CHECKPOINT_BIND_H

#include "mscrt/checkpoint.h"
#include <regex>

namespace mscrt {

/// The rename rules of BindOptions, compiled.
class Renamer {
public:
  bool parse(const std::vector<std::string> &rules, std::string &error);
  /// What \p name becomes. False if a rule is too complex for it.
  bool apply(const std::string &name, std::string &renamed,
             std::string &error) const;

private:
  struct Rule {
    std::string text;
    std::regex pattern;
    std::string replacement;
  };
  std::vector<Rule> rules;
};

/// Equal, or a scalar and one element: MindSpore writes and reads both.
bool sameShape(const std::vector<int64_t> &a, const std::vector<int64_t> &b);

/// True for the names MindSpore's optimizers and callbacks add to a checkpoint.
bool isOptimizerState(const std::string &name);

/// A name that found no partner.
struct Unmatched {
  std::string name;
  mscrt_dtype dtype;
  std::vector<int64_t> shape;
};

/// For each of the first names of \p missing, up to three of \p unexpected that
/// look alike, the best first. The work is bounded; what does not fit in is
/// left without a suggestion.
std::vector<std::vector<std::string>>
findNearNames(const std::vector<Unmatched> &missing,
              const std::vector<Unmatched> &unexpected);

/// The rule that removes (or, with \p mayAdd, adds) a leading part of names and
/// so binds most of \p missing; "" if there is none.
std::string suggestRule(const std::vector<Unmatched> &missing,
                        const std::vector<Unmatched> &unexpected, bool mayAdd);

} // namespace mscrt

#endif // MSCRT_LIB_CHECKPOINT_BIND_H
