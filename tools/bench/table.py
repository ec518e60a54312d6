# SPDX-License-Identifier: MIT
"""Parts of a case: contestants, checks with goals, agreements."""

import shutil
from dataclasses import dataclass, field
from typing import Callable, Optional

OURS = "edgegrad"
COPY = "copying 200 MB"  # runs in turns with the contestants, under the same conditions


@dataclass
class Entry:
    """One contestant: a command. `inside`: it measures its own work and prints a line of JSON."""

    name: str
    argv: Optional[list]  # text, or functions called when needed; None: not installed
    inside: bool = False
    peer: bool = False  # another program: its failure is reported but does not fail the run
    mp: float = 0  # megapixels processed
    files: int = 0  # files processed, in cases of many files
    mb: float = 0  # megabytes (10^6) it must at least read and write
    threads: int = 0  # threads requested; 0: its default
    outputs: list = field(default_factory=list)  # output files, removed before each run
    folder: bool = False  # outputs are folders, emptied before each run
    rounds: int = 0  # 0: the rounds of the case
    patience: int = 1  # factor of the time budget of a slow peer
    repeat: int = 1  # runs of the whole command in a round


@dataclass(frozen=True)
class Goal:
    """A bound that a number should keep, and a closer one that it might reach."""

    target: Optional[float] = None
    stretch: Optional[float] = None


NO_GOAL = Goal()


@dataclass
class Check:
    """A number computed from the results, and its goal, if any."""

    what: str
    unit: str
    value: Callable  # takes a dictionary: entry name -> measure.Result
    relation: str = ""  # "<=" or ">="
    goal: Goal = NO_GOAL
    cpu: Optional[Callable] = None  # value from processor times, which other users disturb less
    cpu_goal: Goal = NO_GOAL
    timed: bool = True  # judged only while the cores are free


@dataclass
class Agreement:
    """Two results that must be equal within bounds. A difference fails the whole run.

    `kind`: "checksum" (a and b are entries), "folder" (folder a contains all of
    folder b, byte for byte) or a mode of compare (a and b are files)."""

    what: str
    kind: str
    a: object
    b: object
    largest: float = 0  # allowed difference of a pixel
    share: float = 1  # share of pixels that may differ
    prepare: list = field(default_factory=list)  # entries run first, unmeasured


@dataclass
class Case:
    name: str
    group: str
    title: str
    entries: list
    checks: list
    agreements: list = field(default_factory=list)
    large: bool = False  # runs only if requested
    size: str = ""  # size of the pictures that it reads, if not the usual one

    @property
    def threads(self):
        """Returns the number of free cores it needs; 0: all."""
        return max(e.threads for e in self.entries)


# ---- checks ------------------------------------------------------------------------------------


def goal(bounds):
    """Returns the goal of a number, of a pair (target, stretch) or of None."""
    return Goal(*bounds) if isinstance(bounds, tuple) else Goal(bounds)


def quotient(above, below, relation, bounds, cpu):
    return Check(
        f"{above} / {below}",
        "x",
        lambda r: r[above].ms / r[below].ms,
        relation,
        goal(bounds),
        lambda r: r[above].cpu_ms / r[below].cpu_ms,
        goal(cpu),
    )


def faster(peer, bounds=None, cpu=None, ours=OURS):
    return quotient(peer, ours, ">=", bounds, cpu)


def within(floor, bounds=None, cpu=None, ours=OURS):
    return quotient(ours, floor, "<=", bounds, cpu)


def per(share, above, below, relation, bounds):
    """Compares the times that the share `mp` or `files` of two entries takes."""
    what = {"mp": "a pixel", "files": "a file"}[share]

    def time_of(result, kind):
        return getattr(result, kind) / getattr(result.entry, share)

    return Check(
        f"{above} / {below}, each {what}",
        "x",
        lambda r: time_of(r[above], "ms") / time_of(r[below], "ms"),
        relation,
        goal(bounds),
        lambda r: time_of(r[above], "cpu_ms") / time_of(r[below], "cpu_ms"),
    )


def per_pixel(other, bounds=None, ours=OURS):
    return per("mp", ours, other, "<=", bounds)


def per_file(other, bounds=None, ours=OURS):
    return per("files", other, ours, ">=", bounds)


def busy(cores, bounds=None, ours=OURS):
    def value(r):
        return 100 * r[ours].cpu_ms / (r[ours].ms * cores)

    return Check(f"{ours}, processor time of {cores} core(s)", "%", value, ">=", goal(bounds))


def smaller(other, bounds=None, ours=OURS):
    def value(r):
        return r[ours].size / r[other].size

    return Check(f"size: {ours} / {other}", "x", value, "<=", goal(bounds), timed=False)


def wall(bounds, ours=OURS):
    return Check(f"{ours}", "ms", lambda r: r[ours].ms, "<=", goal(bounds))


def each(entry):
    """Returns milliseconds per megapixel: nanoseconds per pixel."""
    return Check(f"{entry}, a pixel", "ns", lambda r: r[entry].ms / r[entry].entry.mp)


def peak(bounds, ours=OURS):
    def value(r):
        return r[ours].peak_mb

    return Check(f"{ours}, most memory", "MB", value, "<=", goal(bounds), timed=False)


def steady(other, bounds, ours=OURS):
    """Check of the peak memory that more files add."""

    def value(r):
        return r[ours].peak_mb - r[other].peak_mb

    what = f"most memory: {ours} - {other}"
    return Check(what, "MB", value, "<=", goal(bounds), timed=False)


# ---- contestants -------------------------------------------------------------------------------


def first_program(*names):
    """Returns the first installed program of these names."""
    return next((path for name in names if (path := shutil.which(name))), None)


class Contestants:
    """Makes entries. `reps`: measured repetitions inside the in-memory programs."""

    def __init__(self, programs, edgegrad, data, scratch, reps):
        self.programs, self.data, self.scratch = programs, data, scratch
        self.edgegrad_path = str(edgegrad)
        self.reps = str(reps)

    def program(self, name):
        path = self.programs / name
        return str(path) if path.exists() else None

    def inside(self, name, program, *arguments, **more):
        path = self.program(program)
        argv = [path, *map(str, arguments)] if path else None
        return Entry(name, argv, inside=True, peer=program == "run_opencv", **more)

    def edgegrad(self, *arguments, name=OURS, **more):
        # The peers leave their outputs to the system's cache, too.
        return Entry(name, [self.edgegrad_path, *arguments, "--no-sync"], **more)

    def floor(self, name, *arguments, **more):
        return Entry(name, [self.program("floors"), *map(str, arguments)], **more)

    def peer(self, name, path, *arguments, **more):
        return Entry(name, [path, *map(str, arguments)] if path else None, peer=True, **more)

    def opencv(self, *arguments, name="opencv", **more):
        return self.peer(name, self.program("run_opencv"), *arguments, **more)

    def copy(self, threads):
        return self.inside(
            COPY, "floors", "copy", 200 * 10**6, threads, self.reps, mb=400, threads=threads
        )
