# SPDX-License-Identifier: MIT
"""Cases of whole commands on pictures of several sizes, against decoding alone and other programs."""

from dataclasses import dataclass
from typing import Optional

from pictures import LARGEST, PHOTO_MP, SIZES, USUAL, picture_folder
from table import Agreement, Case, Contestants, faster, first_program, smaller, within

SIZES_GROUP = "sizes"
GREY = ("--op", "sobel3")


@dataclass
class Kind:
    """Edges of a kind of file, against the mode of floors that decodes it to the same channels."""

    name: str
    file: str
    decoding: str
    options: tuple
    wall: Optional[tuple] = None  # goals at 24 megapixels
    cpu: Optional[tuple] = None


KINDS = (
    Kind("png-rgb", "photo-rgb.png", "png", GREY, (0.45, 0.35), (0.70, 0.60)),
    Kind("png-grey", "photo-grey.png", "png", GREY, (0.45, 0.35), (0.80, 0.65)),
    Kind("jpeg", "photo.jpg", "jpeg", GREY, (1.15, 1.08), (1.8, 1.6)),
    Kind("png-colour", "photo-rgb.png", "png", (), (0.6, 0.45)),
    Kind("jpeg-colour", "photo.jpg", "jpeg-rgb", (), (1.3, 1.1)),
)


class PictureCases(Contestants):
    """Edges of pictures, and maps of their gradients."""

    def __init__(self, *paths, reps):
        super().__init__(*paths, reps)
        self.vips = first_program("vips")
        # Debian's name first, because `convert` may be a wrapper around it.
        self.magick = first_program("magick", "convert-im6.q16", "convert")
        self.gm = first_program("gm")

    def all(self):
        return [*self.edges(), *self.sizes(), self.edges_as_opencv(), self.lines(), self.map_file()]

    def path(self, file, size=USUAL):
        return picture_folder(self.data, size) / file

    # ---- edges ----

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

    def pair(self, kind, picture, **more):
        out = self.scratch / f"{kind.name}.png"
        return [
            self.edgegrad("edges", *kind.options, picture, out, **more),
            self.floor("bare decode", kind.decoding, picture, **more),
        ]

    def edges(self):
        for kind in KINDS:
            picture = self.path(kind.file)
            peers = self.whole_peers(picture)
            goals = within("bare decode", kind.wall, kind.cpu)
            yield Case(
                f"edges-{kind.name}",
                "command",
                f"{kind.file} to edges.png, {' '.join(kind.options) or 'defaults'},"
                " against decoding alone",
                [*self.pair(kind, picture, mp=PHOTO_MP), *peers],
                [goals, *(faster(p.name) for p in peers)],
            )

    def sizes(self):
        """The same without other programs, for pictures of other sizes."""
        for size, (width, height) in SIZES.items():
            mp = width * height / 1e6
            for kind in KINDS if size != USUAL else ():
                # A round has several runs of a small picture, whose times vary more.
                more = {"mp": mp, "repeat": max(1, min(20, int(12 / mp)))}
                yield Case(
                    f"edges-{kind.name}-{size}",
                    SIZES_GROUP,
                    f"{kind.file} of {mp:.3g} MP to edges.png,"
                    f" {' '.join(kind.options) or 'defaults'}, against decoding alone",
                    self.pair(kind, self.path(kind.file, size), **more),
                    [within("bare decode")],
                    large=size == LARGEST,
                    size=size,
                )

    def lines(self):
        """Lines of edges, against the same edges as pixels."""
        picture = self.path("photo.jpg")
        pixels, lines = self.scratch / "pixels.png", self.scratch / "lines.svg"
        as_pixels = self.edgegrad("edges", picture, pixels, mp=PHOTO_MP)
        as_pixels.name = "edges.png"
        return Case(
            "edges-lines",
            "command",
            "photo.jpg to lines.svg, defaults, against edges.png",
            [self.edgegrad("edges", picture, lines, outputs=[lines], mp=PHOTO_MP), as_pixels],
            [within(as_pixels.name, 4)],
        )

    def edges_as_opencv(self):
        picture = self.path("photo-grey.png")
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
        picture = self.path("photo.jpg")
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

