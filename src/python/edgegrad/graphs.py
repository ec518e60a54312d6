# SPDX-License-Identifier: MIT
"""Plots of expressions: graphs of functions of one variable, level curves of those of two."""
from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Tuple

import numpy as np

from . import errors
from ._library import ffi, lib
from .operation import Operation
from .plots import Canvas, Plot, Range, check_range, range_around
from .points import copy_numbers

__all__ = ["plot_expression", "sample_graph"]


def plot_expression(handle: Any, variables: Sequence[str], x: Range, y: Optional[Range],
                    settings: Dict[str, Any]) -> Plot:
    """Returns the plot of an eg_expr; see Expression.plot()."""
    if len(variables) == 1:
        return plot_graph(handle, variables[0], check_range("x", x), y, settings)
    if len(variables) != 2:
        raise errors.UsageError(f"{settings['title']!r} has {len(variables)} variables; a plot shows one or two")
    return Plot(lambda canvas: canvas.field(handle), x, x if y is None else y, x_label=variables[0],
                y_label=variables[1], **settings)


def plot_graph(handle: Any, variable: str, x: Range, y: Optional[Range], settings: Dict[str, Any]) -> Plot:
    points, holes, fits = sample_graph(handle, x)

    def draw(canvas: Canvas) -> None:
        canvas.path(points, "curve")
        for hole in holes:
            canvas.mark("hole", *hole)
    return Plot(draw, x, range_around(fits) if y is None else y, x_label=variable, **settings)


def sample_graph(handle: Any, x: Range) -> Tuple[np.ndarray, np.ndarray, Range]:
    """Samples an eg_expr of one variable; see Expression.sample_graph()."""
    with Operation(name="plot") as op:
        graph = ffi.new("eg_plot_graph *")
        function = ffi.addressof(lib, "egpy_function")
        op.check(lib.eg_plot_graph_new(graph, op.context, function, handle, x, op.error))
        op.closing(lib.eg_plot_graph_free, graph)
        points = copy_numbers(graph.points, graph.count, 2)
        holes = copy_numbers(graph.holes, graph.hole_count, 2)
        return points, holes, (graph.y[0], graph.y[1])
