# SPDX-License-Identifier: MIT
"""Functions typed as text, and their derivatives."""
from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .formulas import Formula, raise_error
from .operation import Operation
from .plots import Canvas, Plot, Range, check_range, range_around
from .points import coordinates_of, copy_numbers, pointers, points_of

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
        error = ffi.new("eg_error *")
        count = values.size
        raise_error(lib.eg_expr_eval_batch(self._handle, points, count, ffi.from_buffer("double[]", values), gradient,
                                           error), error)

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
        error = ffi.new("eg_error *")
        raise_error(lib.egpy_hessians(self._handle, points, count, ffi.from_buffer("double[]", out), error), error)
        del kept
        return np.moveaxis(out, 0, -1).reshape((n, n) + shape)

    def bounds(self, *point: Any, **named: Any) -> Tuple[float, float]:
        """Returns proven bounds of the value over a box: f.bounds(x=(0, 1), y=(-1, 1)) is (low, high).

        A coordinate is a pair, or one number. Infinite bounds mean that nothing is known.
        """
        pairs = [np.broadcast_to(np.asarray(c, np.float64), 2)
                 for c in coordinates_of(self, self.variables, point, named)]
        low, high = ([float(p[i]) for p in pairs] for i in range(2))
        out, error = ffi.new("double[2]"), ffi.new("eg_error *")
        raise_error(lib.eg_expr_bounds(self._handle, low, high, out, ffi.NULL, ffi.NULL, error), error)
        return out[0], out[1]

    # ---- other expressions ----

    def derivative(self, variable: Optional[str] = None) -> "Expression":
        """Returns the partial derivative by a variable as a formula. The name may be left out if there is only one."""
        if variable is None and len(self.variables) == 1:
            variable = self.variables[0]
        if variable not in self.variables:
            raise errors.UsageError(f"{self!r} has no variable {variable!r}; its variables are "
                                    f"{', '.join(self.variables)}")
        out, error = ffi.new("eg_expr **"), ffi.new("eg_error *")
        raise_error(lib.eg_surface_derivative(out, self._handle, self.variables.index(variable), error), error)
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
        out, error = ffi.new("eg_expr **"), ffi.new("eg_error *")
        replaced = ffi.new("eg_expr *[]", self_with)
        raise_error(lib.eg_expr_substitute(out, self._handle, replaced, ffi.NULL, error), error)
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
        settings = {"title": self.text, **settings}
        if len(self.variables) == 1:
            return self._plot_graph(check_range("x", x), y, settings)
        if len(self.variables) != 2:
            raise errors.UsageError(f"{self!r} has {len(self.variables)} variables; a plot shows one or two")
        return Plot(lambda canvas: canvas.field(self._handle), x, x if y is None else y, x_label=self.variables[0],
                    y_label=self.variables[1], **settings)

    def _plot_graph(self, x: Range, y: Optional[Range], settings: Dict[str, Any]) -> Plot:
        points, holes, fits = self.sample_graph(x)

        def draw(canvas: Canvas) -> None:
            canvas.path(points, "curve")
            for hole in holes:
                canvas.mark("hole", *hole)
        return Plot(draw, x, range_around(fits) if y is None else y, x_label=self.variables[0], **settings)

    def sample_graph(self, x: Range) -> Tuple[np.ndarray, np.ndarray, Range]:
        """Samples a function of one variable, closer together where it bends, with jumps and poles located.

        Returns:
            points (n, 2), NaN where the graph is interrupted; single points without a value (m, 2); the range of y that
            shows the graph.
        """
        with Operation(name="plot") as op:
            graph = ffi.new("eg_plot_graph *")
            function = ffi.addressof(lib, "egpy_function")
            op.check(lib.eg_plot_graph_new(graph, op.context, function, self._handle, x, op.error))
            op.closing(lib.eg_plot_graph_free, graph)
            points = copy_numbers(graph.points, graph.count, 2)
            holes = copy_numbers(graph.holes, graph.hole_count, 2)
            return points, holes, (graph.y[0], graph.y[1])
