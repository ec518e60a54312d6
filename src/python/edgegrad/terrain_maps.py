# SPDX-License-Identifier: MIT
"""Maps of elevation models."""
from __future__ import annotations

import math
from typing import Any, Dict, Optional, Tuple, Union, overload

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import Array, ImageLike, Input, output, sink_of, size_of
from .gradients import Names
from .operation import Operation, Progress, choose

__all__ = ["terrain", "slope", "aspect", "hillshade"]

MAPS = {"slope": lib.EG_TERRAIN_SLOPE, "aspect": lib.EG_TERRAIN_ASPECT, "hillshade": lib.EG_TERRAIN_HILLSHADE,
        "tri": lib.EG_TERRAIN_TRI, "tpi": lib.EG_TERRAIN_TPI, "roughness": lib.EG_TERRAIN_ROUGHNESS,
        "profile-curvature": lib.EG_TERRAIN_PROFILE_CURVATURE,
        "tangential-curvature": lib.EG_TERRAIN_TANGENTIAL_CURVATURE, "d8": lib.EG_TERRAIN_D8,
        "dinf": lib.EG_TERRAIN_DINF, "slope-error": lib.EG_TERRAIN_SLOPE_ERROR,
        "aspect-error": lib.EG_TERRAIN_ASPECT_ERROR}
UNITS = {"degrees": lib.EG_SLOPE_DEGREES, "percent": lib.EG_SLOPE_PERCENT, "ratio": lib.EG_SLOPE_RATIO,
         "radians": lib.EG_SLOPE_RADIANS}
CONVENTIONS = {"compass": lib.EG_ASPECT_COMPASS, "trigonometric": lib.EG_ASPECT_TRIGONOMETRIC}
SHADINGS = {"multidirectional": lib.EG_SHADING_MULTIDIRECTIONAL, "combined": lib.EG_SHADING_COMBINED,
            "igor": lib.EG_SHADING_IGOR}
TRI = {"riley": lib.EG_TRI_RILEY, "wilson": lib.EG_TRI_WILSON}
DERIVATIVES = {"horn": lib.EG_DERIVATIVE_HORN, "zevenbergen-thorne": lib.EG_DERIVATIVE_ZEVENBERGEN_THORNE,
               "zt": lib.EG_DERIVATIVE_ZEVENBERGEN_THORNE}
BORDERS = {"nodata": lib.EG_DEM_BORDER_NODATA, "extrapolate": lib.EG_DEM_BORDER_EXTRAPOLATE}
SYSTEMS = {"unknown": lib.EG_CRS_UNKNOWN, "projected": lib.EG_CRS_PROJECTED, "geographic": lib.EG_CRS_GEOGRAPHIC,
           "web-mercator": lib.EG_CRS_WEB_MERCATOR}
METRES = {"metre": 1.0, "foot": 0.3048, "us-foot": 1200 / 3937}

CellSize = Union[float, Tuple[float, float], None]


def fill_ground(ground: Any, given: Dict[str, Any]) -> None:
    """Sets eg_ground_options from arguments."""
    lib.eg_ground_default(ground)
    ground.derivative = choose("derivative", given["derivative"], DERIVATIVES)
    ground.border = choose("edges", given["edges"], BORDERS)
    ground.compat_gdal = choose("compat", given["compat"], {None: False, "none": False, "gdal": True})
    ground.crs = choose("crs", given["crs"], SYSTEMS)
    if given["z_factor"] is not None:
        ground.z_factor = given["z_factor"]
    if given["vertical_unit"] is not None:
        metres = choose("vertical_unit", given["vertical_unit"], METRES)
        ground.z_factor = metres * (1 if given["z_factor"] is None else given["z_factor"])
    if given["cell_size"] is not None and given["scale"]:
        raise errors.UsageError("cell_size and scale cannot be used together")
    if given["cell_size"] is not None:
        ground.cell_x, ground.cell_y = np.broadcast_to(given["cell_size"], 2).tolist()
        if not (ground.cell_x > 0 and ground.cell_y > 0):
            raise errors.UsageError(f"cell_size is above 0, in metres, not {given['cell_size']}")
    ground.scale = given["scale"]
    ground.vertical_error = given["vertical_error"]


def fill_map(options: Any, kind: int, given: Dict[str, Any]) -> None:
    """Sets eg_terrain_options from arguments."""
    lib.eg_terrain_default(options)
    options.map = kind
    options.slope_unit = choose("unit", given["unit"], UNITS)
    options.aspect = choose("convention", given["convention"], CONVENTIONS)
    options.tri = choose("tri", given["tri"], TRI)
    options.azimuth = given["azimuth"]
    options.altitude = given["altitude"]
    options.nodata = given["nodata"]
    if given["flat"] is not None:
        options.flat = given["flat"]
    if given["threshold"] is not None and kind == lib.EG_TERRAIN_SLOPE:
        options.threshold = given["threshold"]
    shadings = [name for name in SHADINGS if given[name]]
    if len(shadings) > 1:
        raise errors.UsageError(f"{shadings[0]} and {shadings[1]} cannot be used together")
    for name in shadings:
        options.shading = SHADINGS[name]


def type_of(options: Any) -> Any:
    """Returns the type of a map."""
    bytes_ = options.map in (lib.EG_TERRAIN_HILLSHADE, lib.EG_TERRAIN_D8) or not math.isnan(options.threshold)
    return np.uint8 if bytes_ else np.float32


@overload
def terrain(dem: ImageLike, maps: str, **options: Any) -> Array: ...


@overload
def terrain(dem: ImageLike, maps: Names = ("slope", "aspect", "hillshade"), **options: Any) -> Tuple[Array, ...]: ...


def terrain(  # type: ignore[misc]  # the overloads do not list the options
            dem: ImageLike, maps: Union[str, Names] = ("slope", "aspect", "hillshade"), *,
            cell_size: CellSize = None, scale: float = 0, z_factor: Optional[float] = None,
            vertical_unit: Optional[str] = None, crs: str = "unknown", derivative: str = "horn", edges: str = "nodata",
            compat: Optional[str] = None, unit: str = "degrees", threshold: Optional[float] = None,
            convention: str = "compass", flat: Optional[float] = None, azimuth: float = 315, altitude: float = 45,
            multidirectional: bool = False, combined: bool = False, igor: bool = False, tri: str = "riley",
            vertical_error: float = 0, nodata: float = math.nan, band: int = 0, out: Optional[Array] = None,
            threads: int = 0, progress: Optional[Progress] = None) -> Any:
    """Computes maps of an elevation model in one pass, as the command `edgegrad terrain`.

    Args:
        dem: elevations, (height, width) of numbers, north up, NaN where one is missing; or the path of a file, whose
            georeferencing then gives cell size and units. float32, float64 and uint8 are not copied.
        maps: one name, or 1 to 16: "slope", "aspect", "hillshade", "tri", "tpi", "roughness", "profile-curvature",
            "tangential-curvature" (1/m), "d8", "dinf", "slope-error", "aspect-error".
        cell_size: metres, or (x, y). Needed for an array, unless `scale` is given.
        scale: units of elevation per horizontal unit, the same everywhere, of cells of side 1 in an array.
        z_factor: factor of the elevations; None: metres per unit of the file, or 1.
        vertical_unit: "metre", "foot" or "us-foot"; z_factor applies in addition.
        crs: of a file that states none: "projected", "geographic" or "web-mercator".
        derivative: "horn", or "zevenbergen-thorne" ("zt").
        edges: "nodata": cells without eight neighbours are missing; "extrapolate".
        compat: "gdal": the numbers of gdaldem.
        unit: of slopes: "degrees", "percent", "ratio" or "radians".
        threshold: slope is then 1 from this slope on, else 0; 255: missing (uint8).
        convention: of aspect: "compass" (0 north, clockwise) or "trigonometric" (0 east, anticlockwise), in degrees.
        flat: aspect of flat cells; None: nodata.
        azimuth, altitude: direction of the light, degrees clockwise from north and above the horizon.
        multidirectional, combined, igor: of hillshade, as gdaldem. igor has no use for the altitude.
        tri: "riley" or "wilson". vertical_error: standard error of the elevations, for the maps of errors.
        nodata: value of missing cells in float32 maps. (The command has -9999.)
        band: of a file of several bands, from 1; 0: the first.
        out: array for the result, for one map.
        threads: worker threads; 0: one for each processor. Does not change the result.
        progress: called with the rows done and all rows, on any thread; what it raises cancels the call.

    Returns:
        float32 of shape (height, width), uint8 for "hillshade" (0: missing), "d8" (255: missing) and thresholds; a
        tuple of one for each map if `maps` is not one name.

    Raises:
        UsageError (a ValueError): an argument is out of range, or the cell size is unknown. BadInputError: fewer than
        3 x 3 cells, a rotated raster, or colours.
    """
    given = {k: v for k, v in locals().items() if k not in ("dem", "maps", "band", "out", "threads", "progress")}
    names = (maps,) if isinstance(maps, str) else tuple(maps)
    if not 1 <= len(names) <= 16:
        raise errors.UsageError(f"maps is one name, or 1 to 16, not {len(names)}")
    if out is not None and len(names) > 1:
        raise errors.UsageError("out is for one map")
    with Operation(threads, "dem", progress=progress) as operation:
        ground = ffi.new("eg_ground_options *")
        fill_ground(ground, given)
        options = ffi.new("eg_terrain_options[]", len(names))
        for o, name in zip(options, names):
            fill_map(ffi.addressof(o), choose("map", name, MAPS), given)
        source = Input(operation, dem, values=True, ignore_scale=bool(ground.compat_gdal), band=band).open()
        results = [output(out, size_of(source), type_of(o)) for o in options]
        sinks = ffi.new("eg_sink *[]", [sink_of(operation, r) for r in results])
        operation.check(lib.eg_terrain(source, sinks, options, len(names), ground, operation.error))
        operation.warn(source)
    return results[0] if isinstance(maps, str) else tuple(results)


def slope(dem: ImageLike, *, unit: str = "degrees", cell_size: CellSize = None, **options: Any) -> Array:
    """Computes the slope of an elevation model: float32 of shape (height, width), NaN where it is missing.

    Args:
        dem: elevations, or the path of a file; see terrain(), whose other arguments and errors it has as well.
        unit: "degrees", "percent", "ratio" (rise over run) or "radians".
        cell_size: metres, or (x, y); needed for an array.
    """
    return terrain(dem, "slope", unit=unit, cell_size=cell_size, **options)


def aspect(dem: ImageLike, *, convention: str = "compass", cell_size: CellSize = None, **options: Any) -> Array:
    """Computes the aspect, the direction of steepest descent: float32 of shape (height, width), in degrees.

    Args:
        dem: elevations, or the path of a file; see terrain(), whose other arguments and errors it has as well.
        convention: "compass": 0 north, 90 east; "trigonometric": 0 east, 90 north.
        cell_size: metres, or (x, y); needed for an array.
    """
    return terrain(dem, "aspect", convention=convention, cell_size=cell_size, **options)


def hillshade(dem: ImageLike, *, azimuth: float = 315, altitude: float = 45, cell_size: CellSize = None,
              **options: Any) -> Array:
    """Computes shaded relief: uint8 of shape (height, width), 1 to 255; 0 where it is missing.

    Args:
        dem: elevations, or the path of a file; see terrain(), whose other arguments and errors it has as well.
        azimuth: direction the light comes from, degrees clockwise from north.
        altitude: of the light above the horizon, degrees.
        cell_size: metres, or (x, y); needed for an array.
    """
    return terrain(dem, "hillshade", azimuth=azimuth, altitude=altitude, cell_size=cell_size, **options)
