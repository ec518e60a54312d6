# SPDX-License-Identifier: MIT
"""Minimisation of functions."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .expressions import Expression
from .operation import Operation, c_text, cancel_operation, choose, python_names, text_of
from .plots import Canvas, Plot, range_around

__all__ = ["Minimum", "minimize"]

OUTCOMES = {lib.EG_CONVERGED: "converged", lib.EG_NOT_CONVERGED: "unfinished", lib.EG_OSCILLATES: "oscillates",
            lib.EG_DIVERGES: "diverges", lib.EG_UNBOUNDED: "unbounded", lib.EG_LEFT_DOMAIN: "left-domain",
            lib.EG_STALLED: "stuck", lib.EG_AT_SADDLE: "saddle",
            lib.EG_AT_OPPOSITE_EXTREMUM: "wrong-end", lib.EG_AT_KINK: "kink",
            lib.EG_FLAT_TAIL: "flat-tail", lib.EG_UNCLASSIFIED: "undecided"}
METHODS = {ffi.string(lib.eg_method_name(i)).decode(): i for i in range(lib.EG_METHODS)}

Function = Union[str, Expression, Callable[[np.ndarray], float]]
Callback = Callable[[np.ndarray, float], object]  # of the point and the value after a step


@dataclass(frozen=True, eq=False)
class Minimum:
    """The end of minimize(): where, what it is, and why it stopped. A notebook shows the path.

    `x` is the point, in the order of `variables`; `value` and `gradient_norm` are those there. `converged` is True only
    for a minimum (of maximize: a maximum); otherwise `outcome` is a word for what happened: "unfinished", "diverges",
    "saddle", "kink", as in the JSON of the command. `verdict`, `reason` and `remarks` say it in sentences; an advice in
    them has been tried.
    `path` has the points of all steps, (steps + 1, n), `values` their values.
    """

    x: np.ndarray
    value: float
    gradient_norm: float
    converged: bool
    outcome: str
    reason: str
    verdict: str
    remarks: Tuple[str, ...]
    method: str
    rate: float
    steps: int
    evaluations: int
    seconds: float
    variables: Tuple[str, ...]
    path: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    function: Optional[Expression] = field(repr=False, default=None)

    def __repr__(self) -> str:
        point = ", ".join(f"{name}={value:.6g}" for name, value in zip(self.variables, self.x + 0.0))
        steps = f"{self.steps} step{'s' * (self.steps != 1)}"
        text = [f"{self.outcome}: {self.value:.6g} at {point}", f"{steps} of {self.method}: {self.reason}"]
        return "\n  ".join(text + [t for t in (self.verdict, *self.remarks) if t])

    def plot(self, **settings: Any) -> Plot:
        """Returns a plot of the path over level curves, or over the graph of a function of one variable.

        Raises UsageError if the function is not an Expression, or has more than two variables.
        """
        f = self.function
        if f is None or len(self.variables) > 2:
            raise errors.UsageError("a plot shows the path of an Expression of one or two variables")
        labels: Dict[str, Any] = {"title": f.text, "x_label": self.variables[0], **settings}
        x = range_around(self.path[:, 0], 0.22)
        if len(self.variables) == 1:
            graph, _, fits = f.sample_graph(x)
            shown = np.append(self.values[np.isfinite(self.values)], fits)
            points = np.stack([self.path[:, 0], self.values], axis=1)
            return Plot(lambda canvas: self._draw(canvas, points, graph), x, range_around(shown), **labels)
        labels.setdefault("y_label", self.variables[1])
        y = range_around(self.path[:, 1], 0.22)
        return Plot(lambda canvas: self._draw(canvas, self.path, None), *balanced(x, y), **labels)

    def _draw(self, canvas: Canvas, points: np.ndarray, graph: Optional[np.ndarray]) -> None:
        if graph is not None:
            canvas.path(graph, "curve")
        else:
            assert self.function is not None
            canvas.field(self.function._handle)
        canvas.path(points, "trajectory")
        for sign, (x, y) in (("start", points[0]), ("end", points[-1])):
            canvas.mark(sign, x, y, sign)

    def _repr_svg_(self) -> Optional[str]:
        try:
            return self.plot().svg()
        except errors.Error:
            return None


def balanced(x: Tuple[float, float], y: Tuple[float, float]) -> Tuple[Tuple[float, float], Tuple[float, float]]:
    """Returns ranges of which the smaller is at least half as large as the other."""
    least = max(x[1] - x[0], y[1] - y[0]) / 2
    return tuple((low - (least - size) / 2, high + (least - size) / 2) if size < least else (low, high)  # type: ignore
                 for low, high, size in ((*x, x[1] - x[0]), (*y, y[1] - y[0])))


class Objective:
    """A function in Python as an objective of the library, and the path of the run."""

    def __init__(self, operation: Operation, count: int, function: Any = None, gradient: Any = None,
                 hessian: Any = None, callback: Optional[Callback] = None) -> None:
        self.operation = operation
        self.callback = callback
        self.count = count
        self.function, self.gradient, self.hessian = function, gradient, hessian
        self.points: List[np.ndarray] = []
        self.values: List[float] = []
        self.handle = ffi.new_handle(self)

    def step(self, step: Any) -> None:
        """Keeps a step, and tells the caller of it, who may cancel the run by an exception."""
        self.points.append(copy_of(step.x, self.count))
        self.values.append(step.value)
        if self.callback is None or self.operation.raised is not None:
            return
        try:
            self.callback(self.points[-1].copy(), step.value)
        except BaseException as raised:  # pylint: disable=broad-except
            self.operation.cancel(raised)

    def at(self, x: Any, value: Any, gradient: Any, hessian: Any) -> None:
        """Computes what is asked for at a point."""
        point, n = copy_of(x, self.count), self.count
        if value != ffi.NULL:
            value[0] = float(self.function(point))
        if gradient != ffi.NULL:
            store(gradient, self.gradient(point), (n,), "gradient")
        if hessian != ffi.NULL:
            store(hessian, (self.hessian or self.differences)(point), (n, n), "hessian")

    def differences(self, point: np.ndarray) -> np.ndarray:
        """Returns the Hessian by central differences of the gradient."""
        rows = []
        for i, x in enumerate(point):
            step = 6e-6 * max(1, abs(x))
            ahead, behind = point.copy(), point.copy()
            ahead[i] += step
            behind[i] -= step
            rows.append((np.asarray(self.gradient(ahead)) - self.gradient(behind)) / (ahead[i] - behind[i]))
        matrix = np.array(rows, np.float64)
        return (matrix + matrix.T) / 2


def copy_of(memory: Any, count: int) -> np.ndarray:
    return np.frombuffer(ffi.buffer(memory, count * 8)).copy()


def store(memory: Any, values: Any, shape: Tuple[int, ...], name: str) -> None:
    """Stores what a function in Python returned."""
    array = np.asarray(values, np.float64)
    if array.shape != shape:
        raise errors.UsageError(f"{name} returned an array of the shape {array.shape} instead of {shape}")
    np.frombuffer(ffi.buffer(memory, array.size * 8))[:] = array.reshape(-1)


@ffi.def_extern(onerror=cancel_operation)
def egpy_step(opaque: Any, step: Any) -> None:
    ffi.from_handle(opaque).step(step)


@ffi.def_extern(error=lib.EG_CANCELLED, onerror=cancel_operation)
def egpy_objective(opaque: Any, x: Any, value: Any, gradient: Any, hessian: Any, error: Any) -> int:
    objective = ffi.from_handle(opaque)
    try:
        objective.at(x, value, gradient, hessian)
        return lib.EG_OK
    except BaseException as raised:  # pylint: disable=broad-except
        objective.operation.raised = raised
        return lib.EG_CANCELLED


def start_of(start: Any, variables: Sequence[str]) -> List[float]:
    """Returns the start point in the order of the variables."""
    if isinstance(start, Mapping):
        if set(start) != set(variables):
            raise errors.UsageError(f"start has {', '.join(map(str, start))} instead of {', '.join(variables)}")
        return [float(start[name]) for name in variables]
    values = np.atleast_1d(np.asarray(start, np.float64))
    if values.shape != (len(variables),):
        raise errors.UsageError(f"start has the shape {values.shape}; the function has {len(variables)} variables: "
                                f"{', '.join(variables)}")
    return values.tolist()


def prepare(f: Function, start: Any, gradient: Any) -> Tuple[Optional[Expression], Tuple[str, ...], List[float]]:
    """Returns the function as an Expression (None: a function in Python), its variables, and the start."""
    if isinstance(f, str):
        f = Expression(f)
    if isinstance(f, Expression):
        if gradient is not None:
            raise errors.UsageError("gradient has no effect on an Expression, whose gradient is known")
        if not f.variables:
            raise errors.UsageError(f"{f!r} has no variables: nothing to minimise")
        return f, f.variables, start_of(start, f.variables)
    if gradient is None:
        raise errors.UsageError("a function in Python needs gradient=, a function of its gradient; for a formula as "
                                "text it is known")
    count = np.size(start)
    if not 1 <= count <= lib.EG_EXPR_VARIABLES:
        raise errors.UsageError(f"start has {count} numbers; at most {lib.EG_EXPR_VARIABLES} variables are possible")
    names = tuple(f"x{i}" for i in range(count))
    return None, names, start_of(np.ravel(start), names)


def minimize(f: Function, start: Any, *, method: str = "lbfgs", gradient: Any = None, hessian: Any = None,
             maximize: bool = False, rate: Optional[float] = None, momentum: Optional[float] = None,
             schedule: str = "constant", warmup: int = 0, steps: Optional[int] = None, time: float = 0,
             tolerance: Optional[float] = None, value_tolerance: float = 0, step_tolerance: float = 0,
             callback: Optional[Callback] = None, threads: int = 0) -> Minimum:
    """Minimises a function from a start point, and decides what the end is, as the command `edgegrad descent`.

    Args:
        f: a formula as text, an Expression, or a function of an array (n,).
        start: coordinates in the order of the variables, or a dict by name.
        method: "lbfgs" (default; the command has "gd"), "newton", "gd", "momentum", "nesterov", "rmsprop", "adam",
            "heavy-ball", "bb", "line-search".
        gradient, hessian: of a function in Python: functions of an array (n,) that return (n,) and (n, n). The Hessian
            is computed from differences of the gradient if it is not given.
        maximize: maximises instead.
        rate, momentum: None: chosen from the curvature, or the default of the method.
        schedule, warmup: of the rate, as in the command: "cosine", "step:100:0.5" ...
        steps: most steps [1000]; if given, diverging runs use them all. time: limit in seconds; 0: none.
        tolerance: of the length of the gradient; None: a criterion that does not depend on the scale of f.
        value_tolerance, step_tolerance: stops if a step changes the value or the point by less; 0: never.
        callback: called with the point (n,) and the value at the start and after each step; what it raises cancels the
            run.
        threads: worker threads; 0: one for each processor.

    Returns:
        A Minimum. Look at `converged`: nothing is raised if the run diverged or found a saddle.

    Raises:
        UsageError (a ValueError): an argument is out of range, or f has no finite value and gradient at the start.
        What f or gradient raise.
    """
    expression, variables, point = prepare(f, start, gradient)
    with Operation(threads, "function") as op:
        objective = Objective(op, len(point), f, gradient, hessian, callback)
        options = ffi.new("eg_descent_options *")
        lib.eg_descent_default(options)
        options.method = choose("method", method, METHODS)
        options.maximize = maximize
        for name, value in (("rate", rate), ("momentum", momentum), ("gradient_tolerance", tolerance)):
            if value is not None:
                setattr(options, name, value)
        op.check(lib.eg_schedule_parse(ffi.addressof(options, "schedule"), c_text(schedule), op.error))
        options.schedule.warmup = check_count("warmup", warmup)
        options.steps = 1000 if steps is None else check_count("steps", steps)
        options.seconds = time
        options.value_tolerance = value_tolerance
        options.step_tolerance = step_tolerance
        options.give_up = steps is None
        options.on_step = lib.egpy_step
        options.opaque = objective.handle
        described = ffi.new("eg_objective *")
        if expression is not None:
            described[0] = lib.eg_objective_expr(expression._handle)
        else:
            described.opaque, described.variables, described.at = objective.handle, len(point), lib.egpy_objective
        x, result = ffi.new("double[]", point), ffi.new("eg_descent_result *")
        op.check(lib.eg_descent(op.context, described, x, options, result, op.error))
        if result.stop == lib.EG_STOP_CANCELLED:
            raise KeyboardInterrupt
        return minimum_of(result, list(x), variables, objective, expression)


def check_count(name: str, value: int) -> int:
    """Returns a number of steps."""
    if value < 0 or value != int(value):
        raise errors.UsageError(f"{name} is a whole number from 0 on, not {value}")
    return int(value)


def minimum_of(result: Any, x: List[float], variables: Tuple[str, ...], objective: Objective,
               function: Optional[Expression]) -> Minimum:
    """Returns what a run found."""
    remarks: List[str] = []
    while True:
        remark = text_of(lambda out, size: lib.eg_descent_remark(result, len(remarks), out, size))
        if not remark:
            break
        remarks.append(python_names(remark))
    return Minimum(
        x=np.array(x), value=result.value, gradient_norm=result.gradient_norm,
        converged=result.outcome == lib.EG_CONVERGED, outcome=OUTCOMES[result.outcome],
        reason=python_names(text_of(lambda out, size: lib.eg_descent_stop_reason(result, out, size))),
        verdict=text_of(lambda out, size: lib.eg_descent_verdict(result, out, size)), remarks=tuple(remarks),
        method=ffi.string(lib.eg_method_name(result.method)).decode(), rate=result.rate, steps=result.steps,
        evaluations=result.evaluations, seconds=result.seconds, variables=variables,
        path=np.array(objective.points).reshape(-1, len(x)), values=np.array(objective.values), function=function)
