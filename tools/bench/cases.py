# SPDX-License-Identifier: MIT
"""Cases of images in memory, of thresholds, of starting and of memory."""

import functools
import json
from pathlib import Path

from measure import Failed, run
from pictures import HEIGHT, PHOTO_MP, WIDTH
from table import (
    COPY,
    OURS,
    Agreement,
    Case,
    Contestants,
    Entry,
    faster,
    peak,
    per_pixel,
    wall,
    within,
)

HARD_SIDE, GIANT_SIDE = 4096, 32768
# Goals of Canny in memory on one and on two threads, beside cv::Canny.
CANNY = {1: (8, 20), 2: (6, 6.5)}


class Cases(Contestants):
    """Builds the list of cases."""

    def __init__(self, *paths, reps, start_runs):
        super().__init__(*paths, reps)
        self.start_runs = start_runs

    def all(self):
        return [
            *self.kernel_photo(),
            self.two_threads(),
            *self.kernel_hard(),
            *self.colour(),
            *self.maps(),
            *self.magnitude(),
            *self.automatic(),
            self.start(),
            *self.memory(),
        ]

    # ---- in memory ----

    def canny(self, picture, mp, threads, norm):
        arguments = ("edges", self.data / picture, threads, self.reps, norm, 50, 150)
        more = {"mp": mp, "mb": 2 * mp, "threads": threads}
        return [
            self.inside(OURS, "run_edgegrad", *arguments, **more),
            self.inside("opencv", "run_opencv", *arguments, **more),
        ]

    def kernel_photo(self):
        for norm in ("l1", "l2"):
            for threads, goals in CANNY.items():
                yield Case(
                    f"canny-{norm}-{threads}t",
                    "kernel",
                    f"Canny in memory, 24 MP of photographs, {norm.upper()}, {threads} thread(s)",
                    [*self.canny("photo.pgm", PHOTO_MP, threads, norm), self.copy(threads)],
                    [faster("opencv", goals)],
                    [Agreement("the same edges as OpenCV", "checksum", OURS, "opencv")],
                )

    def two_threads(self):
        one, two = (self.canny("photo.pgm", PHOTO_MP, threads, "l1")[0] for threads in (1, 2))
        one.name = "one thread"
        return Case(
            "canny-threads",
            "kernel",
            "Canny in memory, 24 MP of photographs, L1, two threads against one",
            [two, one, self.copy(2)],
            [faster(one.name, (1.7, 1.9))],
            [Agreement("the same edges", "checksum", OURS, one.name)],
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

    def colour(self):
        """The default on three channels, beside OpenCV's Canny after the same blur."""
        picture = self.data / "photo-rgb.png"
        for method, speed in (("canny", 80), ("boundary", 15)):
            for threads in (1, 2):
                more = {"mp": PHOTO_MP, "mb": 4 * PHOTO_MP, "threads": threads}
                words = ("colour", picture, threads, self.reps)
                yield Case(
                    f"colour-{method}-{threads}t",
                    "kernel",
                    f"--method {method} in memory, 24 MP of colours, {threads} thread(s);"
                    f" goal on one thread {speed} MP/s",
                    [
                        self.inside(OURS, "run_edgegrad", *words, method, **more),
                        self.inside("opencv", "run_opencv", *words, 12.4, 10, 30, **more),
                        self.copy(threads),
                    ],
                    [faster("opencv")],
                )

    def maps_entries(self, threads, what, reps, prefix, mb):
        arguments = ("maps", self.data / "photo.pgm", threads, reps, what, prefix)
        more = {"mp": PHOTO_MP, "mb": mb, "threads": threads}
        return [
            self.inside(OURS, "run_edgegrad", *arguments, **more),
            self.inside("opencv", "run_opencv", *arguments, **more),
        ]

    def maps_agreement(self):
        """Magnitudes differ by rounding. OpenCV promises directions within 0.3 degrees."""
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
            prepare = []  # the first case made the files of both

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

    def found(self, picture, key):
        """Returns an argument: the threshold edgegrad chooses for itself."""

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
                # The report rounds thresholds to ten digits.
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
            [wall(2), within("bare decode")],
        )

    def memory(self):
        picture, mp = self.data / "giant.png", GIANT_SIDE * GIANT_SIDE / 1e6
        for command, goals in (("edges", (400, 386)), ("gradient", 100)):
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
                [peak(goals), within("bare decode")],
                large=True,
            )
