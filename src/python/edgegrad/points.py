# SPDX-License-Identifier: MIT
"""Points at which functions are evaluated: coordinates in order or by name, numbers or arrays."""
from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple

import numpy as np

from . import errors
from ._library import ffi
from .arrays import numbers

__all__ = ["coordinates_of", "copy_numbers", "pointers", "points_of"]


def coordinates_of(what: Any, variables: Sequence[str], point: Sequence[Any], named: Mapping[str, Any]) -> List[Any]:
    """Returns the coordinates in the order of the variables. Messages name the function `what`."""
    if len(point) > len(variables):
        raise TypeError(f"{what!r} has {len(variables)} variables, but {len(point)} coordinates are given")
    given = dict(zip(variables, point))
    for name, value in named.items():
        if name not in variables:
            raise TypeError(f"{what!r} has no variable {name!r}; its variables are {', '.join(variables)}")
        if name in given:
            raise TypeError(f"the coordinate {name!r} is given twice")
        given[name] = value
    missing = [name for name in variables if name not in given]
    if missing:
        raise TypeError(f"the coordinate {missing[0]!r} of {what!r} is missing")
    return [given[name] for name in variables]


def points_of(what: Any, variables: Sequence[str], point: Sequence[Any],
              named: Mapping[str, Any]) -> Tuple[Tuple[int, ...], Any, List[np.ndarray]]:
    """Returns the shape of the points, an array of pointers to their coordinates, and the memory of these."""
    coordinates = [doubles(c) for c in coordinates_of(what, variables, point, named)]
    shape = np.broadcast_shapes(*(c.shape for c in coordinates))
    dense = [np.ascontiguousarray(np.broadcast_to(c, shape)).reshape(-1) for c in coordinates]
    return shape, pointers(dense), dense


def doubles(coordinate: Any) -> np.ndarray:
    """Returns a coordinate as an array of doubles."""
    array = numbers(coordinate, "a coordinate")
    if array.dtype.kind not in "biufO":
        raise errors.UsageError(f"a coordinate is a number, or an array of numbers, not {array.dtype}")
    try:
        return array.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise errors.UsageError(f"a coordinate is a number, or an array of numbers: {error}") from None


def pointers(rows: List[np.ndarray]) -> Any:
    """Returns an array of pointers to dense rows of doubles, which must live as long."""
    return ffi.new("double *[]", [ffi.cast("double *", r.__array_interface__["data"][0]) for r in rows] or [ffi.NULL])


def copy_numbers(memory: Any, rows: int, columns: int) -> np.ndarray:
    """Returns a copy of numbers of the library."""
    if rows == 0:
        return np.empty((0, columns))
    return np.frombuffer(ffi.buffer(memory, rows * columns * 8)).reshape(rows, columns).copy()
