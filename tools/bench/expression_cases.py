# SPDX-License-Identifier: MIT
"""Expression cases: a function given as text against the same one written in NumPy."""

import subprocess
import sys
from pathlib import Path

from table import OURS, Agreement, Case, Check, Contestants, Entry, faster, goal, wall

EXPRESSIONS = "expr"
TEXT = "exp(-x^2-y^2)*sin(x*y)"
COUNT, FEW = 1 << 22, 1 << 16
LEAST_RATES = {"value": 100, "gradient": 200}  # million points per second and core


PROVEN_RUNS, MOST_PROVEN = 25, 20  # milliseconds

# Value and gradient of TEXT with 50 digits, by the rules of differentiation.
MPMATH = """from mpmath import mp, mpf, exp, sin, cos
mp.dps = 60
x, y = mpf('1.1'), mpf('0.7')
e, s, c = exp(-x**2 - y**2), sin(x*y), cos(x*y)
for number in (e*s, e*(y*c - 2*x*s), e*(x*c - 2*y*s)):
    print(mp.nstr(number, 50))"""


def python_with(module):
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            subprocess.run([python, "-c", f"import {module}"], check=True, capture_output=True)
            return python
        except (OSError, subprocess.CalledProcessError):
            continue
    return None


def rate(threads, least):
    """Million points per second and core."""
    return Check(
        f"{OURS}, points a core",
        "M/s",
        lambda r: r[OURS].entry.mp / r[OURS].ms * 1e3 / threads,
        ">=",
        goal(least),
    )


class ExpressionCases(Contestants):
    """Expressions at points in memory, 8 bytes per coordinate and result."""

    def ours(self, what, threads, reps, count, out):
        return self.inside(
            OURS,
            "run_edgegrad",
            EXPRESSIONS,
            TEXT,
            threads,
            reps,
            count,
            what,
            out,
            mp=count / 1e6,
            mb=count * 8 / 1e6 * (5 if what == "gradient" else 3),
            threads=threads,
        )

    def numpy(self, python, what, reps, count, out):
        script = Path(__file__).parent / "run_numpy.py"
        argv = [python, script, what, reps, count, out] if python else None
        return Entry("NumPy", argv, inside=True, peer=True, mp=count / 1e6)

    def same(self, python, what):
        ours, theirs = self.scratch / f"{what}.f64", self.scratch / f"{what}-numpy.f64"
        return Agreement(
            "within 1e-14",
            "f64",
            ours,
            theirs,
            largest=1e-14,
            prepare=[self.ours(what, 2, 1, FEW, ours), self.numpy(python, what, 1, FEW, theirs)],
        )

    def proven(self):
        """The whole command: starts, loads Arb, and proves 50 digits of each number."""
        mpmath = python_with("mpmath")
        more = {"rounds": 1, "repeat": PROVEN_RUNS}
        argv = [mpmath, "-c", MPMATH] if mpmath else None
        return Case(
            "expr-proven",
            EXPRESSIONS,
            f"{TEXT} at a point with 50 digits, the whole command",
            [
                self.edgegrad("surface", TEXT, "--at", "1.1,0.7", "--digits", "50", **more),
                Entry("mpmath", argv, peer=True, **more),
            ],
            [wall(MOST_PROVEN), faster("mpmath")],
        )

    def all(self):
        python = python_with("numpy")
        yield self.proven()
        for what, title in (("value", TEXT), ("gradient", f"{TEXT} and its gradient")):
            for threads in (1, 2):
                yield Case(
                    f"{EXPRESSIONS}-{what}-{threads}t",
                    EXPRESSIONS,
                    f"{title} at 4 million points, {threads} thread(s)",
                    [
                        self.ours(what, threads, self.reps, COUNT, "-"),
                        self.numpy(python, what, self.reps, COUNT, "-"),
                        self.copy(threads),
                    ],
                    [rate(threads, LEAST_RATES[what]), faster("NumPy")],
                    [self.same(python, what)],
                )
