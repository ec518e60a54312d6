# SPDX-License-Identifier: MIT
"""Arrays of NumPy as grids of the library, and files.

What is not copied: arrays of one plane, shape (height, width), of a sample type that the operation reads, whose samples
are neighbours in memory along a row, whatever the distance of the rows; and colours, shape (height, width, 3), whose
planes are so, as read() returns them. Everything else is copied once, in its size.
"""
from __future__ import annotations

import os
from typing import Any, List, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

from . import errors
from ._library import ffi, lib
from .operation import Operation, choose

__all__ = ["ImageLike", "read", "write", "Input", "output", "sink_of"]

ImageLike = Union[npt.ArrayLike, "os.PathLike[str]", str]

SAMPLES = {"uint8": lib.EG_U8, "uint16": lib.EG_U16, "float32": lib.EG_F32, "float64": lib.EG_F64}
TYPES = {sample: np.dtype(name) for name, sample in SAMPLES.items()}
WHITE = {"uint8": 255.0, "uint16": 65535.0}
ENCODINGS = {"none": lib.EG_ENCODING_NONE, "terrarium": lib.EG_ENCODING_TERRARIUM, "mapbox": lib.EG_ENCODING_MAPBOX,
             "grey": lib.EG_ENCODING_GREY}


def is_path(image: Any) -> bool:
    return isinstance(image, (str, os.PathLike))


def rows_are_dense(plane: np.ndarray) -> bool:
    """Returns True if the library can read the plane where it is: samples along a row are neighbours, rows descend."""
    height, width = plane.shape
    return (plane.dtype.isnative and plane.flags.aligned and (width == 1 or plane.strides[1] == plane.itemsize) and
            (height == 1 or plane.strides[0] >= width * plane.itemsize))


def fill_grid(grid: Any, plane: np.ndarray, white: float) -> None:
    """Describes a dense plane to the library."""
    height, width = plane.shape
    grid.data = ffi.cast("void *", plane.__array_interface__["data"][0])
    grid.width = width
    grid.height = height
    grid.stride = plane.strides[0] if height > 1 else width * plane.itemsize
    grid.sample = SAMPLES[plane.dtype.name]
    grid.white_level = white


def as_image(image: npt.ArrayLike) -> Tuple[np.ndarray, float]:
    """Returns an array of samples of the types of image operations, uint8 or float32, and its white level."""
    array = np.asarray(image)
    name = array.dtype.newbyteorder("=").name
    if name == "bool":
        return array.astype(np.uint8) * np.uint8(255), 255
    if name in ("uint8", "float32"):
        return array, WHITE.get(name, 1)
    if name in ("uint16", "float64", "float16"):
        return array.astype(np.float32), WHITE.get(name, 1)
    raise errors.UsageError(f"an image has samples of uint8, uint16, float32 or float64, not {array.dtype}: convert it, "
                            "for example image.astype(np.float32) with white_level")


def as_values(raster: npt.ArrayLike) -> np.ndarray:
    """Returns an array of samples of the types of elevations, float32 or float64 if a float32 is not exact."""
    array = np.asarray(raster)
    name = array.dtype.newbyteorder("=").name
    if name in ("float32", "float64", "uint8"):
        return array
    if name in ("bool", "int8", "int16", "uint16", "float16"):
        return array.astype(np.float32)
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    raise errors.UsageError(f"a raster has numbers, not {array.dtype}")


def grey_of(colours: np.ndarray) -> np.ndarray:
    """Returns the grey of colours, 0.299 R + 0.587 G + 0.114 B, as the library computes it for files."""
    if colours.dtype == np.uint8:
        r, g, b = (colours[..., k].astype(np.uint32) for k in range(3))
        return ((19595 * r + 38470 * g + 7471 * b + 32768) >> 16).astype(np.uint8)
    r, g, b = (colours[..., k].astype(np.float64) for k in range(3))
    return ((19595 * r + 38470 * g + 7471 * b) / 65536).astype(np.float32)


def planes_of(array: np.ndarray, colour: bool, order: str, name: str) -> List[np.ndarray]:
    """Returns the planes of an array: one, or red, green and blue."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim == 3 and array.shape[2] in (3, 4):
        step = choose("channels", order, {"rgb": 1, "bgr": -1})
        array = array[:, :, :3][:, :, ::step]
        planes = [array[:, :, k] for k in range(3)] if colour else [grey_of(array)]
    elif array.ndim == 2:
        planes = [array]
    else:
        raise errors.UsageError(f"{name} has the shape {array.shape}; it must be (height, width), (height, width, 3) or "
                                "(height, width, 4)")
    if 0 in planes[0].shape:
        raise errors.UsageError(f"{name} has no samples: its shape is {array.shape}")
    return planes


class Input:
    """The input of an operation: an array, or a file. Each open() makes a source that delivers it once."""

    def __init__(self, operation: Operation, image: ImageLike, *, colour: bool = False, values: bool = False,
                 white_level: Optional[float] = None, channels: str = "rgb", ignore_scale: bool = False) -> None:
        self.operation = operation
        self.path = os.fspath(image) if is_path(image) else None
        if self.path is not None:
            operation.name = self.path
            self.options = ffi.new("eg_read_options *")
            lib.eg_read_default(self.options)
            self.options.colour_planes = colour
            self.options.as_values = values
            self.options.ignore_scale = ignore_scale
            self.options.white_level = white_level or 0
            return
        array, white = (as_values(image), 1.0) if values else as_image(image)
        planes = [p if rows_are_dense(p) else np.ascontiguousarray(p, dtype=p.dtype.newbyteorder("="))
                  for p in planes_of(array, colour, channels, operation.name)]
        self.grids = ffi.new("eg_grid[3]")
        for grid, plane in zip(self.grids, planes):
            fill_grid(grid, plane, white_level or white)
        self.count = len(planes)
        operation.kept += [planes, self.grids]

    def open(self) -> Any:
        """Returns a new source, which is closed with the operation."""
        op = self.operation
        if self.path is not None:
            out = ffi.new("eg_source **")
            op.check(lib.eg_source_open(out, op.context, os.fsencode(self.path), self.options, op.error), self.path)
            return op.closing(lib.eg_source_close, out[0])
        make = lib.eg_source_grid if self.count == 1 else lib.eg_source_grid_planes
        return op.made("eg_source", lib.eg_source_close, make, op.context, self.grids)


def size_of(source: Any) -> Tuple[int, int]:
    """Returns height and width of a source."""
    info = lib.eg_source_info(source)
    return info.height, info.width


def output(out: Optional[np.ndarray], shape: Sequence[int], dtype: Any) -> np.ndarray:
    """Returns the array for a result: `out`, which must fit, or a new one."""
    if out is None:
        return np.empty(tuple(shape), dtype)
    if not isinstance(out, np.ndarray) or out.dtype != dtype or out.shape != tuple(shape):
        raise errors.UsageError(f"out must be an array of the shape {tuple(shape)} and the type {np.dtype(dtype)}")
    if not out.flags.writeable or not rows_are_dense(out if out.ndim == 2 else out.reshape(out.shape[0], -1)):
        raise errors.UsageError("out must be writeable, and the samples of a row neighbours in memory")
    return out


def sink_of(operation: Operation, array: np.ndarray) -> Any:
    """Returns a sink that stores its rows in an array of one plane."""
    grid = ffi.new("eg_grid *")
    fill_grid(grid, array, 0)
    operation.kept += [array, grid]
    return operation.made("eg_sink", lib.eg_sink_close, lib.eg_sink_grid, operation.context, grid)


def read(path: Union[str, "os.PathLike[str]"], *, colour: bool = True, values: bool = False, page: int = 0,
         tolerate: bool = False, encoding: str = "none", mask: Optional[str] = None, threads: int = 0) -> np.ndarray:
    """Reads an image or a raster: PNG, JPEG, TIFF, PNM, PFM, ASCII grid, SRTM (.hgt) ...

    Args:
        path: the file; "-" is standard input.
        colour: colours as (height, width, 3), red, green, blue; False: their grey.
        values: the numbers of a raster in their unit, such as elevations: missing cells are NaN.
        page: page of a file of several images, from 1; 0: the first full image.
        tolerate: reads what is left of a damaged file.
        encoding: elevations in the colours of a PNG or TIFF: "terrarium", "mapbox" or "grey"; "none".
        mask: file of the same size whose pixels that are 0 mark missing pixels, which are NaN.
        threads: worker threads; 0: one for each processor.

    Returns:
        An array of shape (height, width) or (height, width, 3). uint8 for 8-bit images, else float32 (16 bits: 0 to
        65535; pass white_level=65535), with values=True float64 if a float32 is not exact. Colours are planes in memory,
        so that other functions of this package need no copy; np.ascontiguousarray() interleaves them.

    Raises:
        FileNotFoundError, FileError: the file cannot be read. BadInputError: it is damaged. UnsupportedError,
        UsageError: a page or encoding that it does not have.
    """
    with Operation(threads, os.fspath(path)) as op:
        options = ffi.new("eg_read_options *")
        lib.eg_read_default(options)
        options.colour_planes = colour and not values
        options.as_values = values or encoding != "none"
        options.page = page
        options.tolerate = tolerate
        options.encoding = choose("encoding", encoding, ENCODINGS)
        if mask is not None:
            op.kept.append(ffi.new("char[]", os.fsencode(mask)))
            options.mask = op.kept[-1]
        out = ffi.new("eg_source **")
        op.check(lib.eg_source_open(out, op.context, os.fsencode(path), options, op.error), os.fspath(path))
        source = op.closing(lib.eg_source_close, out[0])
        info = lib.eg_source_info(source)
        planes = max(info.planes, 1)
        rows = np.empty((info.height, planes, info.width), TYPES[info.sample])
        op.check(lib.eg_source_read(source, ffi.from_buffer(rows), rows.strides[0], info.height, op.error))
        op.check(lib.eg_source_finish(source, op.error))
        op.warn(source)
    return rows[:, 0, :] if planes == 1 else rows.transpose(0, 2, 1)


def write(path: Union[str, "os.PathLike[str]"], image: npt.ArrayLike, *, quality: int = 90, compression: int = -1,
          threads: int = 0) -> None:
    """Writes an array to a file, whose format follows from the extension: .png, .tif, .jpg, .pgm, .pfm ...

    Args:
        path: the file, which appears when it is complete, in the place of an older one.
        image: (height, width) of uint8, uint16, float32 or float64, or (height, width, 3) of uint8; not copied if the
            rows are dense.
        quality: of JPEG, 1 to 100.
        compression: level of PNG and TIFF, 0 to 9; -1: chosen.

    Raises:
        UsageError: unknown format, or one that cannot store the type. FileError: it cannot be written.
    """
    array = np.asarray(image)
    with Operation(threads, os.fspath(path)) as op:
        options = ffi.new("eg_write_options *")
        lib.eg_write_default(options)
        options.quality = quality
        options.compression = compression
        grid = ffi.new("eg_grid *")
        if array.ndim == 3 and array.shape[2] == 3 and array.dtype == np.uint8:
            array = np.ascontiguousarray(array)
            flat = array.reshape(array.shape[0], -1)
            fill_grid(grid, flat, 255)
            grid.width = array.shape[1]
            grid.sample = lib.EG_RGB
        elif array.ndim == 2 and array.dtype.name in SAMPLES:
            array = array if rows_are_dense(array) else np.ascontiguousarray(array)
            fill_grid(grid, array, WHITE.get(array.dtype.name, 1))
        else:
            raise errors.UsageError("write() takes (height, width) of uint8, uint16, float32 or float64, or "
                                    f"(height, width, 3) of uint8, not {array.shape} of {array.dtype}")
        op.check(lib.eg_save(grid, op.context, os.fsencode(path), options, op.error))
