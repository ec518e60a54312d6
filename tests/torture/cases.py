# SPDX-License-Identifier: MIT
"""The runs of edgegrad that `make torture` makes fail, and their input files."""

import shutil
import struct
import subprocess
import zlib
from dataclasses import dataclass, field
from math import sin
from pathlib import Path


@dataclass
class Case:
    """A command line. Its outputs are all files in its working folder; its inputs are in ../in.

    The old outputs are those of the command line with `old` appended, or of `old_args` in its place.
    """

    name: str
    args: str
    old: str = ""  # options that change the outputs
    old_args: str = ""
    stdin: str = ""
    batch: bool = False  # many files: each is old or new on its own, and each may have a message
    logs: tuple = ()  # outputs that tell of a failure, or grow
    code: int = 0  # exit code without failures
    classes: tuple = ()  # classes of calls that fail; empty: all
    files: bool = field(init=False)

    def __post_init__(self):
        self.files = bool(self.old or self.old_args)

    def words(self, old=False):
        """Returns the words of the command line; those in quotes are one."""
        text = self.old_args if old and self.old_args else f"{self.args} {self.old if old else ''}"
        return [part.replace("~", " ") for part in text.split()]


# "~" stands for a blank inside a word.
CASES = [
    Case("edges-png", "../in/rgb.png e.png", "--sigma 1"),
    Case("edges-interlaced", "--op sobel3 ../in/rgb-interlaced.png e.pgm", "--low 9 --high 20"),
    Case("edges-jpeg", "../in/ycc420.jpg e.jpg", "--sigma 1"),
    Case("edges-progressive", "../in/progressive.jpg e.png", "--sigma 1"),
    Case("edges-pnm", "../in/rgb.ppm e.pbm", "--sigma 1"),
    Case("edges-pam", "--compat opencv --low 50 --high 90 ../in/rgba.pam e.pam", "--op sobel5"),
    Case("edges-pipe", "- -", stdin="rgb.png"),
    Case("edges-boundary", "--method boundary ../in/rgb.png e.png -t 2", "--sigma 1"),
    Case("edges-ridge", "--method ridge ../in/rgb.png e.png -t 2", "--sigma 1"),
    Case("edges-mask", "--mask ../in/grey.png ../in/rgb.png e.png --json", "--sigma 1"),
    Case("edges-tiff", "../in/ycc420.tif e.tif --compress lzw", "--sigma 1"),
    Case("edges-invert", "--invert --thickness 5 ../in/rgb.png e.tif", "--sigma 1"),
    Case("edges-overlay", "--overlay red --thickness 2 ../in/rgb.png e.png -t 2", "--sigma 1"),
    Case("edges-overlay-jpeg", "--overlay red ../in/rgb.ppm e.jpg", "--sigma 1"),
    Case("edges-overlay-pipe", "--overlay red -f ppm - -", stdin="rgb.png"),
    Case("edges-directions", "--colourize direction ../in/rgb.png e.tif", "--sigma 1"),
    Case(
        "gradient-maps",
        "gradient --map magnitude=m.png --map x=x.pgm --map y=y.tif --depth 8 ../in/rgb.png -t 2",
        "--sigma 1",
    ),
    Case("gradient-normalize", "gradient --normalize percentile ../in/rgb.png g.png", "--sigma 1"),
    Case(
        "gradient-colours-pipe",
        "gradient --colourize direction --normalize max -f pam - -",
        stdin="rgb.png",
    ),
    Case("gradient-pfm", "gradient ../in/grey16.pgm g.pfm", "--sigma 1"),
    Case("gradient-png", "gradient --map direction ../in/cmyk.jpg g.png", "--sigma 1"),
    Case(
        "flux",
        "gradient --flux ../in/hills.tif q.tif --streamlines s.geojson -t 2",
        "-k 2",
    ),
    Case(
        "flux-quiver",
        "gradient --flux -k ../in/hills.tif ../in/hills.tif q.tif --quiver q.svg --json",
        old_args="gradient --flux ../in/hills.tif q.tif --quiver q.svg",
    ),
    Case("gradient-log", "gradient --map log ../in/rgb.png g.pfm -t 2", "--sigma 1"),
    Case("gradient-crossings", "gradient --map dog --zero-crossings ../in/grey16.pgm g.pbm", "--sigma 1"),
    Case("gradient-coherence", "gradient --map coherence --mask ../in/grey.png ../in/rgb.png g.png", "--sigma 2"),
    Case("gradient-thin", "gradient --thin ../in/grey16.pgm g.png", "--sigma 1"),
    Case("gradient-tiff-pipe", "gradient -f tif - -", stdin="grey.pfm"),
    Case("slope-predictor3", "slope ../in/p3.tif s.tif --predictor 3 -t 2", "--unit percent"),
    Case("slope-lzw", "slope ../in/lzw.tif s.tif --compress lzw", "--unit percent"),
    Case("slope-zstd", "slope ../in/zstd.tif s.tif --compress zstd", "--unit percent"),
    Case("slope-strips", "slope ../in/strips.tif s.tif --tile -1 -t 1", "--unit percent"),
    Case("slope-bil", "slope ../in/raw.bil s.pfm", "--unit percent"),
    Case(
        "slope-mask-png",
        "slope --threshold 20 ../in/hills.tif m.png -t 2",
        old_args="slope --threshold 30 ../in/hills.tif m.png",
    ),
    Case("slope-band", "slope --band 2 ../in/flux.tif s.tif -t 2", "--unit percent"),
    Case("hillshade-igor-band", "hillshade --igor --band 2 ../in/raw3.bsq h.png", "--azimuth 90"),
    Case("slope-vrt", "slope ../in/hills.tif s.vrt", "--unit percent"),
    Case("aspect-asc", "aspect ../in/hills.asc a.asc", "--convention trigonometric"),
    Case("hillshade-hgt", "hillshade ../in/N46E010.hgt h.png", "--azimuth 90"),
    Case(
        "terrain",
        "terrain ../in/hills.tif --slope s.tif --aspect a.pfm --hillshade h.png --tri t.asc"
        " --d8 d.pgm -t 2",
        "--unit percent --convention trigonometric --azimuth 90 --tri-method wilson --edges extrapolate",
    ),
    Case(
        "terrain-pipe",
        "terrain ../in/hills.tif --hillshade - -f pgm --d8 d.pgm",
        old_args="terrain ../in/p3.tif --hillshade - -f pgm --d8 d.pgm",
    ),
    Case("lines-svg", "../in/rgb.png l.svg -t 2", "--sigma 1.5"),
    Case("lines-beside", "../in/grey.png e.png --lines l.csv --min-length 5 --simplify 0.5 --smooth 1", "--sigma 1.5"),
    Case("lines-pipe", "- - -f geojson", stdin="grey.pfm"),
    Case("contour-geojson", "contour ../in/hills.tif l.geojson -i 40 -t 2", "--base 7"),
    Case(
        "contour-svg",
        "contour ../in/hills.asc l.svg --levels 5,10,20 --json",
        old_args="contour ../in/hills.asc l.svg --levels 15",
    ),
    Case("contour-fill", "contour ../in/hills.tif a.geojson -i 40 --fill -t 2", "--base 7"),
    Case("contour-fill-svg", "contour ../in/hills.asc a.svg -i 40 --fill --json", "--base 7"),
    Case("contour-dxf", "contour ../in/raw.bil l.dxf -i 30", "--base 7"),
    Case("contour-pipe", "contour - - -f csv -i 20", stdin="grey.pfm"),
    Case("sidecars", "../in/map.png e.png", "--sigma 1"),
    Case(
        "folder",
        "../in/photos/ . -t 1",
        "--sigma 1",
        batch=True,
        logs=(".edgegrad-manifest",),
    ),
    Case(
        "folder-shared",
        "../in/photos/ . -t 3 --auto-shared",
        "--sigma 1",
        batch=True,
        logs=(".edgegrad-manifest",),
        # an image that cannot be read changes the thresholds of the others
        classes=("malloc", "thread", "write", "close", "fsync", "rename"),
    ),
    Case(
        "folder-report",
        "../in/photos/ . -t 2 --report r.html --json-lines l.jsonl",
        "--sigma 1",
        batch=True,
        logs=(".edgegrad-manifest", "l.jsonl", "r.html"),
    ),
    Case(
        "folder-mosaic",
        "slope ../in/west.asc ../in/east.asc . -t 1",
        "--unit percent",
        batch=True,
        logs=(".edgegrad-manifest",),
        classes=("malloc", "thread"),
    ),
    Case(
        "folder-tiles",
        "slope ../in/6/0/0.png ../in/6/0/1.png . -t 1 --encoding terrarium --cell-size 30",
        "--unit percent",
        batch=True,
        logs=(".edgegrad-manifest",),
        classes=("malloc", "thread"),
    ),
    Case("report", "../in/rgb.png e.png --report r.html", "--sigma 1", logs=("r.html",)),
    Case(
        "merge-report",
        "merge-report ../in/a.html ../in/b.html -o all.html",
        old_args="merge-report ../in/a.html -o all.html",
    ),
    Case("info", "info ../in/rgb.png ../in/ycc420.jpg ../in/hills.tif ../in/grey.pgm", batch=True),
    Case("info-pages", "info ../in/pages.tif ../in/pages.jpg ../in/pages.ppm ../in/orient-6.png", batch=True),
    Case("info-json", "info --json ../in/map.png ../in/hills.asc", batch=True),
    Case("surface-point", "surface x^2*y+sin(2x) --at 1,pi/4 --along 3,4 --to 1.1,1"),
    Case("surface-json", "surface a*exp(x)/y --let a=2 --at 1,2 --json --digits 30"),
    Case("surface-formulas", "surface x^2*y --with x=cos(t) --with y=sin(t)"),
    Case("surface-singular", "surface x*y/(x^2+y^2) --at 0,0", code=1),
    Case("surface-field", "surface --field ../in/hills.tif --at 10,20"),
    Case(
        "surface-lagrange", "surface x*y --at 5,5 --lagrange x+y=10 --error x=.1,y=.1 --check"
    ),
    Case("surface-critical", "surface x^4+y^3-3y --critical x=-2:2,y=-2:2 --json --time 60"),
    Case(
        "surface-critical-plot",
        "surface x^2-y^2 --critical x=-1:1,y=-1:1 --time 60 --plot c.svg",
        old_args="surface x^2+y^2 --critical x=-1:1,y=-1:1 --time 60 --plot c.svg",
    ),
    Case(
        "surface-critical-graph",
        "surface x^3-3x --critical x=-2:2 --time 60 --plot c.svg",
        old_args="surface x^2 --critical x=-2:2 --time 60 --plot c.svg",
    ),
    Case(
        "surface-extrema",
        "surface x*y --lagrange x+y<=2 --in x=-2:3,y=-2:3 --time 60 --plot l.svg",
        old_args="surface x*y --lagrange x+y<=1 --in x=-2:3,y=-2:3 --time 60 --plot l.svg",
    ),
    Case("surface-roots", "surface x^2+y^2=4;x=y --roots x=-3:3,y=-3:3 --time 60"),
    Case(
        "surface-curve",
        "surface x^3+y^3=3x*y --roots x=-3:3,y=-3:3 --time 60 --plot r.svg",
        old_args="surface x^2+y^2=1 --roots x=-3:3,y=-3:3 --time 60 --plot r.svg",
    ),
    Case(
        "surface-curve-file",
        "surface x^3+y^3=3x*y --roots x=-3:3,y=-3:3 --time 60 -o l.geojson",
        old_args="surface x^2+y^2=1 --roots x=-3:3,y=-3:3 --time 60 -o l.geojson",
    ),
    Case("surface-csv", "surface sin(x)*y --grid x=-2:2:20,y=-2:2:20 -o g.csv", "--let y=2",
         old_args="surface cos(x)*y --grid x=-2:2:20,y=-2:2:20 -o g.csv"),
    Case(
        "surface-grid",
        "surface sin(x)*y --grid x=-2:2:20,y=-2:2:20 -o f.pfm",
        old_args="surface cos(x)*y --grid x=-2:2:20,y=-2:2:20 -o f.pfm",
    ),
    Case("surface-c", "surface min(x,y)*gamma(x) --c -o f.c", "--function g"),
    Case("surface-python", "surface min(x,y)*gamma(x) --python -o f.py", "--function g"),
    Case(
        "surface-latex",
        "surface x^2*y --with x=cos(t) --with y=sin(t) --at pi/4 --latex -o f.tex",
        "--digits 9",
    ),
    Case("surface-steps", "surface x^y/(x+1) --steps --at 1,2 --along 3,4"),
    Case("surface-steps-json", "surface sin(x)^2*y --steps --at 1,2 --along 3,4 --json"),
    Case("surface-steps-latex", "surface x*sin(y) --steps --latex -o s.tex", "--let y=2"),
    Case("surface-table", "surface exp(x)/x --table x=-1:1:1/2 -o t.csv", "--digits 9"),
    Case("surface-expr-file", "surface --expr-file ../in/formula.txt --at 1,2"),
    Case("surface-bad-file", "surface --expr-file ../in/bad.txt", code=2),
    Case("surface-png", "surface x^2+4y^2 --at 2,1 --plot p.png", "--range -3,3,-3,3"),
    Case("surface-svg", "surface sin(x)/x --at 1 --plot p.svg", "--range -3,3"),
    Case("surface-pdf", "surface x*y --at 2,1 --plot p.pdf", "--range -3,3,-3,3"),
    Case("vector-work", "surface (2x*y,x^2) --at 1,2 --work (t,sin(t)),t=0:pi/2"),
    Case("vector-plot", "surface (-y,x) --flux (cos(t),sin(t)),t=0:2pi --plot p.svg",
         "--range -3,3,-3,3"),
    Case("surface-view", "surface x^2-y^2 --at 1,1 --view v.svg", "--azimuth 20"),
    Case(
        "descent",
        "descent (1-x)^2+100(y-x^2)^2 --from -1.2,1 --method lbfgs --trace t.csv --plot p.png",
        "--range -3,3,-3,3 --tolerance 1e-3",
    ),
    Case("descent-compare", "descent x^2+10y^2 --from 5,5 --compare gd,lbfgs --plot p.svg",
         "--range -9,9,-9,9"),
    Case("descent-json", "descent x^2+10y^2 --from 5,5 --json --method lbfgs"),
    Case(
        "descent-fit",
        "descent --model a*exp(-k*t) --data ../in/decay.csv --target y --plot fit.svg",
        "--fix k=0.5",
    ),
    Case(
        "descent-field",
        "descent --field ../in/hills.tif --from-pixel 100,80 --trace w.geojson --plot w.png",
        "--maximize",
    ),
    Case("help", "--help"),
    Case("help-command", "help edges"),
    Case("help-man", "help --man"),
    Case("help-functions", "help functions"),
    Case("help-formats", "help formats"),
    Case("help-formats-man", "help formats --man"),
    Case("help-screen", "edges -h"),
    Case("help-screens", "-h"),
    Case("version", "--version"),
    Case("completion", "help --completion bash"),
    Case("usage", "--qwertz", code=2),
    Case("missing-file", "nowhere.png o.png", code=4),
    Case("bad-file", "../in/decay.csv o.png", code=3),
]

# Kinds of TIFF that edgegrad reads and does not write, by the options of gdal_translate; without it
# they are left out.
FOREIGN_TIFFS = {
    "jpeg": "-b 1 -b 2 -b 3 -co COMPRESS=JPEG -co PHOTOMETRIC=YCBCR",
    "jpeg-planes": "-b 1 -b 2 -b 3 -co COMPRESS=JPEG -co INTERLEAVE=BAND -co TILED=YES",
    "webp": "-b 1 -b 2 -b 3 -co COMPRESS=WEBP -co WEBP_LOSSLESS=YES",
    "lerc": "-b 1 -co COMPRESS=LERC_ZSTD -co TILED=YES -co BLOCKXSIZE=64 -co BLOCKYSIZE=64",
    "lzma": "-b 1 -ot Float32 -co COMPRESS=LZMA -co PREDICTOR=3",
    "packbits": "-b 1 -ot UInt16 -co COMPRESS=PACKBITS",
    "fax3": "-b 1 -co COMPRESS=CCITTFAX3 -co NBITS=1",
    "fax4": "-b 1 -co COMPRESS=CCITTFAX4 -co NBITS=1",
    "big": "-b 1 -ot Float64 -co COMPRESS=DEFLATE -co PREDICTOR=2 -co ENDIANNESS=BIG -co BIGTIFF=YES",
}
if shutil.which("gdal_translate"):
    CASES += [Case(f"tiff-{name}", f"gradient ../in/{name}.tif g.pfm -t 1") for name in FOREIGN_TIFFS]

TIFFS = {
    "p3.tif": "--compress deflate --predictor 3",
    "lzw.tif": "--compress lzw",
    "zstd.tif": "--compress zstd --tile 64",
    "strips.tif": "--tile -1",
}


def png_bytes(width, height, lines):
    """Returns a PNG of 8-bit colours."""
    data = zlib.compress(b"".join(b"\0" + line for line in lines))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def write_mosaic(folder):
    """Writes 64 x 64 elevations as two grids side by side, and as two tiles numbered from below."""
    rows = [[300 + int(90 * sin(x / 9)) + y * y // 9 for x in range(64)] for y in range(64)]
    for name, x in (("west", 0), ("east", 32)):
        lines = [" ".join(map(str, row[x : x + 32])) for row in rows]
        head = f"ncols 32\nnrows 64\nxllcorner {1000 + x}\nyllcorner 5000\ncellsize 1\n"
        (folder / f"{name}.asc").write_text(head + "\n".join(lines) + "\n")
    tiles = folder / "6" / "0"
    tiles.mkdir(parents=True)
    for name, y in (("1", 0), ("0", 32)):
        lines = [b"".join(bytes((128 + v // 256, v % 256, 0)) for v in row) for row in rows[y : y + 32]]
        (tiles / f"{name}.png").write_bytes(png_bytes(64, 32, lines))


def write_raw(folder):
    """Writes elevations as .hgt and .bil."""
    side = 1201
    row = [int(300 + 200 * sin(x / 60)) for x in range(side)]
    lines = [struct.pack(f">{side}h", *(v + y // 4 for v in row)) for y in range(0, side)]
    (folder / "N46E010.hgt").write_bytes(b"".join(lines))
    cells = [400 + x * y % 37 for y in range(50) for x in range(60)]
    (folder / "raw.bil").write_bytes(struct.pack(f"<{len(cells)}h", *cells))
    (folder / "raw.hdr").write_text(
        "ncols 60\nnrows 50\nnbits 16\npixeltype signedint\nulxmap 1000\nulymap 5000\n"
        "xdim 30\nydim 30\n"
    )
    write_mosaic(folder)
    (folder / "raw3.bsq").write_bytes(struct.pack(f"<{3 * len(cells)}h", *(cells * 3)))
    (folder / "raw3.hdr").write_text((folder / "raw.hdr").read_text() + "nbands 3\nlayout bsq\n")
    points = [f"{t},{5 * 0.6**t + 0.01 * (t % 3):.6f}\n" for t in range(20)]
    (folder / "decay.csv").write_text("t,y\n" + "".join(points))


def make_inputs(folder, edgegrad, testdata):
    """Makes the folder with all input files."""
    folder.mkdir()

    def run(line):
        subprocess.run([edgegrad, *line.split()], cwd=folder, check=True, capture_output=True)

    for file in Path(testdata, "small").iterdir():
        shutil.copy(file, folder)
    shutil.copy(Path(testdata, "hills.tif"), folder)
    write_raw(folder)
    (folder / "bad.txt").write_text("x^2 +\n    y^ 2 3 )\n")
    (folder / "formula.txt").write_text("# a formula\nf(x, y) = x^2 +\n    y^2  # two lines\n")
    for name, options in TIFFS.items():
        run(f"slope hills.tif {name} {options}")
    for name, options in FOREIGN_TIFFS.items() if shutil.which("gdal_translate") else ():
        line = f"gdal_translate -q {options} rgb.png {name}.tif"
        subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)
    run("slope hills.tif hills.asc")
    run("hillshade hills.tif map.png")
    run("gradient --flux hills.tif flux.tif")
    photos = folder / "photos"
    photos.mkdir()
    for name in ("rgb16.png", "progressive.jpg", "grey.pgm", "ycc420.tif"):
        shutil.copy(folder / name, photos)
    for name, photo in (("a", "rgb"), ("b", "grey")):
        run(f"{photo}.png {photo}-edges.png --report {name}.html")
