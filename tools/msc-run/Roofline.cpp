// SPDX-License-Identifier: Apache-2.0
//
/// \file Adds up a profile by stages, compares them with the ceilings, and
/// prints the result as text and as JSON.
#include "Roofline.h"

#include <algorithm>
#include <map>

using namespace msc::run;

namespace {

/// What is called low.
constexpr double lowShare = 0.6;
/// Launches shorter than this are mostly getting started.
constexpr double smallSeconds = 10e-6;

std::string orEmpty(const char *text) { return text ? text : ""; }

bool startsWith(const std::string &text, const char *with) {
  return text.rfind(with, 0) == 0;
}

std::string reasonOf(const RooflineRow &row, unsigned threads) {
  std::string text;
  auto add = [&](const std::string &part) {
    text += (text.empty() ? "" : "; ") + part;
  };
  if (row.isMemoryBound)
    add("memory-bound");
  if (row.kind() == RooflineRow::Scheduled && !row.note.empty())
    add(row.note);
  if (row.share >= lowShare)
    return text;
  if (row.seconds / double(row.launches) < smallSeconds)
    add("small");
  else if (row.isOneTask && threads > 1)
    add("one core");
  if (row.kind() == RooflineRow::Layout)
    add(row.note);
  else if (row.kind() == RooflineRow::Generic)
    add("generic schedule: " + row.note);
  return text;
}

void compare(RooflineRow &row, const MachineSpeed &machine) {
  const MachineSpeed::Level &level =
      machine.levelOf(uint64_t(row.bytes / double(row.launches)));
  row.level = level.name;
  row.levelBytesPerSecond = level.bytesPerSecond;
  double compute = row.flops / machine.flopsPerSecond,
         memory = row.bytes / level.bytesPerSecond;
  row.isMemoryBound = memory > compute;
  row.share = row.seconds > 0 ? std::max(compute, memory) / row.seconds : 0;
  row.reason = reasonOf(row, machine.threads);
}

/// \p text of at most \p width characters.
std::string fit(const std::string &text, size_t width) {
  if (text.size() <= width)
    return text + std::string(width - text.size(), ' ');
  return text.substr(0, width - 2) + "..";
}

template <typename... Values>
std::string format(const char *pattern, Values... values) {
  char text[256];
  snprintf(text, sizeof(text), pattern, values...);
  return text;
}

std::string rowText(const RooflineRow &row) {
  std::string launches =
      row.launches > 1 ? " x" + std::to_string(row.launches) : "";
  std::string source = row.source.empty() ? "-" : row.source;
  return fit(row.kernel + launches, 34) + " " + fit(source, 28) + " " +
         fit(row.schedule, 11) +
         format(" %10s %8.1f %7.1f %4.0f %% %-6s ",
                durationText(row.seconds * 1e9).c_str(),
                row.flops / row.seconds / 1e9, row.bytes / row.seconds / 1e9,
                100 * row.share,
                row.isMemoryBound ? row.level.c_str() : "fma") +
         row.reason + "\n";
}

} // namespace

RooflineRow::Kind RooflineRow::kind() const {
  if (startsWith(note, "layout change"))
    return Layout;
  return schedule == "generic" ? Generic : Scheduled;
}

RooflineBuilder::RooflineBuilder(const mscrt_model &model)
    : model(model), best(model.num_stages) {}

void RooflineBuilder::addRun(const std::vector<mscrt_slice> &slices) {
  struct Launch {
    uint32_t stage;
    uint64_t begin, end;
  };
  std::map<uint64_t, Launch> launches;
  for (const mscrt_slice &slice : slices) {
    double seconds = double(slice.end - slice.begin) * 1e-9;
    if (slice.stage == MSCRT_WHOLE_RUN) {
      bestRun = bestRun > 0 ? std::min(bestRun, seconds) : seconds;
      continue;
    }
    auto [found, isNew] =
        launches.insert({slice.launch, {slice.stage, slice.begin, slice.end}});
    found->second.begin = std::min(found->second.begin, slice.begin);
    found->second.end = std::max(found->second.end, slice.end);
  }
  std::vector<Stage> stages(best.size());
  for (const auto &[number, launch] : launches) {
    ++stages[launch.stage].launches;
    stages[launch.stage].seconds += double(launch.end - launch.begin) * 1e-9;
  }
  for (size_t i = 0; i < stages.size(); ++i)
    if (stages[i].launches &&
        (!best[i].launches || stages[i].seconds < best[i].seconds))
      best[i] = stages[i];
}

Roofline RooflineBuilder::finish(MachineSpeed machine) const {
  Roofline roofline;
  roofline.machine = std::move(machine);
  roofline.runSeconds = bestRun;
  for (uint32_t i = 0; i < model.num_stages; ++i) {
    if (!best[i].launches)
      continue;
    const mscrt_stage_desc &stage = model.stages[i];
    RooflineRow row;
    row.kernel = orEmpty(stage.name);
    row.source = orEmpty(stage.source);
    row.schedule = orEmpty(stage.schedule);
    row.note = orEmpty(stage.note);
    row.launches = best[i].launches;
    row.seconds = std::max(best[i].seconds, 1e-9);
    row.flops = stage.flops * double(row.launches);
    row.bytes = double(stage.bytes) * double(row.launches);
    row.isOneTask = uint64_t(stage.grid[0]) * stage.grid[1] * stage.grid[2] < 2;
    compare(row, roofline.machine);
    roofline.rows.push_back(std::move(row));
  }
  std::sort(roofline.rows.begin(), roofline.rows.end(),
            [](const auto &a, const auto &b) {
              return a.seconds != b.seconds ? a.seconds > b.seconds
                                            : a.kernel < b.kernel;
            });
  return roofline;
}

std::string msc::run::rooflineText(const Roofline &roofline) {
  const MachineSpeed &machine = roofline.machine;
  std::string text =
      format("this machine, %u threads: %.1f GFLOP/s (%s)", machine.threads,
             machine.flopsPerSecond / 1e9, machine.unit.c_str());
  for (const MachineSpeed::Level &level : machine.levels)
    text += format(", %s %.1f GB/s", level.name, level.bytesPerSecond / 1e9);
  text += "\n" + fit("kernel", 34) + " " + fit("source nodes", 28) + " " +
          fit("schedule", 11) +
          "       time  GFLOP/s    GB/s  of the machine why low\n";
  double all = 0, flops = 0, shown = 0;
  for (const RooflineRow &row : roofline.rows) {
    all += row.seconds;
    flops += row.flops;
  }
  size_t count = 0;
  for (const RooflineRow &row : roofline.rows) {
    if (shown > 0.99 * all)
      break;
    text += rowText(row);
    shown += row.seconds;
    ++count;
  }
  if (count < roofline.rows.size())
    text +=
        format("and %zu that take %s together\n", roofline.rows.size() - count,
               durationText((all - shown) * 1e9).c_str());
  return text +
         format("run: %s, %.1f GFLOP/s, %.0f %% of the machine's\n",
                durationText(roofline.runSeconds * 1e9).c_str(),
                flops / roofline.runSeconds / 1e9,
                100 * flops / roofline.runSeconds / machine.flopsPerSecond);
}

void msc::run::writeRoofline(Json &json, const Roofline &roofline) {
  const MachineSpeed &machine = roofline.machine;
  json.key("roofline").open('{').key("unit").value(machine.unit);
  json.key("threads").value(machine.threads);
  json.key("flops_per_second").value(machine.flopsPerSecond);
  json.key("bytes_per_second").open('{');
  for (const MachineSpeed::Level &level : machine.levels)
    json.key(level.name).value(level.bytesPerSecond);
  json.close('}').key("run_ns").value(roofline.runSeconds * 1e9);
  json.key("kernels").open('[');
  for (const RooflineRow &row : roofline.rows) {
    json.open('{').key("kernel").value(row.kernel);
    json.key("source").value(row.source);
    json.key("schedule").value(row.schedule);
    json.key("note").value(row.note);
    json.key("launches").value(row.launches);
    json.key("ns").value(row.seconds * 1e9);
    json.key("flops").value(row.flops).key("bytes").value(row.bytes);
    json.key("level").value(row.level);
    json.key("memory_bound").value(row.isMemoryBound);
    json.key("share").value(row.share);
    json.key("reason").value(row.reason).close('}');
  }
  json.close(']').close('}');
}
