# SPDX-License-Identifier: MIT
"""The folder in which the commands of a document run, and the inputs of everyday names in it."""

import math
import re
import struct
import sys
import zlib
from array import array
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LINKS = ["testdata", "include", "tools", "src"]

PHOTO = "testdata/coffee.jpg"
HEIGHTS = "testdata/hills.tif"

# Names that documents use, and the files that are copied there. A document gets those that it names.
SAMPLES = {
    "photo.jpg": PHOTO,
    "image.jpg": PHOTO,
    "in.jpg": PHOTO,
    "photo-1.jpg": PHOTO,
    "photo-2.jpg": "testdata/cat.jpg",
    "photos/coffee.jpg": PHOTO,
    "photos/cat.jpg": "testdata/cat.jpg",
    "photos/lake/scene.jpg": "testdata/scene.jpg",
    "photo.png": "testdata/scene.png",
    "image.png": "testdata/scene.png",
    "scan.png": "testdata/small/bits.png",
    "dem.tif": HEIGHTS,
    "terrain.tif": HEIGHTS,
    "dems/hills.tif": HEIGHTS,
    "dems/north/hills.tif": HEIGHTS,
    "u.tif": HEIGHTS,
    "head.tif": HEIGHTS,
    "temperature.tif": HEIGHTS,
    "conductivity.tif": HEIGHTS,
}


def srtm_tile():
    """Returns smooth hills as 1201 x 1201 cells of SRTM: rows of 16-bit integers, high bytes first."""
    wave = [int(300 * math.sin(i / 90)) for i in range(1201)]
    cells = array("h", (900 + a + b for a in wave for b in wave))
    if sys.byteorder == "little":
        cells.byteswap()
    return cells.tobytes()


def terrarium_tile():
    """Returns a PNG of 256 x 256 elevations in colours: 32768 + metres in red (x 256) and green."""
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">HB", 32768 + 400 + x + y // 2, 0) for x in range(256)) for y in range(256)
    )
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def points():
    return b"x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n"


# Names of files that are made by a function.
MADE = {
    "N44W072.hgt": srtm_tile,
    "srtm/N45E007.hgt": srtm_tile,
    "srtm/N45E008.hgt": srtm_tile,
    "tiles/12/2132/1440.png": terrarium_tile,
    "points.csv": points,
}


def make_work_folder(folder, words):
    """Fills an empty folder with links to the project's files, and the samples among the words."""
    for name in LINKS:
        (folder / name).symlink_to(TOP / name)
    (folder / "docs" / "images").mkdir(parents=True)
    (folder / "docs" / "examples").symlink_to(TOP / "docs" / "examples")
    (folder / "home").mkdir()
    for name in [*SAMPLES, *MADE]:
        if is_named(name, words):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(MADE[name]() if name in MADE else (TOP / SAMPLES[name]).read_bytes())


def is_named(name, words):
    """Returns whether the words have a sample: its name, its folder, or a pattern such as *.jpg."""
    top = name.partition("/")[0]
    pattern = "*" + Path(name).suffix
    return any(w in (top, name) or ("/" not in name and w == pattern) or w.startswith(top + "/") for w in words)


def words_of(text):
    """Returns the words of commands that may be names of files."""
    return set(re.findall(r"[\w.*/-]+", text))
