# SPDX-License-Identifier: MIT
"""Functions typed as text, and their derivatives."""
from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .arrays import numbers
from .operation import Operation, c_text, choose, text_of
from .plots import Canvas, Plot, Range, check_range, range_around

__all__ = ["Expression", "functions"]


def functions() -> Dict[str, str]:
    """Returns the functions that expressions can call: name and meaning."""
    found: Dict[str, str] = {}
    while True:
        name = lib.eg_expr_function(len(found))
        if name == ffi.NULL:
            return found
        found[ffi.string(name).decode()] = ffi.string(lib.eg_expr_function_help(len(found))).decode()


def new_context(threads: int) -> Any:
    """Returns a context that lives as long as it is referred to."""
    with Operation(threads, cancels=False) as op:
        context, op.context = op.context, ffi.NULL
    return ffi.gc(context, lib.eg_context_free)


def mark_place(text: str, location: Any, message: str) -> str:
    """Returns the message of a text that cannot be parsed, with the place in it."""
    place = text.encode()[location.offset:location.offset + location.length].decode("utf-8", "replace")
    before = len(text.encode()[:location.offset].decode("utf-8", "replace"))
    shown = repr(text if len(text) <= 80 else text[:77] + "...")
    return f"{message} (at {place!r}, character {before + 1} of {shown})" if place else f"{message} ({shown})"


class Expression:
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

    def __init__(self, text: str, variables: Optional[Sequence[str]] = None,
                 constants: Optional[Mapping[str, float]] = None, *, threads: int = 0) -> None:
        self.text = str(text)
        self._arguments = (self.text, None if variables is None else tuple(variables), dict(constants or {}), threads)
        self._context = new_context(threads)
        options, kept = make_options(variables, constants)
        out, error, location = ffi.new("eg_expr **"), ffi.new("eg_error *"), ffi.new("eg_expr_location *")
        status = lib.eg_expr_parse(out, self._context, c_text(self.text), options, location, error)
        if status == lib.EG_USAGE:
            message = ffi.string(error.message).decode("utf-8", "replace")
            raise errors.UsageError(mark_place(self.text, location, message))
        raise_error(status, error)
        self._take(out[0])
        del kept

    def _take(self, handle: Any) -> None:
        """Owns an expression of the library, whose context must live longer."""
        def free(expression: Any, context: Any = self._context) -> None:
            lib.eg_expr_free(expression)
        self._handle = ffi.gc(handle, free)
        count = lib.eg_expr_variables(self._handle)
        self.variables: Tuple[str, ...] = tuple(ffi.string(lib.eg_expr_name(self._handle, i)).decode()
                                                for i in range(count))

    def _derived(self, out: Any) -> "Expression":
        """Returns an expression that the library made of this one."""
        made = Expression.__new__(Expression)
        made._context = self._context
        made._take(out[0])
        made.text = str(made)
        made._arguments = (made.text, made.variables, {}, self._arguments[3])
        return made

    def __reduce__(self) -> Tuple[Any, ...]:
        text, variables, constants, _ = self._arguments
        return Expression, (text, variables, constants)

    # ---- text ----

    def __str__(self) -> str:
        return text_of(lambda out, size: lib.eg_expr_print(self._handle, out, size))

    def __repr__(self) -> str:
        return f"Expression({str(self)!r})"

    def latex(self) -> str:
        """Returns the simplified expression as LaTeX for math mode, with the commands of amsmath."""
        return text_of(lambda out, size: lib.eg_expr_print_latex(self._handle, out, size))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def code(self, language: str = "python", name: str = "f") -> str:
        """Returns the text of a program that computes the value and the gradient, without this library.

        Args:
            language: "python": a module for NumPy with NAME(x, ...) and NAME_gradient(x, ...); "c": the function
                double NAME(double x, ..., double gradient[n]).
            name: of the function.

        Raises:
            UsageError: the name is not possible, or the language lacks a function of the formula. LimitError: more than
            100000 operations.
        """
        kind = choose("language", language, {"python": lib.EG_LANGUAGE_PYTHON, "c": lib.EG_LANGUAGE_C})
        parts: List[bytes] = []
        receiver, error = ffi.new_handle(parts), ffi.new("eg_error *")
        raise_error(lib.eg_expr_write_code(self._handle, kind, c_text(name), lib.egpy_text, receiver, error), error)
        return b"".join(parts).decode()

    # ---- values ----

    def _coordinates(self, point: Sequence[Any], named: Mapping[str, Any]) -> List[Any]:
        """Returns the coordinates in the order of the variables."""
        if len(point) > len(self.variables):
            raise TypeError(f"{self!r} has {len(self.variables)} variables, but {len(point)} coordinates are given")
        given = dict(zip(self.variables, point))
        for name, value in named.items():
            if name not in self.variables:
                raise TypeError(f"{self!r} has no variable {name!r}; its variables are {', '.join(self.variables)}")
            if name in given:
                raise TypeError(f"the coordinate {name!r} is given twice")
            given[name] = value
        missing = [name for name in self.variables if name not in given]
        if missing:
            raise TypeError(f"the coordinate {missing[0]!r} of {self!r} is missing")
        return [given[name] for name in self.variables]

    def _points(self, point: Sequence[Any], named: Mapping[str, Any]) -> Tuple[Tuple[int, ...], Any, List[np.ndarray]]:
        """Returns the shape of the points, an array of pointers to their coordinates, and the memory of these."""
        coordinates = [np.asarray(numbers(c), np.float64) for c in self._coordinates(point, named)]
        shape = np.broadcast_shapes(*(c.shape for c in coordinates))
        dense = [np.ascontiguousarray(np.broadcast_to(c, shape)).reshape(-1) for c in coordinates]
        return shape, pointers(dense), dense

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
        pairs = [np.broadcast_to(np.asarray(c, np.float64), 2) for c in self._coordinates(point, named)]
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


@ffi.def_extern(error=lib.EG_NO_MEMORY)
def egpy_text(opaque: Any, text: Any, size: int, error: Any) -> int:
    ffi.from_handle(opaque).append(ffi.buffer(text, size)[:])
    return int(lib.EG_OK)


def copy_numbers(memory: Any, rows: int, columns: int) -> np.ndarray:
    """Returns a copy of numbers of the library."""
    if rows == 0:
        return np.empty((0, columns))
    return np.frombuffer(ffi.buffer(memory, rows * columns * 8)).reshape(rows, columns).copy()


def pointers(rows: List[np.ndarray]) -> Any:
    """Returns an array of pointers to dense rows of doubles, which must live as long."""
    return ffi.new("double *[]", [ffi.cast("double *", r.__array_interface__["data"][0]) for r in rows] or [ffi.NULL])


def raise_error(status: int, error: Any) -> None:
    """Raises the exception of a status, unless it is EG_OK."""
    if status == lib.EG_OK:
        return
    name = ffi.string(ffi.cast("eg_status", status))
    raise errors.CLASSES.get(name, errors.Error)(ffi.string(error.message).decode("utf-8", "replace"))


def make_options(variables: Optional[Sequence[str]], constants: Optional[Mapping[str, float]]) -> Tuple[Any, List[Any]]:
    """Returns eg_expr_options for names, and the memory that it refers to."""
    options = ffi.new("eg_expr_options *")
    options.form = lib.EG_FORM_DEFINITION
    kept: List[Any] = []
    if variables is not None:
        kept += [ffi.new("char[]", c_text(name)) for name in variables]
        kept.append(ffi.new("char *[]", kept[:len(variables)]))
        options.names = kept[-1]
        options.name_count = len(variables)
    bindings = ffi.new("eg_binding[]", len(constants or {}))
    for binding, (name, value) in zip(bindings, (constants or {}).items()):
        kept.append(ffi.new("char[]", c_text(name)))
        binding.name = kept[-1]
        binding.value = float(value)
    options.bindings = bindings
    options.binding_count = len(bindings)
    kept.append(bindings)
    return options, kept
