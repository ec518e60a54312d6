# SPDX-License-Identifier: MIT
"""Lines of edges and contour lines."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union, overload

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import ImageLike, Input, size_of
from .edge_detection import EdgesResult, Threshold, fill_options, result_of
from .operation import Operation
from .plots import Canvas, Plot

__all__ = ["Line", "EdgeLine", "Area", "Lines", "lines", "contours"]

EDGE_POINT = np.dtype({
    "names": ["strength", "direction", "left", "right"],
    "formats": [np.float32, np.float32, (np.uint8, 3), (np.uint8, 3)],
    "offsets": [ffi.offsetof("eg_edge_point", name) for name in ("strength", "direction", "left", "right")],
    "itemsize": ffi.sizeof("eg_edge_point")})


@dataclass(frozen=True, eq=False)
class Line:
    """A contour line.

    `points` is float64 of shape (n, 2): column and row of each point, 0, 0 the centre of the first sample; the last one
    of a closed line is the first. `level` is the value along it. Higher values are on its left, as displayed.
    """

    points: np.ndarray
    level: float
    closed: bool

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.points)} points{', closed' if self.closed else ''}>"


@dataclass(frozen=True, eq=False, repr=False)
class EdgeLine(Line):
    """A line of an edge. The brighter side is on its left at most points. `level` is 0.

    `length` is in pixels, `strength` the mean magnitude in levels per pixel. `features` has for each point: "strength",
    "direction" (degrees, to the brighter side, 90 down), "left", "right" (colours beside the line).
    """

    length: float
    strength: float
    features: np.ndarray


@dataclass(frozen=True, eq=False)
class Area:
    """An area between two contour levels: `rings` of points as of Line, the exterior first, then holes."""

    rings: Tuple[np.ndarray, ...]
    low: float
    high: float

    def __repr__(self) -> str:
        return f"<Area from {self.low:g} to {self.high:g}, {len(self.rings) - 1} holes>"


class Lines(Sequence[Any]):
    """Lines of a raster, a sequence. A notebook shows them; plot() returns the picture.

    `shape` is (height, width) of the raster, `result` an EdgesResult of edges, None of contours. `transform` are the
    six numbers of GDAL's affine transform of the file, None without; see coordinates().
    """

    def __init__(self, items: Sequence[Any], shape: Tuple[int, int], transform: Optional[Tuple[float, ...]] = None,
                 result: Optional[EdgesResult] = None) -> None:
        self._items = tuple(items)
        self.shape = shape
        self.transform = transform
        self.result = result

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> "Lines": ...

    def __getitem__(self, index: Union[int, slice]) -> Any:
        if isinstance(index, slice):
            return Lines(self._items[index], self.shape, self.transform, self.result)
        return self._items[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __repr__(self) -> str:
        paths = list(self.paths())
        points = sum(len(p) for p in paths)
        return f"<Lines: {len(self)} with {points} points, of {self.shape[1]} x {self.shape[0]}>"

    def paths(self) -> Iterator[np.ndarray]:
        """Yields the points of each line, and of each ring of areas."""
        for item in self._items:
            if isinstance(item, Area):
                yield from item.rings
            else:
                yield item.points

    def coordinates(self, points: np.ndarray) -> np.ndarray:
        """Returns points, (n, 2) of columns and rows, in the coordinates of the raster's georeferencing.

        Raises UsageError if the raster has none: an array, or a file without.
        """
        if self.transform is None:
            raise errors.UsageError("the raster has no georeferencing: give its file, not an array")
        x0, xc, xr, y0, yc, yr = self.transform
        column, row = np.asarray(points, np.float64).T + 0.5  # 0, 0 is the centre of a cell here, its corner there
        return np.stack([x0 + column * xc + row * xr, y0 + column * yc + row * yr], axis=1)

    def plot(self, **settings: Any) -> Plot:
        """Returns a plot of the lines, y down. Settings: title, width, height."""
        height, width = self.shape

        def draw(canvas: Canvas) -> None:
            for path in self.paths():
                canvas.path(path, "curve")
        labels: Dict[str, Any] = {"x_label": "column", "y_label": "row", **settings}
        return Plot(draw, (-0.5, width - 0.5), (-0.5, height - 0.5), equal=True, y_down=True, **labels)

    def _repr_svg_(self) -> str:
        return self.plot().svg()


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
            self.operation.raised = raised
            return lib.EG_CANCELLED


def points_of(memory: Any, count: int) -> np.ndarray:
    return np.frombuffer(ffi.buffer(memory, count * 16)).reshape(count, 2).copy()


def line_of(line: Any) -> Line:
    points = points_of(line.points, line.count)
    if line.edge == ffi.NULL:
        return Line(points, line.level, bool(line.closed))
    features = np.frombuffer(ffi.buffer(line.edge.points, line.count * EDGE_POINT.itemsize), EDGE_POINT).copy()
    return EdgeLine(points, line.level, bool(line.closed), line.edge.length, line.edge.strength, features)


def area_of(area: Any) -> Area:
    counts = [area.counts[i] for i in range(area.ring_count)]
    points = points_of(area.points, sum(counts))
    return Area(tuple(np.split(points, np.cumsum(counts)[:-1])), area.low, area.high)


@ffi.def_extern(error=lib.EG_NO_MEMORY)
def egpy_line(opaque: Any, line: Any, error: Any) -> int:
    return ffi.from_handle(opaque).receive(line_of, line)


@ffi.def_extern(error=lib.EG_NO_MEMORY)
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
          simplify: float = 0, white_level: Optional[float] = None, threads: int = 0) -> Lines:
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
    given = {k: v for k, v in locals().items() if k not in ("image", "threads")}
    with Operation(threads) as operation:
        options, shape = ffi.new("eg_edges_options *"), ffi.new("eg_edge_lines_options *")
        colours = fill_options(options, given, operation.kept)
        lib.eg_edge_lines_default(shape)
        set_length(shape, min_length)
        shape.smooth = smooth
        shape.simplify = simplify
        image_input = Input(operation, image, colour=colours, white_level=white_level, channels=channels)
        source, again = image_input.open(), image_input.open()
        size, transform = size_of(source), transform_of(source)
        found = ffi.new("eg_edges_result *")
        collector = Collector(operation)
        operation.check(lib.eg_edge_lines(source, again, ffi.NULL, options, shape, lib.egpy_line, collector.handle,
                                          found, ffi.NULL, operation.error))
        operation.warn(source)
    return Lines(collector.items, size, transform, result_of(found))


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
             levels: Optional[Sequence[float]] = None, fill: bool = False, threads: int = 0) -> Lines:
    """Finds the contour lines of a raster, as the command `edgegrad contour`.

    Args:
        raster: (height, width) of numbers, NaN where one is missing, or the path of a file. float32, float64 and uint8
            are not copied.
        interval: difference between levels, which are base + i * interval.
        levels: the levels, instead of an interval.
        fill: finds the areas between consecutive levels instead, which have neither gaps nor overlaps.
        threads: worker threads; 0: one for each processor. Does not change the result.

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
    with Operation(threads, "raster") as operation:
        options = ffi.new("eg_contour_options *")
        lib.eg_contour_default(options)
        options.base = base
        if interval is not None:
            options.interval = interval
        else:
            operation.kept.append(ffi.new("double[]", [float(v) for v in levels or ()]))
            options.levels = operation.kept[-1]
            options.level_count = len(operation.kept[-1])
        source = Input(operation, raster, values=True).open()
        size, transform = size_of(source), transform_of(source)
        collector = Collector(operation)
        find, callback = ((lib.eg_contour_areas, lib.egpy_area) if fill else (lib.eg_contour_lines, lib.egpy_line))
        operation.check(find(source, options, callback, collector.handle, ffi.NULL, operation.error))
        operation.warn(source)
    return Lines(collector.items, size, transform)
