// SPDX-License-Identifier: Apache-2.0
//
/// \file How fast each stage of a model runs beside what the machine gives.
#ifndef MSC_TOOLS_MSC_RUN_ROOFLINE_H
#define MSC_TOOLS_MSC_RUN_ROOFLINE_H

#include "Json.h"
#include "MachineSpeed.h"

#include "mscrt/mscrt.h"

namespace msc::run {

/// One stage over a whole run, in which it may be launched several times.
struct RooflineRow {
  std::string kernel, source, schedule, note;
  uint64_t launches = 0;
  double seconds = 0;          // of a run, the best one
  double flops = 0, bytes = 0; // of a run
  bool isOneTask = false;      // one core computes it
  /// The level of memory that holds what one launch touches.
  std::string level;
  double levelBytesPerSecond = 0;
  /// The time that the machine needs at best, of `seconds`, and whether that is
  /// the memory's.
  double share = 0;
  bool isMemoryBound = false;
  std::string reason; // why the share is low; "" where it is not

  /// What it is drawn as.
  enum Kind { Scheduled, Generic, Layout };
  Kind kind() const;
};

struct Roofline {
  std::string model; // its file's name
  MachineSpeed machine;
  double runSeconds = 0;         // the best run
  std::vector<RooflineRow> rows; // longest first
};

/// The stages of runs, each run's slices as mscrt_context_get_profile gives
/// them.
class RooflineBuilder {
public:
  explicit RooflineBuilder(const mscrt_model &model);
  void addRun(const std::vector<mscrt_slice> &slices);
  Roofline finish(MachineSpeed machine) const;

private:
  struct Stage {
    uint64_t launches = 0;
    double seconds = 0;
  };
  const mscrt_model &model;
  std::vector<Stage> best; // per stage
  double bestRun = 0;
};

/// The table for terminals.
std::string rooflineText(const Roofline &roofline);
/// As members of the object that is open in \p json.
void writeRoofline(Json &json, const Roofline &roofline);
/// One page of HTML that needs no other file.
std::string rooflinePage(const Roofline &roofline);

/// "1.2 ms" and the like.
std::string durationText(double ns);

} // namespace msc::run

#endif // MSC_TOOLS_MSC_RUN_ROOFLINE_H
