# SPDX-License-Identifier: MIT
"""Lines and areas of a raster, and sequences of them."""
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Dict, Iterator, Optional, Sequence, Tuple, Union, overload

import numpy as np

from . import errors
from ._library import ffi
from .line_files import write_lines
from .plots import Canvas, Plot

__all__ = ["Line", "EdgeLine", "Area", "Lines"]

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
    "direction" (degrees, to the brighter side, 90 down), "left", "right" (colours beside the line); `left` and `right`
    are their means.
    """

    length: float
    strength: float
    features: np.ndarray
    left: Tuple[int, int, int] = (0, 0, 0)
    right: Tuple[int, int, int] = (0, 0, 0)


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
    six numbers of GDAL's affine transform of the file, None without; see coordinates(). `path` is the file of the
    raster, None of an array.
    """

    def __init__(self, items: Sequence[Any], shape: Tuple[int, int], transform: Optional[Tuple[float, ...]] = None,
                 result: Any = None, path: Optional[str] = None) -> None:
        self._items = tuple(items)
        self.path = path
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
            return Lines(self._items[index], self.shape, self.transform, self.result, self.path)
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

    def save(self, path: Union[str, "os.PathLike[str]"], *, format: Optional[str] = None,
             georeference: Union[str, "os.PathLike[str]", None] = None, level_name: Optional[str] = None) -> None:
        """Writes the lines to a file, as the command does: .geojson, .svg, .csv, .dxf; .gpkg with GDAL.

        Args:
            path: the file, which appears when it is complete, in the place of an older one.
            format: "geojson", "svg" ...; None: from the extension. See line_formats().
            georeference: a raster of the same cells, whose georeferencing the coordinates have; None: that of the file
                the lines come from. Lines of an array without it have columns and rows as coordinates.
            level_name: name of the level in GeoJSON; None: "ELEV".

        Raises:
            UsageError: unknown format, or one without areas. FileError: it cannot be written.
        """
        origin = self.path if georeference is None and self.transform is not None else georeference
        write_lines(path, self._items, self.shape, format=format, georeference=origin, level_name=level_name)

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
