# SPDX-License-Identifier: MIT
"""Runs the contestants of a case in turns and records their times, memory and output size."""

import filecmp
import hashlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

TIMEOUT_S = 900
BUDGET_S = 8  # time budget of a slow peer: it gets as many rounds as fit


class Failed(Exception):
    """A command failed; the text is the reason."""


class Result:
    """What an entry took: times in ms (cpu: of all its threads together), the most memory in MB
    (10^6), the size of its output."""

    def __init__(self, entry):
        self.entry = entry
        self.samples, self.cpu_samples = [], []
        self.peak_mb = 0.0
        self.size = 0
        self.checksum = None
        self.trouble = ""

    @property
    def measured(self):
        return bool(self.samples) and not self.trouble

    @property
    def ms(self):
        return statistics.median(self.samples)

    @property
    def cpu_ms(self):
        return statistics.median(self.cpu_samples)


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def size_of(path):
    return sum(map(size_of, path.iterdir())) if path.is_dir() else path.stat().st_size


def argv_of(entry):
    return [str(a() if callable(a) else a) for a in entry.argv]


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()] or [""]


def run(argv, seconds=TIMEOUT_S):
    """Runs to the end and returns standard output; nothing it started outlives a time-out or ^C."""
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except BaseException as trouble:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(trouble, subprocess.TimeoutExpired):
            raise Failed(f"not done after {seconds} s") from None
        raise
    return process.returncode, out, err


class Measure:
    def __init__(self, programs, scratch, rounds, quick):
        self.programs, self.scratch = programs, scratch
        self.rounds, self.quick = rounds, quick

    # ---- one run ----

    def launch(self, entry):
        """Returns the JSON of `launch` and the standard output of the command."""
        for path in entry.outputs:  # freeing old files can take as long as a map
            remove(path)
            if entry.folder:
                path.mkdir()
        record = self.scratch / "launch.json"
        code, out, err = run(
            [str(self.programs / "launch"), str(record), str(entry.repeat), *argv_of(entry)]
        )
        launched = json.loads(record.read_text()) if code == 0 else {"exit": code}
        if launched["exit"] != 0:
            raise Failed(f"exit {launched['exit']}: {lines_of(err)[0] or 'no message'}")
        return launched, out

    def sample(self, result):
        launched, out = self.launch(result.entry)
        result.peak_mb = max(result.peak_mb, launched["peak_kb"] * 1024 / 1e6)
        if not result.entry.inside:
            result.samples += launched["ms"]
            result.cpu_samples += launched["cpu"]
        else:
            said = json.loads(lines_of(out)[-1])
            result.samples.append(said["ms"])
            result.cpu_samples.append(said["cpu"])
            if result.checksum not in (None, said["checksum"]):
                raise Failed("its result changes from run to run")
            result.checksum = said["checksum"]
        result.size = sum(map(size_of, result.entry.outputs))
        return sum(launched["ms"]) / 1e3

    # ---- a case ----

    def rounds_for(self, entry, seconds):
        """Returns the number of runs of an entry whose first run took `seconds`."""
        rounds = entry.rounds or self.rounds
        if entry.peer and not entry.inside:
            rounds = min(rounds, max(1, int(entry.patience * BUDGET_S / max(seconds, 1e-3))))
            if self.quick and seconds > 1:
                rounds = 1
        return rounds

    def entries(self, case):
        """Runs the entries in turns, so that changes of the machine's speed affect all of them."""
        results = {entry.name: Result(entry) for entry in case.entries}
        wanted = {}
        for turn in range(max([self.rounds, *(e.rounds for e in case.entries)])):
            for result in results.values():
                if result.trouble or turn >= wanted.get(result.entry.name, 1):
                    continue
                if result.entry.argv is None:
                    result.trouble = "skipped: not installed"
                    continue
                self.progress(f"{case.name}: {result.entry.name}, {turn + 1}")
                try:
                    seconds = self.sample(result)
                    wanted.setdefault(result.entry.name, self.rounds_for(result.entry, seconds))
                except Failed as failure:
                    result.trouble = f"failed: {failure}"
        self.progress("")
        return results

    def differ(self, agreement, results):
        """Returns None if both agree, else the difference; raises Failed if that is unknown."""
        if agreement.kind == "checksum":
            pair = [results[name] for name in (agreement.a, agreement.b)]
            if not all(r.measured for r in pair):
                raise Failed("one of the two is missing")
            return None if pair[0].checksum == pair[1].checksum else "the pixels differ"

        for entry in agreement.prepare:
            if entry.argv is None:
                raise Failed("one of the two is missing")
            self.launch(entry)
        if not (agreement.a.exists() and agreement.b.exists()):
            raise Failed("one of the two is missing")
        if agreement.kind == "folder":
            names = sorted(file.name for file in agreement.b.iterdir())
            _, *other = filecmp.cmpfiles(agreement.a, agreement.b, names, shallow=False)
            return f"differing: {', '.join(sum(other, []))}" if any(other) else None
        return self.compare(agreement)

    def compare(self, agreement):
        argv = [self.programs / "compare", agreement.kind, agreement.a, agreement.b]
        code, out, err = run([str(a) for a in argv])
        if code != 0:
            return lines_of(err)[0]
        said = json.loads(out)
        share = said["differing"] / said["pixels"]
        if said["largest"] <= agreement.largest and share <= agreement.share:
            return None
        return f"by up to {said['largest']:g}, in {said['differing']} of {said['pixels']} pixels"

    def clear(self, case):
        for path in self.scratch.iterdir():
            remove(path)
        for entry in case.entries:  # output folders may be outside the scratch folder
            for path in entry.outputs:
                remove(path)

    @staticmethod
    def progress(text):
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


# ---- inputs ------------------------------------------------------------------------------------


def prepare(programs, sources, data, want, arguments):
    """Makes files of the data folder, unless the same code made them from the same arguments.
    `sources` are the source files of the program that makes them; it has the name of the first."""
    stamp = data / f"{want[0]}.made-from"
    code = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    made_from = "\n".join([code, *map(str, arguments)]) + "\n"
    if stamp.exists() and stamp.read_text() == made_from and all((data / f).exists() for f in want):
        return
    data.mkdir(parents=True, exist_ok=True)
    Measure.progress(f"making {', '.join(want)}")
    code, _, err = run([str(programs / sources[0].stem), *map(str, arguments)])
    Measure.progress("")
    if code != 0:
        raise Failed(f"cannot make {want[0]}: {lines_of(err)[0]}")
    stamp.write_text(made_from)


# ---- the machine -------------------------------------------------------------------------------


def read_line(path, otherwise):
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return otherwise


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        return "unknown"


def copy_speed(programs, megabytes, threads, runs):
    """Bytes read and written by memcpy, in GB/s, and how much that varied."""
    argv = [programs / "floors", "copy", megabytes * 10**6, threads, runs]
    code, out, err = run([str(a) for a in argv])
    if code != 0:
        raise Failed(lines_of(err)[0])
    said = json.loads(out)
    return {
        "mb": megabytes,
        "threads": threads,
        "gb_s": 2 * megabytes / said["ms"],
        "spread": said["most"] / said["least"],
    }


def core_count():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def cores_free(programs, threads):
    """Returns how many cores this number of threads gets. If others use the rest, programs of
    several threads lose more than single-threaded ones, which taking turns does not even out."""
    code, out, err = run([str(programs / "floors"), "cores", str(threads)])
    if code != 0:
        raise Failed(lines_of(err)[0])
    return json.loads(out)["cores"]


def run_before_others():
    """Gives this process, and all that it starts, the cores before programs of usual priority. The
    kernel leaves these a twentieth of the time."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except (OSError, AttributeError) as reason:
        raise Failed(f"no real-time priority: {reason}") from None


def processor_seconds():
    """Returns the seconds that all programs have used on all cores, and the number of the cores;
    None if the system does not tell. What a host took from a virtual machine counts as used."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            rows = [line.split() for line in file if line.startswith("cpu")]
    except OSError:
        return None
    user, nice, kernel, _, _, *interrupts = map(int, rows[0][1:9])
    ticks = user + nice + kernel + sum(interrupts)
    return ticks / os.sysconf("SC_CLK_TCK"), len(rows) - 1


class Others:
    """The cores that other programs leave, from the construction to left()."""

    def __init__(self):
        self.start, self.used, self.own = time.monotonic(), processor_seconds(), self.own_seconds()

    @staticmethod
    def own_seconds():
        return sum(os.times()[:4])

    def left(self, wanted):
        now = processor_seconds()
        if not (now and self.used):
            return wanted
        others = now[0] - self.used[0] - (self.own_seconds() - self.own)
        return min(wanted, now[1] - others / max(time.monotonic() - self.start, 1e-3))


def machine(programs, runs):
    cpu = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
    return {
        "cpu": cpu_name(),
        "cores": core_count(),
        "governor": read_line(cpu, "unknown (virtual machine?)"),
        "huge_pages": read_line("/sys/kernel/mm/transparent_hugepage/enabled", "unknown"),
        "load": os.getloadavg()[0],
        "copy": [copy_speed(programs, mb, t, runs) for mb in (24, 200) for t in (1, 2)],
    }
