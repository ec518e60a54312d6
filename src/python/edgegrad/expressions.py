# SPDX-License-Identifier: MIT
"""Functions typed as text, and their derivatives."""
from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .formulas import Formula, call
from .graphs import plot_expression, sample_graph
from .plots import Plot, Range
from .points import coordinates_of, pointers, points_of

__all__ = ["Expression", "functions"]


def functions() -> Dict[str, str]:
    """Returns the functions that expressions can call: name and meaning."""
    found: Dict[str, str] = {}
    while True:
        name = lib.eg_expr_function(len(found))
        if name == ffi.NULL:
            return found
        found[ffi.string(name).decode()] = ffi.string(lib.eg_expr_function_help(len(found))).decode()


class Expression(Formula):
    """A function of named variables, typed as text: Expression("x^2*y + sin(2x)").

    The text has numbers, pi, e, tau, + - * / ^ (or **), parentheses, |x|, comparisons (1 or 0), if(c, x, y) and the
    functions of functions(). A product sign may be left out: 2x, (x+1)(y-1). An equation is its left side minus its
    right one. Expressions do not change, and may be used on several threads at the same time.

    Args:
        text: the function.
        variables: their names in order; None: x, y, z, t, then the others alphabetically.
        constants: values of names that are no variables.
        threads: worker threads for arrays; 0: one for each processor.

    Raises:
        UsageError (a ValueError): the text is malformed; the message says where, and what is expected.
    """

    # ---- values ----

    def _points(self, point: Sequence[Any], named: Mapping[str, Any]) -> Tuple[Tuple[int, ...], Any, List[np.ndarray]]:
        return points_of(self, self.variables, point, named)

    def __call__(self, *point: Any, **named: Any) -> Any:
        """Returns the value at a point, or an array of values.

        Args:
            point, named: coordinates in the order of the variables, or by name: f(1, 2), f(x=1, y=2). Arrays are
                broadcast against each other; dense ones of float64 are not copied.

        Returns:
            A float, or an array of the shape of the coordinates. NaN or infinite where there is no value.
        """
        shape, points, kept = self._points(point, named)
        values = np.empty(shape)
        self._evaluate(points, values, ffi.NULL)
        del kept
        return float(values) if shape == () else values

    def _evaluate(self, points: Any, values: Any, gradient: Any) -> None:
        call(lib.eg_expr_eval_batch, self._handle, points, values.size, ffi.from_buffer("double[]", values), gradient)

    def gradient(self, *point: Any, **named: Any) -> np.ndarray:
        """Returns the gradient at a point, or at the points of arrays, by automatic differentiation.

        Args:
            point, named: coordinates, as for values.

        Returns:
            An array of shape (n,) + shape of the coordinates, one row for each of the n variables.
        """
        shape, points, kept = self._points(point, named)
        values, rows = np.empty(shape), np.empty((len(self.variables),) + shape)
        self._evaluate(points, values, pointers(list(rows.reshape(len(rows), -1))))
        del kept
        return rows

    def hessian(self, *point: Any, **named: Any) -> np.ndarray:
        """Returns the matrix of second derivatives at a point, or at the points of arrays.

        Args:
            point, named: coordinates, as for values.

        Returns:
            An array of shape (n, n) + shape of the coordinates.
        """
        shape, points, kept = self._points(point, named)
        n, count = len(self.variables), int(np.prod(shape))
        out = np.empty((count, n, n))
        call(lib.egpy_hessians, self._handle, points, count, ffi.from_buffer("double[]", out))
        del kept
        return np.moveaxis(out, 0, -1).reshape((n, n) + shape)

    def bounds(self, *point: Any, **named: Any) -> Tuple[float, float]:
        """Returns proven bounds of the value over a box: f.bounds(x=(0, 1), y=(-1, 1)) is (low, high).

        A coordinate is a pair, or one number. Infinite bounds mean that nothing is known.
        """
        pairs = [np.broadcast_to(np.asarray(c, np.float64), 2)
                 for c in coordinates_of(self, self.variables, point, named)]
        low, high = ([float(p[i]) for p in pairs] for i in range(2))
        out = ffi.new("double[2]")
        call(lib.eg_expr_bounds, self._handle, low, high, out, ffi.NULL, ffi.NULL)
        return out[0], out[1]

    # ---- other expressions ----

    def derivative(self, variable: Optional[str] = None) -> "Expression":
        """Returns the partial derivative by a variable as a formula. The name may be left out if there is only one."""
        if variable is None and len(self.variables) == 1:
            variable = self.variables[0]
        if variable not in self.variables:
            raise errors.UsageError(f"{self!r} has no variable {variable!r}; its variables are "
                                    f"{', '.join(self.variables)}")
        out = ffi.new("eg_expr **")
        call(lib.eg_surface_derivative, out, self._handle, self.variables.index(variable))
        return self._derived(out)

    @property
    def derivatives(self) -> Tuple["Expression", ...]:
        """The partial derivatives by all variables as formulas: the gradient."""
        return tuple(self.derivative(name) for name in self.variables)

    def substitute(self, **named: Union[str, float, "Expression"]) -> "Expression":
        """Returns the expression with variables replaced: f.substitute(x="2t", y=3)."""
        self_with = [ffi.NULL] * len(self.variables)
        kept = []
        for name, value in named.items():
            if name not in self.variables:
                raise errors.UsageError(f"{self!r} has no variable {name!r}")
            text = value if isinstance(value, str) else repr(float(value)) if not isinstance(value, Expression) else ""
            kept.append(value if isinstance(value, Expression) else Expression(text))
            self_with[self.variables.index(name)] = kept[-1]._handle
        out, replaced = ffi.new("eg_expr **"), ffi.new("eg_expr *[]", self_with)
        call(lib.eg_expr_substitute, out, self._handle, replaced, ffi.NULL)
        return self._derived(out)

    # ---- plots ----

    def plot(self, x: Range = (-2, 2), y: Optional[Range] = None, **settings: Any) -> Plot:
        """Returns a plot: the graph of a function of one variable, level curves of a function of two.

        Args:
            x, y: ranges of the axes; y of a graph is chosen.
            settings: title, width, height, equal (the same scale on both axes).

        Raises:
            UsageError: the function has no or more than two variables.
        """
        return plot_expression(self._handle, self.variables, x, y, {"title": self.text, **settings})

    def sample_graph(self, x: Range) -> Tuple[np.ndarray, np.ndarray, Range]:
        """Samples a function of one variable, closer together where it bends, with jumps and poles located.

        Returns:
            points (n, 2), NaN where the graph is interrupted; single points without a value (m, 2); the range of y that
            shows the graph.
        """
        return sample_graph(self._handle, x)
