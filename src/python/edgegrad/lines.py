# SPDX-License-Identifier: MIT
"""Finding the lines of edges and contour lines."""
from __future__ import annotations

import math
from typing import Any, List, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import ImageLike, Input, size_of
from .edge_detection import Threshold, fill_options, is_absolute, result_of
from .operation import Operation, Progress, cancel_operation
from .polylines import EDGE_POINT, Area, EdgeLine, Line, Lines

__all__ = ["Collector", "contours", "lines", "transform_of"]


class Collector:
    """Receives lines from the library, on any thread, one at a time."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.items: List[Any] = []
        self.handle = ffi.new_handle(self)

    def receive(self, convert: Any, item: Any) -> int:
        """Keeps an item. Returns EG_CANCELLED if that fails; the operation then raises what it was."""
        try:
            self.items.append(convert(item))
            return lib.EG_OK
        except BaseException as raised:  # pylint: disable=broad-except
            self.operation.cancel(raised)
            return lib.EG_CANCELLED


def points_of(memory: Any, count: int) -> np.ndarray:
    return np.frombuffer(ffi.buffer(memory, count * 16)).reshape(count, 2).copy()


def line_of(line: Any) -> Line:
    points = points_of(line.points, line.count)
    if line.edge == ffi.NULL:
        return Line(points, line.level, bool(line.closed))
    features = np.frombuffer(ffi.buffer(line.edge.points, line.count * EDGE_POINT.itemsize), EDGE_POINT).copy()
    (r, g, b), (u, v, w) = line.edge.left, line.edge.right
    return EdgeLine(points, line.level, bool(line.closed), line.edge.length, line.edge.strength, features,
                    (r, g, b), (u, v, w))


def area_of(area: Any) -> Area:
    counts = [area.counts[i] for i in range(area.ring_count)]
    points = points_of(area.points, sum(counts))
    return Area(tuple(np.split(points, np.cumsum(counts)[:-1])), area.low, area.high)


@ffi.def_extern(error=lib.EG_CANCELLED, onerror=cancel_operation)
def egpy_line(opaque: Any, line: Any, error: Any) -> int:
    return ffi.from_handle(opaque).receive(line_of, line)


@ffi.def_extern(error=lib.EG_CANCELLED, onerror=cancel_operation)
def egpy_area(opaque: Any, area: Any, error: Any) -> int:
    return ffi.from_handle(opaque).receive(area_of, area)


def transform_of(source: Any) -> Optional[Tuple[float, ...]]:
    """Returns the affine transform of a source, None if it is unknown."""
    georef = lib.eg_source_georef(source)
    return tuple(georef.transform) if georef != ffi.NULL and georef.located else None


def lines(image: ImageLike, *, method: str = "canny", ridges: Optional[str] = None, op: Optional[str] = None,
          sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None,
          auto: Optional[str] = None, density: Threshold = None, nms: Optional[str] = None,
          compat: Optional[str] = None, colour: Optional[str] = None, channels: str = "rgb",
          aperture: Optional[int] = None, norm: Optional[str] = None, border: Optional[str] = None,
          border_value: Optional[float] = None, min_length: Union[float, str] = 0, smooth: float = 0,
          simplify: float = 0, white_level: Optional[float] = None, threads: int = 0,
          progress: Optional[Progress] = None) -> Lines:
    """Finds the lines of the edges of an image, with points between pixels, as `edgegrad edges --lines`.

    Args:
        image: see edges(), whose arguments it has as well. An array is read twice, a file opened twice.
        min_length: leaves out shorter lines: pixels, or "1%" of the diagonal.
        smooth: standard deviation of smoothing along lines, in pixels.
        simplify: leaves out points that are at most this far from the simpler line, in pixels.

    Returns:
        Lines, each an EdgeLine, in ascending order of their last row. Does not depend on threads.

    Raises:
        UsageError (a ValueError): arguments are out of range, or method is "threshold".
    """
    given = {k: v for k, v in locals().items() if k not in ("image", "threads", "progress")}
    with Operation(threads, progress=progress) as operation:
        options, shape = ffi.new("eg_edges_options *"), ffi.new("eg_edge_lines_options *")
        colours = fill_options(options, given, operation.kept)
        lib.eg_edge_lines_default(shape)
        set_length(shape, min_length)
        shape.smooth = smooth
        shape.simplify = simplify
        image_input = Input(operation, image, colour=colours, white_level=white_level, channels=channels,
                            absolute=is_absolute(given))
        source, again = image_input.open(), image_input.open()
        size, transform = size_of(source), transform_of(source)
        found = ffi.new("eg_edges_result *")
        collector = Collector(operation)
        operation.check(lib.eg_edge_lines(source, again, ffi.NULL, options, shape, lib.egpy_line, collector.handle,
                                          found, ffi.NULL, operation.error))
        operation.warn(source)
    return Lines(collector.items, size, transform, result_of(found), image_input.path)


def set_length(options: Any, length: Union[float, str]) -> None:
    """Sets the least length, in pixels or as "1%" of the diagonal."""
    try:
        if isinstance(length, str):
            options.min_length_percent = float(length[:-1] if length.endswith("%") else "nan")
        else:
            options.min_length = length
    except ValueError:
        options.min_length = math.nan
    if math.isnan(options.min_length_percent) or math.isnan(options.min_length):
        raise errors.UsageError(f"min_length {length!r} is neither a number of pixels nor a percentage such as '1%'")


def contours(raster: ImageLike, interval: Optional[float] = None, *, base: float = 0,
             levels: Optional[Sequence[float]] = None, fill: bool = False, threads: int = 0,
             progress: Optional[Progress] = None) -> Lines:
    """Finds the contour lines of a raster, as the command `edgegrad contour`.

    Args:
        raster: (height, width) of numbers, NaN where one is missing, or the path of a file. float32, float64 and uint8
            are not copied.
        interval: difference between levels, which are base + i * interval.
        levels: the levels, instead of an interval.
        fill: finds the areas between consecutive levels instead, which have neither gaps nor overlaps.
        threads: worker threads; 0: one for each processor. Does not change the result.
        progress: called with the rows done and all rows, on any thread; what it raises cancels the call.

    Returns:
        Lines, each a Line, or an Area with `fill`. Exact in the linear interpolation along the sides of cells.

    Raises:
        UsageError (a ValueError): neither interval nor levels, or both, or too many levels.

    Warns:
        InputWarning: there is no line.
    """
    if (interval is None) == (levels is None):
        raise errors.UsageError("give interval=10 or levels=[5, 10, 20]" if levels is None else
                                "interval and levels cannot be used together")
    with Operation(threads, "raster", progress=progress) as operation:
        options = ffi.new("eg_contour_options *")
        lib.eg_contour_default(options)
        options.base = base
        if interval is not None:
            options.interval = interval
        else:
            operation.kept.append(ffi.new("double[]", [float(v) for v in levels or ()]))
            options.levels = operation.kept[-1]
            options.level_count = len(operation.kept[-1])
        raster_input = Input(operation, raster, values=True)
        source = raster_input.open()
        size, transform = size_of(source), transform_of(source)
        collector = Collector(operation)
        find, callback = ((lib.eg_contour_areas, lib.egpy_area) if fill else (lib.eg_contour_lines, lib.egpy_line))
        operation.check(find(source, options, callback, collector.handle, ffi.NULL, operation.error))
        operation.warn(source)
    return Lines(collector.items, size, transform, path=raster_input.path)
