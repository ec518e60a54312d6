# SPDX-License-Identifier: MIT
"""Edges of images."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, List, Literal, Optional, Tuple, Union, overload

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import Array, ImageLike, Input, output, sink_of, size_of
from .gradients import BORDERS, NORMS, set_sigma
from .operation import Operation, Progress, c_text, choose

__all__ = ["EdgesResult", "edges", "canny", "boundary", "is_absolute"]

METHODS = {"canny": lib.EG_EDGE_CANNY, "boundary": lib.EG_EDGE_BOUNDARY, "ridge": lib.EG_EDGE_RIDGE,
           "threshold": lib.EG_EDGE_THRESHOLD}
RIDGES = {"both": lib.EG_RIDGES_BOTH, "bright": lib.EG_RIDGES_BRIGHT, "dark": lib.EG_RIDGES_DARK}
RULES = {"outline": lib.EG_AUTO_OUTLINE, "otsu": lib.EG_AUTO_OTSU, "median": lib.EG_AUTO_MEDIAN}
SUPPRESSIONS = {"auto": lib.EG_NMS_AUTO, "interpolated": lib.EG_NMS_INTERPOLATED, "sectors": lib.EG_NMS_SECTORS}

Threshold = Union[float, str, None]


@dataclass(frozen=True)
class EdgesResult:
    """What edges() computed besides the edges.

    Thresholds are NaN where there are none: `low` and `high` in levels per pixel ("gaussian": of the square root of
    intensity), `low_response` and `high_response` as those of cv2.Canny. `sigma` is in pixels. `flat` tells that there
    was no gradient to choose thresholds from.
    """

    low: float
    high: float
    low_response: float
    high_response: float
    sigma: float
    automatic: bool
    flat: bool
    edge_pixels: int


def parse_threshold(name: str, value: Threshold) -> Tuple[float, Optional[int]]:
    """Returns a threshold and its unit: a number, "12.5/px" or "90%"; None is (NaN, None)."""
    if value is None:
        return math.nan, None
    unit = lib.EG_UNIT_RESPONSE
    number: Any = value
    if isinstance(value, str):
        for ending, its in (("/px", lib.EG_UNIT_PIXEL), ("%", lib.EG_UNIT_PERCENT)):
            if value.endswith(ending):
                number, unit = value[:-len(ending)], its
    try:
        number = float(number)
    except (TypeError, ValueError):
        number = math.nan
    if not number >= 0:
        raise errors.UsageError(f"{name} {value!r} is no threshold: a number from 0 on, '12.5/px' (levels per "
                                "pixel) or '90%' (percentile)")
    return number, unit


def set_thresholds(options: Any, low: Threshold, high: Threshold, density: Threshold) -> None:
    """Sets low, high and unit, or the density."""
    (options.low, unit), (options.high, other) = parse_threshold("low", low), parse_threshold("high", high)
    if None not in (unit, other) and unit != other:
        raise errors.UsageError("low and high are in different units: give both as a number, as 'T/px' or as 'P%'")
    if unit is not None or other is not None:
        options.unit = unit if other is None else other
    if density is not None:
        options.density = parse_threshold("density", density)[0]


def find_operator_argument(given: Dict[str, Any]) -> Optional[str]:
    """Returns the argument that takes the operator sobel3 instead of gaussian, as the options of the command do."""
    for name in ("aperture", "norm", "border_value", "compat"):
        if given[name] is not None:
            return name
    if given["colour"] == "max":
        return "colour 'max'"
    if given["border"] == "constant":
        return "border 'constant'"
    if given["sigma"] == 0:
        return "sigma 0"
    for name in ("low", "high"):
        if given[name] is not None and parse_threshold(name, given[name])[1] == lib.EG_UNIT_RESPONSE:
            return f"{name} without a unit"
    return None


def resolve_operator(given: Dict[str, Any]) -> str:
    """Returns the operator that the arguments name or imply."""
    if given["density"] is not None and not given["low"] is given["high"] is None:
        raise errors.UsageError("density and low or high cannot be used together: both set the thresholds")
    if given["method"] == "ridge":
        for name in ("op", "aperture", "norm", "compat", "density"):
            if given[name] is not None:
                raise errors.UsageError(f"method 'ridge' and {name} cannot be used together")
        return "gaussian"
    reason = find_operator_argument(given)
    op = given["op"]
    if given["aperture"] is not None:
        named = choose("aperture", given["aperture"], {3: "sobel3", 5: "sobel5", 7: "sobel7"})
        if op not in (None, named):
            raise errors.UsageError(f"op {op!r} and aperture {given['aperture']} cannot be used together")
        op = named
    if op == "gaussian" and reason:
        raise errors.UsageError(f"op 'gaussian' and {reason} cannot be used together")
    op = op or ("sobel3" if reason else "gaussian")
    if op != "gaussian":
        for name in ("density", "auto"):
            if given[name] is not None and given[name] != "otsu":
                raise errors.UsageError(f"{name} needs op 'gaussian', not {op!r}")
        if given["method"] == "boundary":
            raise errors.UsageError(f"method 'boundary' needs op 'gaussian', but {reason or op} takes {op!r}")
    return op


def apply_compat(options: Any, given: Dict[str, Any]) -> None:
    """Sets what another program does, unless an argument says otherwise."""
    compat = given["compat"]
    if compat is None:
        return
    choose("compat", compat, {"opencv": None, "skimage": None})
    if compat == "opencv":
        lib.eg_edges_opencv(options, math.nan, math.nan)
        return
    for name in ("norm", "aperture", "op", "border", "border_value", "nms"):
        if given[name] is not None:
            raise errors.UsageError(f"compat 'skimage' and {name} cannot be used together")
    sigma = 1 if given["sigma"] is None else given["sigma"]
    lib.eg_edges_skimage(options, sigma, math.nan, math.nan)


def fill_options(options: Any, given: Dict[str, Any], kept: List[Any]) -> bool:
    """Sets eg_edges_options from arguments. Returns True if colours are wanted as planes."""
    lib.eg_edges_default(options)
    method = choose("method", given["method"], METHODS)
    op = resolve_operator(given)
    apply_compat(options, given)
    options.method = method
    if given["ridges"] is not None:
        if given["method"] != "ridge":
            raise errors.UsageError("ridges needs method 'ridge'")
        options.ridges = choose("ridges", given["ridges"], RIDGES)
    kept.append(ffi.new("char[]", c_text(op)))
    options.op = kept[-1]
    set_sigma(options, given["sigma"])
    for name, field, table in (("norm", "norm", NORMS), ("border", "border", BORDERS), ("auto", "rule", RULES),
                               ("nms", "nms", SUPPRESSIONS)):
        if given[name] is not None:
            setattr(options, field, choose(name, given[name], table))
    if given["border_value"] is not None:
        options.border_value = given["border_value"]
    if given["compat"] != "skimage" or given["low"] is not None or given["high"] is not None:
        low, high = given["low"], given["high"]
        if given["compat"] == "skimage":
            low, high = (25.5 if low is None else low), (51 if high is None else high)
        set_thresholds(options, low, high, given["density"])
    return resolve_colour(given, op)


def resolve_colour(given: Dict[str, Any], op: str) -> bool:
    """Returns True if colours are wanted as planes."""
    default = {"opencv": "max", "skimage": "grey"}.get(given["compat"], "opponent" if op == "gaussian" else "grey")
    colour = given["colour"] or ("grey" if given["method"] == "ridge" else default)
    if colour == "opponent" and op != "gaussian":
        raise errors.UsageError(f"colour 'opponent' needs op 'gaussian', not {op!r}")
    if colour == "max" and op == "gaussian":
        raise errors.UsageError("colour 'max' needs an operator on intensities, such as op 'sobel3'")
    return choose("colour", colour, {"grey": False, "max": True, "opponent": True})


def is_absolute(given: Dict[str, Any]) -> bool:
    """Returns True if the edges depend on the white level of the image."""
    fixed = [value for value in (given["low"], given["high"]) if value is not None]
    return given["method"] == "boundary" or any(not str(value).endswith("%") for value in fixed) or (
        given["compat"] == "skimage" and not fixed) or given.get("overlay") is not None


def set_paint(style: Any, overlay: Optional[Tuple[int, int, int]], colourize: Optional[str]) -> bool:
    """Sets what is painted. Returns True if it has colours."""
    directions = choose("colourize", colourize, {None: False, "none": False, "direction": True})
    if overlay is not None and directions:
        raise errors.UsageError("overlay and colourize cannot be used together")
    if style.invert and (directions or overlay is not None):
        raise errors.UsageError("invert and overlay or colourize cannot be used together")
    if directions:
        style.paint = lib.EG_PAINT_DIRECTION
    if overlay is not None:
        style.paint = lib.EG_PAINT_OVERLAY
        if len(overlay) != 3 or not all(isinstance(v, (int, np.integer)) and 0 <= v <= 255 for v in overlay):
            raise errors.UsageError(f"overlay is red, green and blue, 0 to 255, such as (255, 0, 0), not {overlay!r}")
        style.colour = [int(v) for v in overlay]
    return directions or overlay is not None


def result_of(r: Any) -> EdgesResult:
    return EdgesResult(r.low, r.high, r.low_response, r.high_response, r.sigma, bool(r.automatic), bool(r.flat),
                       r.edge_pixels)


@overload
def edges(image: ImageLike, *, return_result: Literal[False] = False, **options: Any) -> Array: ...


@overload
def edges(image: ImageLike, *, return_result: Literal[True], **options: Any) -> Tuple[Array, EdgesResult]: ...


def edges(  # type: ignore[misc]  # the overloads do not list the options
          image: ImageLike, *, method: str = "canny", ridges: Optional[str] = None, op: Optional[str] = None,
          sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None,
          auto: Optional[str] = None, density: Threshold = None, nms: Optional[str] = None,
          compat: Optional[str] = None, colour: Optional[str] = None, channels: str = "rgb",
          aperture: Optional[int] = None, norm: Optional[str] = None, border: Optional[str] = None,
          border_value: Optional[float] = None, thickness: int = 1, invert: bool = False,
          overlay: Optional[Tuple[int, int, int]] = None, colourize: Optional[str] = None,
          white_level: Optional[float] = None, out: Optional[Array] = None, return_result: bool = False,
          threads: int = 0, progress: Optional[Progress] = None) -> Any:
    """Detects the edges of an image, as the command `edgegrad edges`, with the same bytes.

    Args:
        image: (height, width) or (height, width, 3) of uint8, uint16, float32, float64 or bool, or the path of a file.
            NaN is a missing pixel.
        method: "canny"; "boundary", boundaries of objects rather than texture; "ridge", lines at their middle;
            "threshold", every pixel above `high`.
        ridges: of "ridge": "both" (default), "bright" or "dark" lines.
        op: "gaussian" (default), derivatives of a Gaussian; "sobel3", "sobel5", "sobel7", "scharr", "prewitt",
            "central", "roberts". "sobel3" is the default with compat, aperture, norm, sigma 0, colour "max", border
            "constant" or a threshold without a unit.
        sigma: standard deviation of the Gaussian, in pixels, or "0.6%" of the diagonal; None: chosen by the size.
        low, high: thresholds of hysteresis: "12.5/px" in levels per pixel on the scale 0 to 255, "90%" a percentile, a
            plain number an operator response as in cv2.Canny. None: chosen from the image.
        auto: rule of automatic thresholds: "outline", "otsu" or "median".
        density: percent of the pixels to mark, instead of thresholds.
        nms: "auto", "interpolated" or "sectors".
        compat: "opencv": the bytes of cv2.Canny(image, low, high); "skimage": the edges of skimage.feature.canny, with
            thresholds on the scale 0 to 255.
        colour: "opponent" (default of "gaussian"), "max" (of "opencv"), "grey" (of other operators).
        channels: order of the colours of an array, "rgb" or "bgr" (cv2.imread).
        aperture: 3, 5 or 7: op "sobel3" ... norm: "l2" or "l1".
        border: "replicate", "reflect" or "constant" (with border_value).
        thickness: diameter of the discs that edge pixels are drawn as, 1 to 31. invert: black on white.
        overlay: colour of edges over the image: red, green and blue, 0 to 255.
        colourize: "direction": edges in colours of the direction of the gradient, on black.
        white_level: intensity that is white; None: 255 (uint8), 65535 (uint16), 1 (floats).
        out: uint8 array of the shape of the result.
        return_result: also returns an EdgesResult: thresholds, sigma, number of edge pixels.
        threads: worker threads; 0: one for each processor. Does not change the result.
        progress: called with the rows done and all rows, on any thread; what it raises cancels the call.

    Returns:
        uint8 of shape (height, width): 255 at edges, else 0; `edges(...) != 0` is a mask as of scikit-image. With
        overlay or colourize (height, width, 3). With return_result a tuple of it and the EdgesResult.

    Raises:
        UsageError (a ValueError): arguments are out of range or contradict each other. FileNotFoundError, FileError,
        BadInputError: of a file.

    Warns:
        InputWarning: the image is constant, has no pixels, or its gradients may overflow; or it has floats far above 1,
        without white_level, and the edges depend on that.
    """
    given = {k: v for k, v in locals().items() if k not in ("image", "out", "return_result", "threads", "progress")}
    with Operation(threads, progress=progress) as operation:
        options = ffi.new("eg_edges_options *")
        colours = fill_options(options, given, operation.kept)
        options.style.thickness = thickness
        options.style.invert = invert
        source = Input(operation, image, colour=colours, white_level=white_level, channels=channels,
                       absolute=is_absolute(given)).open()
        painted = set_paint(options.style, overlay, colourize)
        if painted:
            planes = colours or overlay is not None
            again = Input(operation, image, colour=planes, white_level=white_level, channels=channels)
            options.style.image = again.open()
        result = output(out, size_of(source) + ((3,) if painted else ()), np.uint8)
        found = ffi.new("eg_edges_result *")
        operation.check(lib.eg_edges(source, sink_of(operation, result), options, found, operation.error))
        operation.warn(source)
    return (result, result_of(found)) if return_result else result


@overload
def canny(image: ImageLike, sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None, *,
          return_result: Literal[False] = False, **options: Any) -> Array: ...


@overload
def canny(image: ImageLike, sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None, *,
          return_result: Literal[True], **options: Any) -> Tuple[Array, EdgesResult]: ...


def canny(image: ImageLike, sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None, *,
          compat: Optional[str] = None, **options: Any) -> Any:
    """Detects edges by Canny's algorithm: edges(image, method="canny", ...).

    canny(image) chooses scale and thresholds from the image. canny(image, low=100, high=200, compat="opencv") has the
    bytes of cv2.Canny(image, 100, 200), and canny(image, sigma=2, compat="skimage") the edges of
    skimage.feature.canny(image, sigma=2, mode="nearest"). Arguments, results and errors are those of edges().
    """
    return edges(image, method="canny", sigma=sigma, low=low, high=high, compat=compat, **options)


@overload
def boundary(image: ImageLike, sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None, *,
             return_result: Literal[False] = False, **options: Any) -> Array: ...


@overload
def boundary(image: ImageLike, sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None, *,
             return_result: Literal[True], **options: Any) -> Tuple[Array, EdgesResult]: ...


def boundary(image: ImageLike, sigma: Union[float, str, None] = None, low: Threshold = None, high: Threshold = None,
             **options: Any) -> Any:
    """Detects the boundaries of objects and regions that differ in colour, contrast or texture, one pixel wide.

    It is edges(image, method="boundary", ...), with its arguments, results and errors. boundary_strength() has the map
    that the thresholds apply to.
    """
    return edges(image, method="boundary", sigma=sigma, low=low, high=high, **options)
