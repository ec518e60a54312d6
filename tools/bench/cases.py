# SPDX-License-Identifier: MIT
"""Image cases: contestants, comparisons and targets."""

import functools
import json
from pathlib import Path

from measure import Failed, run
from table import (
    COPY,
    OURS,
    Agreement,
    Case,
    Contestants,
    Entry,
    faster,
    first_program,
    peak,
    per_pixel,
    smaller,
    wall,
    within,
)

WIDTH, HEIGHT = 6000, 4000
HARD_SIDE, GIANT_SIDE = 4096, 32768
PHOTO_MP = WIDTH * HEIGHT / 1e6


class Cases(Contestants):
    """Builds the list of cases."""

    def __init__(self, *paths, reps, start_runs):
        super().__init__(*paths, reps)
        self.start_runs = start_runs
        self.vips = first_program("vips")
        # Debian's name first, because `convert` may be a wrapper around it.
        self.magick = first_program("magick", "convert-im6.q16", "convert")
        self.gm = first_program("gm")

    def all(self):
        return [
            *self.kernel_photo(),
            *self.kernel_hard(),
            *self.colour(),
            *self.maps(),
            *self.magnitude(),
            *self.whole_edges(),
            self.edges_as_opencv(),
            self.map_file(),
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
        grey = ("--op", "sobel3")
        rows = (
            ("edges-png-rgb", "photo-rgb.png", "png", 1.10, grey),
            ("edges-png-grey", "photo-grey.png", "png", 1.10, grey),
            ("edges-jpeg", "photo.jpg", "jpeg", 1.25, grey),
            ("edges-png-colour", "photo-rgb.png", "png", 1.3, ()),
            ("edges-jpeg-colour", "photo.jpg", "jpeg", 1.3, ()),
        )
        for name, file, floor, target, options in rows:
            picture = self.data / file
            peers = self.whole_peers(picture)
            out = self.scratch / f"{name}.png"
            ours = self.edgegrad("edges", *options, picture, out, mp=PHOTO_MP)
            yield Case(
                name,
                "command",
                f"{file} to edges.png, {' '.join(options) or 'defaults'}, against decoding alone",
                [ours, self.floor("bare decode", floor, picture, mp=PHOTO_MP), *peers],
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
                self.floor("bare decode", "png", picture, mp=PHOTO_MP),
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
                self.edgegrad("gradient", picture, ours, mp=PHOTO_MP, outputs=[ours]),
                self.floor("bare decode", "jpeg", picture, mp=PHOTO_MP),
                self.opencv("file-map", picture, theirs, mp=PHOTO_MP, outputs=[theirs]),
                self.peer("vips sobel, 3 bands", self.vips, "sobel", picture, vips, outputs=[vips]),
                self.opencv("recode", ours, again, name=same, outputs=[again], rounds=1),
            ],
            [within("bare decode", 3), faster("opencv"), smaller(same, 1.10)],
            [Agreement("OpenCV reads the same map", "png", ours, again)],
        )

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
