# SPDX-License-Identifier: MIT
"""Makes hostile files: small ones that claim to be huge, data that expands, offsets in circles, deep
nesting. Every bomb is a function of a folder's path, registered with the command that reads it."""

import functools
import gzip
import os
import struct
import zlib

BOMBS = []  # in the order of the table that is printed

# Limits of processor time in milliseconds and of peak resident memory in MiB where the header already
# tells; a bomb whose data must be read first has limits of its own, and says why.
HEADER = (50, 64)


class Bomb:
    """A hostile file and what edgegrad must do with it."""

    def __init__(self, name, make, command, codes, limits, note):
        self.name, self.make, self.command = name, make, command
        self.codes, self.limits, self.note = codes, limits, note


def bomb(name, command=None, codes=(3, 5), limits=HEADER, note=""):
    """Registers a function that returns the bytes of a bomb, or writes it to the path it is given.
    `name` is that of the file; `command` has FILE for its path and OUT for an output."""

    def register(make):
        words = command or ["FILE", "OUT.png"]
        BOMBS.append(Bomb(name, make, words, codes, limits, note))
        return make

    return register


def write(entry, folder):
    """Makes the file of a bomb in a folder and returns its path."""
    path = os.path.join(folder, entry.name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    made = entry.make(path)
    if made is not None:
        with open(path, "wb") as file:
            for part in [made] if isinstance(made, bytes) else made:
                file.write(part)
    return path


@functools.lru_cache(maxsize=None)
def deflated(size, unit=b"\0", level=1, wbits=15):
    """Compresses `size` bytes of a repeated unit, without holding them in memory."""
    packer = zlib.compressobj(level, zlib.DEFLATED, wbits)
    block = unit * ((1 << 20) // len(unit))
    out = []
    for _ in range(size // len(block)):
        out.append(packer.compress(block))
    out.append(packer.compress(block[: size % len(block)]))
    out.append(packer.flush())
    return b"".join(out)


# ---- PNG ---------------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data=b"", length=None):
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data) if length is None else length) + kind + data + struct.pack(">I", check)


def header(width, height, depth=8, colour=0, interlace=0):
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


END = chunk(b"IEND")
PROMISE = struct.pack(">I", 100000) + b"IDAT"  # the header of a chunk whose data is missing


@bomb("wide-no-rows.png")
def _(path):
    return header(1000000, 4000) + chunk(b"IDAT", zlib.compress(b"")) + END


@bomb("wide-rgba16-no-data.png")
def _(path):
    return header(1000000, 4000, 16, 6) + PROMISE


@bomb("tall-no-data.png")
def _(path):
    return header(4000, 1000000) + PROMISE


@bomb("interlaced-no-data.png")
def _(path):
    return header(60000, 60000, 8, 0, 1) + PROMISE


@bomb("interlaced-no-data-tolerate.png", ["--tolerate", "FILE", "OUT.png"], (0, 3, 5), (10000, 4096),
      "--tolerate makes an image of 36 megapixels of what is there")
def _(path):
    return header(6000, 6000, 8, 0, 1) + PROMISE


@bomb("most-sides.png")
def _(path):
    return header(0x7FFFFFFF, 0x7FFFFFFF)


@bomb("rotated-no-data.png")
def _(path):
    exif = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHH", 1, 0x112, 3, 1, 6, 0) + b"\0\0\0\0"
    return header(65535, 60000, 8, 0) + chunk(b"eXIf", exif) + PROMISE


@bomb("data-after-the-image.png", codes=(0, 3), limits=(3000, 64), note="1 GiB of zeros after 16 rows")
def _(path):
    return header(16, 16) + chunk(b"IDAT", deflated(1 << 30)) + END


@bomb("text-bomb.png", codes=(0, 3))
def _(path):
    text = b"Raw profile type exif\0\0" + deflated(1 << 30)
    return header(16, 16) + chunk(b"zTXt", text) + chunk(b"IDAT", zlib.compress(b"\0" * 17 * 16)) + END


@bomb("profile-bomb.png", codes=(0, 3))
def _(path):
    return (header(16, 16) + chunk(b"iCCP", b"icc\0\0" + deflated(1 << 30))
            + chunk(b"IDAT", zlib.compress(b"\0" * 17 * 16)) + END)


@bomb("million-chunks.png", codes=(0, 3), limits=(1500, 64), note="12 MB of empty chunks")
def _(path):
    return header(16, 16) + chunk(b"teXt") * 1000000 + chunk(b"IDAT", zlib.compress(b"\0" * 17 * 16)) + END


@bomb("million-empty-idat.png", codes=(0, 3), limits=(1500, 64), note="12 MB of empty chunks")
def _(path):
    return header(16, 16) + chunk(b"IDAT") * 1000000 + chunk(b"IDAT", zlib.compress(b"\0" * 17 * 16)) + END


@bomb("chunk-of-2-gigabytes.png")
def _(path):
    return header(16, 16) + chunk(b"zTXt", b"x\0\0", 0x7FFFFFFF)


@bomb("exif-of-2-gigabytes.png", codes=(0, 3, 5))
def _(path):
    return header(16, 16) + chunk(b"eXIf", b"II*\0", 0x7FFFFFFF)


@bomb("palette-of-2-gigabytes.png")
def _(path):
    return header(16, 16, 8, 3) + chunk(b"PLTE", b"\0\0\0", 0x7FFFFFFF)


# ---- every command on a header that promises gigapixels -------------------------------------------

COMMANDS = {
    "edges": ["FILE", "OUT.png"],
    "threads": ["--threads", "64", "FILE", "OUT.png"],
    "tiff": ["FILE", "OUT.tif"],
    "opencv": ["--compat", "opencv", "--low", "50", "--high", "100", "FILE", "OUT.png"],
    "skimage": ["--compat", "skimage", "FILE", "OUT.png"],
    "boundary": ["--method", "boundary", "FILE", "OUT.png"],
    "threshold": ["--threshold", "3/px", "FILE", "OUT.png"],
    "sigma": ["--sigma", "20", "FILE", "OUT.png"],
    "density": ["--density", "5%", "FILE", "OUT.png"],
    "gradient": ["gradient", "FILE", "OUT.png"],
    "maps": ["gradient", "--map", "direction", "FILE", "OUT.pfm"],
    "tensor": ["gradient", "--op", "gaussian", "FILE", "OUT.tif"],
    "slope": ["slope", "--cell-size", "1", "FILE", "OUT.tif"],
    "terrain": ["terrain", "--cell-size", "1", "FILE", "--slope", "OUT1.tif", "--hillshade", "OUT2.tif", "--d8",
                "OUT3.tif"],
    "folder": ["FILE", "OUT/", "--report", "OUT.html"],
    "info": ["info", "FILE"],
    "flow": ["descent", "--field", "FILE", "--from", "10,10"],
    "point": ["surface", "--field", "FILE", "--at", "10,10"],
}

PROMISES = {
    "png": lambda: header(1000000, 4000, 8, 2) + PROMISE,
    "jpg": lambda: jpeg(65500, 65500),
    "tif": lambda: tiff(1000000, 4000, bits=16, samples=1, offsets=8, sizes=100),
    "pgm": lambda: b"P5\n1000000 4000\n255\n",
    "asc": lambda: b"ncols 1000000\nnrows 4000\nxllcorner 0\nyllcorner 0\ncellsize 1\n",
}

for ending, promise in PROMISES.items():
    for command, words in COMMANDS.items():
        allowed = (0, 2, 3, 5) if command == "info" else (2, 3, 5)
        bomb("promise-%s.%s" % (command, ending), words, allowed)(lambda path, promise=promise: promise())


# ---- JPEG --------------------------------------------------------------------------------------

def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(width, height, progressive=False, components=3, sampling=0x22, scans=1, between=b"", data=b""):
    """The header of a JPEG with the least tables, and `scans` scans whose data is `data`."""
    table = b"\0" * 15 + b"\x01"  # one code of 16 bits
    parts = [b"\xff\xd8", between, segment(0xDB, b"\0" + b"\x01" * 64)]
    frame = struct.pack(">BHHB", 8, height, width, components)
    for i in range(components):
        frame += bytes([i + 1, sampling if i == 0 else 0x11, 0])
    parts.append(segment(0xC2 if progressive else 0xC0, frame))
    for kind in (0x00, 0x10):
        parts.append(segment(0xC4, bytes([kind]) + table + b"\0"))
    scan = bytes([components]) + b"".join(bytes([i + 1, 0]) for i in range(components))
    scan += b"\0\0\0" if progressive else b"\0\x3f\0"
    parts += [segment(0xDA, scan) + data] * scans
    return b"".join(parts)


@bomb("square-no-data.jpg")
def _(path):
    return jpeg(65500, 65500)


@bomb("square-no-end.jpg")
def _(path):
    return jpeg(65500, 65500) + b"\0" * 64


@bomb("square-grey-no-data.jpg")
def _(path):
    return jpeg(65500, 65500, components=1, sampling=0x11)


@bomb("progressive-no-data.jpg")
def _(path):
    return jpeg(65500, 65500, True)


@bomb("progressive-half-gigapixel-no-data.jpg")
def _(path):
    return jpeg(22000, 22000, True)


@bomb("progressive-many-scans.jpg", codes=(3, 5), limits=(3000, 64), note="progressive, 100000 empty scans")
def _(path):
    return jpeg(2000, 2000, True, scans=100000)


@bomb("progressive-many-scans-large.jpg", limits=(5000, 1024),
      note="progressive; 20000 empty scans of 100 megapixels")
def _(path):
    return jpeg(10000, 10000, True, scans=20000)


@bomb("only-restarts.jpg", limits=(3000, 64), note="a million restart markers")
def _(path):
    restart = segment(0xDD, b"\0\x01")
    return jpeg(65500, 65500, between=restart) + b"".join(bytes([0xFF, 0xD0 + i % 8]) for i in range(1000000))


@bomb("rotated-no-data.jpg")
def _(path):
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIHH", 1, 0x112, 3, 1, 6, 0) + b"\0\0\0\0"
    return jpeg(65500, 65000, between=segment(0xE1, exif))


@bomb("exif-circle.jpg")
def _(path):
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 4000) + entry * 4000 + struct.pack("<I", 8)
    return jpeg(16, 16, between=segment(0xE1, exif))


@bomb("million-segments.jpg", limits=(3000, 64), note="48 MB of comments")
def _(path):
    return jpeg(16, 16, between=segment(0xFE, b"comment, comment, comment, comment, comment!") * 1000000)


@bomb("pages-circle.jpg", ["info", "FILE"], (0, 3))
def _(path):
    count = 3000
    entries = b"".join(struct.pack("<IIIHH", 0, 100, 4, 0, 0) for _ in range(count))
    ifd = struct.pack("<H", 3) + struct.pack("<HHI4s", 0xB000, 7, 4, b"0100")
    ifd += struct.pack("<HHII", 0xB001, 4, 1, count) + struct.pack("<HHII", 0xB002, 7, 16 * count, 50)
    ifd += struct.pack("<I", 8)
    return jpeg(16, 16, between=segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + ifd + entries))


# ---- TIFF --------------------------------------------------------------------------------------

BYTE, ASCII, SHORT, LONG, RATIONAL, DOUBLE, LONG8 = 1, 2, 3, 4, 5, 12, 16
SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, DOUBLE: 8, LONG8: 8}


def entry(tag, kind, count, value, big=False):
    """An entry of a directory; a value of at most 4 (8) bytes, else an offset."""
    small = kind == SHORT and count == 1
    if big:
        return struct.pack("<HHQ", tag, kind, count) + struct.pack("<HHI" if small else "<Q",
                                                                   *([value, 0, 0] if small else [value]))
    return struct.pack("<HHI", tag, kind, count) + struct.pack("<HH" if small else "<I",
                                                               *([value, 0] if small else [value]))


def tiff(width, height, extra=(), rows=None, tile=None, big=False, following=0, bits=8, compression=1,
         samples=1, blocks=1, at=8, sizes=0, offsets=0, tail=b""):
    """A TIFF of one directory at the start; `blocks` is the count of the arrays of offsets and sizes."""
    tags = [(256, LONG, 1, width), (257, LONG, 1, height), (258, SHORT, 1, bits),
            (259, SHORT, 1, compression), (262, SHORT, 1, 2 if samples > 2 else 1), (277, SHORT, 1, samples)]
    if tile:
        tags += [(322, LONG, 1, tile[0]), (323, LONG, 1, tile[1]), (324, LONG, blocks, offsets),
                 (325, LONG, blocks, sizes)]
    else:
        tags += [(273, LONG, blocks, offsets), (278, LONG, 1, rows or height), (279, LONG, blocks, sizes)]
    replaced = {t[0] for t in extra}
    tags = sorted([t for t in tags if t[0] not in replaced] + list(extra))
    body = b"".join(entry(*t, big) for t in tags)
    if big:
        return struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) + struct.pack("<Q", len(tags)) + body \
            + struct.pack("<Q", following) + tail
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) + body \
        + struct.pack("<I", following) + tail


@bomb("wide-no-data.tif")
def _(path):
    return tiff(1000000, 4000, offsets=8, sizes=100)


@bomb("wide-no-data-deflate.tif")
def _(path):
    return tiff(1000000, 4000, compression=8, offsets=8, sizes=100)


@bomb("wide-one-row-strips.tif")
def _(path):
    return tiff(1000000, 4000, rows=1, blocks=4000, offsets=8, sizes=8)


@bomb("one-strip-lzw.tif")
def _(path):
    return tiff(60000, 60000, compression=5, offsets=8, sizes=100)


@bomb("one-strip-float-predictor.tif")
def _(path):
    return tiff(1000000, 4000, [(317, SHORT, 1, 3), (339, SHORT, 1, 3)], bits=32, compression=8, offsets=8,
                sizes=100)


@bomb("many-strips.tif")
def _(path):
    return tiff(1, 1000000, rows=1, blocks=1000000, offsets=8, sizes=8)


@bomb("most-strips-tiny.tif")
def _(path):
    return tiff(1, 1000000, rows=1, blocks=0xFFFFFFF, offsets=8, sizes=8)


@bomb("sparse.tif", codes=(0, 3, 5), limits=(20000, 512), note="a valid file without data: 64 megapixels")
def _(path):
    return tiff(8192, 8192, tile=(256, 256), blocks=1024, offsets=200, sizes=200, tail=b"\0" * 5000)


@bomb("tile-large.tif")
def _(path):
    return tiff(60000, 60000, tile=(61440, 61440), offsets=8, sizes=100)


@bomb("tile-large-deflate.tif")
def _(path):
    return tiff(60000, 60000, tile=(61440, 61440), compression=8, offsets=8, sizes=100)


@bomb("tile-wide-rgb16.tif")
def _(path):
    return tiff(1000000, 4000, tile=(1000000, 16), bits=16, samples=3, compression=5, blocks=250,
                offsets=8, sizes=8, extra=[(258, SHORT, 1, 16)])


@bomb("tile-beyond-the-image.tif")
def _(path):
    return tiff(100, 100, tile=(65536, 65536), compression=8, offsets=8, sizes=100)


@bomb("tile-most.tif")
def _(path):
    return tiff(100, 100, tile=(0x7FFFFFF0, 0x7FFFFFF0), offsets=8, sizes=100)


@bomb("tiles-tiny.tif")
def _(path):
    return tiff(60000, 60000, tile=(16, 16), blocks=14062500, offsets=8, sizes=8)


@bomb("big-tiles-tiny.tif")
def _(path):
    return tiff(60000, 60000, tile=(16, 16), blocks=14062500, big=True, offsets=8, sizes=8)


@bomb("big-count.tif")
def _(path):
    return tiff(1000, 1000, blocks=1 << 60, big=True, offsets=8, sizes=8)


@bomb("bytes-198.tif")
def _(path):
    made = tiff(1000000, 4000, bits=32, rows=4000, compression=5, offsets=8, sizes=100,
                extra=[(339, SHORT, 1, 3)])
    return made + b"\0" * (198 - len(made))


@bomb("bytes-198-tile.tif")
def _(path):
    made = tiff(16000, 16000, tile=(16000, 16000), compression=5, offsets=8, sizes=100)
    return made + b"\0" * (198 - len(made))


@bomb("bytes-198-tile-values.tif", ["slope", "--cell-size", "1", "FILE", "OUT.tif"])
def _(path):
    made = tiff(8000, 8000, tile=(8000, 8000), bits=32, compression=5, offsets=8, sizes=100)
    return made + b"\0" * (198 - len(made))


@bomb("strip-jpeg-no-data.tif")
def _(path):
    return tiff(60000, 60000, compression=7, offsets=8, sizes=100)


@bomb("strip-fax-no-data.tif")
def _(path):
    return tiff(60000, 60000, compression=4, bits=1, offsets=8, sizes=100)


@bomb("directory-circle.tif")
def _(path):
    return tiff(1000000, 4000, following=8, offsets=8, sizes=100)


def many_pages(count, width=16, height=16):
    parts, at = [struct.pack("<2sHI", b"II", 42, 8)], 8
    for i in range(count):
        tags = [(256, LONG, 1, width), (257, LONG, 1, height), (258, SHORT, 1, 8), (259, SHORT, 1, 1),
                (262, SHORT, 1, 1), (273, LONG, 1, 8), (277, SHORT, 1, 1), (278, LONG, 1, height),
                (279, LONG, 1, width * height)]
        size = 2 + 12 * len(tags) + 4
        parts.append(struct.pack("<H", len(tags)) + b"".join(entry(*t) for t in tags)
                     + struct.pack("<I", at + size if i + 1 < count else 0))
        at += size
    return b"".join(parts) + b"\0" * 300


@bomb("pages-60000.tif", codes=(0, 3, 5), limits=(1000, 64), note="60000 pages, 7 MB")
def _(path):
    return many_pages(60000)


@bomb("pages-60000-info.tif", ["info", "FILE"], (0, 3, 5), (1000, 64), "60000 pages, 7 MB")
def _(path):
    return many_pages(60000)


@bomb("directory-of-65535-tags.tif", codes=(0, 3, 5))
def _(path):
    tags = [(256, LONG, 1, 16), (257, LONG, 1, 16)] + [(700 + i % 60000, LONG, 1, 8) for i in range(65000)]
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(tags)) \
        + b"".join(entry(*t) for t in tags) + b"\0\0\0\0"


@bomb("tag-of-4-gigabytes.tif", codes=(0, 3, 5))
def _(path):
    return tiff(16, 16, [(700, BYTE, 0xFFFFFFFF, 8)], offsets=8, sizes=256, tail=b"\0" * 300)


@bomb("tag-of-64-megabytes.tif", codes=(0, 3, 5), limits=(500, 256), note="64 MB of metadata, all there")
def _(path):
    return [tiff(16, 16, [(42112, ASCII, 64 << 20, 400)], offsets=8, sizes=256, tail=b"\0" * 300),
            b"<" * (64 << 20)]


@bomb("big-tag-of-2-to-60.tif", codes=(0, 3, 5))
def _(path):
    return tiff(16, 16, [(700, BYTE, 1 << 60, 8)], big=True, offsets=8, sizes=256, tail=b"\0" * 300)


@bomb("big-directory-of-2-to-60.tif")
def _(path):
    return struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) + struct.pack("<Q", 1 << 60) + b"\0" * 400


@bomb("geo-keys-65535.tif", codes=(0, 3, 5))
def _(path):
    return tiff(16, 16, [(34735, SHORT, 262144, 400)], offsets=8, sizes=256, tail=b"\0" * 300) \
        + struct.pack("<HHHH", 1, 1, 0, 65535) + struct.pack("<HHHH", 1024, 34735, 65535, 0) * 65535


@bomb("sub-directory-circle.tif", codes=(0, 3, 5))
def _(path):
    return tiff(16, 16, [(330, LONG, 1, 8)], offsets=8, sizes=256, tail=b"\0" * 300)


@bomb("deflate-bomb-strip.tif", codes=(0, 3, 5), limits=(1500, 64), note="1 GiB of zeros in a strip of 256 bytes")
def _(path):
    data = deflated(1 << 30)
    return tiff(16, 16, compression=8, offsets=400, sizes=len(data), tail=b"\0" * (400 - 126)) + data


@bomb("strips-overlap.tif", codes=(0, 3, 5), limits=(30000, 512),
      note="a valid file whose 500 strips are one")
def _(path):
    data = zlib.compress(b"\0" * (20000 * 8))
    made = tiff(20000, 4000, rows=8, compression=8, blocks=500, offsets=200, sizes=200 + 2000)
    return made.ljust(200, b"\0") + struct.pack("<I", 200 + 4000) * 500 + struct.pack("<I", len(data)) * 500 + data


# ---- netpbm ------------------------------------------------------------------------------------

for kind in (b"P4", b"P5", b"P6"):
    @bomb("wide-no-data-%s.pnm" % kind.decode())
    def _(path, kind=kind):
        return kind + b"\n1000000 4000\n" + (b"" if kind == b"P4" else b"65535\n")

for kind in (b"P1", b"P2", b"P3"):
    @bomb("wide-no-data-%s.pnm" % kind.decode())
    def _(path, kind=kind):
        return kind + b"\n1000000 4000\n" + (b"" if kind == b"P1" else b"65535\n") + b"1 "


@bomb("wide-no-data.pam")
def _(path):
    return b"P7\nWIDTH 1000000\nHEIGHT 4000\nDEPTH 4\nMAXVAL 65535\nTUPLTYPE RGB_ALPHA\nENDHDR\n"


@bomb("depth.pam")
def _(path):
    return b"P7\nWIDTH 1000\nHEIGHT 4000\nDEPTH 1000000000\nMAXVAL 65535\nENDHDR\n"


@bomb("wide-no-data.pfm")
def _(path):
    return b"PF\n1000000 4000\n-1.0\n"


@bomb("wide-no-data-grey.pfm", ["slope", "--cell-size", "1", "FILE", "OUT.tif"])
def _(path):
    return b"Pf\n1000000 4000\n-1.0\n"


@bomb("comment-of-100-megabytes.pgm", codes=(3, 5), limits=(1000, 64), note="100 MB of a comment")
def _(path):
    return [b"P5\n#"] + [b"c" * 1000000] * 100


@bomb("digits-of-100-megabytes.pgm", codes=(3, 5), limits=(1000, 64), note="100 MB of digits")
def _(path):
    return [b"P5\n"] + [b"0" * 1000000] * 100


@bomb("blanks-of-100-megabytes.pgm", codes=(3, 5), limits=(2000, 64), note="100 MB of blanks")
def _(path):
    return [b"P2\n16 16 255\n"] + [b" " * 1000000] * 100


@bomb("pages-1000000.pgm", ["info", "FILE"], (0, 3, 5), (2000, 256), "a million images of 1 pixel, 12 MB")
def _(path):
    return b"P5\n1 1\n255\nx" * 1000000


# ---- elevation models --------------------------------------------------------------------------

SLOPE = ["slope", "FILE", "OUT.tif"]


@bomb("wide-no-data.asc", SLOPE)
def _(path):
    return b"ncols 1000000\nnrows 4000\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n"


@bomb("square-few-values.asc", SLOPE)
def _(path):
    return b"ncols 60000\nnrows 60000\nxllcorner 0\nyllcorner 0\ncellsize 1\n" + b"1 2 3 " * 100


@bomb("header-of-100-megabytes.asc", SLOPE, (3, 5), (1000, 64), "100 MB of a header's line")
def _(path):
    return [b"ncols 10\nnrows 10\nxllcorner "] + [b"0" * 1000000] * 100


@bomb("headers-many.asc", SLOPE, (3, 5), (1000, 64), "100 MB of a header's lines")
def _(path):
    return [b"ncols 10\nnrows 10\n"] + [b"cellsize 1\n" * 100000] * 91


@bomb("digits-of-100-megabytes.asc", SLOPE, (3, 5), (1000, 64), "100 MB of one number")
def _(path):
    return [b"ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n"] + [b"1" * 1000000] * 100


@bomb("N45E007.hgt", SLOPE)
def _(path):
    return b"\0" * 100


@bomb("hole/N45E007.hgt", SLOPE)
def _(path):
    with open(path, "wb") as file:
        file.truncate(1 << 40)


@bomb("huge/N46E007.hgt", SLOPE, (0, 3, 5), (20000, 512), "a valid file that is one hole: 25 MB")
def _(path):
    with open(path, "wb") as file:
        file.truncate(3601 * 3601 * 2)


@bomb("N45E008.hgt.gz", SLOPE, (3, 5))
def _(path):
    return deflated(1 << 30, wbits=31)


def zipped(name, data, size, method=8):
    """A zip archive of one member that claims `size` bytes."""
    check = 0
    local = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, method, 0, 0, check, len(data), size, len(name), 0)
    where = len(local) + len(name) + len(data)
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, method, 0, 0, check, len(data), size,
                          len(name), 0, 0, 0, 0, 0, 0)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central) + len(name), where, 0)
    return local + name + data + central + name + end


@bomb("N45E009.hgt.zip", SLOPE)
def _(path):
    return zipped(b"N45E009.hgt", deflated(1 << 30, wbits=-15), 0x40000000)


@bomb("N45E010.hgt.zip", SLOPE, limits=(3000, 64), note="a zip of a tile whose data is 1 GiB too long")
def _(path):
    return zipped(b"N45E010.hgt", deflated(1 << 30, wbits=-15), 3601 * 3601 * 2)


@bomb("bomb.asc.gz", SLOPE, limits=(3000, 64), note="1 GiB of blanks")
def _(path):
    return gzip.compress(b"ncols 10\nnrows 10\nxllcorner 0\nyllcorner 0\ncellsize 1\n") \
        + deflated(1 << 30, b" ", wbits=31)


@bomb("bomb.pgm.gz", limits=(3000, 64), note="1 GiB after the image")
def _(path):
    return gzip.compress(b"P5\n16 16\n255\n" + b"\0" * 256) + deflated(1 << 30, wbits=31)


@bomb("zip-many-members.zip", codes=(3, 5), limits=(500, 64), note="65000 members")
def _(path):
    name = b"x.txt"
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0,
                          0, 0) + name
    return b"PK\3\4" + b"\0" * 30 + central * 65000 + struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, 65000, 65000, 65000 * len(central), 34, 0)


def raw_files(path, ending, header_text, size=100):
    with open(os.path.splitext(path)[0] + ".hdr", "wb") as file:
        file.write(header_text)
    with open(path, "wb") as file:
        file.truncate(size)


@bomb("wide.bil", SLOPE)
def _(path):
    raw_files(path, ".bil", b"NROWS 4000\nNCOLS 1000000\nNBITS 16\nNBANDS 1\nLAYOUT BIL\n")


@bomb("most.bil", SLOPE)
def _(path):
    raw_files(path, ".bil", b"NROWS 18446744073709551615\nNCOLS 18446744073709551615\nNBITS 16\n")


@bomb("bands.bil", SLOPE)
def _(path):
    raw_files(path, ".bil", b"NROWS 10\nNCOLS 10\nNBITS 16\nNBANDS 4000000000\nLAYOUT BIP\n")


@bomb("row-bytes.bil", SLOPE)
def _(path):
    raw_files(path, ".bil", b"NROWS 10\nNCOLS 10\nNBITS 16\nTOTALROWBYTES 4000000000000\n")


@bomb("skip.bil", SLOPE)
def _(path):
    raw_files(path, ".bil", b"NROWS 10\nNCOLS 10\nNBITS 16\nSKIPBYTES 9223372036854775807\n")


@bomb("sparse-terabyte.bil", SLOPE)
def _(path):
    raw_files(path, ".bil", b"NROWS 1000000\nNCOLS 500000\nNBITS 16\n", 1 << 40)


@bomb("header-of-100-megabytes.bil", SLOPE, (3, 5), (500, 64), "100 MB of a header")
def _(path):
    raw_files(path, ".bil", b"NROWS 10\nNCOLS 10\nNBITS 16\n" + b"COMMENT x\n" * 10000000, 200)


@bomb("wide.flt", SLOPE)
def _(path):
    raw_files(path, ".flt", b"ncols 1000000\nnrows 4000\nxllcorner 0\nyllcorner 0\ncellsize 1\nbyteorder LSBFIRST\n")


@bomb("nested.vrt", ["FILE", "OUT.png"])
def _(path):
    return b"<VRTDataset rasterXSize=\"1000000\" rasterYSize=\"4000\">" + b"<a>" * 1000000


# ---- sidecar files -----------------------------------------------------------------------------

def with_sidecar(path, ending, parts):
    """A small grid with a hostile sidecar file."""
    with open(os.path.splitext(path)[0] + ending if not ending.endswith("xml") else path + ending, "wb") as file:
        for part in parts:
            file.write(part)
    return b"P5\n16 16\n255\n" + bytes(range(256))


ASIDE = ["slope", "--cell-size", "1", "FILE", "OUT.tif"]
SMALL = (0, 3, 5)


@bomb("prj-deep.pgm", ASIDE, SMALL, note="")
def _(path):
    with_sidecar(path, ".pgw", [b"1\n0\n0\n-1\n0\n0\n"])
    return with_sidecar(path, ".prj", [b"PROJCS[" * 200000])


@bomb("prj-of-100-megabytes.pgm", ASIDE, SMALL)
def _(path):
    with_sidecar(path, ".pgw", [b"1\n0\n0\n-1\n0\n0\n"])
    return with_sidecar(path, ".prj", [b"PROJCS[\"" + b"x" * 1000000] * 100)


@bomb("world-of-100-megabytes.pgm", ASIDE, SMALL)
def _(path):
    return with_sidecar(path, ".pgw", [b"1" * 1000000] * 100)


@bomb("aux-deep.pgm", ASIDE, SMALL)
def _(path):
    return with_sidecar(path, ".aux.xml", [b"<PAMDataset>" * 100000])


@bomb("aux-entities.pgm", ASIDE, SMALL)
def _(path):
    entities = b"".join(b"<!ENTITY e%d \"%s\">" % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 30))
    return with_sidecar(path, ".aux.xml", [b"<!DOCTYPE x [<!ENTITY e0 \"lol\">" + entities
                                           + b"]><PAMDataset><SRS>&e29;</SRS></PAMDataset>"])


@bomb("aux-of-100-megabytes.pgm", ASIDE, SMALL)
def _(path):
    return with_sidecar(path, ".aux.xml", [b"<PAMDataset>"] + [b"<SRS>x</SRS>" * 90000] * 100)


# ---- tables ------------------------------------------------------------------------------------

FIT = ["descent", "--model", "a*x+b", "--data", "FILE", "--target", "y"]


@bomb("one-line-of-100-megabytes.csv", FIT, (3, 5))
def _(path):
    return [b"x" * 1000000] * 100


@bomb("one-quote-of-100-megabytes.csv", FIT, (3, 5))
def _(path):
    return [b"\""] + [b"x\n" * 500000] * 100


@bomb("million-columns.csv", FIT, (3, 5))
def _(path):
    return b",".join(b"c%d" % i for i in range(1000000)) + b"\n1\n"


@bomb("row-of-100-megabytes.csv", FIT, (3, 5), (1000, 64), "100 MB in the second line")
def _(path):
    return [b"x,y\n1,2\n"] + [b"1" * 1000000] * 100


@bomb("zeros-of-100-megabytes.csv", FIT, (3, 5))
def _(path):
    with open(path, "wb") as file:
        file.truncate(100 << 20)


@bomb("zeros-inside.csv", FIT, (3, 5))
def _(path):
    return b"x,y\n1,2\n3,4\0\0\0\n5,6\n"


@bomb("blank-lines-of-100-megabytes.csv", FIT, (3, 5), (1500, 64), "100 MB of blank lines")
def _(path):
    return [b"\n" * 1000000] * 100


@bomb("names-4096.csv", FIT, (2, 3, 5), (200, 64), "4096 names of 1000 characters")
def _(path):
    return b",".join(b"n" * 990 + b"%d" % i for i in range(4096)) + b"\n" + b",".join([b"1"] * 4096) + b"\n"


@bomb("bomb.csv.gz", FIT, (3, 5), (3000, 64), "1 GiB of a line")
def _(path):
    return deflated(1 << 30, b"x", wbits=31)


# ---- expressions -------------------------------------------------------------------------------

AT = ["surface", "TEXT", "--at", "0.5,0.5"]
REFUSED = (2, 3, 5)


@bomb("parentheses.txt", AT, REFUSED)
def _(path):
    return b"(" * 30000 + b"x" + b")" * 30000


@bomb("minuses.txt", AT, REFUSED)
def _(path):
    return b"-" * 60000 + b"x"


@bomb("powers.txt", AT, REFUSED)
def _(path):
    return b"x" + b"^x" * 30000


@bomb("sines.txt", AT, REFUSED)
def _(path):
    return b"sin(" * 13000 + b"x" + b")" * 13000


@bomb("sum.txt", AT, (0, 2, 3, 5), (1000, 256), "a sum of 7000 terms")
def _(path):
    return b"+".join(b"x^%d" % i for i in range(7000))


@bomb("names.txt", AT, REFUSED)
def _(path):
    return b"+".join(b"v%d" % i for i in range(7000))


@bomb("too-long.txt", AT, REFUSED)
def _(path):
    return b"x+" * 60000 + b"x"


@bomb("long-name.txt", AT, REFUSED)
def _(path):
    return b"a" * 60000


@bomb("digits.txt", AT, (0, 2, 3, 5), (1000, 64), "a number of 60000 digits")
def _(path):
    return b"x*" + b"9" * 60000


@bomb("exponent.txt", AT, (0, 2, 3, 5), (1000, 256), "1e999999999999")
def _(path):
    return b"x*1e999999999999+y*1e-999999999999"


@bomb("tower.txt", AT, (0, 1, 2, 3, 5), (3000, 256), "a tower of powers")
def _(path):
    return b"9^9^9^9^9+x"


@bomb("product.txt", AT, (0, 1, 2, 3, 5), (5000, 256), "a product of 30 sums")
def _(path):
    return b"*".join(b"(x+%d*y)" % i for i in range(1, 31))


# ---- reports, manifests ------------------------------------------------------------------------

MERGE = ["merge-report", "FILE", "-o", "OUT.html"]


@bomb("zeros-of-1-gigabyte.html", MERGE, (3,))
def _(path):
    with open(path, "wb") as file:
        file.truncate(1 << 30)


@bomb("line-of-1-gigabyte.html", MERGE, (3, 5))
def _(path):
    with open(path, "wb") as file:
        file.write(b"<!doctype html>\n<!-- edgegrad report, form 2 -->\n")
        file.truncate(1 << 30)


@bomb("line-of-100-megabytes.html", MERGE, (3, 5), (500, 64), "100 MB in a line of a page")
def _(path):
    return [b"<!doctype html>\n<!-- edgegrad report, form 2 -->\n"] + [b"x" * 1000000] * 100


@bomb("record-of-100-megabytes.html", MERGE, (3, 5), (500, 64), "a record of 100 MB")
def _(path):
    return [b"<!doctype html>\n<!-- edgegrad report, form 2 -->\n"
            b"<script type=\"application/json\" class=\"record\">{\"folder\":\"\",\"name\":\""] \
        + [b"x" * 1000000] * 100


@bomb("manifest.png", ["FILE", "OUT/"], (0, 3, 4, 5))
def _(path):
    os.makedirs(os.path.join(os.path.dirname(path), "out"))
    with open(os.path.join(os.path.dirname(path), "out", ".edgegrad-manifest"), "wb") as file:
        file.write(b"edgegrad manifest 1\n")
        file.truncate(1 << 30)
    return header(16, 16) + chunk(b"IDAT", zlib.compress(b"\0" * 17 * 16)) + END


# ---- unknown files -----------------------------------------------------------------------------

@bomb("hole-of-1-terabyte.dat")
def _(path):
    with open(path, "wb") as file:
        file.truncate(1 << 40)


@bomb("empty.png")
def _(path):
    return b""
