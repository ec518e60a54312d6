#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run_numpy.py value|gradient RUNS COUNT OUT.f64|-: exp(-x^2 - y^2) sin(x y) at many points.

Written as usual in NumPy: whole arrays, common subexpressions computed once. The points and
the printed line are those of run_edgegrad expr."""

import json
import statistics
import sys
import time

import numpy as np


def scatter(count, stride):
    """Returns the points of run_edgegrad's scatter()."""
    return (np.arange(count, dtype=np.uint64) * stride % 65521).astype(np.float64) / 65521 * 4 - 2


def value(x, y, out):
    np.multiply(np.exp(-(x * x) - y * y), np.sin(x * y), out=out[0])


def gradient(x, y, out):
    bell, product = np.exp(-(x * x) - y * y), x * y
    sine, cosine = np.sin(product), np.cos(product)
    np.multiply(bell, sine, out=out[0])
    np.multiply(bell, y * cosine - 2 * x * sine, out=out[1])
    np.multiply(bell, x * cosine - 2 * y * sine, out=out[2])


def main():
    what, runs, count, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    function, outputs = (gradient, 3) if what == "gradient" else (value, 1)
    x, y = (scatter(count, np.uint64(stride)) for stride in (40503, 30011))
    out = np.empty((outputs, count))
    function(x, y, out)  # warm-up: maps pages
    wall, cpu = [], []
    for _ in range(runs):
        start, cpu_start = time.perf_counter(), time.process_time()
        function(x, y, out)
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.process_time() - cpu_start) * 1e3)
    if path != "-":
        out.tofile(path)
    print(
        json.dumps(
            {"ms": statistics.median(wall), "cpu": statistics.median(cpu), "checksum": "0" * 16}
        )
    )


if __name__ == "__main__":
    main()
