# SPDX-License-Identifier: MIT
"""Fits of models to data by least squares."""
from __future__ import annotations

import math
import os
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

from . import errors
from ._library import ffi, lib
from .arrays import numbers
from .expressions import Expression
from .minimization import Callback, Objective, check_count
from .operation import Operation, c_text, python_names, text_of
from .plots import Canvas, Plot, range_around
from .points import copy_numbers

__all__ = ["Fit", "fit"]

OUTCOMES = {lib.EG_FIT_MINIMUM: "minimum", lib.EG_FIT_NOT_STATIONARY: "not-stationary", lib.EG_FIT_SADDLE: "saddle",
            lib.EG_FIT_UNDETERMINED: "undetermined", lib.EG_FIT_SINGULAR: "singular",
            lib.EG_FIT_UNDECIDED: "undecided", lib.EG_FIT_ROUNDING: "rounding",
            lib.EG_FIT_NO_FREEDOM: "no-freedom"}

Data = Union[Mapping[str, npt.ArrayLike], np.ndarray, str, "os.PathLike[str]"]
CURVE = 513  # points of the curve in a plot


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model. A notebook shows the data, the curve and its confidence band.

    `parameters` and `errors` are dicts by name; the standard errors are NaN unless `outcome` is "minimum", and of
    parameters at a bound. `converged` is True for "minimum" only, with standard errors; else `explanation` says why,
    and what to do. `covariance` is (n, n) in the order of the parameters. `deviation` is the residual standard
    deviation, `squares` the sum of (weighted) squared residuals, `freedom` the degrees of freedom.
    """

    model: str
    target: str
    parameters: Dict[str, float]
    errors: Dict[str, float]
    covariance: np.ndarray = field(repr=False)
    converged: bool
    outcome: str
    explanation: str
    points: int
    freedom: int
    squares: float
    deviation: float
    r_squared: float
    steps: int
    evaluations: int
    columns: Tuple[str, ...]
    data: Dict[str, np.ndarray] = field(repr=False)
    known_sigma: bool = field(repr=False, default=False)

    def __repr__(self) -> str:
        width = max(map(len, self.parameters))
        lines = [f"{self.target} = {self.model}: {self.outcome}, R^2 = {self.r_squared:.6g}, {self.points} points"]
        for name, value in self.parameters.items():
            error = self.errors[name]
            lines.append(f"  {name:<{width}} = {value:.6g}" + ("" if math.isnan(error) else f" +- {error:.2g}"))
        return "\n".join(lines + ([f"  {self.explanation}"] if self.explanation else []))

    def predict(self, *values: npt.ArrayLike, **named: npt.ArrayLike) -> Any:
        """Returns the model at values of its columns: fit.predict(3) or fit.predict(x=[1, 2, 3])."""
        return self._model(self.columns, self.parameters)(*values, **named)

    def predict_error(self, *values: npt.ArrayLike, **named: npt.ArrayLike) -> Any:
        """Returns the standard error of the curve at values of its columns, by the covariance of the parameters."""
        model = self._model(self.columns + tuple(self.parameters), {})
        gradient = model.gradient(*values, **named, **self.parameters)[len(self.columns):]
        variance = np.einsum("i...,ij,j...->...", gradient, self.covariance, gradient)
        errors_ = np.sqrt(np.maximum(variance, 0))
        return float(errors_) if errors_.shape == () else errors_

    def _model(self, variables: Sequence[str], constants: Mapping[str, float]) -> Expression:
        return Expression(self.model, variables, constants)

    def plot(self, level: float = 0.95, **settings: Any) -> Plot:
        """Returns a plot of the data, the curve, and its confidence band of this level.

        Raises UsageError unless the model has one column.
        """
        if len(self.columns) != 1:
            raise errors.UsageError(f"a plot shows a model of one column, not of {len(self.columns)}")
        x, y = self.data[self.columns[0]], self.data[self.target]
        x_range = range_around(x, 0.05)
        at = np.linspace(*x_range, CURVE)
        curve = np.broadcast_to(self.predict(at), at.shape)
        quantile = lib.eg_student_quantile((1 + level) / 2, math.inf if self.known_sigma else self.freedom)
        reach = quantile * self.predict_error(at) if self.converged else np.full(CURVE, np.nan)

        def draw(canvas: Canvas) -> None:
            if self.converged:
                canvas.band(np.stack([at, curve - reach, curve + reach], axis=1))
            canvas.path(np.stack([at, curve], axis=1))
            canvas.points(np.stack([x, y], axis=1))
            canvas.legend("dot", "trajectory", "data")
            canvas.legend("line", "curve", "fit")
            if self.converged:
                canvas.legend("band", "curve", f"{100 * level:g} % confidence band")
        labels: Dict[str, Any] = {"title": f"{self.target} = {self.model}", "x_label": self.columns[0],
                                  "y_label": self.target, **settings}
        return Plot(draw, x_range, range_around(np.append(curve, y), 0.05), legend=True, **labels)

    def _repr_svg_(self) -> Optional[str]:
        try:
            return self.plot().svg()
        except errors.Error:
            return None


def columns_of(data: Any) -> Dict[str, np.ndarray]:
    """Returns dense columns of doubles; what is no number is NaN, which the model cannot use."""
    if isinstance(data, np.ndarray):
        if not data.dtype.names:
            raise errors.UsageError("data is a mapping of names to arrays, a structured array, or the path of a CSV "
                                    "file")
        names: Sequence[str] = data.dtype.names
    else:
        names = list(data.keys())
    columns = {}
    for name in names:
        column = numbers(data[name])
        if column.ndim != 1:
            raise errors.UsageError(f"the column {name!r} has the shape {column.shape}; a column has one dimension")
        numeric = column.dtype.kind in "biuf"
        columns[str(name)] = np.ascontiguousarray(column, np.float64) if numeric else np.full(len(column), np.nan)
    if len({len(c) for c in columns.values()}) > 1:
        raise errors.UsageError("the columns differ in length: " +
                                ", ".join(f"{name} {len(c)}" for name, c in columns.items()))
    return columns


def make_table(op: Operation, columns: Dict[str, np.ndarray]) -> Any:
    """Returns a table of columns, which are not copied."""
    names = [ffi.new("char[]", c_text(name)) for name in columns]
    values = [ffi.cast("double *", c.__array_interface__["data"][0]) for c in columns.values()]
    rows = len(next(iter(columns.values()), ()))
    op.kept += [names, columns]
    return op.made("eg_table", lib.eg_table_free, lib.eg_table_new, op.context, ffi.new("char *[]", names),
                   ffi.new("double *[]", values), len(columns), rows)


def open_table(op: Operation, data: Data, extra: Mapping[str, Any]) -> Any:
    """Returns the table of the data, a CSV file or columns, the latter with `extra` ones."""
    if isinstance(data, (str, os.PathLike)):
        if any(value is not None for value in extra.values()):
            raise errors.UsageError("weights and sigma of a file are names of its columns, not arrays")
        out = ffi.new("eg_table **")
        op.check(lib.eg_table_read(out, op.context, c_text(data), op.error), os.fspath(data))
        return op.closing(lib.eg_table_free, out[0])
    columns = columns_of(data)
    for name, value in extra.items():
        if value is not None:
            columns[name] = columns_of({name: value})[name]
    if len({len(c) for c in columns.values()}) > 1:
        raise errors.UsageError("weights or sigma have another length than the data")
    return make_table(op, columns)


def fit(model: str, data: Data, target: str, start: Union[Mapping[str, float], Sequence[float], None] = None, *,
        weights: Union[str, npt.ArrayLike, None] = None, sigma: Union[str, npt.ArrayLike, None] = None,
        fix: Optional[Mapping[str, float]] = None,
        bounds: Optional[Mapping[str, Tuple[Optional[float], Optional[float]]]] = None, steps: int = 1000,
        time: float = 0, callback: Optional[Callback] = None, threads: int = 0) -> Fit:
    """Fits a model to data by least squares (Levenberg-Marquardt), as the command `edgegrad descent --model`.

    Args:
        model: a formula, such as "a*exp(-k*t) + c". Names of columns are data, the others are parameters.
        data: a mapping of names to arrays (n,): a dict, a pandas.DataFrame; a structured array; or the path of a CSV
            file. Dense columns of float64 are not copied.
        target: the column that the model predicts.
        start: start of the parameters by name; others start at 0, or at the bound next to it.
        weights: relative weights of the squared residuals, 0 or more: a column or an array.
        sigma: known standard deviations of the target, likewise; the standard errors then follow from them alone.
        fix: parameters that keep a value.
        bounds: (low, high) by parameter; None: no bound.
        steps: most steps. time: limit in seconds; 0: none.
        callback: called with the parameters (n,) and the mean squared error at the start and after each step; what it
            raises cancels the fit.
        threads: worker threads; 0: one for each processor. Does not change the result.

    Returns:
        A Fit. Look at `converged`: nothing is raised if the data do not determine the parameters.

    Raises:
        UsageError (a ValueError): the model is malformed, has no parameters, or no finite value at the start.
        BadInputError: a column of the model has a value that is not a finite number. FileNotFoundError: of a file.
    """
    with Operation(threads, "data") as op:
        used = {"weights": weights, "sigma": sigma}
        named = {k: v if isinstance(v, str) else f"{k} (array)" if v is not None else None for k, v in used.items()}
        extra = {f"{k} (array)": None if isinstance(v, str) else v for k, v in used.items()}
        table = open_table(op, data, extra)
        handle = new_fit(op, model, table, target, named, fix or {})
        names = [ffi.string(lib.eg_fit_name(handle, i)).decode() for i in range(lib.eg_fit_parameters(handle))]
        x = ffi.new("double[]", prepare_start(op, handle, names, start, bounds or {}))
        solver, result = ffi.new("eg_fit_solver *"), ffi.new("eg_fit_result *")
        lib.eg_fit_solver_default(solver)
        solver.steps = check_count("steps", steps)
        solver.seconds = time
        watcher = Objective(op, len(names), callback=callback)
        solver.on_step, solver.opaque = lib.egpy_step, watcher.handle
        op.check(lib.eg_fit_solve(handle, x, solver, result, op.error))
        if result.stop == lib.EG_STOP_CANCELLED:
            raise KeyboardInterrupt
        statistics, covariance = ffi.new("eg_fit_statistics *"), ffi.new("double[]", len(names) ** 2)
        op.check(lib.eg_fit_evaluate(handle, x, statistics, covariance, op.error))
        why = python_names(text_of(lambda out, size: lib.eg_fit_explain(handle, statistics, out, size)))
        columns = table_columns(op, table)
        variables = Expression(model).variables
        fixed = {name: float(value) for name, value in (fix or {}).items()}
        return Fit(
            model=substitute_fixed(model, fixed), target=target, parameters=dict(zip(names, x)),
            errors=dict(zip(names, statistics.standard_errors)),
            covariance=copy_numbers(covariance, len(names), len(names)),
            converged=statistics.outcome == lib.EG_FIT_MINIMUM, outcome=OUTCOMES[statistics.outcome], explanation=why,
            points=statistics.points, freedom=statistics.freedom, squares=statistics.squares,
            deviation=statistics.deviation, r_squared=statistics.r_squared, steps=result.steps,
            evaluations=result.evaluations, columns=tuple(v for v in variables if v in columns and v not in names),
            data=columns, known_sigma=sigma is not None)


def substitute_fixed(model: str, fixed: Mapping[str, float]) -> str:
    """Returns the model with fixed parameters as numbers."""
    if not fixed:
        return model
    expression = Expression(model)
    return str(expression.substitute(**{k: v for k, v in fixed.items() if k in expression.variables}))


def new_fit(op: Operation, model: str, table: Any, target: str, named: Mapping[str, Optional[str]],
            fixed: Mapping[str, float]) -> Any:
    """Returns an eg_fit."""
    options = ffi.new("eg_fit_options *")
    for key, column in named.items():
        if column is not None:
            op.kept.append(ffi.new("char[]", c_text(column)))
            setattr(options, key, op.kept[-1])
    bindings = ffi.new("eg_binding[]", len(fixed))
    for binding, (name, value) in zip(bindings, fixed.items()):
        op.kept.append(ffi.new("char[]", c_text(name)))
        binding.name, binding.value = op.kept[-1], float(value)
    options.fixed, options.fixed_count = bindings, len(bindings)
    op.kept += [options, bindings]
    return op.made("eg_fit", lib.eg_fit_free, lib.eg_fit_new, op.context, c_text(model), table, c_text(target),
                   options)


def prepare_start(op: Operation, handle: Any, names: List[str], start: Any, bounds: Mapping[str, Any]) -> List[float]:
    """Sets bounds, and returns the start."""
    given = start if isinstance(start, Mapping) else dict(zip(names, [] if start is None else start))
    for kind, keys in (("start", given), ("bounds", bounds)):
        for key in keys:
            if key not in names:
                raise errors.UsageError(f"{kind}: {key!r} is no parameter of the model; it has {', '.join(names)}")
    if start is not None and not isinstance(start, Mapping) and len(start) != len(names):
        raise errors.UsageError(f"start has {len(start)} numbers; the parameters are {', '.join(names)}")
    values = []
    for i, name in enumerate(names):
        low, high = bounds.get(name, (None, None))
        low, high = (-math.inf if low is None else float(low)), (math.inf if high is None else float(high))
        if name in bounds:
            op.check(lib.eg_fit_bound(handle, i, low, high, op.error))
        values.append(float(given.get(name, min(max(0.0, low), high))))
    return values


def table_columns(op: Operation, table: Any) -> Dict[str, np.ndarray]:
    """Returns copies of the columns of numbers of a table, for plots."""
    columns: Dict[str, np.ndarray] = {}
    rows, index, values = lib.eg_table_rows(table), 0, ffi.new("const double **")
    while True:
        name = lib.eg_table_name(table, index)
        if name == ffi.NULL:
            return columns
        if lib.eg_table_column(table, index, values, ffi.NULL) == lib.EG_OK:
            columns[ffi.string(name).decode()] = copy_numbers(values[0], rows, 1)[:, 0]
        index += 1
