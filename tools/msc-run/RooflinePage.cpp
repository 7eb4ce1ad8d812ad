// SPDX-License-Identifier: Apache-2.0
//
/// \file The page of --roofline=FILE.html: plots and a table in one file,
/// without scripts.
#include "Roofline.h"

#include <algorithm>
#include <cmath>

using namespace msc::run;

namespace {

const char style[] = R"(<style>
:root { color-scheme: light dark; --back: #fbfbf9; --card: #fff; --ink: #1d2330;
  --dim: #667085; --line: #e3e5ea; --scheduled: #2f6fde; --generic: #e0762b;
  --layout: #9a5bc8; --rest: #e9edf5; }
@media (prefers-color-scheme: dark) { :root { --back: #14171d; --card: #1c2028;
  --ink: #e8eaf0; --dim: #98a2b3; --line: #303642; --scheduled: #6c9dff;
  --generic: #f39a55; --layout: #c18ae8; --rest: #2b313d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 0 0 6px; }
p { color: var(--dim); margin: 0 0 14px; }
section { background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: 18px 20px; margin-top: 18px; overflow-x: auto; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 18px; }
.tile { background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: 10px 16px; flex: 1 1 130px; }
.tile b { display: block; font-size: 20px; } .tile span { color: var(--dim); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--dim); font: 12px system-ui, sans-serif; }
svg .name { fill: var(--ink); }
.grid { stroke: var(--line); } .roof { stroke: var(--ink); stroke-width: 2;
  fill: none; } .level { stroke: var(--dim); stroke-dasharray: 5 4; fill: none; }
.k0 { fill: var(--scheduled); } .k1 { fill: var(--generic); }
.k2 { fill: var(--layout); } .rest { fill: var(--rest); }
circle { fill-opacity: .72; stroke: var(--card); }
.key { display: inline-block; width: 11px; height: 11px; border-radius: 6px;
  margin: 0 5px 0 14px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; color: var(--dim); font-weight: 600; }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
td.n, th.n { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
</style>
)";

std::string escaped(const std::string &text) {
  std::string result;
  for (char c : text) {
    if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '&')
      result += "&amp;";
    else if (c == '"')
      result += "&quot;";
    else
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

template <typename... Values>
std::string format(const char *pattern, Values... values) {
  char text[512];
  snprintf(text, sizeof(text), pattern, values...);
  return text;
}

/// Text of at most \p width bytes that does not end within a character.
std::string shortened(const std::string &text, size_t width) {
  if (text.size() <= width)
    return text;
  size_t end = width - 2;
  while (end && (text[end] & 0xc0) == 0x80)
    --end;
  return text.substr(0, end) + "..";
}

std::string seconds(double value) { return durationText(value * 1e9); }

/// What a row is called where there is room for one name.
const std::string &label(const RooflineRow &row) {
  return row.source.empty() ? row.kernel : row.source;
}

std::string tooltip(const RooflineRow &row) {
  std::string text =
      row.kernel + "\n" + row.source + "\n" + row.schedule + ", " +
      seconds(row.seconds) +
      format(", %.1f GFLOP/s, %.1f GB/s, %.0f %% of %s",
             row.flops / row.seconds / 1e9, row.bytes / row.seconds / 1e9,
             100 * row.share, row.isMemoryBound ? row.level.c_str() : "fma");
  if (!row.reason.empty())
    text += "\n" + row.reason;
  return "<title>" + escaped(text) + "</title>";
}

/// Axes of powers of two (operations per byte) and of ten (GFLOP/s).
class Plot {
public:
  explicit Plot(const Roofline &roofline);
  std::string svg() const;

private:
  static constexpr double left = 64, right = 980, top = 16, bottom = 400;
  double x(double intensity) const {
    double position = (std::log2(intensity) - lowX) / (highX - lowX);
    return left + (right - left) * std::clamp(position, 0.0, 1.0);
  }
  double y(double flops) const {
    double position = (std::log10(flops / 1e9) - lowY) / (highY - lowY);
    return bottom - (bottom - top) * std::clamp(position, 0.0, 1.0);
  }
  std::string axes() const;
  std::string ceilings() const;
  std::string points() const;

  const Roofline &roofline;
  double lowX = -4, highX = 8, lowY, highY;
};

Plot::Plot(const Roofline &roofline) : roofline(roofline) {
  double peak = roofline.machine.flopsPerSecond / 1e9;
  highY = std::log10(peak * 1.6);
  double low = peak / 1000;
  for (const RooflineRow &row : roofline.rows) {
    if (row.flops <= 0 || row.bytes <= 0)
      continue;
    low = std::min(low, row.flops / row.seconds / 1e9);
    highX = std::max(highX, std::log2(row.flops / row.bytes) + 0.5);
  }
  lowY = std::max(std::floor(std::log10(low)), highY - 6);
}

std::string Plot::axes() const {
  std::string text;
  for (int i = int(std::ceil(lowX)); i <= highX; i += 2) {
    double at = x(std::exp2(i));
    text += format("<line class='grid' x1='%.1f' x2='%.1f' y1='%g' y2='%g'/>",
                   at, at, top, bottom);
    text += format("<text x='%.1f' y='%g' text-anchor='middle'>%g</text>", at,
                   bottom + 18, std::exp2(i));
  }
  for (int i = int(std::ceil(lowY)); i <= highY; ++i) {
    double at = y(std::pow(10, i) * 1e9);
    text += format("<line class='grid' x1='%g' x2='%g' y1='%.1f' y2='%.1f'/>",
                   left, right, at, at);
    text += format("<text x='%g' y='%.1f' text-anchor='end'>%g</text>",
                   left - 8, at + 4, std::pow(10, i));
  }
  text += format("<text x='%g' y='%g' text-anchor='end'>floating-point "
                 "operations per byte</text>",
                 right, bottom + 36);
  return text +
         format("<text x='%g' y='%g'>GFLOP/s</text>", left + 6, top + 12);
}

std::string Plot::ceilings() const {
  const MachineSpeed &machine = roofline.machine;
  double peak = machine.flopsPerSecond;
  std::string text;
  for (const MachineSpeed::Level &level : machine.levels) {
    // From the lower or the left edge up to where the units are the limit.
    double begin = std::max(std::exp2(lowX),
                            std::pow(10, lowY) * 1e9 / level.bytesPerSecond),
           ridge = peak / level.bytesPerSecond;
    text +=
        format("<line class='level' x1='%.1f' y1='%.1f' x2='%.1f' "
               "y2='%.1f'/>",
               x(begin), y(begin * level.bytesPerSecond), x(ridge), y(peak));
  }
  double corner = peak / machine.levels.front().bytesPerSecond;
  text += format("<line class='roof' x1='%.1f' y1='%.1f' x2='%g' y2='%.1f'/>",
                 x(corner), y(peak), right, y(peak));
  return text + format("<text x='%g' y='%.1f' text-anchor='end'>%.0f GFLOP/s "
                       "(%s, %u threads)</text>",
                       right, y(peak) - 6, peak / 1e9, machine.unit.c_str(),
                       machine.threads);
}

/// Names of the levels, over everything else.
std::string Plot::points() const {
  std::string text;
  double longest = roofline.rows.empty() ? 1 : roofline.rows.front().seconds;
  for (const RooflineRow &row : roofline.rows)
    if (row.flops > 0 && row.bytes > 0)
      text += format("<circle class='k%d' cx='%.1f' cy='%.1f' r='%.1f'>",
                     int(row.kind()), x(row.flops / row.bytes),
                     y(row.flops / row.seconds),
                     3 + 11 * std::sqrt(row.seconds / longest)) +
              tooltip(row) + "</circle>\n";
  // One below the other, along lines that may lie close together.
  double place = 0.28;
  for (const MachineSpeed::Level &level : roofline.machine.levels) {
    double begin = std::max(std::exp2(lowX),
                            std::pow(10, lowY) * 1e9 / level.bytesPerSecond),
           ridge = roofline.machine.flopsPerSecond / level.bytesPerSecond;
    double at = std::exp2(std::log2(begin) +
                          place * (std::log2(ridge) - std::log2(begin)));
    text += format("<text class='name' x='%.1f' y='%.1f'>%s %.0f GB/s</text>",
                   x(at) + 10, y(at * level.bytesPerSecond) + 14, level.name,
                   level.bytesPerSecond / 1e9);
    place += 0.2;
  }
  return text;
}

std::string Plot::svg() const {
  return "<svg viewBox='0 0 1000 446' role='img'>" + axes() + ceilings() +
         points() + "</svg>";
}

/// The longest rows; the filled part of a bar is what the machine would need.
std::string bars(const Roofline &roofline) {
  constexpr size_t most = 30;
  constexpr double left = 330, width = 560, height = 22;
  size_t count = std::min(roofline.rows.size(), most);
  std::string text =
      format("<svg viewBox='0 0 1000 %g' role='img'>", height * double(count));
  for (size_t i = 0; i < count; ++i) {
    const RooflineRow &row = roofline.rows[i];
    double whole = width * row.seconds / roofline.rows.front().seconds,
           at = height * double(i);
    text += format("<g><rect class='rest' x='%g' y='%g' width='%.1f' "
                   "height='16' rx='3'/>",
                   left, at + 3, whole);
    text +=
        format("<rect class='k%d' x='%g' y='%g' width='%.1f' height='16' "
               "rx='3'/>",
               int(row.kind()), left, at + 3, whole * std::min(row.share, 1.0));
    text += format("<text class='name' x='%g' y='%g' text-anchor='end'>",
                   left - 8, at + 15) +
            escaped(shortened(label(row), 44)) + "</text>";
    text += format("<text x='%.1f' y='%g'>", left + whole + 7, at + 15) +
            seconds(row.seconds) + format(", %.0f %%", 100 * row.share) +
            "</text>" + tooltip(row) + "</g>\n";
  }
  return text + "</svg>";
}

std::string tableRow(const RooflineRow &row) {
  auto cell = [](const std::string &text) {
    return "<td>" + escaped(text) + "</td>";
  };
  auto number = [](const std::string &text) {
    return "<td class='n'>" + text + "</td>";
  };
  std::string launches =
      row.launches > 1 ? " x" + std::to_string(row.launches) : "";
  return "<tr>" + cell(row.kernel + launches) + cell(row.source) +
         cell(row.schedule) + number(seconds(row.seconds)) +
         number(format("%.1f", row.flops / row.seconds / 1e9)) +
         number(format("%.1f", row.bytes / row.seconds / 1e9)) +
         number(format("%.0f %% of %s", 100 * row.share,
                       row.isMemoryBound ? row.level.c_str() : "fma")) +
         cell(row.reason) + "</tr>\n";
}

std::string table(const Roofline &roofline) {
  std::string text =
      "<table><thead><tr><th>Kernel</th><th>Source nodes</th><th>Schedule</th>"
      "<th class='n'>Time</th><th class='n'>GFLOP/s</th><th class='n'>GB/s</th>"
      "<th class='n'>Of the machine</th><th>Why low</th></tr></thead><tbody>\n";
  for (const RooflineRow &row : roofline.rows)
    text += tableRow(row);
  return text + "</tbody></table>";
}

std::string tiles(const Roofline &roofline) {
  double flops = 0, best = 0, generic = 0, layout = 0, all = 0;
  for (const RooflineRow &row : roofline.rows) {
    flops += row.flops;
    all += row.seconds;
    best += row.seconds * std::min(row.share, 1.0);
    generic += row.kind() == RooflineRow::Generic ? row.seconds : 0;
    layout += row.kind() == RooflineRow::Layout ? row.seconds : 0;
  }
  auto tile = [](const std::string &value, const char *name) {
    return "<div class='tile'><b>" + value + "</b><span>" + name +
           "</span></div>";
  };
  auto percent = [&](double part) {
    return format("%.0f %%", all > 0 ? 100 * part / all : 0);
  };
  return "<div class='tiles'>" + tile(seconds(roofline.runSeconds), "one run") +
         tile(format("%.1f", flops / roofline.runSeconds / 1e9), "GFLOP/s") +
         tile(percent(best), "of what the machine gives") +
         tile(percent(generic), "of the time in generic schedules") +
         tile(percent(layout), "of the time in layout changes") + "</div>";
}

const char key[] =
    "<p><span class='key' style='background:var(--scheduled)'></span>schedule "
    "of its own<span class='key' style='background:var(--generic)'></span>"
    "generic schedule<span class='key' style='background:var(--layout)'></span>"
    "layout change</p>";

} // namespace

std::string msc::run::rooflinePage(const Roofline &roofline) {
  std::string name = escaped(roofline.model);
  std::string text =
      "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
      "<meta name='viewport' content='width=device-width'><title>Roofline of " +
      name + "</title>\n" + style + "</head><body><main>\n<h1>" + name +
      "</h1><p>Each kernel's speed beside what this machine was measured to "
      "give.</p>\n" +
      tiles(roofline);
  text += "<section><h2>Roofline</h2><p>A point is a kernel, the larger the "
          "more time it takes; the dashed lines are what each level of memory "
          "can feed.</p>" +
          std::string(key) + Plot(roofline).svg() + "</section>\n";
  text +=
      "<section><h2>Time per kernel</h2><p>The filled part is the time that "
      "the machine needs at best.</p>" +
      bars(roofline) + "</section>\n";
  return text + "<section><h2>All kernels</h2>" + table(roofline) +
         "</section>\n</main></body></html>\n";
}
