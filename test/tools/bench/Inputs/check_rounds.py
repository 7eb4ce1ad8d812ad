# SPDX-License-Identifier: Apache-2.0
"""Turns, repetitions and arithmetic of bench/run, without measuring anything:
check_rounds.py BENCH-FOLDER."""
import sys
import unittest

sys.path.insert(0, sys.argv.pop(1) + "/speed")

import results  # noqa: E402
import rounds  # noqa: E402


def replay(seconds):
    """A reference loop that took `seconds`, one after the other."""
    left = list(seconds)
    return rounds.Reference(lambda threads: left.pop(0))


def record(msc, onnxruntime, openvino):
    latencies = {"msc": msc, "onnxruntime": onnxruntime, "openvino": openvino}
    return {"kind": "onnx", "group": "models", "errors": {}, "rounds": {"1": {"disturbance": [1.0, 1.2], "repeated": 1}},
            "contenders": {who: {"latency": {"1": values}, "first": [], "memory": []} for who, values in latencies.items()}}


class Rounds(unittest.TestCase):
    def test_contenders_take_turns_with_the_loop_around_each(self):
        order = []
        reference = rounds.Reference(lambda threads: order.append("loop") or 1.0)
        rounds.take_rounds(["a", "b"], lambda who: order.append(who) or who, reference, 1, 2, 0)
        self.assertEqual(order, ["loop", "a", "loop", "b", "loop"] * 2)

    def test_a_disturbed_round_is_repeated(self):
        numbers = iter(range(10))
        reference = replay([1.0, 1.0, 1.0, 2.0, 1.0, 1.1])
        kept, repeated = rounds.take_rounds(["a"], lambda who: next(numbers), reference, 1, 2, 3)
        self.assertEqual(([samples["a"] for samples, _ in kept], repeated), ([0, 2], 1))

    def test_repetitions_are_bounded_and_the_least_disturbed_count(self):
        numbers = iter(range(10))
        reference = replay([1.0, 3.0, 1.0, 2.0, 1.0, 1.5, 1.0, 4.0])
        kept, repeated = rounds.take_rounds(["a"], lambda who: next(numbers), reference, 1, 2, 2)
        self.assertEqual(([samples["a"] for samples, _ in kept], repeated), ([1, 2], 2))
        self.assertEqual([disturbance for _, disturbance in kept], [2.0, 1.5])

    def test_who_fails_is_left_out(self):
        kept, _ = rounds.take_rounds(["a", "b"], lambda who: None if who == "a" else 1, replay([1.0] * 3), 1, 1, 0)
        self.assertEqual(kept[0][0], {"b": 1})


class Arithmetic(unittest.TestCase):
    def setUp(self):
        self.models = {"fast": record([1, 3, 2], [8, 8, 8], [4, 9, 4]), "slow": record([4], [2], [8])}

    def test_ratios_are_of_medians(self):
        self.assertEqual(results.ratio(self.models["fast"], "onnxruntime", 1), 4)
        self.assertEqual(results.best_peer(self.models["fast"], 1), (2, "openvino"))
        self.assertIsNone(results.ratio(self.models["fast"], "onnxruntime", 2))

    def test_means(self):
        values = self.models.values()
        self.assertAlmostEqual(results.geometric_mean(values, "onnxruntime", 1)[0], (4 * 0.5) ** 0.5)
        self.assertAlmostEqual(results.geometric_mean(values, "best", 1)[0], 1)
        self.assertEqual(results.geometric_mean(values, "best", 2), (None, 0))

    def test_worst(self):
        self.assertEqual(results.worst(self.models, 1), [(0.5, "onnxruntime", "slow")])
        self.assertEqual(results.slower(self.models, 1, 0.9), ["slow"])
        self.assertEqual(results.slower(self.models, 1, 1.1), [])

    def test_disturbed_rounds_are_counted(self):
        self.assertEqual(results.disturbed(self.models["fast"], 1), (1, 2, 1))

    def test_parts_merge_and_machines_do_not(self):
        def part(name, machine="m", msc="1"):
            return {"machine": machine, "date": "2026-01-01", "versions": {"msc": msc}, "rounds": 3, "models": {name: {}}}
        merged = results.merge([part("a"), part("b", msc="2"), part("a")])
        self.assertEqual((sorted(merged["models"]), merged["versions"]), (["a", "b"], {"msc": "1 and 2"}))
        with self.assertRaises(ValueError):
            results.merge([part("a"), part("b", machine="n")])


if __name__ == "__main__":
    unittest.main()
