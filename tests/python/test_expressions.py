# SPDX-License-Identifier: MIT
"""Expressions against closed forms: values, gradients, Hessians, formulas, text."""
import pickle
import threading

import numpy as np
import pytest

import edgegrad
from edgegrad import Expression


def test_values_gradients_and_hessians_at_a_point():
    f = Expression("x^2 + y^2")
    assert f(1, 2) == 5 and isinstance(f(1, 2), float)
    assert f.gradient(x=1, y=1).tolist() == [2, 2]
    assert f.hessian(1, y=3).tolist() == [[2, 0], [0, 2]]
    assert f.variables == ("x", "y")


@pytest.mark.parametrize("text, value, derivative", [
    ("sin(x)*exp(-x/3)", lambda x: np.sin(x) * np.exp(-x / 3),
     lambda x: (np.cos(x) - np.sin(x) / 3) * np.exp(-x / 3)),
    ("x^3/(1+x^2)", lambda x: x**3 / (1 + x**2), lambda x: (3 * x**2 + x**4) / (1 + x**2)**2),
    ("atan(2x) + 5", lambda x: np.arctan(2 * x) + 5, lambda x: 2 / (1 + 4 * x**2)),
    ("log(x^2 + 1) - |x - 9|", lambda x: np.log(x**2 + 1) - abs(x - 9), lambda x: 2 * x / (x**2 + 1) + 1),
])
def test_arrays_against_closed_forms(text, value, derivative):
    f = Expression(text)
    x = np.linspace(-4, 4, 999).reshape(27, 37)
    assert np.allclose(f(x), value(x), rtol=1e-14, atol=1e-15)
    assert f.gradient(x).shape == (1, 27, 37)
    assert np.allclose(f.gradient(x)[0], derivative(x), rtol=1e-13, atol=1e-14)
    assert np.allclose(f.derivative()(x), derivative(x), rtol=1e-13, atol=1e-14)


def test_coordinates_are_broadcast():
    f = Expression("x*y + z")
    x, y = np.arange(4.0), np.arange(3.0)[:, None]
    assert np.array_equal(f(x, y, 1), x * y + 1)
    gx, gy, gz = f.gradient(x=x, y=y, z=1)
    assert gx.shape == (3, 4) and np.array_equal(gx, y + 0 * x) and np.array_equal(gy, x + 0 * y) and (gz == 1).all()
    hessian = f.hessian(x, y, 0)
    assert hessian.shape == (3, 3, 3, 4) and (hessian[0, 1] == 1).all() and (hessian[0, 0] == 0).all()
    assert f(np.empty(0), 1, 1).shape == (0,)
    assert f(np.arange(8)[::2], 1, 0).tolist() == [0, 2, 4, 6]
    assert np.isnan(Expression("log(x)")(-1.0)) and Expression("1/x")(0) == np.inf
    assert Expression("2+3")() == 5


def test_formulas():
    f = Expression("x^2*y + sin(2x)")
    assert str(f) == "x^2*y + sin(2*x)" and repr(f) == "Expression('x^2*y + sin(2*x)')"
    assert [str(d) for d in f.derivatives] == ["2*x*y + 2*cos(2*x)", "x^2"]
    assert str(f.derivative("x").derivative("y")) == "2*x"
    assert str(f.substitute(x="t/2", y=3.0)) == str(Expression("3*(t/2)^2 + sin(t)"))
    assert str(f.substitute(y=Expression("t - 1"))) == str(Expression("x^2*(t - 1) + sin(2x)", ["x", "t"]))
    assert str(Expression("a*x", constants={"a": 2.5})) == "2.5*x"
    assert Expression("y - x", ["y", "x"])(5, 3) == 2
    assert str(Expression("f(b, a) = a - b")) == "a - b" and Expression("f(b, a) = a - b").variables == ("b", "a")
    assert "sin" in edgegrad.functions() and edgegrad.functions()["hypot"].startswith("x, y: ")


def test_bounds_enclose():
    assert Expression("x^2 + y").bounds(x=(-1, 2), y=1) == (1, 5)
    low, high = Expression("sin(x)/x").bounds((1, 2))
    x = np.linspace(1, 2, 99)
    assert low <= (np.sin(x) / x).min() and high >= (np.sin(x) / x).max()


def test_latex():
    f = Expression("x^2/(y+1)")
    assert f.latex() == r"\frac{x^{2}}{y + 1}" and f._repr_latex_() == r"$\displaystyle \frac{x^{2}}{y + 1}$"
    assert r"\sqrt" in Expression("alpha*sqrt(x)").latex()


def test_code_computes_the_same():
    f = Expression("x^2*y + sin(x*y)")
    module = {}
    exec(f.code(name="wave"), module)
    x, y = np.linspace(-2, 2, 50), 0.7
    assert np.allclose(module["wave"](x, y), f(x, y), rtol=1e-14)
    assert np.allclose(module["wave_gradient"](x, y), f.gradient(x, y), rtol=1e-14)
    assert "double wave(double x, double y" in f.code("c", "wave")
    with pytest.raises(ValueError, match="language 'rust' is not one of"):
        f.code("rust")
    with pytest.raises(ValueError):
        f.code(name="2f")


def test_errors_name_the_place():
    with pytest.raises(edgegrad.UsageError, match=r"expected .* not '\*' \(at '\*', character 5 of 'x \+ \* y'\)"):
        Expression("x + * y")
    with pytest.raises(ValueError):
        Expression("")
    with pytest.raises(ValueError, match="'y'"):
        Expression("x*y", ["x"])
    with pytest.raises(ValueError, match=r"nested deeper .*\(\.\.\.'\)$"):
        Expression("(" * 300 + "x" + ")" * 300)
    f = Expression("x*y")
    for point, named, message in (((1,), {}, "'y' .* is missing"), ((1, 2, 3), {}, "2 variables, but 3"),
                                  ((1,), {"x": 2, "y": 2}, "given twice"), ((), {"x": 1, "z": 1}, "no variable 'z'")):
        with pytest.raises(TypeError, match=message):
            f(*point, **named)
    with pytest.raises(ValueError, match="no variable 't'"):
        f.derivative("t")
    with pytest.raises(ValueError, match="shape"):
        f(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="one or two"):
        Expression("x*y*z").plot()
    with pytest.raises(ValueError, match="two ascending numbers"):
        Expression("x").plot(x=(2, 1))


def test_expressions_are_values():
    f = Expression("a*x^2", ["x"], {"a": 3})
    assert pickle.loads(pickle.dumps(f))(2) == 12
    assert pickle.loads(pickle.dumps(f.derivative()))(2) == 12
    results = []
    threads = [threading.Thread(target=lambda: results.append(f(np.arange(1e5)).sum())) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(set(results)) == 1 and len(results) == 4
    derivative = Expression("x^3").derivative()  # outlives the expression that it was made of
    assert derivative(2) == 12


def test_plots_have_a_picture(tmp_path):
    graph, levels = Expression("1/x").plot(x=(-3, 3)), Expression("x^2 - y^2").plot(width=300, height=200)
    assert graph._repr_svg_().lstrip().startswith("<?xml") and levels._repr_png_().startswith(b"\x89PNG")
    for name in ("a.png", "b.svg", "c.pdf"):
        levels.save(tmp_path / name)
    assert edgegrad.read(tmp_path / "a.png").shape == (200, 300, 3)
    with pytest.raises(ValueError, match="written as .svg"):
        levels.save(tmp_path / "d.jpg")
