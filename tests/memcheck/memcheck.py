#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the commands of the torture tests once under Valgrind's Memcheck: no invalid or uninitialised memory, no leak.

    EDGEGRAD=COMMAND tests/memcheck/memcheck.py [CASE ...]

A run passes if Memcheck finds nothing and the exit code is that of the case.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/torture"))
from cases import CASES, make_inputs  # noqa: E402

EDGEGRAD = os.environ.get("EDGEGRAD", str(TOP / "build/edgegrad"))
FOUND = 99  # exit code when Memcheck finds something; none of edgegrad's
# Memcheck does not know AVX-512, and takes the bits that pdep drops for used.
ENVIRONMENT = {**os.environ, "EDGEGRAD_CPU": "baseline"}
VALGRIND = [
    "valgrind",
    "--quiet",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
    "--show-leak-kinds=definite",
    "--trace-children=no",
    "--child-silent-after-fork=no",
    f"--error-exitcode={FOUND}",
    f"--suppressions={TOP / 'tests/memcheck/libraries.supp'}",
]


def run(case, inputs):
    """Runs a case; returns the case, its exit code and what was printed."""
    with tempfile.TemporaryDirectory(dir=inputs.parent) as folder:
        stdin = open(inputs / case.stdin, "rb") if case.stdin else subprocess.DEVNULL
        done = subprocess.run(
            [*VALGRIND, EDGEGRAD, *case.words()],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        return case, done.returncode, done.stderr.decode(errors="replace")


def main():
    chosen = sys.argv[1:]
    cases = [case for case in CASES if not chosen or case.name in chosen]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="edgegrad-memcheck-") as top:
        inputs = Path(top, "in")
        make_inputs(inputs, EDGEGRAD, TOP / "testdata")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for case, code, text in pool.map(lambda c: run(c, inputs), cases):
                if code == case.code:
                    continue
                failed += 1
                print(f"{case.name}: exit code {code} instead of {case.code}\n{text}")
    print(f"memcheck: {len(cases) - failed} of {len(cases)} commands are clean")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
