# SPDX-License-Identifier: MIT
"""The pictures of the benchmark: mosaics of photographs, or of scenes drawn with their statistics."""

import os
from pathlib import Path

import measure

TOP = Path(__file__).resolve().parent.parent.parent

# Width and height by name. The ratio of the sides is that of most cameras.
SIZES = {"0.3mp": (640, 480), "3mp": (2048, 1536), "24mp": (6000, 4000), "100mp": (12288, 8192)}
USUAL, LARGEST = "24mp", "100mp"
WIDTH, HEIGHT = SIZES[USUAL]
PHOTO_MP = WIDTH * HEIGHT / 1e6
SCENES, SCENE_SIDE = 16, 576
FILES = ("photo.pgm", "photo-grey.png", "photo-rgb.png", "photo.jpg", "small.png")


def input_sources():
    folder = Path(__file__).parent
    return [folder / "inputs.c", folder / "scenes.c"]


def picture_folder(data, size):
    return data if size == USUAL else data / size


def photographs(chosen):
    """Returns the photographs of the folder, or of the corpus; an empty list if there are none."""
    corpus = Path(os.environ.get("EDGEGRAD_CORPUS", TOP / "../shared/data"))
    found = sorted((chosen or corpus / "photos").glob("*.png"))
    if chosen and not found:
        raise measure.Failed(f"{chosen}: no PNG is there")
    return [path.resolve() for path in found]


def drawn_scenes(programs, data):
    folder = data / "scenes"
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"scenes/scene-{i:02}.png" for i in range(SCENES)]
    words = ["scenes", folder, SCENES, SCENE_SIDE]
    measure.prepare(programs, input_sources(), data, names, words)
    return [data / name for name in names]


def tiles(programs, data, chosen):
    """Returns the images that mosaics are made of."""
    return photographs(chosen) or drawn_scenes(programs, data)


def make_mosaic(programs, data, size, images):
    folder = picture_folder(data, size)
    folder.mkdir(parents=True, exist_ok=True)
    words = ["photo", folder, *SIZES[size], *images]
    measure.prepare(programs, input_sources(), folder, FILES, words)


def describe(data, sizes, images):
    """Returns what the pictures are, for the records."""
    drawn = all(image.parent == data / "scenes" for image in images)
    files = {
        f"{size}/{name}": (picture_folder(data, size) / name).stat().st_size
        for size in sizes
        for name in FILES
        if name.startswith("photo")
    }
    kind = f"{len(images)} {'drawn scenes' if drawn else 'photographs'}"
    return {"tiles": kind, "bytes": files}
