# SPDX-License-Identifier: MIT
"""All solutions in a box: critical points, extrema under constraints, solutions of equations, curves."""
from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import errors
from ._library import ffi, lib
from .expressions import Expression
from .formulas import make_options, mark_place
from .operation import Operation, c_text
from .solutions import Curve, Solutions, curve_of, solutions_of

__all__ = ["critical_points", "extrema", "roots", "trace_curve"]

Function = Union[str, Expression]
End = Union[float, str]
Box = Union[Mapping[str, Tuple[End, End]], Sequence[Tuple[End, End]]]

COMPARISONS = re.compile("<=|>=|=<|=>|\u2264|\u2265|<|>")


def comparison_in(text: str) -> Optional["re.Match[str]"]:
    """Returns the first comparison in a text, outside of brackets."""
    for found in COMPARISONS.finditer(text):
        before = text[:found.start()]
        if sum(map(before.count, "([{")) == sum(map(before.count, ")]}")):
            return found
    return None


def split_constraint(text: str) -> Tuple[str, bool]:
    """Returns a constraint as an equation g = h, and True if it is the inequality g <= h."""
    found = comparison_in(text)
    if found is None:
        return text, False
    left, right = text[:found.start()], text[found.end():]
    greater = ">" in found[0] or found[0] == "\u2265"
    return (f"{right} = {left}" if greater else f"{left} = {right}"), True


class Problem:
    """Functions of the same variables, and a box, in the numbers of the library."""

    def __init__(self, op: Operation, functions: Sequence[Function], box: Box, digits: int) -> None:
        if not 1 <= digits <= lib.EG_REAL_DIGITS:
            raise errors.UsageError(f"digits is 1 to {lib.EG_REAL_DIGITS}, not {digits}")
        self.op = op
        self.digits = digits
        self.constants: Dict[str, float] = {}
        for function in functions:
            self.constants.update(function._arguments[2] if isinstance(function, Expression) else {})
        self.texts = [f.text if isinstance(f, Expression) else str(f) for f in functions]
        options = ffi.new("eg_reals_options *", {"bits": 4096 + 16 * digits, "seconds": 0.5})
        self.reals = op.made("eg_reals", lib.eg_reals_free, lib.eg_reals_new, op.context, options)
        named = sorted({name for text in self.texts for name in self._names(text)}, key=order_of)
        self.variables = tuple(box) if isinstance(box, Mapping) else tuple(named)
        missing = [name for name in named if name not in self.variables]
        if missing:
            raise errors.UsageError(f"box has no range of {missing[0]}: give box={{{missing[0]!r}: (low, high), ...}}")
        self.functions = [self.parse(text, self.variables) for text in self.texts]
        self.low, self.high = self._ends(list(box.values()) if isinstance(box, Mapping) else list(box))

    def parse(self, text: str, variables: Optional[Sequence[str]]) -> Any:
        """Returns an expression of the library."""
        options, kept = make_options(variables, self.constants)
        options.form = lib.EG_FORM_EQUATION
        out, location = ffi.new("eg_expr **"), ffi.new("eg_expr_location *")
        status = lib.eg_expr_parse(out, self.op.context, c_text(text), options, location, self.op.error)
        if status == lib.EG_USAGE:
            message = ffi.string(self.op.error.message).decode("utf-8", "replace")
            raise errors.UsageError(mark_place(text, location, message))
        self.op.check(status)
        del kept
        return self.op.closing(lib.eg_expr_free, out[0])

    def _names(self, text: str) -> List[str]:
        handle = self.parse(text, None)
        return [ffi.string(lib.eg_expr_name(handle, i)).decode() for i in range(lib.eg_expr_variables(handle))]

    def _ends(self, ranges: Sequence[Any]) -> Tuple[Any, Any]:
        """Returns the ends of the box as exact numbers."""
        if len(ranges) != len(self.variables):
            raise errors.UsageError(f"box has {len(ranges)} ranges; the variables are {', '.join(self.variables)}")
        low, high = ffi.new("eg_real[]", len(ranges) or 1), ffi.new("eg_real[]", len(ranges) or 1)
        for i, (name, ends) in enumerate(zip(self.variables, ranges)):
            if isinstance(ends, str) or len(ends) != 2:
                raise errors.UsageError(f"the range of {name} is (low, high), not {ends!r}")
            for out, end in zip((low, high), ends):
                text = end if isinstance(end, str) else repr(float(end))
                expression = self.parse(text, ())
                number = ffi.new("eg_real *")
                self.op.check(lib.eg_reals_derive(self.reals, expression, ffi.NULL, number, ffi.NULL, ffi.NULL,
                                                  self.op.error))
                out[i] = number[0]
        return low, high

    def options(self, seconds: float) -> Any:
        """Returns eg_solve_options."""
        if not seconds > 0:
            raise errors.UsageError(f"time is above 0, in seconds, not {seconds}")
        return ffi.new("eg_solve_options *", {"seconds": seconds, "digits": self.digits})

    def solve(self, find: Any, *arguments: Any, time: float, constraints: int = 0) -> Solutions:
        """Returns the solutions that find(&solutions, reals, arguments ..., box, options, error) finds."""
        out = ffi.new("eg_solutions **")
        self.op.check(find(out, self.reals, *arguments, self.low, self.high, self.options(time), self.op.error))
        self.op.closing(lib.eg_solutions_free, out[0])
        found = solutions_of(self.reals, out[0], self.variables, self.digits, constraints)
        self.op.check(lib.eg_reals_status(self.reals, self.op.error))
        return found


def order_of(name: str) -> Tuple[int, str]:
    """Returns the key of the library's order of variables: x, y, z, t, then the others alphabetically."""
    return ("xyzt".index(name) if name in ("x", "y", "z", "t") else 4, name)


def critical_points(f: Function, box: Box, *, digits: int = 17, time: float = 2, threads: int = 0) -> Solutions:
    """Finds all critical points of a function in a box, and its smallest and largest value over the box.

    Args:
        f: a formula as text, or an Expression, of up to six variables.
        box: {"x": (-5, 5), "y": (0, "2pi")}, or the ranges in the order of the variables. A number is the decimal that
            Python prints for it, a text an exact constant. The border belongs to the box.
        digits: significant digits of the numbers, 1 to 1000.
        time: limit of the search, in seconds. What is not decided then is listed as left.
        threads: worker threads; 0: one for each processor.

    Returns:
        Solutions: look at `complete`, which tells that the list is proven to have all critical points in the box.

    Raises:
        UsageError (a ValueError): a malformed function or range, or more than six variables.
    """
    with Operation(threads, "function") as op:
        problem = Problem(op, [f], box, digits)
        return problem.solve(lib.eg_solve_critical, problem.functions[0], time=time)


def extrema(f: Function, constraints: Union[str, Sequence[str]], box: Box, *, digits: int = 17, time: float = 2,
            threads: int = 0) -> Solutions:
    """Finds all points of a box at which a function can have an extremum under constraints (Lagrange, Kuhn and Tucker).

    Args:
        f: a formula as text, or an Expression, of up to six variables.
        constraints: one text or up to six: equations "x^2 + y^2 = 1" and inequalities "x + y <= 1".
        box, digits, time, threads: see critical_points().

    Returns:
        Solutions with `multipliers`, and the smallest and largest value on the part of the box that satisfies the
        constraints.

    Raises:
        UsageError (a ValueError): a malformed text or range, no constraints or too many.
    """
    texts = [constraints] if isinstance(constraints, str) else list(constraints)
    split = [split_constraint(text) for text in texts]
    with Operation(threads, "function") as op:
        problem = Problem(op, [f, *(text for text, _ in split)], box, digits)
        described = ffi.new("eg_constraint[]", max(len(split), 1))
        for constraint, handle, (_, inequality) in zip(described, problem.functions[1:], split):
            constraint.expr, constraint.inequality = handle, inequality
        return problem.solve(lib.eg_solve_constrained, problem.functions[0], described, len(split), time=time,
                             constraints=len(split))


def roots(equations: Union[Function, Sequence[Function]], box: Box, *, digits: int = 17, time: float = 2,
          threads: int = 0) -> Solutions:
    """Finds all solutions of equations in a box, as many equations as variables.

    Args:
        equations: one or several, as text or Expression: "x^2 = 2", or "x^2 - 2", which is to be 0.
        box, digits, time, threads: see critical_points().

    Returns:
        Solutions: look at `complete`, which tells that the list is proven to have all solutions in the box.

    Raises:
        UsageError (a ValueError): a malformed equation or range, or another number of equations than of variables.
        trace_curve() has the curve of one equation in two variables.
    """
    several = [equations] if isinstance(equations, (str, Expression)) else list(equations)
    with Operation(threads, "equations") as op:
        problem = Problem(op, several, box, digits)
        handles = ffi.new("eg_expr *[]", problem.functions or [ffi.NULL])
        return problem.solve(lib.eg_solve_system, handles, len(several), time=time)


def trace_curve(equation: Function, box: Box, *, time: float = 2, threads: int = 0) -> Curve:
    """Traces the curve of an equation in two variables in a box, with its singular points.

    Args:
        equation: as text or Expression: "x^2 + y^2 = 1", or F, whose curve F = 0 is.
        box, time, threads: see critical_points().

    Returns:
        A Curve: look at `proven`, which tells that its lines have the topology of the curve, except in its nodes.

    Raises:
        UsageError (a ValueError): a malformed equation or range, or another number of variables than two.
    """
    with Operation(threads, "equation") as op:
        problem = Problem(op, [equation], box, 17)
        if len(problem.variables) != 2:
            raise errors.UsageError(f"a curve has two variables, not {len(problem.variables)}")
        out = ffi.new("eg_trace **")
        op.check(lib.eg_trace_curve(out, problem.reals, problem.functions[0], problem.low, problem.high,
                                    problem.options(time), op.error))
        op.closing(lib.eg_trace_free, out[0])
        ranges = tuple((lib.eg_real_approximate(problem.reals, problem.low[i]),
                        lib.eg_real_approximate(problem.reals, problem.high[i])) for i in range(2))
        return curve_of(problem.reals, out[0], problem.variables, ranges)
