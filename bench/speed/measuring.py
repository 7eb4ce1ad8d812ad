# SPDX-License-Identifier: Apache-2.0
"""Measures one model with all its contenders."""
import tempfile
from pathlib import Path

import contenders
import models
import rounds
from results import PEERS


class Measurement:
    """Collects the record of one model; see results.py for its form."""

    def __init__(self, setup, model, scratch):
        self.setup, self.model = setup, model
        inputs = models.prepare(model, scratch)
        self.msc = contenders.Msc(setup.build, model, inputs, scratch)
        self.runners, self.answers, self.threads = {"msc": self.msc}, {}, 1
        for who in PEERS[model.kind]:
            if model.kind == "onnx":
                self.runners[who] = contenders.Native(who, setup.programs[who], model, inputs, scratch)
            else:
                self.runners[who] = contenders.MindSpore(who, setup.mindspore, model, inputs, scratch)
        self.record = {"kind": model.kind, "group": model.group, "contenders": {}, "rounds": {}, "errors": {}}

    def compile(self):
        try:
            self.record["compile"] = self.msc.compile()
            self.record["arena"], self.record["weights"] = self.msc.inspect()
        except RuntimeError as error:
            self.record["errors"]["msc"] = str(error)

    def run(self, who):
        """One turn of `who`; None once it has failed."""
        if who in self.record["errors"]:
            return None
        runner = self.runners[who]
        try:
            sample = runner.measure(self.threads)
            if self.threads == 1 and hasattr(runner, "first"):
                sample["first"] = runner.first()
        except RuntimeError as error:
            self.record["errors"][who] = str(error)
            return None
        self.answers.setdefault(who, {}).setdefault(self.threads, sample.pop("outputs"))
        return sample

    def take(self, threads):
        self.threads = threads
        done, repeated = rounds.take_rounds(list(self.runners), self.run, self.setup.reference, threads,
                                            self.setup.rounds, self.setup.repeats)
        self.record["rounds"][str(threads)] = {"disturbance": [worst for _, worst in done], "repeated": repeated}
        for samples, _ in done:
            for who, sample in samples.items():
                cells = self.record["contenders"].setdefault(who, {"latency": {}, "first": [], "memory": []})
                cells["latency"].setdefault(str(threads), []).append(sample["latency"])
                if threads == 1:
                    cells["memory"].append(sample["memory"])
                    cells["first"] += [sample["first"]] if "first" in sample else []

    def compare(self):
        """Every contender's answers with those of the first peer on one thread."""
        expected = self.answers.get(PEERS[self.model.kind][0], {}).get(1)
        for who, answers in self.answers.items() if expected is not None else ():
            self.record["contenders"][who]["difference"] = max(
                contenders.difference(outputs, expected) for outputs in answers.values())


def measure(setup, model):
    with tempfile.TemporaryDirectory(prefix="msc-bench-") as folder:
        measurement = Measurement(setup, model, Path(folder))
        measurement.compile()
        for threads in setup.threads:
            measurement.take(threads)
        measurement.compare()
        return measurement.record
