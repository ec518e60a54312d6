# SPDX-License-Identifier: MIT
"""What a case is made of: contestants, checks with their targets, agreements."""

import shutil
from dataclasses import dataclass, field
from typing import Callable, Optional

OURS = "edgegrad"
COPY = "copying 200 MB"  # runs in turns with what it is compared to: its speed is of that minute


@dataclass
class Entry:
    """One contestant: a command. `inside`: it times its own work and says so in a line of JSON."""

    name: str
    argv: Optional[list]  # of text, or functions that give it when it is needed; None: not there
    inside: bool = False
    peer: bool = False  # somebody else's: its failure is told, and is not ours
    mp: float = 0  # megapixels it works through
    files: int = 0  # it works through, of a case of many
    mb: float = 0  # megabytes (10^6) it has to read and write at least
    threads: int = 0  # how many it was told to use; 0: as many as it likes
    outputs: list = field(default_factory=list)  # what it writes, removed before each run
    folder: bool = False  # its outputs are folders, made anew before each run
    rounds: int = 0  # 0: as many as the case has
    patience: int = 1  # times what a slow peer may take for its rounds
    repeat: int = 1  # runs of the whole command in a round


@dataclass
class Check:
    """A number made of the results, and the target it should meet, if there is one."""

    what: str
    unit: str
    value: Callable  # of a dictionary: name of the entry -> measure.Result
    relation: str = ""  # "<=" or ">="
    target: Optional[float] = None
    cpu: Optional[Callable] = None  # the same of processor times, which other users disturb less
    timed: bool = True  # not to be judged while others use the cores


@dataclass
class Agreement:
    """Two results that must be the same, or nearly. A breach fails the whole run.

    `kind`: "checksum" (a and b are entries), "folder" (all that is in folder b is in a, byte for
    byte) or a mode of compare (a and b are files)."""

    what: str
    kind: str
    a: object
    b: object
    largest: float = 0  # difference of a pixel
    share: float = 1  # of pixels that may differ at all
    prepare: list = field(default_factory=list)  # entries run first, unmeasured


@dataclass
class Case:
    name: str
    group: str
    title: str
    entries: list
    checks: list
    agreements: list = field(default_factory=list)
    large: bool = False  # only when asked for

    @property
    def threads(self):
        """How many cores it needs to itself; 0: all."""
        return max(e.threads for e in self.entries)


# ---- checks ------------------------------------------------------------------------------------


def quotient(above, below, relation, target):
    return Check(
        f"{above} / {below}",
        "x",
        lambda r: r[above].ms / r[below].ms,
        relation,
        target,
        lambda r: r[above].cpu_ms / r[below].cpu_ms,
    )


def faster(peer, target=None, ours=OURS):
    return quotient(peer, ours, ">=", target)


def within(floor, target=None, ours=OURS):
    return quotient(ours, floor, "<=", target)


def per_pixel(other, target=None, ours=OURS):
    def value(r):
        return (r[ours].ms / r[ours].entry.mp) / (r[other].ms / r[other].entry.mp)

    return Check(f"{ours} / {other}, each a pixel", "x", value, "<=", target)


def per_file(other, target=None, ours=OURS):
    def times(r, kind):
        a, b = r[other], r[ours]
        return (getattr(a, kind) / a.entry.files) / (getattr(b, kind) / b.entry.files)

    return Check(
        f"{other} / {ours}, each a file",
        "x",
        lambda r: times(r, "ms"),
        ">=",
        target,
        lambda r: times(r, "cpu_ms"),
    )


def busy(cores, target=None, ours=OURS):
    def value(r):
        return 100 * r[ours].cpu_ms / (r[ours].ms * cores)

    return Check(f"{ours}, processor time of {cores} core(s)", "%", value, ">=", target)


def smaller(other, target=None, ours=OURS):
    def value(r):
        return r[ours].size / r[other].size

    return Check(f"size: {ours} / {other}", "x", value, "<=", target, timed=False)


def wall(target, ours=OURS):
    return Check(f"{ours}", "ms", lambda r: r[ours].ms, "<=", target)


def each(entry):
    """Milliseconds a million pixels are nanoseconds a pixel."""
    return Check(f"{entry}, a pixel", "ns", lambda r: r[entry].ms / r[entry].entry.mp)


def peak(target, ours=OURS):
    def value(r):
        return r[ours].peak_mb

    return Check(f"{ours}, most memory", "MB", value, "<=", target, timed=False)


def steady(other, target, ours=OURS):
    """What more files add to the most memory."""

    def value(r):
        return r[ours].peak_mb - r[other].peak_mb

    what = f"most memory: {ours} - {other}"
    return Check(what, "MB", value, "<=", target, timed=False)


# ---- contestants -------------------------------------------------------------------------------


def first_program(*names):
    """The first of the names that is installed: some have several."""
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
        return Entry(name, [self.edgegrad_path, *arguments], **more)

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
