#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ends runs of edgegrad by signals at random moments, runs two at a time, and a large folder.

    interrupt.py            80 moments, 400 files
    INTERRUPT=all           1,000 moments, 20,000 files
    SEED=N                  other moments; each run prints its seed

After SIGINT, SIGTERM and SIGHUP the outputs of a command are all old or all new, and no other file
is left. After SIGKILL each output is old or new, and the same command run again makes all new and
leaves no other file."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
EDGEGRAD = os.environ.get("EDGEGRAD", str(TOP / "build/edgegrad"))
ALL = os.environ.get("INTERRUPT") == "all"
MOMENTS, FILES = (1000, 20000) if ALL else (80, 400)
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
MANIFEST = ".edgegrad-manifest"

# Command lines with a second one whose outputs differ.
TERRAIN = "terrain ../in.asc --slope s.pfm --aspect a.tif --hillshade h.png --tri t.asc"
CASES = {
    "one": ("edges ../in.ppm e.png", "edges ../in.ppm e.png --sigma 3"),
    "set": (TERRAIN, TERRAIN + " --unit percent --convention trigonometric --azimuth 90 --tri-method wilson"),
    "trace": (
        "descent x^2+9y^2 --from 5,5 --trace t.csv --plot p.svg",
        "descent x^2+9y^2 --from 4,5 --trace t.csv --plot p.svg",
    ),
    "grid": (
        "surface x^2*y --grid x=-2:2:200,y=-2:2:200 -o f.pfm",
        "surface x*y^2 --grid x=-2:2:200,y=-2:2:200 -o f.pfm",
    ),
    "folder": ("edges ../photos .", "edges ../photos . --sigma 3"),
}


def fail(text):
    sys.exit(f"interrupt: {text}")


def contents(folder):
    """Returns the bytes of all files but the manifest."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != MANIFEST}


def start(words, folder):
    return subprocess.Popen(
        [EDGEGRAD, *words.split()], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def run(words, folder, code=0):
    process = start(words, folder)
    text = process.communicate(timeout=600)[1].decode()
    if process.returncode != code:
        fail(f"exit code {process.returncode}, not {code}: {words}\n{text}")
    return text


def noise(path, side, seed):
    path.write_bytes(b"P6 %d %d 255\n" % (side, side) + random.Random(seed).randbytes(3 * side**2))


def make_inputs(top):
    noise(top / "in.ppm", 300, 1)
    (top / "photos").mkdir()
    for i in range(12):
        noise(top / f"photos/{i}.ppm", 120, i)
    source = random.Random(5)
    rows = "\n".join(" ".join(str(source.randrange(900)) for _ in range(200)) for _ in range(200))
    head = "ncols 200\nnrows 200\nxllcorner 0\nyllcorner 0\ncellsize 30\n"
    (top / "in.asc").write_text(head + rows + "\n")
    (top / "in.prj").write_text((TOP / "tests/interrupt/utm.prj").read_text())


def restore(folder, files):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def check_killed(name, folder, old, new, number):
    """Checks the outputs after a signal."""
    now = contents(folder)
    for path, data in now.items():
        if path in new and data != new[path] and data != old.get(path):
            fail(f"{name}: {path} is neither old nor new after signal {number}")
    if number == signal.SIGKILL:
        return
    left = sorted(set(now) - set(new))
    if left:
        fail(f"{name}: left over after signal {number}: {left}")
    if name != "folder" and now not in (old, new):
        fail(f"{name}: some outputs are old and some new after signal {number}")


def interrupt(name, top, source):
    """Sends a signal at a random moment of a run, and then runs the command again."""
    words, folder = CASES[name][0], top / "work"
    old, new, seconds = STATE[name]
    before = old if source.random() < 0.7 else {}
    number = source.choice(SIGNALS)
    restore(folder, before)
    process = start(words, folder)
    time.sleep(source.random() * seconds * 1.1)
    process.send_signal(number)
    text = process.communicate(timeout=60)[1].decode()
    allowed = (0, 128 + number, -number)
    if process.returncode not in allowed:
        fail(f"{name}: exit code {process.returncode} after signal {number}: {text}")
    check_killed(name, folder, before, new, number)
    run(words + (" --overwrite" if before else ""), folder)
    now = contents(folder)
    if now != new:
        wrong = sorted(k for k in set(now) | set(new) if now.get(k) != new.get(k))
        fail(f"{name}: wrong or left over after signal {number} and another run: {wrong}")
    return process.returncode != 0


def two_at_a_time(name, top):
    """Runs two commands that write the same files: all outputs are those of one of them."""
    folder = top / "work"
    restore(folder, {})
    processes = [start(words, folder) for words in CASES[name]]
    for process in processes:
        text = process.communicate(timeout=60)[1].decode()
        if process.returncode != 0:
            fail(f"{name}: exit code {process.returncode} of one of two runs: {text}")
    now, (old, new, _) = contents(folder), STATE[name]
    if now not in (old, new):
        fail(f"{name}: outputs of two runs are mixed: {sorted(now)}")


def large_folder(top):
    """Runs over many files with bad ones among them, killed and continued, then finds all done."""
    folder, photos = top / "work", top / "many"
    restore(folder, {})
    photos.mkdir()
    bad = set(range(7, FILES, 101))
    for i in range(FILES):
        if i in bad:
            (photos / f"{i}.pgm").write_bytes(b"P5 20 20 255\nshort")
        else:
            (photos / f"{i}.pgm").write_bytes(b"P5 20 20 255\n" + (b"%07d." % i) * 50)
    process = start("edges ../many .", folder)
    time.sleep(0.3)
    process.kill()
    process.communicate()
    text = run("edges ../many .", folder, 3)
    names = {p.name for p in folder.iterdir()} - {MANIFEST}
    if names != {f"{i}.png" for i in range(FILES) if i not in bad}:
        fail(f"large folder: {len(names)} outputs of {FILES} files, {len(bad)} of them bad")
    if text.count(".pgm: ") != len(bad):
        fail(f"large folder: {text.count('.pgm: ')} messages about {len(bad)} bad files")
    text = run("edges ../many .", folder, 3)
    if f"{FILES - len(bad)} up to date" not in text:
        fail("large folder: done files were computed again: " + text.splitlines()[-1])


STATE = {}  # name: (old contents, new contents, seconds)


def main():
    seed = int(os.environ.get("SEED", time.time_ns() % 10**6))
    source, began = random.Random(seed), time.monotonic()
    print(f"interrupt: seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        make_inputs(top)
        for case, (words, other) in CASES.items():
            found = []
            for line in (other, words):
                restore(top / "work", {})
                at = time.monotonic()
                run(line, top / "work")
                seconds = time.monotonic() - at
                found.append(contents(top / "work"))
            STATE[case] = (*found, seconds)
        hit = sum(interrupt(source.choice(list(CASES)), top, source) for _ in range(MOMENTS))
        print(f"interrupt: {MOMENTS} signals, {hit} of them during the run", flush=True)
        for case in CASES:
            for _ in range(20 if ALL else 3):
                if case != "folder":
                    two_at_a_time(case, top)
        large_folder(top)
        print(f"interrupt: {FILES} files, two runs at a time; {time.monotonic() - began:.0f} s")


main()
