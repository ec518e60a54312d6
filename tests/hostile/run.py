#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs edgegrad on every bomb of bombs.py and checks its exit code, its one line of message, its
processor time and its peak resident memory.

usage: run.py --measure PROGRAM [--edgegrad PROGRAM] [--only TEXT] [--others] [--page FILE]

--others also reads the images with libvips, ImageMagick and OpenCV, where they are installed, and
--page writes what they took beside what edgegrad took as a table of Markdown."""

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
    errors = [line for line in result.lines if line.startswith("edgegrad: ")]
    errors = [line for line in errors if not line.startswith(("edgegrad: warning: ", "edgegrad: note: "))]
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


# ---- other programs ----------------------------------------------------------------------------

IMAGES = (".png", ".jpg", ".tif", ".pnm", ".pam", ".pfm", ".pgm", ".gz")
OTHER_SECONDS = 5
CV_SCRIPT = "import cv2, sys; i = cv2.imread(sys.argv[1]); cv2.imwrite(sys.argv[2], cv2.Canny(i, 50, 100))"


def has_opencv(python):
    return subprocess.run([python, "-c", "import cv2"], capture_output=True, check=False).returncode == 0


def other_programs():
    """Returns the names of the programs that are installed, with their commands."""
    programs = []
    if shutil.which("vips"):
        programs.append(("libvips", ["vips", "sobel", "FILE[fail-on=error]", "OUT.png"]))
    for magick in ("magick", "/usr/bin/convert", "convert"):
        if shutil.which(magick):
            programs.append(("ImageMagick", [shutil.which(magick), "FILE", "-edge", "1", "OUT.png"]))
            break
    for python in ("/usr/bin/python3", sys.executable):
        if os.path.exists(python) and has_opencv(python):
            programs.append(("OpenCV", [python, "-c", CV_SCRIPT, "FILE", "OUT.png"]))
            break
    return programs


def verdict(result, out):
    if result.code == 128 + 24 or result.code == 128 + 9:
        return "did not end in %d s" % OTHER_SECONDS
    if result.code > 128:
        return "ended by signal %d" % (result.code - 128)
    read = result.code == 0 and os.path.exists(out)
    return "read" if read else "refused"


def cell(result, out):
    return "%s, %.0f ms, %.0f MiB" % (verdict(result, out), result.ms, result.mib)


def run_others(options, programs, path, folder):
    cells = []
    for _, command in programs:
        out = os.path.join(folder, "other.png")
        if os.path.exists(out):
            os.remove(out)
        words = [word.replace("FILE", path).replace("OUT.png", out) for word in command]
        cells.append(cell(measure(options.measure, words, folder, OTHER_SECONDS), out))
    return cells


def write_page(options, programs, rows):
    with open(options.page, "w", encoding="utf-8") as page:
        page.write("| file | edgegrad | %s |\n" % " | ".join(name for name, _ in programs))
        page.write("| --- |%s\n" % (" --- |" * (len(programs) + 1)))
        for row in rows:
            page.write("| %s |\n" % " | ".join(row))


# ---- the run -----------------------------------------------------------------------------------

def sound_image(path):
    """A small sound image, whose row shows what the start of each program takes."""
    return bombs.header(16, 16) + bombs.chunk(b"IDAT", bombs.zlib.compress(b"\0" * 17 * 16)) + bombs.END


def working_programs(options):
    """Returns the programs that read a sound image."""
    with tempfile.TemporaryDirectory(prefix="edgegrad-hostile-") as folder:
        path = os.path.join(folder, "sound.png")
        with open(path, "wb") as file:
            file.write(sound_image(path))
        return [program for program in other_programs()
                if run_others(options, [program], path, folder)[0].startswith("read")]


def others_too(entry):
    image = entry.name.endswith(IMAGES) and entry.command == ["FILE", "OUT.png"]
    return image and (not entry.name.startswith("promise-") or entry.name.startswith("promise-edges"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--measure", required=True)
    parser.add_argument("--edgegrad", default="build/edgegrad")
    parser.add_argument("--only", default="")
    parser.add_argument("--others", action="store_true")
    parser.add_argument("--page", default="")
    options = parser.parse_args()
    options.measure, options.edgegrad = map(os.path.abspath, (options.measure, options.edgegrad))
    programs = working_programs(options) if options.others else []
    failed, rows = 0, []
    chosen = [entry for entry in bombs.BOMBS if options.only in entry.name]
    if programs:
        chosen.insert(0, bombs.Bomb("sound.png", sound_image, ["FILE", "OUT.png"], (0,), bombs.HEADER, ""))
    for entry in chosen:
        folder = tempfile.mkdtemp(prefix="edgegrad-hostile-")
        try:
            path = bombs.write(entry, folder)
            result = run_edgegrad(options, entry, path, folder)
            if programs and others_too(entry):
                own = cell(result, os.path.join(folder, "out.png"))
                rows.append([entry.name + (": " + entry.note if entry.note else ""), own]
                            + run_others(options, programs, path, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        faults = faults_of(entry, result)
        failed += bool(faults)
        message = result.lines[0].replace(folder + "/", "") if result.lines else ""
        print("%-42s %8.1f ms %7.1f MiB %3d  %s%s" % (entry.name, result.ms, result.mib, result.code,
              "FAULT " + ", ".join(faults) + ": " if faults else "", message[:150]), flush=True)
    if options.page and programs:
        write_page(options, programs, rows)
    print("%d of %d bombs: as promised" % (len(chosen) - failed, len(chosen)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
