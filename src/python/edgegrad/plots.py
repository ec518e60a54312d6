# SPDX-License-Identifier: MIT
"""Plots, drawn by the library with cairo when they are shown or saved."""
from __future__ import annotations

import math
import os
from typing import Any, Callable, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .operation import Operation, c_text

__all__ = ["Plot", "Canvas", "Range"]

Range = Tuple[float, float]
LINES = {"trajectory": lib.EG_PLOT_TRAJECTORY, "curve": lib.EG_PLOT_CURVE, "line": lib.EG_PLOT_LINE,
         "accent": lib.EG_PLOT_ACCENT, "dashed": lib.EG_PLOT_DASHED}
SIGNS = {"start": lib.EG_PLOT_START, "end": lib.EG_PLOT_END, "point": lib.EG_PLOT_POINT, "hole": lib.EG_PLOT_HOLE}
SAMPLES = {"line": lib.EG_PLOT_SAMPLE_LINE, "band": lib.EG_PLOT_SAMPLE_BAND, "dot": lib.EG_PLOT_SAMPLE_DOT}
GRID = 321  # samples of a function along each axis


class Canvas:
    """What a plot is drawn on, while it is drawn."""

    def __init__(self, operation: Operation, plot: Any) -> None:
        self.operation = operation
        self.plot = plot

    def field(self, expression: Any) -> None:
        """Draws shading and level curves of an eg_expr of two variables."""
        op = self.operation
        function = ffi.addressof(lib, "egpy_field")
        op.check(lib.eg_plot_field_values(self.plot, function, expression, GRID, ffi.NULL, 0, op.error))

    def values(self, values: np.ndarray) -> None:
        """Draws shading and level curves of samples over the ranges, (rows, columns), row 0 at the bottom."""
        op = self.operation
        values = np.ascontiguousarray(values, np.float64)
        op.check(lib.eg_plot_values(self.plot, ffi.from_buffer("double[]", values), values.shape[1], values.shape[0],
                                    ffi.NULL, 0, op.error))

    def path(self, points: Any, line: str = "curve") -> None:
        """Draws a line through points, (n, 2)."""
        self._numbers(lib.eg_plot_path, points, line)

    def band(self, triples: Any, line: str = "curve") -> None:
        """Draws a band through rows of x, low, high."""
        self._numbers(lib.eg_plot_band, triples, line)

    def points(self, points: Any, line: str = "trajectory") -> None:
        """Draws data points, (n, 2)."""
        self._numbers(lib.eg_plot_points, points, line)

    def _numbers(self, add: Callable[..., int], rows: Any, line: str) -> None:
        op = self.operation
        rows = np.ascontiguousarray(rows, np.float64)
        op.check(add(self.plot, LINES[line], ffi.from_buffer("double[]", rows), len(rows), op.error))

    def mark(self, sign: str, x: float, y: float, label: Optional[str] = None) -> None:
        """Draws a marked point."""
        op = self.operation
        text = ffi.NULL if label is None else c_text(label)
        op.check(lib.eg_plot_mark(self.plot, SIGNS[sign], x, y, text, op.error))

    def legend(self, sample: str, line: str, text: str) -> None:
        """Adds an entry to the legend."""
        op = self.operation
        op.check(lib.eg_plot_legend(self.plot, SAMPLES[sample], LINES[line], c_text(text), op.error))


class Plot:
    """A plot. A notebook shows it; svg(), png() and pdf() return its bytes, save() writes a file."""

    def __init__(self, draw: Callable[[Canvas], None], x: Range, y: Range, *, title: str = "", x_label: str = "",
                 y_label: str = "", width: int = 640, height: int = 480, equal: bool = False, y_down: bool = False,
                 legend: bool = False) -> None:
        self._draw = draw
        self._ranges = check_range("x", x), check_range("y", y)
        self._texts = title, x_label, y_label
        self._settings = {"width": width, "height": height, "equal": equal, "y_down": y_down, "legend": legend}

    def _render(self, kind: str) -> bytes:
        with Operation(name="plot") as op:
            options = ffi.new("eg_plot_options *")
            lib.eg_plot_default(options)
            options.x, options.y = self._ranges
            for key, value in self._settings.items():
                setattr(options, key, value)
            for key, text in zip(("title", "x_label", "y_label"), self._texts):
                if text:
                    op.kept.append(ffi.new("char[]", c_text(text)))
                    setattr(options, key, op.kept[-1])
            if options.equal:
                op.check(lib.eg_plot_shape(op.context, options, op.error))
            plot = op.made("eg_plot", lib.eg_plot_free, lib.eg_plot_new, op.context, options)
            self._draw(Canvas(op, plot))
            data, size = ffi.new("const void **"), ffi.new("size_t *")
            op.check(lib.eg_plot_render(plot, kind.encode(), data, size, op.error))
            return ffi.buffer(data[0], size[0])[:]

    def svg(self) -> str:
        """Returns the plot as SVG. Raises UnsupportedError without cairo, as all others do."""
        return self._render("svg").decode()

    def png(self) -> bytes:
        """Returns the plot as PNG."""
        return self._render("png")

    def pdf(self) -> bytes:
        """Returns the plot as PDF."""
        return self._render("pdf")

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the plot to a file: .svg, .png or .pdf."""
        kind = os.path.splitext(os.fspath(path))[1][1:].lower()
        if kind not in ("svg", "png", "pdf"):
            raise errors.UsageError(f"{os.fspath(path)}: a plot is written as .svg, .png or .pdf")
        data = self._render(kind)
        with open(path, "wb") as file:
            file.write(data)

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_png_(self) -> bytes:
        return self.png()


def check_range(name: str, range_: Sequence[float]) -> Range:
    """Returns a range of two ascending numbers."""
    try:
        low, high = (float(v) for v in range_)
    except (TypeError, ValueError):
        low = high = math.nan
    if not low < high or math.isinf(high - low):
        raise errors.UsageError(f"{name} is a range of two ascending numbers, such as (-2, 2), not {range_!r}")
    return low, high


def range_around(values: Any, margin: float = 0.1, least: float = 1e-3) -> Range:
    """Returns a range with a margin around the finite ones of some values."""
    values = np.asarray(values, np.float64)
    values = values[np.isfinite(values)]
    low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
    size = max(high - low, least * max(1, abs(low), abs(high)))
    middle = (low + high) / 2
    return float(middle - size * (0.5 + margin)), float(middle + size * (0.5 + margin))
