# SPDX-License-Identifier: Apache-2.0
"""Takes turns: each contender alone, a reference loop in between, and rounds
in which that loop shows a disturbed machine again."""

LIMIT = 1.15  # times the best time of the reference loop: visibly disturbed


class Reference:
    """The reference loop: `measure(threads)` returns its seconds."""

    def __init__(self, measure):
        self.measure, self.best = measure, {}

    def settle(self, threads, times=5):
        for _ in range(times):
            self.disturbance(threads)

    def disturbance(self, threads):
        """How many times its best so far the loop takes now."""
        seconds = self.measure(threads)
        self.best[threads] = min(seconds, self.best.get(threads, seconds))
        return seconds / self.best[threads]


def one_round(contenders, run, reference, threads):
    """{contender: what run(contender) returns} and the worst disturbance seen;
    those that fail are left out of the former."""
    samples, worst = {}, reference.disturbance(threads)
    for contender in contenders:
        result = run(contender)
        if result is not None:
            samples[contender] = result
        worst = max(worst, reference.disturbance(threads))
    return samples, worst


def take_rounds(contenders, run, reference, threads, wanted, repeats):
    """Rounds until `wanted` are undisturbed, at most `repeats` more; the least
    disturbed ones and how many were repeated: [(samples, disturbance)], count."""
    done = []
    while sum(disturbance <= LIMIT for _, disturbance in done) < wanted and len(done) < wanted + repeats:
        done.append(one_round(contenders, run, reference, threads))
    order = sorted(range(len(done)), key=lambda i: done[i][1])[:wanted]
    return [done[i] for i in sorted(order)], len(done) - wanted
