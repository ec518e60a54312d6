# SPDX-License-Identifier: MIT
"""The flux of a potential, and streamlines."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import Array, ImageLike, Input, fill_grid, numbers, output, read, rows_are_dense, sink_of, size_of
from .lines import Collector
from .operation import Operation, Progress, choose
from .polylines import Lines
from .terrain_maps import SYSTEMS, CellSize

__all__ = ["FluxResult", "flux", "streamlines"]

PARTS = {"x": lib.EG_FLUX_X, "y": lib.EG_FLUX_Y, "magnitude": lib.EG_FLUX_MAGNITUDE, "columns": lib.EG_FLUX_COLUMNS,
         "rows": lib.EG_FLUX_ROWS}
LINES = 40  # streamlines along the longer side, as the command has


@dataclass(frozen=True)
class FluxResult:
    """What flux() computed besides the maps.

    `min`, `max` and `mean` are those of the magnitude, NaN if no cell has a flux; `cells` is the number of cells that
    have one. `metres`: the flux is per metre, y to the north; else per pixel, y down.
    """

    min: float
    max: float
    mean: float
    cells: int
    metres: bool


def grid_of(operation: Operation, values: Any, name: str) -> Any:
    """Returns a grid of an array (height, width) of numbers, which is copied unless the library can read it."""
    array = numbers(values, name)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim != 2 or 0 in array.shape or array.dtype.kind not in "biuf":
        raise errors.UsageError(f"{name} is an array (height, width) of numbers, not {array.shape} of {array.dtype}")
    if array.dtype.name not in ("float32", "float64") or not rows_are_dense(array):
        array = np.ascontiguousarray(array, np.float64)
    grid = ffi.new("eg_grid *")
    fill_grid(grid, array, 1)
    operation.kept += [array, grid]
    operation.inputs.append(array)
    return grid


def flux(potential: ImageLike, conductivity: Union[float, ImageLike] = 1, parts: Union[str, Sequence[str]] = ("x", "y"),
         *, cell_size: CellSize = None, crs: str = "unknown", out: Optional[Array] = None, return_result: bool = False,
         threads: int = 0, progress: Optional[Progress] = None) -> Any:
    """Computes the flux -k grad u of a potential u, as the command `edgegrad gradient --flux`.

    Args:
        potential: u, (height, width) of numbers, NaN where one is missing, or the path of a file: a temperature, a
            concentration, a hydraulic head, an electric potential.
        conductivity: k, a number, or a raster of the same cells; NaN: the flux is missing there.
        parts: one name, or 1 to 16: "x" (to the east; without cell size to the right), "y" (to the NORTH; without cell
            size DOWN), "magnitude", "columns" and "rows" (motion over the raster in cells, for streamlines()).
        cell_size: metres, or (x, y); None: from the georeferencing of a file, or none: the flux is per pixel.
        crs: of a file that states none: "projected", "geographic" or "web-mercator".
        out: float32 array for the result, for one part.
        return_result: also returns a FluxResult: range of the magnitude, number of cells, unit of length.
        threads: worker threads; 0: one for each processor. Does not change the result.
        progress: called with the rows done and all rows, on any thread; what it raises cancels the call.

    Returns:
        float32 of shape (height, width), NaN where the flux is missing, in the unit of k times that of u per metre or
        per pixel; a tuple of one for each part if `parts` is not one name. With return_result a tuple of that and the
        FluxResult.

    Raises:
        UsageError (a ValueError): an argument is out of range, or k has another shape. BadInputError: fewer than 2 x 2
        cells, a rotated raster.
    """
    names = (parts,) if isinstance(parts, str) else tuple(parts)
    if not 1 <= len(names) <= 16:
        raise errors.UsageError(f"parts is one name, or 1 to 16, not {len(names)}")
    if out is not None and len(names) > 1:
        raise errors.UsageError("out is for one part")
    with Operation(threads, "potential", progress=progress) as operation:
        options = ffi.new("eg_flux_options *")
        lib.eg_flux_default(options)
        options.crs = choose("crs", crs, SYSTEMS)
        set_cells(options, cell_size)
        set_conductivity(operation, options, conductivity)
        source = Input(operation, potential, values=True).open()
        results = [output(out, size_of(source), np.float32) for _ in names]
        sinks = ffi.new("eg_sink *[]", [sink_of(operation, r) for r in results])
        kinds = ffi.new("eg_flux_part[]", [choose("part", name, PARTS) for name in names])
        found = ffi.new("eg_flux_result *")
        operation.check(lib.eg_flux(source, sinks, kinds, len(names), options, found, operation.error))
        operation.warn(source)
    maps = results[0] if isinstance(parts, str) else tuple(results)
    result = FluxResult(found.min, found.max, found.mean, found.cells, bool(found.metres))
    return (maps, result) if return_result else maps


def set_cells(options: Any, cell_size: CellSize) -> None:
    """Sets the size of cells in metres."""
    if cell_size is None:
        return
    options.cell_x, options.cell_y = np.broadcast_to(cell_size, 2).tolist()
    if not (options.cell_x > 0 and options.cell_y > 0):
        raise errors.UsageError(f"cell_size is above 0, in metres, not {cell_size}")


def set_conductivity(operation: Operation, options: Any, conductivity: Any) -> None:
    """Sets k: a number, an array or a file."""
    is_file = isinstance(conductivity, str) or hasattr(conductivity, "__fspath__")
    values = read(conductivity, values=True) if is_file else numbers(conductivity, "conductivity")
    if values.ndim == 0 and values.dtype.kind in "biuf":
        options.conductivity = float(values)
        return
    options.conductivities = grid_of(operation, values, "conductivity")


def streamlines(columns: Any, rows: Any, separation: Optional[float] = None, *, magnitude: Any = None,
                test_ratio: float = 0.5, shortest: float = 1, threads: int = 0) -> Lines:
    """Finds evenly spaced streamlines of a field over a raster (Jobard and Lefer 1997).

        columns, rows, size = edgegrad.flux("head.tif", 1e-4, ["columns", "rows", "magnitude"])
        edgegrad.streamlines(columns, rows, magnitude=size).save("lines.geojson", georeference="head.tif")

    Args:
        columns, rows: components of the field, (height, width) of numbers, to the right and down, in cells; NaN where
            it is missing.
        separation: distance of streamlines in pixels; None: 1/40 of the longer side, at least 2.
        magnitude: (height, width): the `level` of a line is its mean along the line; None: 0.
        test_ratio: distance from another line at which a line ends, relative to the separation, 0.1 to 1.
        shortest: length below which a line is left out, relative to the separation.
        threads: worker threads; 0: one for each processor. Does not change the result.

    Returns:
        Lines, each a Line whose points are in the direction of the field.

    Raises:
        UsageError (a ValueError): an argument is out of range, or the arrays differ in shape.
    """
    with Operation(threads, "field") as operation:
        grids = [grid_of(operation, columns, "columns"), grid_of(operation, rows, "rows")]
        grids.append(ffi.NULL if magnitude is None else grid_of(operation, magnitude, "magnitude"))
        shape = (grids[0].height, grids[0].width)
        options = ffi.new("eg_streamline_options *")
        lib.eg_streamline_default(options)
        options.separation = max(2.0, max(shape) / LINES) if separation is None else separation
        if math.isnan(options.separation):
            raise errors.UsageError("separation is a number of pixels, not NaN")
        options.test_ratio = test_ratio
        options.shortest = shortest
        collector = Collector(operation)
        operation.check(lib.eg_streamlines(operation.context, *grids, options, lib.egpy_line, collector.handle,
                                           ffi.NULL, operation.error))
    return Lines(collector.items, shape)
