# SPDX-License-Identifier: MIT
"""The folder in which the commands of a document run, and the inputs of everyday names in it."""

import re
import shutil
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
    "tiles/hills.tif": HEIGHTS,
    "u.tif": HEIGHTS,
    "head.tif": HEIGHTS,
    "temperature.tif": HEIGHTS,
    "conductivity.tif": HEIGHTS,
}
TEXTS = {
    "points.csv": "x,y\n1,2.1\n2,3.9\n3,6.2\n4,7.8\n",
}


def make_work_folder(folder, words):
    """Fills an empty folder with links to the project's files, and the samples among the words."""
    for name in LINKS:
        (folder / name).symlink_to(TOP / name)
    (folder / "docs" / "images").mkdir(parents=True)
    (folder / "docs" / "examples").symlink_to(TOP / "docs" / "examples")
    (folder / "home").mkdir()
    for name, origin in SAMPLES.items():
        if is_named(name, words):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TOP / origin, folder / name)
    for name, text in TEXTS.items():
        if is_named(name, words):
            (folder / name).write_text(text, encoding="utf-8")


def is_named(name, words):
    """Returns whether the words have a sample: its name, its folder, or a pattern such as *.jpg."""
    top = name.partition("/")[0]
    pattern = "*" + Path(name).suffix
    return any(w in (top, name) or ("/" not in name and w == pattern) or w.startswith(top + "/") for w in words)


def words_of(text):
    """Returns the words of commands that may be names of files."""
    return set(re.findall(r"[\w.*/-]+", text))
