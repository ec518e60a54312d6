# SPDX-License-Identifier: MIT
"""The table of cases: what is measured, against what, and how good it should be."""

import functools
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional

from measure import Failed, run

OURS = "edgegrad"
COPY = "copying 200 MB"  # runs in turns with what it is compared to: its speed is of that minute
WIDTH, HEIGHT = 6000, 4000
HARD_SIDE, GIANT_SIDE = 4096, 32768
PHOTO_MP = WIDTH * HEIGHT / 1e6


@dataclass
class Entry:
    """One contestant: a command. `inside`: it times its own work and says so in a line of JSON."""

    name: str
    argv: Optional[list]  # of text, or functions that give it when it is needed; None: not there
    inside: bool = False
    peer: bool = False  # somebody else's: its failure is told, and is not ours
    mp: float = 0  # megapixels it works through
    mb: float = 0  # megabytes (10^6) it has to read and write at least
    threads: int = 0  # how many it was told to use; 0: as many as it likes
    output: Optional[Path] = None
    rounds: int = 0  # 0: as many as the case has
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

    `kind`: "checksum" (a and b are entries) or a mode of compare (a and b are files)."""

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


def smaller(other, target=None, ours=OURS):
    def value(r):
        return r[ours].size / r[other].size

    return Check(f"size: {ours} / {other}", "x", value, "<=", target, timed=False)


def wall(target, ours=OURS):
    return Check(f"{ours}", "ms", lambda r: r[ours].ms, "<=", target)


def peak(target, ours=OURS):
    def value(r):
        return r[ours].peak_mb

    return Check(f"{ours}, most memory", "MB", value, "<=", target, timed=False)


# ---- the cases ---------------------------------------------------------------------------------


def first_program(*names):
    """The first of the names that is installed: some have several."""
    return next((path for name in names if (path := shutil.which(name))), None)


class Cases:
    """Builds the table. `reps`: measured repetitions inside the in-memory programs."""

    def __init__(self, programs, edgegrad, data, scratch, reps, start_runs):
        self.programs, self.data, self.scratch = programs, data, scratch
        self.edgegrad_path = str(edgegrad)
        self.reps, self.start_runs = str(reps), start_runs
        self.vips = first_program("vips")
        # Debian's own name comes first: `convert` may be a wrapper around it.
        self.magick = first_program("magick", "convert-im6.q16", "convert")
        self.gm = first_program("gm")

    def all(self):
        return [
            *self.kernel_photo(),
            *self.kernel_hard(),
            *self.maps(),
            *self.magnitude(),
            *self.whole_edges(),
            self.edges_as_opencv(),
            self.map_file(),
            *self.automatic(),
            self.start(),
            *self.memory(),
        ]

    # ---- contestants ----

    def program(self, name):
        path = self.programs / name
        return str(path) if path.exists() else None

    def inside(self, name, program, *arguments, **more):
        path = self.program(program)
        argv = [path, *map(str, arguments)] if path else None
        return Entry(name, argv, inside=True, peer=program == "run_opencv", **more)

    def edgegrad(self, *arguments, name=OURS, **more):
        return Entry(name, [self.edgegrad_path, *arguments], **more)

    def floor(self, name, *arguments):
        return Entry(name, [self.program("floors"), *map(str, arguments)], mp=PHOTO_MP)

    def peer(self, name, path, *arguments, **more):
        return Entry(name, [path, *map(str, arguments)] if path else None, peer=True, **more)

    def opencv(self, *arguments, name="opencv", **more):
        return self.peer(name, self.program("run_opencv"), *arguments, **more)

    # ---- in memory ----

    def canny(self, picture, mp, threads, norm):
        arguments = ("edges", self.data / picture, threads, self.reps, norm, 50, 150)
        more = {"mp": mp, "mb": 2 * mp, "threads": threads}
        return [
            self.inside(OURS, "run_edgegrad", *arguments, **more),
            self.inside("opencv", "run_opencv", *arguments, **more),
        ]

    def copy(self, threads):
        return self.inside(
            COPY, "floors", "copy", 200 * 10**6, threads, self.reps, mb=400, threads=threads
        )

    def kernel_photo(self):
        for norm in ("l1", "l2"):
            for threads, target in ((1, 8), (2, 6)):
                yield Case(
                    f"canny-{norm}-{threads}t",
                    "kernel",
                    f"Canny in memory, 24 MP of photographs, {norm.upper()}, {threads} thread(s)",
                    [*self.canny("photo.pgm", PHOTO_MP, threads, norm), self.copy(threads)],
                    [faster("opencv", target)],
                    [Agreement("the same edges as OpenCV", "checksum", OURS, "opencv")],
                )

    def kernel_hard(self):
        mp = HARD_SIDE * HARD_SIDE / 1e6
        for picture in ("spiral", "serpentine", "noise", "faint"):
            for threads in (1, 2):
                photo = self.canny("photo.pgm", PHOTO_MP, threads, "l1")[0]
                photo.name = "the photographs"
                yield Case(
                    f"canny-{picture}-{threads}t",
                    "kernel",
                    f"Canny in memory, {picture}, 16.8 MP, L1, {threads} thread(s)",
                    [*self.canny(f"{picture}.pgm", mp, threads, "l1"), photo, self.copy(threads)],
                    [faster("opencv"), per_pixel("the photographs")],
                    [Agreement("the same edges as OpenCV", "checksum", OURS, "opencv")],
                )

    def maps_entries(self, threads, what, reps, prefix, mb):
        arguments = ("maps", self.data / "photo.pgm", threads, reps, what, prefix)
        more = {"mp": PHOTO_MP, "mb": mb, "threads": threads}
        return [
            self.inside(OURS, "run_edgegrad", *arguments, **more),
            self.inside("opencv", "run_opencv", *arguments, **more),
        ]

    def maps_agreement(self):
        """Magnitudes differ by rounding. OpenCV promises directions within 0.3, and keeps 0.01."""
        ours, theirs = self.scratch / "ours", self.scratch / "theirs"
        prepare = [
            self.maps_entries(2, "both", 1, ours, 0)[0],
            self.maps_entries(2, "both", 1, theirs, 0)[1],
        ]
        for what, kind, largest in (("magnitude", "f32", 1e-4), ("direction", "degrees", 0.05)):
            yield Agreement(
                f"{what} within {largest:g}",
                kind,
                Path(f"{ours}-{what}.f32"),
                Path(f"{theirs}-{what}.f32"),
                largest,
                prepare=prepare,
            )
            prepare = []  # the first made the files of both

    def maps(self):
        for threads in (1, 2):
            yield Case(
                f"maps-{threads}t",
                "gradient",
                f"magnitude and direction as floats, 24 MP, {threads} thread(s)",
                [
                    *self.maps_entries(threads, "both", self.reps, "-", PHOTO_MP * 9),
                    self.copy(threads),
                ],
                [faster("opencv", 4)],
                list(self.maps_agreement()) if threads == 2 else [],
            )

    def magnitude(self):
        for threads in (1, 2):
            more = {"mp": PHOTO_MP, "mb": PHOTO_MP * 5, "threads": threads}
            streams = [
                self.inside(
                    name, "floors", "stream", WIDTH * HEIGHT, 4, threads, self.reps, how, **more
                )
                for name, how in (("stream", "reused"), ("stream, fresh memory", "fresh"))
            ]
            yield Case(
                f"magnitude-{threads}t",
                "gradient",
                f"magnitude as floats, 24 MP, {threads} thread(s); read 24 MB, write 96 MB",
                [
                    *self.maps_entries(threads, "magnitude", self.reps, "-", PHOTO_MP * 5),
                    *streams,
                    self.copy(threads),
                ],
                [faster("opencv"), within("stream", 1.5), within("stream, fresh memory")],
            )

    # ---- the whole command ----

    def whole_peers(self, picture):
        out = self.scratch / "peer.png"
        canny = ("-colorspace", "gray", "-canny", "0x1.4+10%+30%")
        edge = ("convert", picture, "-edge", "1", out)
        return [
            self.opencv("file-edges", picture, out, 1.4, 50, 150, "l2", mp=PHOTO_MP),
            self.peer("vips canny", self.vips, "canny", picture, out, mp=PHOTO_MP),
            self.peer("vips sobel", self.vips, "sobel", picture, out, mp=PHOTO_MP),
            self.peer("ImageMagick", self.magick, picture, *canny, out, mp=PHOTO_MP),
            self.peer("GraphicsMagick", self.gm, *edge, mp=PHOTO_MP),
        ]

    def whole_edges(self):
        rows = (
            ("edges-png-rgb", "photo-rgb.png", "png", 1.10),
            ("edges-png-grey", "photo-grey.png", "png", 1.10),
            ("edges-jpeg", "photo.jpg", "jpeg", 1.25),
        )
        for name, file, floor, target in rows:
            picture = self.data / file
            peers = self.whole_peers(picture)
            ours = self.edgegrad("edges", picture, self.scratch / f"{name}.png", mp=PHOTO_MP)
            yield Case(
                name,
                "command",
                f"{file} to edges.png, defaults, against decoding alone",
                [ours, self.floor("bare decode", floor, picture), *peers],
                [within("bare decode", target), *(faster(p.name) for p in peers)],
            )

    def edges_as_opencv(self):
        picture = self.data / "photo-grey.png"
        ours, theirs = self.scratch / "as-ours.png", self.scratch / "as-theirs.png"
        options = ("--sigma", "0", "--norm", "l1", "--low", "50", "--high", "150")
        return Case(
            "edges-as-opencv",
            "command",
            "photo-grey.png to edges.png, no blur, thresholds given",
            [
                self.edgegrad("edges", *options, picture, ours, mp=PHOTO_MP),
                self.floor("bare decode", "png", picture),
                self.opencv("file-edges", picture, theirs, 0, 50, 150, "l1", mp=PHOTO_MP),
            ],
            [within("bare decode", 1.10), faster("opencv")],
            [Agreement("the same edges as OpenCV", "png", ours, theirs)],
        )

    def map_file(self):
        picture = self.data / "photo.jpg"
        ours, theirs = self.scratch / "map.png", self.scratch / "map-opencv.png"
        again, vips = self.scratch / "map-again.png", self.scratch / "map-vips.png"
        same = "the same map by OpenCV"
        return Case(
            "map-jpeg",
            "map",
            "photo.jpg to an 8-bit magnitude.png",
            [
                self.edgegrad("gradient", picture, ours, mp=PHOTO_MP, output=ours),
                self.floor("bare decode", "jpeg", picture),
                self.opencv("file-map", picture, theirs, mp=PHOTO_MP, output=theirs),
                self.peer("vips sobel, 3 bands", self.vips, "sobel", picture, vips, output=vips),
                self.opencv("recode", ours, again, name=same, output=again, rounds=1),
            ],
            [within("bare decode", 3), faster("opencv"), smaller(same, 1.10)],
            [Agreement("OpenCV reads the same map", "png", ours, again)],
        )

    def found(self, picture, key):
        """The threshold edgegrad finds for itself, as an argument."""

        @functools.lru_cache(maxsize=None)
        def report():
            out = str(self.scratch / "found.png")
            code, said, _ = run([self.edgegrad_path, "edges", "--json", str(picture), out])
            if code != 0:
                raise Failed(f"edgegrad edges --json: exit {code}")
            return json.loads(said)

        return lambda: f"{report()[key]['per_pixel']}/px"

    def automatic(self):
        for name, file in (("auto-png", "photo-grey.png"), ("auto-jpeg", "photo.jpg")):
            picture = self.data / file
            auto, given = self.scratch / f"{name}.png", self.scratch / f"{name}-given.png"
            low, high = self.found(picture, "low"), self.found(picture, "high")
            thresholds = ("--low", low, "--high", high)
            yield Case(
                name,
                "auto",
                f"{file} to edges.png: what finding the thresholds costs",
                [
                    self.edgegrad("edges", picture, auto, mp=PHOTO_MP),
                    self.edgegrad(
                        "edges", *thresholds, picture, given, name="the same given", mp=PHOTO_MP
                    ),
                ],
                [within("the same given")],
                # The report rounds them to ten digits.
                [Agreement("the same edges", "png", auto, given, largest=255, share=1e-6)],
            )

    def start(self):
        picture, out = self.data / "small.png", self.scratch / "small-edges.png"
        more = {"rounds": 1, "repeat": self.start_runs}
        floor = Entry("bare decode", [self.program("floors"), "png", picture], **more)
        return Case(
            "start",
            "start",
            "a 64x64 PNG: what it takes to start",
            [self.edgegrad("edges", picture, out, **more), floor],
            [wall(5), within("bare decode")],
        )

    def memory(self):
        picture, mp = self.data / "giant.png", GIANT_SIDE * GIANT_SIDE / 1e6
        for command, target in (("edges", 400), ("gradient", 100)):
            out = self.scratch / f"giant-{command}.png"
            yield Case(
                f"memory-{command}",
                "memory",
                f"{command} of a grey PNG of {GIANT_SIDE}x{GIANT_SIDE}",
                [
                    self.edgegrad(command, picture, out, mp=mp, rounds=1),
                    Entry(
                        "bare decode", [self.program("floors"), "png", picture], mp=mp, rounds=1
                    ),
                ],
                [peak(target), within("bare decode")],
                large=True,
            )
