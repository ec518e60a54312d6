# SPDX-License-Identifier: MIT
"""Cases of many files: edgegrad against decoding them, and against programs and loops that
process them one by one."""

import os
import shlex
import shutil

import measure
from table import Agreement, Case, Contestants, busy, first_program, peak, per_file, steady, within

FOLDERS = "folders"
MANY, MORE, FEW = 1000, 10000, 20  # files; FEW: with a process per file
KINDS = {"png": "png", "jpeg": "jpg"}
# These mark 8.9 % of the photographs' pixels; edgegrad's automatic thresholds mark 9.0 %.
SIGMA, LOW, HIGH = 1.4, 25, 55
A_PROCESS = 100  # files per process of OpenCV's program
MEMORY_MB, STEADY_MB = 64, 5
DECODING = {"jpeg": 1.4, "png": 0.7}  # goals against decoding alone
OPENCV = {"jpeg": (2.5, 4.6), "png": 2}


def folder_name(count, kind):
    return f"{kind}-{count}"


def link(photos, folder, count):
    """Fills a folder with hard links to the images in rotation, which count as separate files."""
    if folder.exists() and len(list(folder.iterdir())) == count:
        if (folder / f"00000{photos[0].suffix}").samefile(photos[0]):
            return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for i in range(count):
        os.link(photos[i % len(photos)], folder / f"{i:05}{photos[0].suffix}")


def make_folders(programs, sources, data, pictures):
    """Makes the folders from PNGs and their JPEGs; `sources`: the files of the JPEG writer."""
    photos = data / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    jpegs = [f"photos/{picture.stem}.jpg" for picture in pictures]
    measure.prepare(programs, sources, data, jpegs, ["jpegs", photos, *pictures])
    pngs = [photos / picture.name for picture in pictures]
    for picture, png in zip(pictures, pngs):
        if not png.exists() or png.stat().st_size != picture.stat().st_size:
            shutil.copyfile(picture, png)
    files = {"png": pngs, "jpeg": [data / jpeg for jpeg in jpegs]}
    for kind, count in (("png", FEW), ("png", MANY), ("jpeg", FEW), ("jpeg", MANY), ("jpeg", MORE)):
        link(files[kind], data / folder_name(count, kind), count)


class FolderCases(Contestants):
    """`outputs`: parent folder of all outputs."""

    def __init__(self, *paths, outputs):
        super().__init__(*paths, reps=1)
        self.outputs = outputs
        self.cores = measure.core_count()
        self.shell = first_program("sh")
        self.vips = first_program("vips")
        self.magick = first_program("magick", "convert-im6.q16", "convert")
        self.mogrify = first_program("mogrify")

    def all(self):
        return [*(self.decoding(kind) for kind in KINDS), self.memory()]

    # ---- contestants ----

    def written(self, name):
        return {"folder": True, "outputs": [self.outputs / name.replace(" ", "-")]}

    def ours(self, folder, count, **more):
        out = self.outputs / f"ours-{count}"
        return self.edgegrad(
            "edges",
            "--quiet",
            "--op",
            "sobel3",
            folder,
            out,
            files=count,
            outputs=[out],
            folder=True,
            **more,
        )

    def xargs(self, folder, kind):
        """OpenCV's program on all cores; absent if it is not built."""
        more = self.written("opencv") | {"files": MANY, "patience": 3}
        program = self.program("run_opencv")
        command = None
        if program:
            words = [program, "many-edges", more["outputs"][0], SIGMA, LOW, HIGH]
            list_files = f"find {shlex.quote(str(folder))} -name '*.{KINDS[kind]}' -print0"
            run = f"xargs -0 -P {self.cores} -n {A_PROCESS} {shlex.join(map(str, words))}"
            command = f"{list_files} | {run}"
        return self.peer("opencv", command and self.shell, "-c", command, **more)

    def loop(self, name, program, words, folder, **more):
        """A shell loop of one process per file, which replaces "IN" and "OUT" in `words`."""
        more = {**self.written(name), **more}
        out = shlex.quote(str(more["outputs"][0]))
        places = {"IN": '"$f"', "OUT": f'{out}/"$n".png'}
        command = " ".join(places.get(w, shlex.quote(str(w))) for w in (program, *words))
        names = 'n=${f##*/}; n=${n%.*}'
        text = f"set -e; for f in {shlex.quote(str(folder))}/*; do {names}; {command}; done"
        return self.peer(name, program and self.shell, "-c", text, files=FEW, **more)

    def one_by_one(self, kind):
        folder = self.data / folder_name(FEW, kind)
        canny = ("-colorspace", "gray", "-canny", f"0x{SIGMA}+10%+30%")
        mogrify = self.written("mogrify")
        into = ("-path", mogrify["outputs"][0], "-format", "png")
        files = [folder / f"{i:05}.{KINDS[kind]}" for i in range(FEW)]
        return [
            self.loop("loop of ImageMagick", self.magick, ("IN", *canny, "OUT"), folder),
            self.peer("mogrify", self.mogrify, *into, *canny, *files, files=FEW, **mogrify),
            self.loop("loop of vips canny", self.vips, ("canny", "IN", "OUT"), folder),
        ]

    def our_loop(self, kind):
        folder = self.data / folder_name(FEW, kind)
        words = ("edges", "--op", "sobel3", "IN", "OUT")
        entry = self.loop("loop of edgegrad", self.edgegrad_path, words, folder)
        entry.peer = False
        return entry

    # ---- cases ----

    def decoding(self, kind):
        folder = self.data / folder_name(MANY, kind)
        ours, loop, peers = self.ours(folder, MANY), self.our_loop(kind), self.one_by_one(kind)
        return Case(
            f"{FOLDERS}-{kind}",
            FOLDERS,
            f"edges of {MANY} {kind.upper()} photographs, {self.cores} core(s);"
            f" loops over {FEW} of them",
            [
                ours,
                self.floor("bare decode", "folder", folder, kind, self.cores, files=MANY),
                self.xargs(folder, kind),
                *peers,
                loop,
            ],
            [
                within("bare decode", DECODING[kind]),
                per_file("opencv", OPENCV[kind]),
                *(per_file(peer.name, 10) for peer in peers),
                per_file(loop.name),
                busy(self.cores, 95),
            ],
            [
                Agreement(
                    f"the files of {FEW} single runs", "folder", ours.outputs[0], loop.outputs[0]
                )
            ],
        )

    def memory(self):
        fewer = self.ours(self.data / folder_name(MANY, "jpeg"), MANY, rounds=1)
        fewer.name = f"{MANY} files"
        more = self.ours(self.data / folder_name(MORE, "jpeg"), MORE, rounds=1)
        return Case(
            f"{FOLDERS}-memory",
            FOLDERS,
            f"memory of {MORE} files",
            [more, fewer],
            [peak(MEMORY_MB), steady(fewer.name, STEADY_MB)],
        )
