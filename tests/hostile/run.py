#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs edgegrad on every bomb of bombs.py and checks its exit code, its one line of message, its
processor time and its peak resident memory.

usage: run.py --measure PROGRAM [--edgegrad PROGRAM] [--only TEXT] [--others] [--markdown FILE]"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bombs  # noqa: E402

SECONDS, MEGABYTES = 60, 16384  # limits of a run, which end it
TRIES = 5  # times that a slow run is repeated: its least processor time counts


class Result:
    """What a run took: milliseconds, MiB, exit code and lines on standard error."""

    def __init__(self, ms, kilobytes, code, lines, output):
        self.ms, self.mib, self.code, self.lines, self.output = ms, kilobytes / 1024, code, lines, output


def measure(program, words, folder, seconds=SECONDS):
    read_end, write_end = os.pipe()

    def give_descriptor():
        os.dup2(write_end, 3)

    done = subprocess.run([program, str(seconds), str(MEGABYTES)] + words, cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, preexec_fn=give_descriptor, pass_fds=(3,), check=False)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        text = pipe.read().split()
    ms, kilobytes, code = float(text[0]), int(text[1]), int(text[2])
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    return Result(ms, kilobytes, code, lines, len(done.stdout))


def words_for(entry, path, folder):
    words = []
    for word in entry.command:
        if word == "TEXT":
            with open(path, "rb") as file:
                words.append(file.read())
        else:
            words.append(word.replace("FILE", path).replace("OUT", os.path.join(folder, "out")))
    return words


def faults_of(entry, result):
    faults = []
    if result.code not in entry.codes:
        faults.append("exit code %d" % result.code)
    errors = [line for line in result.lines if not line.startswith("edgegrad: warning: ")]
    if any("OUT/" in word for word in entry.command):
        errors = errors[:1]  # the last line is the summary of a folder
    if result.code != 0 and len(errors) != 1:
        faults.append("%d lines" % len(errors))
    if result.code == 0 and errors:
        faults.append("a message with exit code 0")
    if result.ms > entry.limits[0]:
        faults.append("%.0f ms, not %d" % (result.ms, entry.limits[0]))
    if result.mib > entry.limits[1]:
        faults.append("%.0f MiB, not %d" % (result.mib, entry.limits[1]))
    return faults


def run_edgegrad(options, entry, path, folder):
    words = [options.edgegrad] + words_for(entry, path, folder)
    best = None
    for _ in range(TRIES):
        result = measure(options.measure, words, folder)
        if best is None or result.ms < best.ms:
            best = result
        if best.ms <= entry.limits[0]:
            break
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", required=True)
    parser.add_argument("--edgegrad", default="build/edgegrad")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    options.measure, options.edgegrad = map(os.path.abspath, (options.measure, options.edgegrad))
    failed = 0
    chosen = [entry for entry in bombs.BOMBS if options.only in entry.name]
    for entry in chosen:
        folder = tempfile.mkdtemp(prefix="edgegrad-hostile-")
        try:
            path = bombs.write(entry, folder)
            result = run_edgegrad(options, entry, path, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        faults = faults_of(entry, result)
        failed += bool(faults)
        message = result.lines[0].replace(folder + "/", "") if result.lines else ""
        print("%-42s %8.1f ms %7.1f MiB %3d  %s%s" % (entry.name, result.ms, result.mib, result.code,
              "FAULT " + ", ".join(faults) + ": " if faults else "", message[:150]), flush=True)
    print("%d of %d bombs: as promised" % (len(chosen) - failed, len(chosen)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
