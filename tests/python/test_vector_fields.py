# SPDX-License-Identifier: MIT
"""Vector fields: derivatives by differences, potentials, integrals by sums."""
import pickle

import numpy as np
import pytest

import edgegrad
from edgegrad import VectorField


def test_values_and_derivatives():
    field = VectorField("(x^2*y, sin(x) + z, x*y*z)")
    assert field.variables == ("x", "y", "z") and len(field.components) == 3
    point = np.array([0.7, -1.2, 2.5])
    values = field(*point)
    assert values.shape == (3,)
    assert np.allclose(values, [0.49 * -1.2, np.sin(0.7) + 2.5, 0.7 * -1.2 * 2.5])
    step = 1e-6
    differences = np.stack([(field(*(point + d)) - field(*(point - d))) / (2 * step) for d in step * np.eye(3)], axis=1)
    jacobian = field.jacobian(*point)
    assert np.allclose(jacobian, differences, atol=1e-8)
    formulas = [[f(*point) for f in row] for row in field.partials]
    assert np.allclose(formulas, jacobian)
    assert field.divergence(*point) == pytest.approx(np.trace(jacobian))
    curl = [c(*point) for c in field.curl]
    j = jacobian
    assert np.allclose(curl, [j[2, 1] - j[1, 2], j[0, 2] - j[2, 0], j[1, 0] - j[0, 1]])


def test_arrays_and_names():
    field = VectorField("F(a, b) = (b, k*a)", constants={"k": 3})
    a, b = np.meshgrid(np.arange(4.0), np.arange(5.0))
    assert np.array_equal(field(a, b), np.stack([b, 3 * a]))
    assert field.jacobian(a=a, b=b).shape == (2, 2, 5, 4) and field.variables == ("a", "b")
    with pytest.raises(TypeError, match="no variable 'x'"):
        field(x=1, b=2)
    again = pickle.loads(pickle.dumps(field))
    assert again(1, 2).tolist() == [2, 3] and "VectorField('(b, 3*a)')" == repr(again)
    assert VectorField("(y, x)")._repr_latex_().startswith("$")


def test_components_outlive_their_field():
    curl = VectorField("(-y^3, x^3)").curl
    assert str(curl) == "3*x^2 + 3*y^2" and curl(1, 2) == 15


def test_potentials():
    field = VectorField("(y*z + 1, x*z, x*y)")
    test = field.test_gradient()
    assert test.verdict == "yes" and test.everywhere and test.whole and test.difference is None
    point = (0.3, -2, 5)
    assert np.allclose(test.potential.gradient(*point), field(*point))
    assert np.allclose(field.potential().gradient(1, 2, 3), field(1, 2, 3))
    no = VectorField("(-y, x)").test_gradient()
    assert no.verdict == "no" and str(no.difference) == "2" and no.components == (0, 1) and no.potential is None
    hole = VectorField("(-y/(x^2+y^2), x/(x^2+y^2))").test_gradient()
    assert hole.verdict == "locally" and not hole.everywhere
    unknown = VectorField("(exp(-x^2), y)").test_gradient()
    assert unknown.verdict == "yes" and unknown.potential is None


def test_line_integrals():
    field = VectorField("(x - y^2, x*y)")
    t = np.linspace(0, np.pi, 20001)
    x, y = 2 * np.cos(t), np.sin(t)
    values = field((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2)
    work = field.work("(2cos(t), sin(t)), t=0:pi")
    assert float(work) == pytest.approx((values * [np.diff(x), np.diff(y)]).sum(), abs=1e-6)
    assert work.bounds[0] <= work.value <= work.bounds[1] and work.bounds[1] - work.bounds[0] < 1e-9
    flux = field.flux("(2cos(t), sin(t)), t=0:pi")
    assert flux.value == pytest.approx((values * [np.diff(y), -np.diff(x)]).sum(), abs=1e-6)
    assert work.integrand(1.0) == pytest.approx(float(field(2 * np.cos(1), np.sin(1)) @ [-2 * np.sin(1), np.cos(1)]))
    circle = VectorField("(-y, x)").work("(cos(t), sin(t)), t=0:2pi")
    assert str(circle.antiderivative) == "t" and circle.value == pytest.approx(2 * np.pi)


def test_errors():
    with pytest.raises(edgegrad.UsageError, match="after '\\+'"):
        VectorField("(x +, y)")
    with pytest.raises(edgegrad.UsageError):
        VectorField("x + y")
    with pytest.raises(edgegrad.UsageError, match="two or three components"):
        VectorField("(a, b, c, d)").curl
    with pytest.raises(edgegrad.UsageError):
        VectorField("(y, x)").work("(t, t, t), t=0:1")
    with pytest.raises(edgegrad.UsageError):
        VectorField("(y, x, z)").flux("(t, t, t), t=0:1")
    with pytest.raises(edgegrad.NegativeError, match="no value at 0"):
        VectorField("(1/x, y)").work("(t, t), t=-1:1")
