# SPDX-License-Identifier: MIT
"""Paths of steepest descent over a raster."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import TYPES, ImageLike, Input, fill_grid, size_of, without_nodata
from .lines import transform_of
from .minimization import check_count
from .operation import Operation, cancel_operation
from .plots import Canvas, Plot
from .polylines import Line, Lines
from .terrain_maps import CellSize, fill_ground

__all__ = ["FlowPath", "flow_path"]

ENDS = {lib.EG_FLOW_PATH_PIT: ("pit", "peak"), lib.EG_FLOW_PATH_LEVEL: ("level", "level"),
        lib.EG_FLOW_PATH_SADDLE: ("saddle", "saddle"), lib.EG_FLOW_PATH_EDGE: ("edge", "edge"),
        lib.EG_FLOW_PATH_MISSING: ("nodata", "nodata"), lib.EG_FLOW_PATH_STEPS: ("steps", "steps"),
        lib.EG_FLOW_PATH_TIME: ("time", "time")}


@dataclass(frozen=True, eq=False)
class FlowPath:
    """A path of steepest descent (or ascent). A notebook shows it over the raster.

    `points`, (n, 2), are columns and rows, 0, 0 the centre of the first cell. `heights`, `distances` (length of the
    path so far) and `slopes` (magnitude of the gradient) have a number for each point: distances in metres and slopes
    in metres per metre if the cell size is known (`metres`), else in cells and units of height per cell. `end` is why
    the path ends: "pit" ("peak"), "level", "saddle", "edge" of the raster, "nodata", "steps" or "time".
    """

    points: np.ndarray
    heights: np.ndarray
    distances: np.ndarray
    slopes: np.ndarray
    end: str
    metres: bool
    raster: np.ndarray = field(repr=False)
    transform: Optional[Tuple[float, ...]] = field(repr=False, default=None)
    path: Optional[str] = field(repr=False, default=None)

    def __repr__(self) -> str:
        unit = " m" if self.metres else " cells"
        return (f"<FlowPath of {len(self.points)} points, {self.distances[-1]:.4g}{unit}, from {self.heights[0]:.6g} "
                f"to {self.heights[-1]:.6g}: {self.end}>")

    @property
    def lines(self) -> Lines:
        """The path as Lines of one line, with save() and coordinates(); none if it has one point."""
        items = [Line(self.points, float(self.heights[-1]), False)] if len(self.points) > 1 else []
        height, width = self.raster.shape
        return Lines(items, (height, width), self.transform, path=self.path)

    def plot(self, **settings: Any) -> Plot:
        """Returns a plot of the path over level curves of the raster, y down. Settings: title, width, height."""
        height, width = self.raster.shape

        def draw(canvas: Canvas) -> None:
            canvas.values(self.raster[::-1])
            canvas.path(self.points, "trajectory")
            for sign, (x, y) in (("start", self.points[0]), ("end", self.points[-1])):
                canvas.mark(sign, x, y, sign)
        labels: Dict[str, Any] = {"x_label": "column", "y_label": "row", **settings}
        return Plot(draw, (0, width - 1), (0, height - 1), equal=True, y_down=True, **labels)

    def _repr_svg_(self) -> str:
        return self.plot().svg()


class Recorder:
    """Receives the points of a path from the library."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.rows: List[Tuple[float, float, float, float, float]] = []
        self.handle = ffi.new_handle(self)


@ffi.def_extern(onerror=cancel_operation)
def egpy_flow_path_point(opaque: Any, point: Any) -> None:
    ffi.from_handle(opaque).rows.append((point.at[0], point.at[1], point.height, point.distance, point.slope))


def read_heights(operation: Operation, source: Any) -> Tuple[np.ndarray, Any]:
    """Returns all heights of a source, and the grid of them."""
    info = lib.eg_source_info(source)
    if info.planes > 1:
        raise errors.UsageError(f"{operation.name} has colours, not heights")
    heights = np.empty(size_of(source), TYPES[info.sample])
    operation.check(lib.eg_source_read(source, ffi.from_buffer(heights), heights.strides[0], len(heights),
                                       operation.error))
    operation.check(lib.eg_source_finish(source, operation.error))
    operation.warn(source)
    heights = without_nodata(source, heights)
    grid = ffi.new("eg_grid *")
    fill_grid(grid, heights, 1)
    operation.kept += [heights, grid]
    return heights, grid


def flow_path(dem: ImageLike, start: Tuple[float, float], *, uphill: bool = False, cell_size: CellSize = None,
              z_factor: Optional[float] = None, vertical_unit: Optional[str] = None, crs: str = "unknown",
              stride: Optional[float] = None, steps: Optional[int] = None, time: float = 0, level_slope: float = 0,
              map_coordinates: bool = False, threads: int = 0) -> FlowPath:
    """Follows the path of steepest descent over an elevation model, as the command `edgegrad descent --field`.

    Args:
        dem: elevations, (height, width) of numbers, NaN where one is missing, or the path of a file, whose
            georeferencing gives the cell size.
        start: column and row, which may be fractions, 0, 0 the centre of the first cell.
        uphill: follows the steepest ascent instead.
        cell_size: metres, or (x, y). Of an array without it, cells are squares of side 1.
        z_factor, vertical_unit, crs: see terrain().
        stride: longest step in cells, above 0.001 and at most 1; None: the default of the command.
        steps: most steps. time: limit in seconds; 0: none.
        level_slope: slope up to which ground counts as level; 0: rounding error alone decides.
        map_coordinates: start is x, y of the file's georeferencing instead.
        threads: worker threads for reading; 0: one for each processor.

    Returns:
        A FlowPath; look at `end`. Heights along it never rise (uphill: never fall).

    Raises:
        UsageError (a ValueError): an argument is out of range, there is no height at the start, or the unit of a file's
        cells is unknown: give crs or cell_size. BadInputError: a rotated raster, or fewer than 3 x 3 cells.
    """
    given = {"derivative": "horn", "edges": "nodata", "compat": None, "crs": crs, "z_factor": z_factor,
             "vertical_unit": vertical_unit, "cell_size": cell_size, "scale": 0, "vertical_error": 0}
    with Operation(threads, "dem") as operation:
        raster = Input(operation, dem, values=True)
        source = raster.open()
        transform = transform_of(source)
        ground = ffi.NULL
        if min(size_of(source)) < 3:
            raise errors.BadInputError(f"{operation.name} has the shape {size_of(source)}; a flow path needs at least "
                                       "3 x 3 cells")
        if cell_size is not None or transform is not None:
            options = ffi.new("eg_ground_options *")
            fill_ground(options, given)
            ground = operation.made("eg_ground", lib.eg_ground_free, lib.eg_ground_new, source, options)
        heights, grid = read_heights(operation, source)
        rule = ffi.new("eg_flow_path_options *")
        lib.eg_flow_path_default(rule)
        rule.uphill, rule.seconds, rule.level_slope = uphill, time, level_slope
        rule.stride = rule.stride if stride is None else stride
        rule.steps = rule.steps if steps is None else check_count("steps", steps)
        recorder = Recorder(operation)
        rule.on_point, rule.opaque = lib.egpy_flow_path_point, recorder.handle
        result = ffi.new("eg_flow_path_result *")
        at = [float(v) for v in start]
        operation.check(lib.eg_flow_path(operation.context, grid, ground, cell_at(at, transform) if map_coordinates else
                                         at, rule, result, operation.error))
        if result.end == lib.EG_FLOW_PATH_CANCELLED:
            raise KeyboardInterrupt
    rows = np.array(recorder.rows).reshape(-1, 5)
    return FlowPath(points=rows[:, :2].copy(), heights=rows[:, 2].copy(), distances=rows[:, 3].copy(),
                    slopes=rows[:, 4].copy(), end=ENDS[result.end][uphill], metres=ground != ffi.NULL, raster=heights,
                    transform=transform, path=raster.path)


def cell_at(xy: List[float], transform: Optional[Tuple[float, ...]]) -> List[float]:
    """Returns the column and row of map coordinates. At a centre, rounding errors are removed as by the command."""
    if transform is None:
        raise errors.UsageError("map_coordinates needs the file of a georeferenced raster")
    at = [(xy[0] - transform[0]) / transform[1] - 0.5, (xy[1] - transform[3]) / transform[5] - 0.5]
    return [float(round(v)) if abs(v - round(v)) < 1e-9 * max(1, abs(v)) else v for v in at]
