# SPDX-License-Identifier: MIT
"""Vector fields typed as text: their derivatives, potentials and line integrals."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import errors
from ._library import ffi, lib
from .expressions import Expression
from .formulas import call, make_options, new_context, parse
from .line_integrals import LineIntegral, integrate

__all__ = ["GradientTest", "LineIntegral", "VectorField"]

VERDICTS = {lib.EG_GRADIENT_FIELD: "yes", lib.EG_GRADIENT_LOCALLY: "locally", lib.EG_GRADIENT_NOT: "no",
            lib.EG_GRADIENT_UNDECIDED: "undecided"}


@dataclass(frozen=True, eq=False)
class GradientTest:
    """Whether a vector field is the gradient of a function, its potential.

    `verdict` is proven: "yes", "locally" (the Jacobian is symmetric, but the field has no value at some points, or has
    corners or jumps: only parts of the domain without a hole are sure to have a potential), "no" (`difference`, the
    difference of two derivatives in `components`, counted from 0, is not 0), or "undecided". `everywhere` tells that
    the field has values at every point, `kinks` that it has corners or jumps, at which nothing is claimed. `potential`
    is a function whose gradient is proven to be the field; None: none was found, although there may be one.
    `whole` tells that it has values wherever the field has.
    """

    verdict: str
    everywhere: bool
    kinks: bool
    difference: Optional[Expression]
    components: Optional[Tuple[int, int]]
    potential: Optional[Expression]
    whole: bool


class VectorField:
    """A vector field of 2 to 8 formulas, typed as text: VectorField("(-y, x)"), VectorField("F(a, b) = (b, a)").

    Fields do not change, and may be used on several threads at the same time.

    Args:
        text: the components in parentheses, brackets or angle brackets, or a definition that names the variables.
        variables: their names in order, as many as components; None: those that occur, completed from x, y, z, t.
        constants: values of names that are no variables.
        threads: worker threads for arrays; 0: one for each processor.

    Raises:
        UsageError (a ValueError): the text is malformed, or has not one variable for each component.
    """

    def __init__(self, text: str, variables: Optional[Sequence[str]] = None,
                 constants: Optional[Mapping[str, float]] = None, *, threads: int = 0) -> None:
        self.text = str(text)
        self._arguments = (self.text, None if variables is None else tuple(variables), dict(constants or {}))
        self._context = new_context(threads)
        self._options, self._kept = make_options(variables, constants)
        self._handle = parse("eg_vector_field", lib.eg_vector_free, self._context, self.text, self._options,
                             lib.eg_vector_parse, self._context)
        count = lib.eg_vector_dimension(self._handle)
        self.components: Tuple[Expression, ...] = tuple(
            self._copy(lib.eg_vector_component(self._handle, i)) for i in range(count))
        self.variables: Tuple[str, ...] = self.components[0].variables

    def _copy(self, handle: Any) -> Expression:
        return Expression.copy_of(handle, self._context)

    def __reduce__(self) -> Tuple[Any, ...]:
        return VectorField, self._arguments

    def __repr__(self) -> str:
        return f"VectorField('({', '.join(str(c) for c in self.components)})')"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle \\left({', '.join(c.latex() for c in self.components)}\\right)$"

    # ---- values and derivatives ----

    def __call__(self, *point: Any, **named: Any) -> np.ndarray:
        """Returns the vector at a point, or at the points of arrays.

        Args:
            point, named: coordinates in the order of the variables, or by name, as for Expression.

        Returns:
            An array of shape (n,) + shape of the coordinates. NaN or infinite where a component has no value.
        """
        return np.stack([np.asarray(c(*point, **named)) for c in self.components])

    def jacobian(self, *point: Any, **named: Any) -> np.ndarray:
        """Returns the matrix of partial derivatives at a point, or at the points of arrays.

        Args:
            point, named: coordinates, as for values.

        Returns:
            An array of shape (n, n) + shape of the coordinates: component, then variable.
        """
        return np.stack([c.gradient(*point, **named) for c in self.components])

    @property
    def partials(self) -> Tuple[Tuple[Expression, ...], ...]:
        """The Jacobian as formulas: partials[i][k] is the derivative of component i by variable k."""
        n = len(self.components)
        return tuple(tuple(self._copy(lib.eg_vector_partial(self._handle, i, k)) for k in range(n)) for i in range(n))

    @property
    def divergence(self) -> Expression:
        """The divergence, as a formula."""
        return self._copy(lib.eg_vector_divergence(self._handle))

    @property
    def curl(self) -> Union[Expression, Tuple[Expression, ...]]:
        """The curl: of two components the formula dF2/dx - dF1/dy, of three a tuple of three formulas.

        Raises UsageError if the field has more components.
        """
        n = len(self.components)
        if n > 3:
            raise errors.UsageError(f"the curl is of two or three components, not {n}")
        parts = tuple(self._copy(lib.eg_vector_curl(self._handle, k)) for k in range(1 if n == 2 else 3))
        return parts[0] if n == 2 else parts

    # ---- potentials ----

    def test_gradient(self) -> GradientTest:
        """Tests whether the field is the gradient of a function, and looks for the function by symbolic integration."""
        result = ffi.new("eg_gradient_test *")
        call(lib.eg_vector_test_gradient, self._handle, result)
        try:
            no, found = result.difference != ffi.NULL, result.potential != ffi.NULL
            return GradientTest(
                verdict=VERDICTS[result.verdict], everywhere=bool(result.everywhere), kinks=bool(result.kinks),
                difference=self._copy(result.difference) if no else None,
                components=(result.i, result.k) if no else None,
                potential=self._copy(result.potential) if found else None, whole=bool(result.whole))
        finally:
            lib.eg_gradient_test_free(result)

    def potential(self) -> Optional[Expression]:
        """Returns a function whose gradient is proven to be the field, or None if none was found.

        test_gradient() tells whether there is one.
        """
        return self.test_gradient().potential

    # ---- line integrals ----

    def work(self, path: str) -> LineIntegral:
        """Integrates the field along a path: the work F . dx.

        Args:
            path: its components and the range of its parameter: "(cos(t), sin(t)), t=0:2pi".

        Raises:
            UsageError: the path is malformed. NegativeError: the integral does not exist, because the integrand has no
            value at a point, or may be unbounded there.
        """
        return self._integrate(path, lib.EG_LINE_WORK)

    def flux(self, path: str) -> LineIntegral:
        """Integrates the flux F . n ds of a field in the plane across a path, n to the right of the path.

        The flux is that outwards if the path goes round anticlockwise. Arguments and errors are those of work();
        UsageError also for a field of more than two components.
        """
        return self._integrate(path, lib.EG_LINE_FLUX)

    def _integrate(self, path: str, kind: int) -> LineIntegral:
        return integrate(self._handle, self._context, self._options, str(path), kind)
