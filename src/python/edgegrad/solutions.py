# SPDX-License-Identifier: MIT
"""What is found in a box: solutions, the parts that are left, extreme values, curves."""
from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Union, overload

import numpy as np

from ._library import ffi, lib
from .plots import Canvas, Plot
from .points import copy_numbers

__all__ = ["Curve", "Extreme", "Left", "Node", "Solution", "Solutions", "curve_of", "solutions_of"]

VERDICTS = {lib.EG_MINIMUM: "minimum", lib.EG_MAXIMUM: "maximum", lib.EG_SADDLE: "saddle",
            lib.EG_UNDECIDED: "undecided"}
KINDS = {lib.EG_LEFT_POINT: "point", lib.EG_LEFT_CURVE: "curve", lib.EG_LEFT_PART: "part"}
DEFINED = {lib.EG_DEFINED_EVERYWHERE: "everywhere", lib.EG_DEFINED_PARTLY: "partly",
           lib.EG_DEFINED_UNKNOWN: "unknown", lib.EG_DEFINED_NOWHERE: "nowhere"}

Box = Tuple[Tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Solution:
    """A point that solves the problem.

    `x` are its coordinates as floats, near the exact ones; `digits` has proven decimals of them as text, and
    `value_digits` of the value. `box` contains the point. `exact` tells that the coordinates are proven to be the
    numbers in `digits`, fractions, roots of such or multiples of pi; `regular` that no other solution is in some box
    around it; `border` that it is on the border of the box, or not told from it.

    Of critical points and extrema: `value`, `eigenvalues` (ascending; with constraints those of the Lagrangian in their
    tangent space), `verdict` ("minimum", "maximum", "saddle" or "undecided"; "" of roots), `order` (of a degenerate
    point: of the derivative that decides; 0: none). Of constraints: `multipliers`, NaN where there is none, `active`,
    the indices of the constraints that hold with equality, and `dependent`: their gradients are dependent.
    """

    x: np.ndarray
    digits: Tuple[str, ...]
    box: Box = field(repr=False)
    exact: bool
    regular: bool
    border: bool
    value: float
    value_digits: str
    eigenvalues: np.ndarray
    verdict: str
    order: int
    multipliers: np.ndarray
    active: Tuple[int, ...]
    dependent: bool


@dataclass(frozen=True)
class Left:
    """A connected part of the box that may have more solutions.

    `kind`: "point" (a small part, as around a degenerate solution), "curve" (solutions that seem not to be isolated) or
    "part" (the effort did not suffice). `box` contains it. `rough`: the function may have no value or derivative there.
    """

    kind: str
    box: Box
    boxes: int
    rough: bool


@dataclass(frozen=True, eq=False)
class Extreme:
    """The smallest or largest value. `bounds` enclose it; `value` is NaN and `digits` "" if its digits are not known.

    `places` are the points (k, n) that may have it, at which `attained` tells that it is a value of the function; else
    it is only a bound.
    """

    value: float
    digits: str
    bounds: Tuple[float, float]
    attained: bool
    places: np.ndarray


class Solutions(Sequence[Solution]):
    """All solutions in a box, in ascending order of their coordinates.

    `complete` tells that the list is proven to have all of them; else `left` has the parts of the box that may have
    more, and `ended` tells that the time ended the search. `defined` is where the function has values: "everywhere",
    "partly", "unknown" or "nowhere". `minimum` and `maximum` are the smallest and largest value over the box, each an
    Extreme or None. `points` are the coordinates, (k, n).
    """

    def __init__(self, items: Sequence[Solution], variables: Tuple[str, ...], left: Sequence[Left], complete: bool,
                 ended: bool, defined: str, minimum: Optional[Extreme], maximum: Optional[Extreme]) -> None:
        self._items = tuple(items)
        self.variables = variables
        self.left = tuple(left)
        self.complete = complete
        self.ended = ended
        self.defined = defined
        self.minimum = minimum
        self.maximum = maximum

    @property
    def points(self) -> np.ndarray:
        """The coordinates of the solutions, (k, n)."""
        return np.array([s.x for s in self._items]).reshape(-1, len(self.variables))

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Solution: ...

    @overload
    def __getitem__(self, index: slice) -> Tuple[Solution, ...]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Solution, Tuple[Solution, ...]]:
        return self._items[index]

    def __iter__(self) -> Iterator[Solution]:
        return iter(self._items)

    def __repr__(self) -> str:
        parts = f"{len(self.left)} part{'s' * (len(self.left) != 1)}"
        all_ = "proven to be all" if self.complete else f"and {parts} of it may have more"
        head = f"{len(self)} in the box, {all_}"
        rows = [f"({', '.join(s.digits)})" + (f"  {s.value_digits}  {s.verdict}" if s.value_digits else "")
                for s in self._items]
        return "\n  ".join([head, *rows])


def decimal_of(reals: Any, number: int, digits: int) -> Tuple[float, str]:
    """Returns a number as a float near it, and its proven decimal; NaN and "" if there is none."""
    if number == lib.EG_REAL_NONE:
        return math.nan, ""
    decimal = ffi.new("eg_decimal *")
    if lib.eg_real_decimal(reals, number, digits, decimal, ffi.NULL) != lib.EG_OK:
        return math.nan, ""
    if decimal.certainty == lib.EG_DIGITS_UNDEFINED:
        return math.nan, "undefined"
    if decimal.certainty == lib.EG_DIGITS_UNKNOWN:
        bound = decimal.log10_bound
        return decimal.value, f"about 0 (below 1e{math.ceil(bound):d})" if math.isfinite(bound) else "unknown"
    return decimal.value, ffi.string(decimal.text).decode()


def numbers_of(reals: Any, numbers: Any, count: int, digits: int) -> Tuple[np.ndarray, Tuple[str, ...]]:
    """Returns numbers as floats and as decimals."""
    pairs = [decimal_of(reals, numbers[i], digits) for i in range(count)]
    return np.array([p[0] for p in pairs]), tuple(p[1] for p in pairs)


def box_of(box: Any, n: int) -> Box:
    return tuple((box[i][0], box[i][1]) for i in range(n))


def solution_of(reals: Any, s: Any, n: int, digits: int, constraints: int) -> Solution:
    """Returns a solution; that of a system has no value and no verdict."""
    x, texts = numbers_of(reals, s.at, n, digits)
    value, value_text = decimal_of(reals, s.value, digits)
    factors = getattr(s, "lambda")  # a word of Python
    return Solution(
        x=x, digits=texts, box=box_of(s.box, n), exact=bool(s.exact), regular=bool(s.regular), border=bool(s.border),
        value=value, value_digits=value_text, eigenvalues=numbers_of(reals, s.eigenvalues, s.eigenvalue_count, 17)[0],
        verdict=VERDICTS[s.verdict] if s.value != lib.EG_REAL_NONE else "", order=s.order,
        multipliers=numbers_of(reals, factors, constraints, 17)[0],
        active=tuple(k for k in range(constraints) if s.active >> k & 1), dependent=bool(s.dependent))


def extreme_of(reals: Any, e: Any, n: int, digits: int) -> Optional[Extreme]:
    if not e.known:
        return None
    value, text = decimal_of(reals, e.value, digits)
    places = [place_of(reals, e.places[k], n) for k in range(e.place_count)]
    return Extreme(value=value, digits=text, bounds=(e.bounds[0], e.bounds[1]), attained=bool(e.attained),
                   places=np.array(places).reshape(-1, n))


def place_of(reals: Any, place: Any, n: int) -> List[float]:
    """Returns the coordinates of a place; the middle of its box where they are not known."""
    middles = [(low + high) / 2 for low, high in box_of(place.box, n)]
    return [middles[i] if place.at[i] == lib.EG_REAL_NONE else decimal_of(reals, place.at[i], 17)[0] for i in range(n)]


def solutions_of(reals: Any, found: Any, variables: Tuple[str, ...], digits: int, constraints: int) -> Solutions:
    """Returns the solutions that the library found, under a number of constraints."""
    n = len(variables)
    left = [Left(KINDS[p.kind], box_of(p.box, n), p.boxes, bool(p.rough))
            for p in (found.left[k] for k in range(found.left_count))]
    points = [solution_of(reals, found.points[k], n, digits, constraints) for k in range(found.count)]
    return Solutions(points, variables, left, bool(found.complete), bool(found.ended), DEFINED[found.defined],
                     extreme_of(reals, found.minimum, n, digits), extreme_of(reals, found.maximum, n, digits))


@dataclass(frozen=True)
class Node:
    """A point of a curve at which the gradient is 0, or a part that could not be decided.

    `singular`: proven to be a singular point, at `x` if that is known. `half_branches` lines end there: 4 where two
    branches cross, 0 at an isolated point.
    """

    x: Optional[Tuple[float, float]]
    box: Box
    singular: bool
    half_branches: int


@dataclass(frozen=True, eq=False)
class Curve:
    """The curve of an equation in a box. A notebook shows it.

    `paths` are its lines, (n, 2) each, the last point of a closed one being the first. `proven`: they have the topology
    of the curve, except in `nodes`. `components` is the number of connected pieces, `ended` tells that the time ended
    the search.
    """

    paths: Tuple[np.ndarray, ...] = field(repr=False)
    closed: Tuple[bool, ...]
    nodes: Tuple[Node, ...]
    components: int
    proven: bool
    ended: bool
    variables: Tuple[str, ...]
    box: Box

    def plot(self, **settings: Any) -> Plot:
        """Returns a plot of the curve. Settings: title, width, height, equal."""
        def draw(canvas: Canvas) -> None:
            for path in self.paths:
                canvas.path(path, "curve")
            for node in self.nodes:
                if node.x is not None:
                    canvas.mark("point", *node.x)
        labels: Dict[str, Any] = {"x_label": self.variables[0], "y_label": self.variables[1], **settings}
        return Plot(draw, self.box[0], self.box[1], **labels)

    def _repr_svg_(self) -> str:
        return self.plot().svg()


def curve_of(reals: Any, trace: Any, variables: Tuple[str, ...], box: Box) -> Curve:
    """Returns the curve that the library traced."""
    points = copy_numbers(trace.points, trace.point_count, 2)
    lines = [trace.lines[k] for k in range(trace.line_count)]
    paths = [points[line.first:line.first + line.count] for line in lines]
    paths = [np.append(path, path[:1], axis=0) if line.closed else path for path, line in zip(paths, lines)]
    nodes = []
    for node in (trace.nodes[k] for k in range(trace.node_count)):
        known = lib.EG_REAL_NONE not in (node.at[0], node.at[1])
        nodes.append(Node((decimal_of(reals, node.at[0], 17)[0], decimal_of(reals, node.at[1], 17)[0]) if known else
                          None, box_of(node.box, 2), bool(node.singular), node.half_branches))
    return Curve(tuple(paths), tuple(bool(line.closed) for line in lines), tuple(nodes), trace.components,
                 bool(trace.proven), bool(trace.ended), variables, box)
