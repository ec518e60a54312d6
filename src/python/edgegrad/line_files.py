# SPDX-License-Identifier: MIT
"""Files of lines and areas: GeoJSON, SVG, CSV, DXF; GeoPackage with GDAL."""
from __future__ import annotations

import os
from typing import Any, Dict, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .operation import Operation, c_text

__all__ = ["line_formats", "write_lines"]

Path = Union[str, "os.PathLike[str]"]


def line_formats() -> Dict[str, str]:
    """Returns the formats of files of lines: name and description."""
    found: Dict[str, str] = {}
    while True:
        name = lib.eg_line_format_name(len(found))
        if name == ffi.NULL:
            return found
        found[ffi.string(name).decode()] = ffi.string(lib.eg_line_format_help(len(found))).decode()


def dense(points: Any) -> np.ndarray:
    """Returns points as (n, 2) of float64 in one piece of memory."""
    array = np.ascontiguousarray(points, np.float64)
    if array.ndim != 2 or array.shape[1] != 2 or len(array) < 2:
        raise errors.UsageError(f"a line has two points or more, (n, 2), not {array.shape}")
    return array


def write_line(op: Operation, file: Any, line: Any) -> None:
    """Writes a Line or an EdgeLine."""
    points = dense(line.points)
    described = ffi.new("eg_line *")
    described.points = ffi.from_buffer("double[]", points)
    described.count = len(points)
    described.level = line.level
    described.closed = line.closed
    features = getattr(line, "features", None)
    if features is not None:
        features = np.ascontiguousarray(features)
        detail = ffi.new("eg_edge_detail *")
        detail.points = ffi.cast("eg_edge_point *", features.__array_interface__["data"][0])
        detail.length, detail.strength = line.length, line.strength
        detail.left, detail.right = line.left, line.right
        described.edge = detail
    op.check(lib.eg_line_file_write(file, described, op.error))


def write_area(op: Operation, file: Any, area: Any) -> None:
    """Writes an Area."""
    rings = [dense(ring) for ring in area.rings]
    points = np.concatenate(rings)
    counts = ffi.new("size_t[]", [len(ring) for ring in rings])
    described = ffi.new("eg_area *")
    described.points = ffi.from_buffer("double[]", points)
    described.counts = counts
    described.ring_count = len(rings)
    described.low, described.high = area.low, area.high
    op.check(lib.eg_line_file_write_area(file, described, op.error))


def write_lines(path: Path, items: Sequence[Any], shape: Tuple[int, int], *, format: Optional[str] = None,
                georeference: Optional[Path] = None, level_name: Optional[str] = None) -> None:
    """Writes lines, or areas, of a raster of the shape (height, width); see Lines.save()."""
    areas = [hasattr(item, "rings") for item in items]
    if len(set(areas)) > 1:
        raise errors.UsageError("a file has lines or areas, not both")
    with Operation(name=os.fspath(path)) as op:
        options = ffi.new("eg_line_file_options *")
        options.height, options.width = shape
        options.areas = bool(areas) and areas[0]
        options.edges = bool(items) and hasattr(items[0], "features")
        for field, text in (("format", format), ("level_name", level_name)):
            if text is not None:
                op.kept.append(ffi.new("char[]", c_text(text)))
                setattr(options, field, op.kept[-1])
        if georeference is not None:
            options.georef = georeferencing_of(op, os.fspath(georeference), shape)
        file = op.made("eg_line_file", lib.eg_line_file_close, lib.eg_line_file_create, op.context, c_text(path),
                       options)
        for item in items:
            (write_area if options.areas else write_line)(op, file, item)
        op.check(lib.eg_line_file_commit(file, op.error))


def georeferencing_of(op: Operation, path: str, shape: Tuple[int, int]) -> Any:
    """Returns the georeferencing of a raster, which must have the shape of the lines' one."""
    if path == "-":
        raise errors.UsageError("the raster came from standard input and cannot be read again: give georeference=FILE")
    options = ffi.new("eg_read_options *")
    lib.eg_read_default(options)
    options.as_values = True
    out = ffi.new("eg_source **")
    op.check(lib.eg_source_open(out, op.context, c_text(path), options, op.error), path)
    source = op.closing(lib.eg_source_close, out[0])
    info = lib.eg_source_info(source)
    if (info.height, info.width) != tuple(shape):
        raise errors.UsageError(f"{path} has {info.width} x {info.height} cells, but the lines are of a raster of "
                                f"{shape[1]} x {shape[0]}")
    return lib.eg_source_georef(source)
