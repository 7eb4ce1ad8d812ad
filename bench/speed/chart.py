# SPDX-License-Identifier: Apache-2.0
"""A bar chart as SVG: per model the ratio to the best peer, on a logarithmic axis."""
import math
from xml.sax.saxutils import escape

import results
from results import NAMES, THREADS

LABELS, PLOT, VALUES = 220, 460, 150  # widths: names, bars, figures
BAR, GAP, TOP = 9, 8, 62
COLOURS = {1: ("#2a78b5", "#d9822b"), 2: ("#8fc1e3", "#f0bd86")}  # faster, slower


def axis(values):
    """Powers of two that hold all values and 1 in between."""
    low = min([*values, 0.5])
    high = max([*values, 2.0])
    return math.floor(math.log2(low)), math.ceil(math.log2(high))


def label(value):
    return f"{value:g}"


def text(x, y, content, anchor="start", extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{extra}>{escape(content)}</text>'


def legend():
    x = LABELS
    for threads in THREADS:
        faster, slower = COLOURS[threads]
        yield f'<rect x="{x}" y="32" width="{BAR}" height="{BAR}" fill="{faster}"/>'
        yield f'<rect x="{x + BAR + 2}" y="32" width="{BAR}" height="{BAR}" fill="{slower}"/>'
        yield text(x + 2 * BAR + 8, 40, f"{threads} thread{'s' if threads > 1 else ''}: msc faster, slower")
        x += 210


def grid(low, high, bottom):
    for power in range(low, high + 1):
        x = LABELS + PLOT * (power - low) / (high - low)
        colour, width = ("#333", 1.2) if power == 0 else ("#ddd", 0.8)
        yield f'<line x1="{x:.1f}" y1="{TOP - 4}" x2="{x:.1f}" y2="{bottom}" stroke="{colour}" stroke-width="{width}"/>'
        yield text(x, TOP - 8, label(2.0 ** power), "middle")


def model_bars(name, record, y, low, high):
    one = LABELS - PLOT * low / (high - low)
    yield text(LABELS - 6, y + BAR + 3, name.split("/")[-1], "end")
    for i, threads in enumerate(THREADS):
        best = results.best_peer(record, threads)
        if not best:
            continue
        x = one + PLOT * math.log2(best[0]) / (high - low)
        left, width = min(x, one), max(abs(x - one), 1.0)
        colour = COLOURS[threads][0 if best[0] >= 1 else 1]
        yield f'<rect x="{left:.1f}" y="{y + i * BAR}" width="{width:.1f}" height="{BAR - 1}" fill="{colour}"/>'
        yield text(max(x, one) + 4, y + i * BAR + BAR - 1, f"{best[0]:.2f} {NAMES[best[1]]}", extra=' font-size="9"')


def bars(title, models):
    """The chart of `models`, the highest ratio on one thread first."""
    ratios = {name: [best[0] for best in (results.best_peer(record, threads) for threads in THREADS) if best]
              for name, record in models.items()}
    order = sorted((name for name in models if ratios[name]), key=lambda name: (-ratios[name][0], name))
    low, high = axis([value for name in order for value in ratios[name]])
    step = len(THREADS) * BAR + GAP
    bottom = TOP + step * len(order)
    width, height = LABELS + PLOT + VALUES, bottom + 8
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
             'font-family="sans-serif" font-size="11" fill="#222">',
             f'<rect width="{width}" height="{height}" fill="#fff"/>',
             text(LABELS, 20, title, extra=' font-size="14" font-weight="bold"')]
    lines += [*legend(), *grid(low, high, bottom)]
    for i, name in enumerate(order):
        lines += model_bars(name, models[name], TOP + i * step + GAP // 2, low, high)
    return "\n".join([*lines, "</svg>"]) + "\n"
