# SPDX-License-Identifier: Apache-2.0
"""The results as a page: how it was measured, means, tables, charts."""
from pathlib import Path

import chart
import results
from results import NAMES, PEERS, THREADS

MEGABYTE = 1 << 20
TITLES = {"onnx": "ONNX models", "mindir": "MindIR models"}
GROUPS = {"models": "trained models", "networks": "large networks"}
FAMILIES = {
    "ResNet-18 and 50, VGG-16": ("resnet18", "resnet50", "vgg16"),
    "BERT-base 128, ViT-B/16, Swin-T, GPT-2 prefill": ("bert_base_128", "vit_b_16", "swin_t", "gpt2_prefill_128"),
    "GPT-2 decode": ("gpt2_decode_128",),
    "MobileNet v2 and v3, EfficientNet-B0": ("mobilenet_v2", "mobilenet_v3_large", "efficientnet_b0"),
    "some microseconds: mnist, cifar, lenet, dtln": ("mnist-8", "mnist-cnn-pytorch", "cifar-cnn-winml", "lenet-openvino", "dtln-1"),
}
HOW = """\
Each contender ran alone in a process of its own, contenders took turns, figures are medians of {rounds}. A
reference loop ran between them; a round in which it took more than {limit} times its best was repeated, and where
that did not help, the column *rounds* says how many disturbed ones are in the medians.

- *ms*: median latency of a run, in the order of the heading, measured alike by all: three runs to warm up, then at
  least ten and one second. ONNX Runtime and OpenVINO are called through their C APIs, outputs written to the same
  buffers every time; both are told the shapes that the model leaves open. OpenVINO: `INFERENCE_PRECISION_HINT=f32`,
  `PERFORMANCE_HINT=LATENCY`, one stream. MindSpore is called from Python and limited to its processors by affinity;
  the second figure is with `ONEDNN_MAX_CPU_ISA=AVX2`, with which its convolutions are faster on some machines;
- *peer / msc*: the peers' latency over msc's, above 1 where msc is faster;
- *difference*: largest difference of the outputs to those of ONNX Runtime on one thread (MindIR: MindSpore), relative
  to the largest magnitude of the output; first msc's, then the other peer's;
- *compile*: `msc-compile` from start to exit on all cores, without and with its cache, and its peak memory;
- *first answer*: a process that loads the model and runs it once, from start to exit, one thread; MindSpore's without
  starting Python;
- *peak*: most resident memory of the process while measured, one thread; MindSpore's holds Python;
- *arena*, *weights*: what msc holds for intermediate values and for packed parameters.
"""


def joined(cells):
    return " / ".join(cells)


def milliseconds(seconds):
    if seconds is None:
        return "-"
    value = 1e3 * seconds
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def megabytes(size):
    return "-" if size is None else f"{size / MEGABYTE:.2f}" if size < MEGABYTE else f"{size / MEGABYTE:.1f}"


def factor(value):
    return "-" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def error_text(value):
    return "-" if value is None else f"{value:.1e}"


def rounds_text(record):
    states = [results.disturbed(record, threads) for threads in THREADS]
    count = min((used for _, used, _ in states if used), default=0)
    bad, again = sum(state[0] for state in states), sum(state[2] for state in states)
    remarks = [f"{bad} disturbed"] * bool(bad) + [f"{again} repeated"] * bool(again)
    return str(count) + (f" ({', '.join(remarks)})" if remarks else "")


def row(name, record):
    """One line of the table."""
    peers = PEERS[record["kind"]]
    everyone = ("msc", *peers)
    cells = [name.split("/")[-1]]
    for threads in THREADS:
        cells.append(joined(milliseconds(results.latency(record, who, threads)) for who in everyone))
        cells.append(joined(factor(results.ratio(record, who, threads)) for who in peers))
    compiled = record.get("compile", {})
    times = [f"{compiled[key]:.2f}" if compiled else "-" for key in ("seconds", "cached")]
    cells.append(joined(error_text(record["contenders"].get(who, {}).get("difference")) for who in ("msc", *peers[1:])))
    cells += [joined(times), megabytes(compiled.get("memory"))]
    cells.append(joined(milliseconds(results.median(record, who, "first")) for who in everyone))
    cells.append(joined(megabytes(results.median(record, who, "memory")) for who in everyone))
    cells += [megabytes(record.get("arena")), megabytes(record.get("weights")), rounds_text(record)]
    return f"| {' | '.join(cells)} |"


def table(kind, models):
    peers = joined(NAMES[who] for who in PEERS[kind])
    yield (f"| model | 1 thread, ms: msc / {peers} | peer / msc | 2 threads, ms | peer / msc | difference | "
           "compile s, cold / cached | compile MB | first answer ms | peak MB | arena MB | weights MB | rounds |")
    yield "|---|" + "--:|" * 11 + "---|"
    for name, record in models.items():
        yield row(name, record)


def mean_text(models, who, threads):
    mean, count = results.geometric_mean(models.values(), who, threads)
    return "-" if mean is None else f"{factor(mean)} ({count})"


def means(kind, selections):
    """Geometric means of `selections`, [(title, models)], and their worst models."""
    heading = " | ".join(NAMES[who] for who in PEERS[kind])
    yield f"| models | threads | {heading} | the faster of them | slower | by over 10 % | least ratio |"
    yield "|---|--:|" + "--:|" * (len(PEERS[kind]) + 3) + "---|"
    for title, models in selections:
        for threads in THREADS:
            cells = [mean_text(models, who, threads) for who in (*PEERS[kind], "best")]
            cells += [str(len(results.slower(models, threads, margin))) for margin in (0.0, 0.1)]
            least = [f"{value:.2f} {name.split('/')[-1]} ({NAMES[who]})" for value, who, name in results.worst(models, threads)]
            yield f"| {title} | {threads} | {' | '.join(cells)} | {least[0] if least else '-'} |"


def selections_of(state, kind):
    """[(title, models)]: all, by where they come from, by family."""
    models = results.of_kind(state, kind)
    found = [("all", models)]
    if kind == "onnx":
        found += [(title, results.of_kind(state, kind, group)) for group, title in GROUPS.items()]
        found += [(title, {name: models[name] for name in names if name in models}) for title, names in FAMILIES.items()]
    return [(title, selected) for title, selected in found if selected]


def overheads(models):
    """What msc needs beyond what the model itself does."""
    memory, load = results.largest(models, results.resident_beyond), results.largest(models, results.load_beyond)
    if memory:
        yield f"Peak resident memory of msc beyond weights and arena: at most {megabytes(max(memory[0], 0))} MB ({memory[1].split('/')[-1]})."
    if load:
        yield f"First answer of msc beyond one ordinary run: at most {milliseconds(max(load[0], 0))} ms ({load[1].split('/')[-1]})."


def section(state, kind):
    """Heading, means, chart and table of one kind of models."""
    models = results.of_kind(state, kind)
    if not models:
        return
    yield from ("", f"## {TITLES[kind]}", "")
    yield "Geometric means of the peers' latency over msc's (number of models), and how many models are slower than their best peer."
    yield ""
    yield from means(kind, selections_of(state, kind))
    yield from ("", *overheads(models))
    yield from ("", f"![Ratio to the best peer, {TITLES[kind]}](performance-{kind}.svg)", "")
    yield from table(kind, models)
    failed = [f"- {name}: {NAMES[who]}: {text}" for name, record in models.items() for who, text in record["errors"].items()]
    if failed:
        yield from ("", "Not measured:", "", *failed)


def missing(state):
    """What is not in the results."""
    if not results.of_kind(state, "onnx", "networks"):
        yield "The large networks were not measured (`--networks`)."
    if not results.of_kind(state, "mindir"):
        yield "The MindIR models were not measured."


def introduction(state):
    machine, versions = state["machine"], state["versions"]
    caches = ", ".join(machine["caches"])
    yield f"Measured on {state['date']}: {machine['cpu']}, {machine['cores']} cores ({machine['architecture']}: {', '.join(machine['isa'])}" + \
        (f"; {caches})." if caches else ").")
    yield "Versions: " + ", ".join(f"{NAMES[who]} {version}" for who, version in versions.items()) + "."
    yield ""
    yield HOW.format(rounds=f"{state['rounds']} round{'s'[:state['rounds'] - 1]}", limit=results.LIMIT).rstrip()
    for note in missing(state):
        yield from ("", note)


def text(state):
    lines = ["# Performance", "", "<!-- Written by `bench/run --write`; edit bench/speed/page.py, not this page. -->", ""]
    lines += introduction(state)
    for kind in PEERS:
        lines += section(state, kind)
    return "\n".join(lines) + "\n"


def progress(name, record):
    """One line while measuring."""
    ratios = [f"{threads}T " + joined(factor(results.ratio(record, who, threads)) for who in PEERS[record["kind"]])
              for threads in THREADS]
    errors = [f"{who} failed: {message}" for who, message in record["errors"].items()]
    return f"{name}: {', '.join(ratios)} (rounds: {rounds_text(record)})" + "".join(f"; {error}" for error in errors)


def write(state, folder):
    """Writes the page and a chart per kind of models; returns the files."""
    folder = Path(folder)
    (folder / "Performance.md").write_text(text(state))
    files = [folder / "Performance.md"]
    for kind, title in TITLES.items():
        models = results.of_kind(state, kind)
        if models:
            files.append(folder / f"performance-{kind}.svg")
            files[-1].write_text(chart.bars(f"{title}: latency of the best peer over msc's", models))
    return files
