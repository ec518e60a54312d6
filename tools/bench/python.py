#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the Python package with OpenCV, scikit-image and NumPy, as far as they are installed.

    make check-python && PYTHONPATH=build/python/site /usr/bin/python3 tools/bench/python.py [--side N] [--runs N]

Each pair runs in turns on the same arrays in memory, and its results are compared. Prints the medians of wall time.
"""
import argparse
import importlib
import statistics
import time

import numpy as np

import edgegrad


def optional(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def picture(height, width):
    """Returns an image with edges, texture and noise, in uint8."""
    photo = edgegrad.read("testdata/coffee.jpg")
    tiles = -(-height // photo.shape[0]), -(-width // photo.shape[1]), 1
    noise = np.random.default_rng(1).integers(0, 4, (height, width, 3), dtype=np.uint8)
    return np.ascontiguousarray(np.tile(np.ascontiguousarray(photo), tiles)[:height, :width] & 252 | noise)


def cases(colours, cv2, feature):
    """Yields name, our call, name of the other, its call, and how the results agree."""
    grey = np.ascontiguousarray(colours[:, :, 1])
    floats = grey.astype(np.float32)

    def equal(a, b):
        return np.array_equal(a, b)

    def close(a, b):
        return np.allclose(a[1:-1, 1:-1], b[1:-1, 1:-1], atol=1e-3)
    if cv2:
        for threads in (1, 0):
            yield (f"Canny, grey, threads={threads}",
                   lambda: edgegrad.canny(grey, low=80, high=200, compat="opencv", threads=threads), "cv2.Canny",
                   (lambda: (cv2.setNumThreads(1 if threads else -1), cv2.Canny(grey, 80, 200))[1]), equal)
        yield ("Canny, colours", lambda: edgegrad.canny(colours, low=80, high=200, compat="opencv", channels="bgr"),
               "cv2.Canny", lambda: cv2.Canny(colours, 80, 200), equal)
        yield ("Sobel x, floats", lambda: edgegrad.sobel(floats, axis=1), "cv2.Sobel",
               lambda: cv2.Sobel(floats, cv2.CV_32F, 1, 0, scale=1 / 8), close)
    if feature:
        yield ("Canny of scikit-image", lambda: edgegrad.canny(grey, 1.5, 10, 30, compat="skimage") != 0,
               "skimage.feature.canny", lambda: feature.canny(grey, 1.5, 10, 30, mode="nearest"), equal)
    yield ("gradient x and y, floats", lambda: edgegrad.gradient(floats, ["y", "x"], op="central"), "numpy.gradient",
           lambda: np.gradient(floats), lambda a, b: all(map(close, a, b)))
    x, y = np.meshgrid(np.linspace(-3, 3, 2000), np.linspace(-3, 3, 2000))
    f = edgegrad.Expression("sin(x*y)*exp(-x^2/4)")
    yield ("values of a formula", lambda: f(x, y), "NumPy", lambda: np.sin(x * y) * np.exp(-x**2 / 4),
           lambda a, b: np.allclose(a, b, atol=1e-14))


def median_times(calls, runs):
    """Returns the median seconds of calls that run in turns."""
    times = [[] for _ in calls]
    for _ in range(runs):
        for call, own in zip(calls, times):
            start = time.perf_counter()
            call()
            own.append(time.perf_counter() - start)
    return [statistics.median(t) for t in times]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=4000, help="height; the width is 1.5 times as large [4000]")
    parser.add_argument("--runs", type=int, default=7, help="runs of each call [7]")
    options = parser.parse_args()
    colours = picture(options.side, options.side * 3 // 2)
    print(f"{colours.shape[1]} x {colours.shape[0]}, edgegrad {edgegrad.__version__}, NumPy {np.__version__}")
    for name, own, other_name, other, agree in cases(colours, optional("cv2"), optional("skimage.feature")):
        same = "the same" if agree(own(), other()) else "DIFFERENT"
        a, b = median_times((own, other), options.runs)
        print(f"{name:28} {1e3 * a:8.1f} ms   {other_name:22} {1e3 * b:8.1f} ms   {b / a:5.1f} x   {same}")


if __name__ == "__main__":
    main()
