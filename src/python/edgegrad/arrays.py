# SPDX-License-Identifier: MIT
"""Arrays of NumPy as grids of the library, and files.

The library reads an array where it is if its samples are neighbours in memory along a row, whatever the distance of the
rows, and of a type that the operation reads; of colours each plane, as read() returns them. Other strides and types are
converted row by row as they are read (array_source.c), so that no array is copied as a whole, except for integers that
module.h does not list, and other byte orders.
"""
from __future__ import annotations

import os
import warnings
from typing import Any, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

from . import errors
from ._library import ffi, lib
from .operation import Operation, c_text, choose, levels_to_caller

__all__ = ["Array", "ImageLike", "read", "write", "Input", "output", "sink_of", "without_nodata"]

Array = npt.NDArray[Any]
ImageLike = Union[npt.ArrayLike, "os.PathLike[str]", str]

SAMPLES = {"uint8": lib.EG_U8, "uint16": lib.EG_U16, "float32": lib.EG_F32, "float64": lib.EG_F64}
TYPES = {sample: np.dtype(name) for name, sample in SAMPLES.items()}
WHITE = {"uint8": 255.0, "uint16": 65535.0}
ENCODINGS = {"none": lib.EG_ENCODING_NONE, "terrarium": lib.EG_ENCODING_TERRARIUM, "mapbox": lib.EG_ENCODING_MAPBOX,
             "grey": lib.EG_ENCODING_GREY}


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


def fill_colours(grid: Any, colours: np.ndarray) -> None:
    """Describes interleaved colours of dense rows to the library."""
    fill_grid(grid, colours[:, :, 0].view(), 255)
    grid.stride = colours.strides[0]
    grid.sample = lib.EG_RGB


# Types whose rows module.h converts as they are read, and the white level of an image.
CONVERTED = {"bool": (lib.EGPY_BOOL, 255.0), "uint8": (lib.EGPY_U8, 255.0), "uint16": (lib.EGPY_U16, 65535.0),
             "int16": (lib.EGPY_I16, 1.0), "float32": (lib.EGPY_F32, 1.0), "float64": (lib.EGPY_F64, 1.0)}


def numbers(array: Any, name: str = "array") -> np.ndarray:
    """Returns an array; what a masked array masks is NaN."""
    if array is None:
        hint = " (cv2.imread() returns None if it cannot read a file)" if name == "image" else ""
        raise errors.UsageError(f"{name} is None, not an array{hint}")
    if not isinstance(array, np.ma.MaskedArray) or not np.ma.is_masked(array):
        try:
            return np.asarray(array)
        except ValueError as error:
            raise errors.UsageError(f"{name} is no array: {error}") from None
    small = array.dtype.kind in "biuf" and array.dtype.itemsize <= 2 or array.dtype == np.float32
    return np.ma.filled(array.astype(np.float32 if small else np.float64), np.nan)


def as_samples(image: Any, values: bool, name: str) -> np.ndarray:
    """Returns an array of a type in CONVERTED, of the machine's byte order."""
    array = numbers(image, name)
    kind = array.dtype.newbyteorder("=").name
    if kind in CONVERTED and (values or kind != "int16"):
        return array.astype(kind) if not array.dtype.isnative or not array.flags.aligned else array
    if kind == "float16" or kind == "int8" and values:
        return array.astype(np.float32)
    if array.dtype.kind == "f" or values and array.dtype.kind in "iu":
        return array.astype(np.float64)
    if values:
        raise errors.UsageError(f"{name} has {array.dtype}, not integers or floats")
    hint = (": convert it, to np.uint8 if its values are 0 to 255, to np.uint16 if they are 0 to 65535"
            if array.dtype.kind in "iu" else "")
    raise errors.UsageError(f"{name} has samples of uint8, uint16, float32, float64 or bool, not {array.dtype}{hint}")


def warn_of_scale(array: np.ndarray, name: str) -> None:
    """Warns of floats that are hardly intensities from 0 to 1."""
    largest = np.fmax.reduce(array, axis=None)
    if np.isfinite(largest) and largest > 2:
        warnings.warn(f"{name}: has floats up to {largest:.4g}, of which 1 counts as white: give white_level=255 if they "
                      "are 0 to 255, or white_level=1", errors.InputWarning, stacklevel=levels_to_caller())


def split_planes(array: np.ndarray, order: str, name: str) -> np.ndarray:
    """Returns an array as (height, width, 1) or (height, width, 3), red, green, blue, without copying it."""
    step = choose("channels", order, {"rgb": 1, "bgr": -1})
    if array.ndim == 2:
        array = array[:, :, np.newaxis]
    elif array.ndim == 3 and array.shape[2] in (3, 4):
        array = array[:, :, :3][:, :, ::step]
    elif array.ndim != 3 or array.shape[2] != 1:
        raise errors.UsageError(f"{name} has the shape {array.shape}; it must be (height, width), "
                                "(height, width, 3) or (height, width, 4)")
    if 0 in array.shape:
        raise errors.UsageError(f"{name} has no samples: its shape is {array.shape[:2]}")
    return array


class Input:
    """The input of an operation: an array, or a file. Each open() makes a source that delivers it once.

    `absolute` tells that the result depends on the white level.
    """

    def __init__(self, operation: Operation, image: ImageLike, *, colour: bool = False, values: bool = False,
                 white_level: Optional[float] = None, channels: str = "rgb", ignore_scale: bool = False,
                 band: int = 0, absolute: bool = False) -> None:
        if white_level is not None and not white_level > 0:
            raise errors.UsageError(f"white_level is above 0, not {white_level}")
        self.operation = operation
        self.path = os.fspath(image) if isinstance(image, (str, os.PathLike)) else None
        if self.path is not None:
            operation.name = self.path
            self.options = ffi.new("eg_read_options *")
            lib.eg_read_default(self.options)
            self.options.colour_planes = colour
            self.options.as_values = values
            self.options.ignore_scale = ignore_scale
            self.options.band = band
            self.options.white_level = white_level or 0
            return
        if band:
            raise errors.UsageError("band is for files: an array has one")
        array = split_planes(as_samples(image, values, operation.name), channels, operation.name)
        if values and array.shape[2] > 1:
            raise errors.UsageError(f"{operation.name} has colours, the shape {np.shape(image)}; values have the shape "
                                    "(height, width)")
        if absolute and white_level is None and array.dtype.kind == "f" and np.asanyarray(image).dtype.kind == "f":
            warn_of_scale(array, operation.name)
        self.array = array
        self.values = values
        self.grey = array.shape[2] == 3 and not colour
        self.type, white = CONVERTED[array.dtype.name]
        if isinstance(image, np.ma.MaskedArray) and not values:
            white = WHITE.get(image.dtype.name, 1.0)
        self.white = white_level or (1.0 if values else white)
        operation.inputs.append(array)

    def open(self) -> Any:
        """Returns a new source, which is closed with the operation."""
        op = self.operation
        if self.path is not None:
            out = ffi.new("eg_source **")
            op.check(lib.eg_source_open(out, op.context, c_text(self.path), self.options, op.error), self.path)
            return op.closing(lib.eg_source_close, out[0])
        return self._open_grids() if self._is_readable() else self._open_array()

    def _is_readable(self) -> bool:
        """Returns True if the library can read the array where it is."""
        types = ("uint8", "float32", "float64") if self.values else ("uint8", "float32")
        return (self.array.dtype.name in types and not self.grey and
                all(rows_are_dense(self.array[:, :, k]) for k in range(self.array.shape[2])))

    def _open_grids(self) -> Any:
        """Returns a source of the memory of the array."""
        op = self.operation
        count = self.array.shape[2]
        grids = ffi.new("eg_grid[]", count)
        for k, grid in enumerate(grids):
            fill_grid(grid, self.array[:, :, k], self.white)
        op.kept.append(grids)
        make = lib.eg_source_grid if count == 1 else lib.eg_source_grid_planes
        return op.made("eg_source", lib.eg_source_close, make, op.context, grids)

    def _open_array(self) -> Any:
        """Returns a source that converts rows of the array as they are read."""
        op = self.operation
        described = ffi.new("egpy_array *")
        described.data = ffi.cast("char *", self.array.__array_interface__["data"][0])
        described.height, described.width, described.planes = self.array.shape
        described.row, described.column, described.plane = self.array.strides
        described.type = self.type
        described.grey = self.grey
        described.wide = self.values
        op.kept.append(described)
        return op.made("eg_source", lib.eg_source_close, lib.egpy_source_array, op.context, described, self.white)


def size_of(source: Any) -> Tuple[int, int]:
    """Returns height and width of a source."""
    info = lib.eg_source_info(source)
    return info.height, info.width


def without_nodata(source: Any, samples: np.ndarray) -> np.ndarray:
    """Returns the samples of a source of values; those that its file calls missing are NaN, also of 8-bit files."""
    georef = lib.eg_source_georef(source)
    if samples.dtype != np.uint8 or georef == ffi.NULL or not georef.has_nodata:
        return samples
    return np.where(samples == georef.nodata, np.float32(np.nan), samples.astype(np.float32))


def output(out: Optional[np.ndarray], shape: Sequence[int], dtype: Any) -> np.ndarray:
    """Returns the array for a result: `out`, which must fit, or a new one."""
    if out is None:
        return np.empty(tuple(shape), dtype)
    if not isinstance(out, np.ndarray) or out.dtype != dtype or out.shape != tuple(shape):
        raise errors.UsageError(f"out must be an array of the shape {tuple(shape)} and the type {np.dtype(dtype)}")
    dense = rows_are_dense(out) if out.ndim == 2 else out.strides[1:] == (3, 1) and out.strides[0] >= 3 * out.shape[1]
    if not out.flags.writeable or not dense:
        raise errors.UsageError("out must be writeable, and the samples of a row neighbours in memory")
    return out


def sink_of(operation: Operation, array: np.ndarray) -> Any:
    """Returns a sink that stores its rows in an array of one plane, or of colours (height, width, 3)."""
    if any(np.may_share_memory(array, a) and np.shares_memory(array, a) for a in operation.inputs):
        raise errors.UsageError("out overlaps the input: results are written while it is read")
    grid = ffi.new("eg_grid *")
    if array.ndim == 3:
        fill_colours(grid, array)
    else:
        fill_grid(grid, array, 0)
    operation.kept += [array, grid]
    return operation.made("eg_sink", lib.eg_sink_close, lib.eg_sink_grid, operation.context, grid)


def read(path: Union[str, "os.PathLike[str]"], *, colour: bool = True, values: bool = False, page: int = 0,
         band: int = 0, tolerate: bool = False, encoding: str = "none", mask: Optional[str] = None,
         threads: int = 0) -> np.ndarray:
    """Reads an image or a raster: PNG, JPEG, TIFF, PNM, PFM, ASCII grid, SRTM (.hgt) ...

    Args:
        path: the file; "-" is standard input.
        colour: colours as (height, width, 3), red, green, blue; False: their grey.
        values: the numbers of a raster in their unit, such as elevations: missing cells are NaN.
        page: page of a file of several images, from 1; 0: the first full image.
        band: with values=True, band of a raster of several, from 1; 0: the first.
        tolerate: reads what is left of a damaged file.
        encoding: elevations in the colours of a PNG or TIFF: "terrarium", "mapbox" or "grey"; "none".
        mask: file of the same size whose pixels that are 0 mark missing pixels, which are NaN.
        threads: worker threads; 0: one for each processor.

    Returns:
        An array of shape (height, width) or (height, width, 3). uint8 for 8-bit images, else float32 (16 bits: 0 to
        65535; pass white_level=65535), with values=True float64 if a float32 is not exact. Colours are planes in
        memory, which the library reads where they are; np.ascontiguousarray() interleaves them.

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
        options.band = band
        options.tolerate = tolerate
        options.encoding = choose("encoding", encoding, ENCODINGS)
        if mask is not None:
            op.kept.append(ffi.new("char[]", c_text(mask)))
            options.mask = op.kept[-1]
        out = ffi.new("eg_source **")
        op.check(lib.eg_source_open(out, op.context, c_text(path), options, op.error), os.fspath(path))
        source = op.closing(lib.eg_source_close, out[0])
        info = lib.eg_source_info(source)
        planes = max(info.planes, 1)
        rows = np.empty((info.height, planes, info.width), TYPES[info.sample])
        op.check(lib.eg_source_read(source, ffi.from_buffer(rows), rows.strides[0], info.height, op.error))
        op.check(lib.eg_source_finish(source, op.error))
        op.warn(source)
        if options.as_values:
            rows = without_nodata(source, rows)
    return rows[:, 0, :] if planes == 1 else rows.transpose(0, 2, 1)


def write(path: Union[str, "os.PathLike[str]"], image: npt.ArrayLike, *, quality: int = 90, compression: int = -1,
          threads: int = 0) -> None:
    """Writes an array to a file, whose format follows from the extension: .png, .tif, .jpg, .pgm, .pfm ...

    Args:
        path: the file, which appears when it is complete, in the place of an older one.
        image: (height, width) of uint8, uint16, float32 or bool (0 and 255), or (height, width, 3) of uint8; not copied
            if the rows are dense.
        quality: of JPEG, 1 to 100.
        compression: level of PNG and TIFF, 0 to 9; -1: chosen.

    Raises:
        UsageError: unknown format, or one that cannot store the type. FileError: it cannot be written.
    """
    array = writeable_array(image)
    with Operation(threads, os.fspath(path)) as op:
        options = ffi.new("eg_write_options *")
        lib.eg_write_default(options)
        options.quality = quality
        options.compression = compression
        grid = ffi.new("eg_grid *")
        if array.ndim == 3:
            fill_colours(grid, array)
        else:
            fill_grid(grid, array, WHITE.get(array.dtype.name, 1))
        op.check(lib.eg_save(grid, op.context, c_text(path), options, op.error))


def writeable_array(image: npt.ArrayLike) -> np.ndarray:
    """Returns an array that a file can hold, of dense rows."""
    array = numbers(image, "image")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.dtype == bool:
        array = np.where(array, np.uint8(255), np.uint8(0))
    elif array.dtype == np.float16:
        array = array.astype(np.float32)
    colours = array.ndim == 3 and array.shape[2] == 3 and array.dtype == np.uint8
    if 0 in array.shape or not colours and (array.ndim != 2 or array.dtype.name not in ("uint8", "uint16", "float32")):
        hint = (": convert it, for example image.astype(np.float32)" if array.ndim == 2 and array.size and
                array.dtype.kind in "iuf" else "")
        raise errors.UsageError("write() takes (height, width) of uint8, uint16, float32 or bool, or (height, width, 3) "
                                f"of uint8, not {array.shape} of {array.dtype}{hint}")
    if colours or not rows_are_dense(array):
        return np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    return array
