# SPDX-License-Identifier: MIT
"""Gradient maps of images."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Union, overload

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import Array, ImageLike, Input, output, sink_of, size_of
from .operation import Operation, Progress, c_text, choose

__all__ = ["gradient", "sobel", "boundary_strength"]

MAPS = {"magnitude": lib.EG_MAP_MAGNITUDE, "x": lib.EG_MAP_X, "y": lib.EG_MAP_Y, "direction": lib.EG_MAP_DIRECTION,
        "laplacian": lib.EG_MAP_LAPLACIAN, "log": lib.EG_MAP_LOG, "dog": lib.EG_MAP_DOG,
        "hessian-det": lib.EG_MAP_HESSIAN_DET, "hessian-max": lib.EG_MAP_HESSIAN_MAX,
        "hessian-min": lib.EG_MAP_HESSIAN_MIN, "coherence": lib.EG_MAP_COHERENCE}
NORMS = {"l2": lib.EG_NORM_L2, "l1": lib.EG_NORM_L1}
BORDERS = {"replicate": lib.EG_BORDER_REPLICATE, "reflect": lib.EG_BORDER_REFLECT, "constant": lib.EG_BORDER_CONSTANT}
Names = Union[List[str], Tuple[str, ...]]
DEPTHS: Dict[Any, Any] = {8: np.uint8, 16: np.uint16, 32: np.float32}


@overload
def gradient(image: ImageLike, map: str = "magnitude", **options: Any) -> Array: ...


@overload
def gradient(image: ImageLike, map: Names, **options: Any) -> Tuple[Array, ...]: ...


def gradient(  # type: ignore[misc]  # the overloads do not list the options
             image: ImageLike, map: Union[str, Names] = "magnitude", *, op: Optional[str] = None,
             sigma: Optional[float] = None, norm: str = "l2", border: str = "replicate", border_value: float = 0,
             colour: Optional[str] = None, channels: str = "rgb", depth: Optional[int] = None, scale: float = 0,
             thin: bool = False, colourize: Optional[str] = None, zero_crossings: bool = False, slope: float = 0,
             ratio: float = 0, integration: float = 0,
             white_level: Optional[float] = None, out: Optional[Array] = None, threads: int = 0,
             progress: Optional[Progress] = None) -> Any:
    """Computes gradient maps of an image, as the command `edgegrad gradient`.

    Args:
        image: (height, width) or (height, width, 3) of uint8, uint16, float32, float64 or bool, or the path of a file.
            x increases to the right, y DOWN.
        map: "magnitude", "x", "y" (intensity levels per pixel), "direction" (degrees, 0 right, 90 down), "laplacian",
            "log", "dog", "hessian-det", "hessian-max", "hessian-min" (second derivatives, see docs/GRADIENTS.md) or
            "coherence" (0 to 1); or several names, which are computed in one pass.
        op: "sobel3" (default), "sobel5", "sobel7", "scharr", "prewitt", "central", "roberts", "gaussian",
            "gaussian-derivative" or "farid".
        sigma: standard deviation of the Gaussian, in pixels; None: the default of map and operator.
        norm: "l2" or "l1".
        border: "replicate", "reflect" or "constant" (with border_value).
        colour: "grey" (default), "max": at each pixel the channel with the largest gradient, "opponent": op "gaussian".
        channels: order of the colours of an array, "rgb" or "bgr".
        depth: 32 (default): float32 in the unit of the map; 8, 16: integers, `scale` steps per unit.
        colourize: "direction": colours, (height, width, 3) of uint8: the hue is the direction, the brightness `scale`
            times the magnitude.
        thin: 0 except at local maxima along the gradient.
        zero_crossings: of "laplacian", "log" and "dog": uint8, 255 where the map changes its sign by at least `slope`.
        ratio: of "dog"; 0: 1.6. integration: sigma of "coherence"; 0: twice sigma.
        white_level: intensity that is white; None: 255 (uint8), 65535 (uint16), 1 (floats).
        out: array for the result, for one map.
        threads: worker threads; 0: one for each processor. Does not change the result.
        progress: called with the rows done and all rows, on any thread; what it raises cancels the call.

    Returns:
        An array of shape (height, width), or a tuple of one for each map. NaN where a pixel is missing.

    Raises:
        UsageError (a ValueError): an argument is out of range. FileNotFoundError, BadInputError: of a file.
    """
    names: Tuple[str, ...] = (map,) if isinstance(map, str) else tuple(map)
    if not 1 <= len(names) <= 16:
        raise errors.UsageError(f"map is one name, or 1 to 16, not {len(names)}")
    maps = [choose("map", name, MAPS) for name in names]
    if out is not None and len(names) > 1:
        raise errors.UsageError("out is for one map")
    jet = any(m >= lib.EG_MAP_LAPLACIAN for m in maps)
    op = op or ("gaussian" if colour == "opponent" else "gaussian-derivative" if jet else "sobel3")
    colour = colour or ("opponent" if op == "gaussian" else "grey")
    planes = choose("colour", colour, {"grey": False, "max": True, "opponent": True})
    directions = choose("colourize", colourize, {None: False, "none": False, "direction": True})
    if depth is None and not directions and not zero_crossings:
        depth = 32
    dtype = np.uint8 if depth is None else choose("depth", depth, DEPTHS)
    with Operation(threads, progress=progress) as operation:
        source = Input(operation, image, colour=planes, white_level=white_level, channels=channels,
                       absolute=op == "gaussian" or dtype != np.float32 and not zero_crossings).open()
        options = ffi.new("eg_gradient_options[]", len(maps))
        name = ffi.new("char[]", c_text(op))
        for o, m in zip(options, maps):
            lib.eg_gradient_default(ffi.addressof(o))
            o.op = name
            o.map = m
            o.sigma = default_sigma(op, maps) if sigma is None else sigma
            o.norm = choose("norm", norm, NORMS)
            o.border = choose("border", border, BORDERS)
            o.border_value = border_value
            o.depth = depth or 0
            o.colourize = lib.EG_COLOURIZE_DIRECTION if directions else lib.EG_COLOURIZE_NONE
            o.scale = scale
            o.thin = thin
            o.zero_crossings = zero_crossings
            o.slope = slope
            o.dog_ratio = ratio
            o.integration_sigma = integration
        results = [output(out, size_of(source) + ((3,) if directions else ()), dtype) for _ in maps]
        sinks = ffi.new("eg_sink *[]", [sink_of(operation, r) for r in results])
        operation.check(lib.eg_gradient_maps(source, sinks, options, len(maps), operation.error))
        operation.warn(source)
    return results[0] if isinstance(map, str) else tuple(results)


def default_sigma(op: str, maps: List[int]) -> float:
    """Returns the sigma of the command if none is given."""
    second = any(m > lib.EG_MAP_LAPLACIAN and m != lib.EG_MAP_COHERENCE for m in maps)
    if second:
        return 2
    if op in ("gaussian", "gaussian-derivative") and any(m != lib.EG_MAP_LAPLACIAN for m in maps):
        return 1
    return 0


def sobel(image: ImageLike, axis: Optional[int] = None, *, aperture: int = 3, sigma: float = 0, norm: str = "l2",
          border: str = "replicate", white_level: Optional[float] = None, out: Optional[Array] = None,
          threads: int = 0, progress: Optional[Progress] = None) -> Array:
    """Computes the Sobel gradient of an image, in intensity levels per pixel.

    Args:
        image: (height, width), or colours, whose grey is taken; see gradient().
        axis: None: magnitude; 0: derivative downwards (y), 1: to the right (x), as skimage.filters.sobel.
        aperture: width of the operator, 3, 5 or 7 pixels.
        sigma, norm, border, white_level, out, threads, progress: see gradient().

    Returns:
        float32 of shape (height, width). cv2.Sobel(image, cv2.CV_32F, 1, 0) is 8 times sobel(image, axis=1), because a
        ramp of one level per pixel has the derivative 1 here.

    Raises:
        UsageError (a ValueError): an argument is out of range.
    """
    name = choose("axis", axis, {None: "magnitude", 0: "y", 1: "x"})
    op = choose("aperture", aperture, {3: "sobel3", 5: "sobel5", 7: "sobel7"})
    return gradient(image, name, op=op, sigma=sigma, norm=norm, border=border, white_level=white_level, out=out,
                    threads=threads, progress=progress)


def boundary_strength(image: ImageLike, *, sigma: Union[float, str, None] = None, thin: bool = False, depth: int = 32,
                      scale: float = 0, colour: str = "opponent", channels: str = "rgb",
                      white_level: Optional[float] = None, out: Optional[Array] = None,
                      threads: int = 0, progress: Optional[Progress] = None) -> Array:
    """Computes the strength of the boundaries that boundary() finds, as a map.

    Args:
        image: see gradient().
        sigma: in pixels, or "0.6%" of the diagonal; None: chosen by the size of the image.
        thin: 0 except at local maxima across the boundaries.
        colour: "opponent", or "grey".
        depth, scale, channels, white_level, out, threads, progress: see gradient().

    Returns:
        An array of shape (height, width), float32 with depth 32, in the unit of the thresholds of boundary().

    Raises:
        UsageError (a ValueError): an argument is out of range.
    """
    planes = choose("colour", colour, {"grey": False, "opponent": True})
    with Operation(threads, progress=progress) as operation:
        source = Input(operation, image, colour=planes, white_level=white_level, channels=channels,
                       absolute=True).open()
        options = ffi.new("eg_boundary_options *")
        lib.eg_boundary_default(options)
        set_sigma(options, sigma)
        options.thin = thin
        options.depth = depth
        options.scale = scale
        result = output(out, size_of(source), choose("depth", depth, DEPTHS))
        operation.check(lib.eg_boundary_strength(source, sink_of(operation, result), options, ffi.NULL,
                                                 operation.error))
        operation.warn(source)
    return result


def set_sigma(options: Any, sigma: Union[float, str, None]) -> None:
    """Sets sigma, in pixels or as "0.6%" of the diagonal, unless it is None."""
    if sigma is None:
        return
    if not isinstance(sigma, str):
        options.sigma = sigma
        return
    try:
        options.sigma_percent = float(sigma[:-1]) if sigma.endswith("%") else float("nan")
    except ValueError:
        options.sigma_percent = float("nan")
    if not options.sigma_percent > 0:
        raise errors.UsageError(f"sigma {sigma!r} is neither a number of pixels nor a percentage such as '0.6%'")
