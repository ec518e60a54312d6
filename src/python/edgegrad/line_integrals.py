# SPDX-License-Identifier: MIT
"""Line integrals of vector fields."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Optional, Tuple

from . import errors
from ._library import ffi, lib
from .expressions import Expression
from .formulas import call, parse

__all__ = ["LineIntegral", "integrate"]


@dataclass(frozen=True, eq=False)
class LineIntegral:
    """A line integral along a path, a number between two proven bounds.

    `value` is the middle of `bounds`, which enclose the integral. `integrand` is a formula of the parameter.
    `antiderivative` is a formula of it whose difference at the ends is proven to be the integral, or None. `open` is
    the length, by the parameter, of the pieces in which the integrand is not proven to have a value at every point.
    """

    value: float
    bounds: Tuple[float, float]
    integrand: Expression
    antiderivative: Optional[Expression]
    open: float
    panels: int = field(repr=False)

    def __float__(self) -> float:
        return self.value


def integrate(handle: Any, context: Any, options: Any, path: str, kind: int) -> LineIntegral:
    """Integrates an eg_vector_field along a path, which has the names of `options`; see VectorField.work()."""
    parsed = parse("eg_vector_path", lib.eg_vector_path_free, context, path, options, lib.eg_vector_path_parse, handle)
    result = ffi.new("eg_line_integral *")
    call(lib.eg_vector_integrate, handle, parsed, kind, result)
    try:
        if result.outcome == lib.EG_LINE_UNDEFINED:
            raise errors.NegativeError(f"the integrand has no value at {result.where:g} of the parameter")
        if result.outcome == lib.EG_LINE_UNBOUNDED:
            raise errors.NegativeError(f"no bound of the integrand is known near {result.where:g} of the "
                                       "parameter: it has a pole there, or seems to")
        (low, high), found = result.bounds, result.antiderivative != ffi.NULL
        return LineIntegral(
            value=low + (high - low) / 2, bounds=(low, high), integrand=Expression.copy_of(result.integrand, context),
            antiderivative=Expression.copy_of(result.antiderivative, context) if found else None, open=result.open,
            panels=result.panels)
    finally:
        lib.eg_line_integral_free(result)
