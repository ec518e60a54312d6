#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows where more cores stop making a command faster.

The steps of each command are measured on one core (trace_steps). A model of the thread pool then
says how long they take on 1 to 16 cores; beside it stands what was measured on the cores that there
are. The second table is measured only: processor time and memory by the number of threads."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # no __pycache__ outside the build folder

# pylint: disable=wrong-import-position
import measure
import pictures
import step_model
from folder_cases import make_folders
from terrain_cases import make_elevations

CORES = (1, 2, 4, 8, 16)
GREY = ("--op", "sobel3")
PLAIN = ("--compress", "none", "--tile", "-1")
COMMANDS = (
    ("edges, RGB PNG, grey", "photo-rgb.png", "png", ("edges", *GREY)),
    ("edges, RGB PNG, colour", "photo-rgb.png", "png", ("edges",)),
    ("edges, grey PNG", "photo-grey.png", "png", ("edges", *GREY)),
    ("edges, JPEG, grey", "photo.jpg", "png", ("edges", *GREY)),
    ("edges, JPEG, colour", "photo.jpg", "png", ("edges",)),
    ("edges, PGM", "photo.pgm", "png", ("edges", *GREY)),
    ("gradient, JPEG to PNG", "photo.jpg", "png", ("gradient",)),
    ("gradient, PGM to PNG", "photo.pgm", "png", ("gradient",)),
    ("slope, uncompressed", "dem.tif", "tif", ("slope", *PLAIN)),
    ("slope, deflated tiles", "dem-deflate.tif", "tif", ("slope",)),
)

# Files do not wait for each other, so there is nothing to simulate.
FOLDER = ("edges, 1,000 JPEGs, grey", "jpeg-1000", "folder", ("edges", *GREY, "--quiet"))


def options():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", default="build", type=Path, help="what make's BUILD was")
    parser.add_argument("--photos", type=Path, metavar="FOLDER", help="as for bench.py")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each [5]")
    parser.add_argument("--realtime", action="store_true", help="as for bench.py")
    parser.add_argument("--json", action="store_true", help="JSON on standard output, no table")
    return parser.parse_args()


class Machine:
    """Runs the programs of the build folder."""

    def __init__(self, build, scratch, runs):
        self.programs, self.data, self.scratch = build / "bench", build / "bench/data", scratch
        self.edgegrad, self.runs = build / "edgegrad", runs
        self.cores = sorted(os.sched_getaffinity(0))

    def words(self, command, threads):
        _, file, suffix, words = command
        out = self.scratch / f"out.{suffix}"
        measure.remove(out)
        return [*words, "--no-sync", "--threads", threads, self.data / file, out]

    def run(self, argv, cores, environment=None):
        """Returns the record of `launch` for a command confined to that many cores."""
        record = self.scratch / "launch.json"
        allowed = ",".join(map(str, self.cores[:cores]))
        whole = ["taskset", "-c", allowed, self.programs / "launch", record, 1, *argv]
        subprocess.run(
            [str(word) for word in whole],
            check=True,
            env=os.environ | (environment or {}),
            stdout=subprocess.DEVNULL,
        )
        return json.loads(record.read_text(encoding="ascii"))

    def traced(self, command):
        """Returns the parts of the command and its wall time, from the run that was fastest."""
        trace = self.scratch / "trace.txt"
        best = None
        for _ in range(self.runs):
            argv = [self.programs / "trace_steps", *self.words(command, 2), "--sandbox", "off"]
            record = self.run(argv, 1, {"TRACE_STEPS": str(trace)})
            if best is None or record["ms"][0] < best[1]:
                best = step_model.read_trace(trace), record["ms"][0]
        return best

    def measured(self, command, cores, threads):
        """Returns medians of wall and processor time in ms, and the most memory in MB."""
        records = [
            self.run([self.edgegrad, *self.words(command, threads)], cores)
            for _ in range(self.runs)
        ]
        return {
            "ms": statistics.median(r["ms"][0] for r in records),
            "cpu_ms": statistics.median(r["cpu"][0] for r in records),
            "peak_mb": max(r["peak_kb"] for r in records) * 1024 / 1e6,
        }


def useful(times):
    """Returns the least number of cores after which twice as many save less than a twentieth."""
    for fewer, more in zip(CORES, CORES[1:]):
        if times[more] > 0.95 * times[fewer]:
            return fewer
    return CORES[-1]


def simulate(machine, command):
    parts, whole = machine.traced(command)
    times = {cores: step_model.command_ms(parts, whole, cores) for cores in CORES}
    kinds = step_model.kinds_ms(parts, whole)
    bound = max(("ahead", "read", "write", "outside"), key=lambda kind: kinds[kind])
    return {
        "name": command[0],
        "steps_ms": kinds,
        "model_ms": times,
        "useful": useful(times),
        "bound": bound,
        "measured": {n: machine.measured(command, n, n) for n in CORES if n <= len(machine.cores)},
    }


def print_models(records):
    print("\nms: the steps on one core; the whole on 1, 2 ... cores by the model; measured")
    heads = (*records[0]["steps_ms"], *CORES)
    print(f"  {'':<24}" + "".join(f"{head:>9}" for head in heads) + "   measured     useful")
    for r in records:
        numbers = [*r["steps_ms"].values(), *r["model_ms"].values()]
        measured = ", ".join(f"{m['ms']:.0f}" for m in r["measured"].values())
        line = f"  {r['name']:<24}" + "".join(f"{number:9.1f}" for number in numbers)
        more = " or more" if r["useful"] == CORES[-1] else ""
        print(f"{line}   {measured:<12} {r['useful']}{more} ({r['bound']})")


def print_threads(rows, cores):
    print(f"\nby the number of threads on {cores} core(s): wall ms / processor ms / MB")
    print(f"  {'':<24}" + "".join(f"{threads:>22}" for threads in CORES))
    for name, by_threads in rows:
        texts = (f"{m['ms']:.0f} / {m['cpu_ms']:.0f} / {m['peak_mb']:.0f}" for m in by_threads)
        print(f"  {name:<24}" + "".join(f"{text:>22}" for text in texts))


def main():
    chosen = options()
    build = chosen.build.resolve()
    programs, data = build / "bench", build / "bench/data"
    images = pictures.tiles(programs, data, chosen.photos)
    pictures.make_mosaic(programs, data, pictures.USUAL, images)
    make_elevations(programs, data)
    make_folders(programs, pictures.input_sources(), data, images)
    if chosen.realtime:
        measure.run_before_others()
    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=shared, prefix="edgegrad-scaling-") as folder:
        machine = Machine(build, Path(folder), chosen.runs)
        cores = len(machine.cores)
        records = [simulate(machine, command) for command in COMMANDS]
        rows = [(c[0], [machine.measured(c, cores, t) for t in CORES]) for c in (*COMMANDS, FOLDER)]
    if chosen.json:
        print(json.dumps({"cores": cores, "models": records, "threads": rows}, indent=2))
        return
    print_models(records)
    print_threads(rows, cores)


if __name__ == "__main__":
    try:
        main()
    except (measure.Failed, subprocess.CalledProcessError) as failed:
        sys.exit(f"scaling: {failed}")
