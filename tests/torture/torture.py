#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes every call of edgegrad that can fail fail in turn, and checks what becomes of it.

    torture.py                         all cases; TORTURE=short samples, TORTURE=all omits nothing
    torture.py CASE...                 only the cases whose names begin with one of these
    torture.py CASE[+old] CLASS:N[:on][:ERROR]    one failure, with its results

README.md describes what a run must do to survive a failure."""

import argparse
import hashlib
import mmap
import multiprocessing
import os
import re
import resource
import shlex
import shutil
import signal
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path

sys.dont_write_bytecode = True  # no __pycache__ outside the build folder

# pylint: disable=wrong-import-position
from cases import CASES, make_inputs

TOP = Path(__file__).resolve().parent.parent.parent
EDGEGRAD = os.environ.get("EDGEGRAD", str(TOP / "build/edgegrad"))
SHIM = os.environ.get("TORTURE_SHIM", str(TOP / "build/torture/fail.so"))

CLASSES = (
    "malloc thread mmap open read write close fsync rename stat truncate directory"
).split()
COUNTS = struct.Struct(f"={len(CLASSES) + 2}Q")
# Exit codes of a failure; EXIT_DONE is right too if all outputs are.
LIMIT, FILE = 5, 4
ERRORS = {
    "malloc": ["ENOMEM"],
    "thread": ["EAGAIN"],
    "mmap": ["ENOMEM"],
    "open": ["EMFILE", "ENOMEM", "EIO"],
    "write": ["ENOSPC", "EIO"],
    "stat": ["EIO", "ENOMEM"],
}
CODES = {"ENOMEM": {LIMIT}, "EAGAIN": set()}
TIMEOUT = 20  # seconds
PROCESSOR_TIME = 4  # seconds; the runs take 0.1 at most
HANGS = 3  # runs without an end after which a worker gives up a class of calls of a case

# glibc's loader ends a process that lacks memory for a symbol of C++ while it loads a library.
LOADER = b"out of memory\n"
BY_LOADER = "ended by the dynamic loader"

# Parts of outputs that differ from run to run: times and what follows from them.
VARYING = [
    (re.compile(rb'("seconds":\s?)[0-9.e-]+'), rb"\1S"),
    (re.compile(rb'("started":)[0-9]+'), rb"\1S"),
    (re.compile(rb'("record": )[0-9]+'), rb"\1N"),
    (re.compile(rb"(check )[0-9a-f]{16}"), rb"\1H"),
    (re.compile(rb"(/CreationDate \()[^)]*"), rb"\1S"),
]
MANIFEST = re.compile(rb"^((?:[^\t\n]*\t){4})[0-9]+(\t.*\t)[0-9a-f]{8}$", re.MULTILINE)


def manifest_lines(data):
    """Returns the lines of a manifest without times and what follows from them."""
    return set(MANIFEST.sub(rb"\1T\2C", data).split(b"\n"))


def png_content(data):
    """Returns the chunks of a PNG with its image data decompressed, as a compressor has a choice."""
    chunks, image, at = [], b"", 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            image += data[at + 8 : at + 8 + length]
        else:
            chunks.append(data[at : at + 12 + length])
        at += 12 + length
    try:
        return b"".join(chunks) + zlib.decompress(image)
    except zlib.error:
        return data


def fingerprint(name, data):
    """Returns a short digest of a file's content without its times."""
    if name.endswith(".png") or data.startswith(b"\x89PNG"):
        data = png_content(data)
    if name == ".edgegrad-manifest":
        data = b"\n".join(sorted(manifest_lines(data)))
    elif name.endswith((".html", ".jsonl", ".pdf")) or name == "stdout":
        for pattern, replacement in VARYING:
            data = pattern.sub(replacement, data)
    if name.endswith((".jsonl", ".html")):  # records come in the order of their completion
        data = b"\n".join(sorted(data.split(b"\n")))
    return hashlib.blake2b(data, digest_size=8).hexdigest()


class Timeout(Exception):
    """A run did not end."""


def on_alarm(_number, _frame):
    raise Timeout


class Sandbox:
    """The folder of a worker process, in which edgegrad runs."""

    def __init__(self, top):
        self.top = Path(tempfile.mkdtemp(prefix="worker-", dir=top))
        (self.top / "in").symlink_to(top / "in")
        self.folder = self.top / "out"
        self.folder.mkdir()
        (self.top / "tmp").mkdir()
        (self.top / "counts").write_bytes(bytes(4096))
        with open(self.top / "counts", "r+b") as file:
            self.counts = mmap.mmap(file.fileno(), 4096)

    def contents(self):
        """Returns the bytes of every file in the folder."""
        return {p.name: p.read_bytes() for p in sorted(self.folder.iterdir())}

    def restore(self, files):
        """Makes the folder hold exactly `files`, a dictionary of bytes and time of each name."""
        for path in self.folder.iterdir():
            if path.name not in files:
                path.unlink()
        for name, (data, when) in files.items():
            path = self.folder / name
            state = path.stat() if path.exists() else None
            if not state or state.st_mtime_ns != when or path.read_bytes() != data:
                path.unlink(missing_ok=True)
                path.write_bytes(data)
                os.utime(path, ns=(when, when))

    def snapshot(self):
        return {
            p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(self.folder.iterdir())
        }

    def spawn(self, words, stdin, request):
        """Runs edgegrad with a failure; returns the wait status, or None if it did not end."""
        self.counts[: COUNTS.size] = bytes(COUNTS.size)
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.top),
            "TMPDIR": str(self.top / "tmp"),
            "LC_ALL": "C",
            "LD_PRELOAD": SHIM,
            "EDGEGRAD_TORTURE_COUNTS": str(self.top / "counts"),
        }
        environment.update((k, v) for k, v in os.environ.items() if k.startswith(("ASAN_", "LSAN_", "UBSAN_")))
        if request:
            environment["EDGEGRAD_TORTURE"] = request
        path = "/dev/null" if not stdin else str(self.top / "in" / stdin)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, path, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(self.top / "stdout"), flags, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, str(self.top / "stderr"), flags, 0o600),
        ]
        os.chdir(self.folder)
        child = os.posix_spawn(
            EDGEGRAD, [EDGEGRAD, *words], environment, file_actions=actions, setsid=False
        )
        resource.prlimit(child, resource.RLIMIT_CPU, (PROCESSOR_TIME, PROCESSOR_TIME))
        signal.signal(signal.SIGALRM, on_alarm)
        signal.setitimer(signal.ITIMER_REAL, TIMEOUT)
        try:
            _, status = os.waitpid(child, 0)
        except Timeout:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        code = os.waitstatus_to_exitcode(status)
        return None if code in (-signal.SIGXCPU, -signal.SIGKILL) else code

    def run(self, words, stdin="", request=""):
        """Runs edgegrad; returns the exit code, standard output and error, and the counts."""
        code = self.spawn(words, stdin, request)
        out = (self.top / "stdout").read_bytes()
        err = (self.top / "stderr").read_bytes()
        return code, out, err, COUNTS.unpack(self.counts[: COUNTS.size])


def prints(files):
    return {name: fingerprint(name, data) for name, data in files.items()}


class Unfit(Exception):
    """A case does not do what it should without any failure."""


class Expected:
    """What a case does without failures, with and without old outputs."""

    def __init__(self, case, old, sandbox):
        self.case, self.old = case, old
        sandbox.restore({})
        if old:
            code, _, err, _ = sandbox.run(case.words(old=True), case.stdin)
            if code != 0:
                raise Unfit(f"{case.name}: old outputs: exit code {code}: {err.decode()}")
        self.before = sandbox.snapshot()
        self.old_prints = prints({n: d for n, (d, _) in self.before.items()})
        self.code, out, self.err, counts = sandbox.run(case.words(), case.stdin)
        if self.code != case.code:
            raise Unfit(f"{case.name}: exit code {self.code}: {self.err.decode()}")
        self.out = fingerprint("stdout", out)
        after = sandbox.contents()
        self.new_prints = prints(after)
        # A run that cannot read the manifest computes all files again and adds their lines.
        old_manifest = self.before.get(".edgegrad-manifest", (b"",))[0]
        self.lines = manifest_lines(old_manifest + after.get(".edgegrad-manifest", b""))
        self.counts = dict(zip(CLASSES, counts))
        sandbox.restore(self.before)
        _, out, _, _ = sandbox.run(case.words(), case.stdin)
        if prints(sandbox.contents()) != self.new_prints or fingerprint("stdout", out) != self.out:
            raise Unfit(f"{case.name}: two runs differ")
        if old and self.new_prints == self.old_prints:
            raise Unfit(f"{case.name}: the old outputs are the new ones")

    def name(self):
        return self.case.name + ("+old" if self.old else "")


# ---- judging a run --------------------------------------------------------------------------------


def judge_message(expected, err, unprinted):
    """Returns what is wrong with the text on standard error after a failure."""
    text = err.decode(errors="replace")
    usual = expected.err.decode(errors="replace").splitlines()
    lines = [line for line in text.splitlines() if line not in usual]
    if not lines:
        return None if unprinted else "no message"
    if not text.endswith("\n") and not unprinted:
        return f"a message without an end: {lines[-1]!r}"
    for line in lines:
        if not line.startswith("edgegrad: ") and not unprinted:
            return f"not a message of edgegrad: {line!r}"
        if line.rstrip() == "edgegrad:":
            return "an empty message"
    if len(lines) > 1 and not expected.case.batch:
        return f"{len(lines)} lines: {lines[:2]!r}"
    return None


BACKUP = re.compile(r"\.(.+)\.edgegrad-old[a-z0-5]{3}")


def kept_old(expected, found):
    """Returns the second names of old files that could not be put back under their first one."""
    pairs = {name: BACKUP.fullmatch(name) for name in found}
    return {
        name
        for name, match in pairs.items()
        if match and found[name] == expected.old_prints.get(match.group(1))
    }


def judge_files(expected, request, files, code):
    """Returns what is wrong with the files after a run."""
    found, case = prints(files), expected.case
    old, new = expected.old_prints, expected.new_prints
    kept = kept_old(expected, found) if request.startswith("rename:") and ":on" in request else {}
    extra = set(found) - set(old) - set(new) - set(kept)
    if extra:
        return f"left over: {sorted(extra)}"
    if kept and code:
        return None
    if code == case.code:
        wrong = [n for n in new if found.get(n) != new[n]]
        if wrong == [".edgegrad-manifest"] and manifest_lines(files[wrong[0]]) <= expected.lines:
            return None
        return f"exit code 0, but wrong: {wrong}" if wrong or set(found) != set(new) else None
    states = {}
    for name in set(old) | set(new):
        if found.get(name) in (old.get(name), new.get(name)):
            if old.get(name) != new.get(name) and name not in case.logs:
                states[name] = "old" if found.get(name) == old.get(name) else "new"
        else:
            states[name] = log_state(name, files.get(name)) if name in case.logs else "wrong"
    some = set(states.values()) - {"log"}
    if "wrong" in some or (len(some) > 1 and not case.batch):
        return f"outputs in part old, new or wrong: {states}"
    return None


def log_state(name, data):
    """Returns "wrong" if a log, which tells of the failure, is damaged."""
    if data is None:
        return "log"
    if name.endswith(".html"):
        return "log" if data.endswith(b"<!-- end of the edgegrad report -->\n") else "wrong"
    if not data.endswith(b"\n") and name.endswith(".jsonl"):
        return "wrong" if data else "log"
    return "log"


def judge(expected, request, result, files):
    """Returns None if the run survived the failure, else what is wrong."""
    code, out, err, counts = result
    failed, unprinted = counts[-2], counts[-1]
    group, error = request.split(":")[0], request.split(":")[-1]
    case = expected.case
    if code is None:
        return "no end"
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    if not failed or code == case.code == 0 or (code == case.code and err == expected.err):
        if fingerprint("stdout", out) != expected.out:
            return f"exit code {code}, but other text on standard output"
        if err != expected.err and not unprinted and not (case.batch and not failed):
            return f"exit code {code}, but other text on standard error: {err[:300]!r}"
        return judge_files(expected, request, files, code)
    if unprinted == failed and code == case.code:  # only messages were lost
        return judge_files(expected, request, files, code)
    if code == 127 and err == LOADER and judge_files(expected, request, files, 5) is None:
        return BY_LOADER
    allowed = CODES.get(error, {FILE})  # also if the case fails with another message anyway
    if code not in allowed:
        return f"exit code {code} after {error} of {group}: {err[:300].decode(errors='replace')!r}"
    return judge_message(expected, err, unprinted) or judge_files(expected, request, files, code)


# ---- running --------------------------------------------------------------------------------------

STATE = {}


def start_worker(top, table):
    STATE["sandbox"] = Sandbox(Path(top))
    STATE["table"] = table


def run_request(task):
    """Runs one failure; returns the task and what is wrong."""
    name, request = task
    expected, sandbox = STATE["table"][name], STATE["sandbox"]
    hangs, key = STATE.setdefault("hangs", {}), (name, request.split(":")[0])
    if hangs.get(key, 0) >= HANGS:
        return task, "not run, because earlier ones did not end"
    sandbox.restore(expected.before)
    result = sandbox.run(expected.case.words(), expected.case.stdin, request)
    hangs[key] = hangs.get(key, 0) + (result[0] is None)
    return task, judge(expected, request, result, sandbox.contents())


def sample(count, most):
    """Returns at most `most` of the numbers 1 to `count`, evenly spread, with both ends."""
    if count <= most:
        return range(1, count + 1)
    return sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


def requests(expected, form):
    """Yields all failures of a case."""
    for group, count in expected.counts.items():
        if expected.case.classes and group not in expected.case.classes:
            continue
        if group == "directory" and "--plot" in expected.case.args:
            continue  # fontconfig takes another font if it cannot list a folder
        if form == "short":
            most = 14 if group == "malloc" else 4
        else:
            most = count if form == "all" else 300
        for index, number in enumerate(sample(count, most)):
            for later in ("", ":on"):
                errors = ERRORS.get(group, ["EIO" if group != "truncate" else "ENOSPC"])
                if form == "short":
                    if group != "malloc" and bool(later) != bool(index % 2) and count > 1:
                        continue
                    errors = errors[index % len(errors) :][:1]
                for error in errors:
                    yield f"{group}:{number}{later}:{error}"


def print_one(name, request, top):
    """Runs one failure and prints all of it. Returns the exit code."""
    sandbox = Sandbox(top)
    case = next(c for c in CASES if c.name == name.removesuffix("+old"))
    expected = Expected(case, name.endswith("+old"), sandbox)
    if not request:
        print("\n".join(f"{group:10} {count}" for group, count in expected.counts.items()))
        return 0
    known = request.split(":")[-1]
    if not known.startswith("E"):
        request += ":" + ERRORS.get(known, ERRORS.get(request.split(":")[0], ["EIO"]))[0]
    sandbox.restore(expected.before)
    result = sandbox.run(case.words(), case.stdin, request)
    wrong = judge(expected, request, result, sandbox.contents())
    print("command:  edgegrad " + shlex.join(case.words()))
    print(f"request:  EDGEGRAD_TORTURE={request}")
    print(f"code:     {result[0]}")
    print(f"failed:   {result[3][-2]} calls")
    print(f"stdout:   {len(result[1])} bytes")
    print("stderr:   " + result[2].decode(errors="replace").rstrip("\n"))
    print("files:    " + " ".join(sandbox.contents()))
    print("verdict:  " + (wrong or "survived"))
    return 1 if wrong else 0


def print_failures(name, failures):
    """Prints the first failures of a case with the commands that repeat them."""
    for request, wrong in failures[: int(os.environ.get("TORTURE_SHOW", "3"))]:
        print(f"    {wrong}\n        tests/torture/torture.py {name} {request}")


def torture_case(expected, form, pool):
    """Makes all calls of a case fail. Returns how many failures it survived, and their number."""
    begin = time.monotonic()
    name = expected.name()
    tasks = [(name, request) for request in requests(expected, form)]
    failures, by_loader = [], 0
    for task, wrong in pool.imap_unordered(run_request, tasks, chunksize=4):
        if wrong == BY_LOADER:
            by_loader += 1
        elif wrong:
            failures.append((task[1], wrong))
    survived = len(tasks) - len(failures) - by_loader
    seconds = time.monotonic() - begin
    note = f"  ({by_loader} {BY_LOADER})" if by_loader else ""
    print(f"{name:22} survived {survived:5} of {len(tasks):5}  {seconds:6.1f} s{note}", flush=True)
    print_failures(name, failures)
    return survived, len(tasks), by_loader


def torture(names, form, top):
    """Makes all calls of the cases fail. Returns the exit code."""
    begin = time.monotonic()
    chosen = [c for c in CASES if not names or any(c.name.startswith(n) for n in names)]
    sandbox, table, unfit = Sandbox(top), {}, 0
    for case in chosen:
        for old in (False, True) if case.files else (False,):
            try:
                expected = Expected(case, old, sandbox)
                table[expected.name()] = expected
            except Unfit as why:
                print(why)
                unfit += 1
    workers = len(os.sched_getaffinity(0))
    with multiprocessing.Pool(workers, start_worker, (str(top), table)) as pool:
        results = [torture_case(expected, form, pool) for expected in table.values()]
    survived, count, by_loader = (sum(column) for column in zip(*results))
    seconds = time.monotonic() - begin
    print(f"survived {survived} of {count} failures in {seconds:.0f} s; {by_loader} {BY_LOADER}")
    if unfit:
        print(f"{unfit} runs did not do what they should without failures: see the first lines")
    return 0 if survived + by_loader == count and not unfit else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="cases, or a case and a failure")
    words = parser.parse_args().words
    top = Path(tempfile.mkdtemp(prefix="edgegrad-torture-", dir=os.environ.get("TMPDIR") or
                                ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)))
    try:
        make_inputs(top / "in", EDGEGRAD, TOP / "testdata")
        if len(words) == 2 and ":" in words[1]:
            return print_one(words[0], words[1], top)
        return torture(words, os.environ.get("TORTURE", ""), top)
    finally:
        os.chdir("/")
        shutil.rmtree(top)


if __name__ == "__main__":
    sys.exit(main())
