# SPDX-License-Identifier: MIT
"""Elevation cases: edgegrad against gdaldem and against copying the bytes."""

import shlex
from pathlib import Path

import measure
from table import (
    Agreement,
    Case,
    Contestants,
    each,
    faster,
    first_program,
    peak,
    smaller,
    within,
)

TERRAIN = "terrain"
DEM_SIDE, SMALL_SIDE = 8192, 1024
DEM_MP = DEM_SIDE * DEM_SIDE / 1e6
MEMORY_MB = 150
CONTOUR_INTERVAL = 10
COPYING = "copying the file"
PLAIN = ("--compress", "none", "--tile", "-1")  # the output format of gdaldem by default
USUAL = ("slope", "aspect", "hillshade")
ALL = (
    *USUAL,
    "tri",
    "tpi",
    "roughness",
    "profile-curvature",
    "tangential-curvature",
    "d8",
    "dinf",
)


def bytes_of(kind):
    return 1 if kind in ("hillshade", "d8") else 4


def make_elevations(programs, data):
    sources = [Path(__file__).parent / "elevations.c"]
    rows = (
        ("dem.tif", "strips", DEM_SIDE),
        ("dem-small.tif", "strips", SMALL_SIDE),
        ("dem-deflate.tif", "tiles", DEM_SIDE),
    )
    for file, kind, side in rows:
        measure.prepare(programs, sources, data, [file], [kind, data / file, side])


class TerrainCases(Contestants):
    """Peers write their default format; edgegrad is set to write the same."""

    def __init__(self, *paths, reps):
        super().__init__(*paths, reps)
        self.gdal_path = first_program("gdaldem")

    def all(self):
        return [
            *self.single(),
            self.one_pass(),
            self.tiled(),
            self.contours(),
            *self.in_memory(),
        ]

    # ---- contestants ----

    def map_to(self, name):
        return self.scratch / f"{name}.tif"

    def ours(self, kind, dem, *options, suffix="", **more):
        out = self.map_to(f"{kind}{suffix}")
        return self.edgegrad(kind, *options, dem, out, outputs=[out], **more)

    def gdaldem(self, kind, dem, *options, name="gdaldem", **more):
        out = self.map_to(f"{kind}-{name.replace(' ', '-')}")
        arguments = (kind, "-q", dem, out, *options)
        return self.peer(name, self.gdal_path, *arguments, outputs=[out], **more)

    def copying(self, dem, **more):
        out = self.map_to("copy")
        return self.floor(COPYING, "file", dem, out, outputs=[out], **more)

    # ---- the whole command ----

    def same(self, kind):
        """Agreement on a smaller raster, borders included: bit for bit equal to gdaldem."""
        dem = self.data / "dem-small.tif"
        ours = self.ours(kind, dem, "--compat", "gdal", *PLAIN, suffix="-small")
        theirs = self.gdaldem(kind, dem, name="small")
        return Agreement(
            "with --compat gdal the map of gdaldem",
            "tiff",
            ours.outputs[0],
            theirs.outputs[0],
            prepare=[ours, theirs],
        )

    def single(self):
        dem = self.data / "dem.tif"
        for kind, goals in (("slope", (10, 23)), ("aspect", (10, 30)), ("hillshade", (5, 18))):
            more = {"mp": DEM_MP, "mb": DEM_MP * (4 + bytes_of(kind))}
            yield Case(
                f"{TERRAIN}-{kind}",
                TERRAIN,
                f"{kind} of a GeoTIFF of floats, 67 MP, uncompressed strips in and out",
                [
                    self.ours(kind, dem, *PLAIN, **more),
                    self.gdaldem(kind, dem, **more),
                    self.copying(dem, mp=DEM_MP, mb=DEM_MP * 8),
                ],
                [faster("gdaldem", goals), within(COPYING), peak(MEMORY_MB)],
                [self.same(kind)],
            )

    def one_pass(self):
        dem = self.data / "dem.tif"
        outputs = [self.map_to(f"pass-{kind}") for kind in USUAL]
        asked = [word for kind, out in zip(USUAL, outputs) for word in (f"--{kind}", out)]
        runs = [self.gdaldem(kind, dem) for kind in USUAL]
        theirs = self.peer("gdaldem, three runs", self.gdal_path and first_program("sh"))
        if theirs.argv:
            theirs.argv += ["-c", " && ".join(shlex.join(map(str, run.argv)) for run in runs)]
        theirs.outputs = [out for run in runs for out in run.outputs]
        theirs.mp = DEM_MP
        more = {"mp": DEM_MP, "mb": DEM_MP * (4 + sum(map(bytes_of, USUAL)))}
        return Case(
            f"{TERRAIN}-pass",
            TERRAIN,
            "slope, aspect and hillshade in one pass, 67 MP, uncompressed strips in and out",
            [
                self.edgegrad(TERRAIN, *PLAIN, dem, *asked, outputs=outputs, **more),
                theirs,
                self.copying(dem, mp=DEM_MP, mb=DEM_MP * 8),
            ],
            [faster(theirs.name, (15, 41)), within(COPYING), peak(MEMORY_MB)],
        )

    def tiled(self):
        dem = self.data / "dem-deflate.tif"
        packed = ("-co", "TILED=YES", "-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=3")
        tuned = "gdaldem, all cores"
        return Case(
            f"{TERRAIN}-deflate",
            TERRAIN,
            "slope of a GeoTIFF of floats, 67 MP, deflated tiles with predictor 3 in and out",
            [
                self.ours("slope", dem, "--predictor", "3", mp=DEM_MP),
                self.gdaldem("slope", dem, *packed, mp=DEM_MP),
                self.gdaldem(
                    "slope", dem, *packed, "-co", "NUM_THREADS=ALL_CPUS", name=tuned, mp=DEM_MP
                ),
                self.copying(dem),
            ],
            [
                faster("gdaldem", 8, cpu=5),
                faster(tuned),
                smaller("gdaldem"),
                peak(MEMORY_MB),
            ],
        )

    # ---- contour lines ----

    def gdal_contour(self, dem, file_format, extension):
        """Runs in a shell, because gdal_contour does not replace a file."""
        out = self.scratch / f"gdal-contour.{extension}"
        program = first_program("gdal_contour")
        words = (program, "-q", "-a", "ELEV", "-i", CONTOUR_INTERVAL, "-f", file_format, dem, out)
        entry = self.peer(f"gdal_contour, {file_format}", program and first_program("sh"))
        if entry.argv:
            command = shlex.join(map(str, words))
            entry.argv += ["-c", f"rm -f {shlex.quote(str(out))} && {command}"]
        entry.outputs = [out]
        entry.mp = SMALL_SIDE * SMALL_SIDE / 1e6
        return entry

    def contours(self):
        dem = self.data / "dem-small.tif"
        out = self.scratch / "contour.geojson"
        words = ("contour", "-i", CONTOUR_INTERVAL, dem, out)
        peers = [
            self.gdal_contour(dem, "GeoJSON", "geojson"),
            self.gdal_contour(dem, "FlatGeobuf", "fgb"),
        ]
        mp = SMALL_SIDE * SMALL_SIDE / 1e6
        return Case(
            f"{TERRAIN}-contour",
            TERRAIN,
            f"contour lines every {CONTOUR_INTERVAL} m of a GeoTIFF of floats, 1 MP, to GeoJSON",
            [self.edgegrad(*words, outputs=[out], mp=mp), *peers],
            [faster(peers[0].name, 5), faster(peers[1].name), peak(MEMORY_MB)],
        )

    # ---- in memory ----

    def in_memory(self):
        dem = self.data / "dem.tif"
        for threads in (1, 2):
            more = {"mp": DEM_MP, "threads": threads}
            maps = [
                self.inside(
                    kind,
                    "run_edgegrad",
                    TERRAIN,
                    dem,
                    threads,
                    self.reps,
                    kind,
                    mb=DEM_MP * (4 + bytes_of(kind)),
                    **more,
                )
                for kind in ALL
            ]
            yield Case(
                f"{TERRAIN}-maps-{threads}t",
                TERRAIN,
                f"maps of floats in memory, 67 MP, {threads} thread(s)",
                [*maps, self.copy(threads)],
                [each(entry.name) for entry in maps],
            )
