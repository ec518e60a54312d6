# SPDX-License-Identifier: MIT
"""Minimisation and fits: textbook values, classes of ends, functions in Python."""
import numpy as np
import pytest

import edgegrad

ROSENBROCK = "(1-x)^2 + 100(y-x^2)^2"


@pytest.mark.parametrize("method", ["lbfgs", "newton", "bb", "line-search"])
def test_the_valley_of_rosenbrock(method):
    end = edgegrad.minimize(ROSENBROCK, (-1.2, 1), method=method, steps=20000)
    assert end.converged and end.outcome == "converged" and np.allclose(end.x, 1, atol=1e-6)
    assert end.path.shape == (end.steps + 1, 2) and end.values[0] == pytest.approx(24.2)
    assert end.method == method and end.verdict.startswith("minimum")
    assert repr(end).startswith("converged: ")


def test_start_by_name_and_maximum():
    end = edgegrad.minimize("4 - (a-1)^2 - b^2", {"b": 2, "a": 5}, maximize=True)
    assert end.converged and end.variables == ("a", "b") and np.allclose(end.x, [1, 0], atol=1e-7)
    assert end.value == pytest.approx(4)


def test_ends_that_are_no_minimum():
    saddle = edgegrad.minimize("x^2 - y^2", (1, 0), method="gd")
    assert not saddle.converged and saddle.outcome == "saddle"
    assert any("start=(0,0.01)" in r for r in saddle.remarks)
    assert edgegrad.minimize("x", 0.5, method="gd").outcome == "unbounded"
    assert edgegrad.minimize("x^4 + y^2", (1, 1), method="gd", steps=3).outcome == "unfinished"
    assert not edgegrad.minimize("exp(-x)", 1, method="gd").converged


def test_functions_in_python():
    def f(x):
        return float((x[0] - 3)**2 + 10 * (x[1] + 1)**2 + x[0] * x[1])

    def gradient(x):
        return [2 * (x[0] - 3) + x[1], 20 * (x[1] + 1) + x[0]]
    end = edgegrad.minimize(f, [0, 0], gradient=gradient)
    exact = np.linalg.solve([[2, 1], [1, 20]], [6, -20])
    assert end.converged and np.allclose(end.x, exact, atol=1e-7) and end.variables == ("x0", "x1")
    newton = edgegrad.minimize(f, [0, 0], gradient=gradient, hessian=lambda x: [[2, 1], [1, 20]], method="newton")
    assert newton.converged and newton.steps <= 3
    with pytest.raises(ZeroDivisionError):
        edgegrad.minimize(lambda x: 1 / 0, [1], gradient=lambda x: x)
    with pytest.raises(KeyboardInterrupt):
        edgegrad.minimize(f, [0, 0], gradient=interrupt)
    with pytest.raises(ValueError, match=r"gradient returned an array of the shape \(3,\) instead of \(2,\)"):
        edgegrad.minimize(f, [0, 0], gradient=lambda x: [1, 2, 3])
    with pytest.raises(ValueError, match="needs gradient="):
        edgegrad.minimize(f, [0, 0])


def interrupt(x):
    raise KeyboardInterrupt


@pytest.mark.parametrize("arguments, options, message", [
    ((ROSENBROCK, 1), {}, "2 variables: x, y"),
    ((ROSENBROCK, {"x": 1}), {}, "instead of x, y"),
    ((ROSENBROCK, (1, 1)), {"method": "bfgs"}, "method 'bfgs' is not one of"),
    ((ROSENBROCK, (1, 1)), {"schedule": "sometimes"}, "sometimes"),
    ((ROSENBROCK, (1, 1)), {"steps": -1}, "steps is a whole number"),
    (("log(x)", -1), {}, "start"),
    (("3", 1), {}, "no variables"),
])
def test_errors_of_minimize(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        edgegrad.minimize(*arguments, **options)


def test_plots_of_runs():
    assert edgegrad.minimize(ROSENBROCK, (-1.2, 1))._repr_svg_().lstrip().startswith("<?xml")
    assert edgegrad.minimize("(x-1)^2", 5).plot().png().startswith(b"\x89PNG")
    assert edgegrad.minimize("x^2+y^2+z^2", (1, 1, 1))._repr_svg_() is None


def line(n=20):
    x = np.arange(float(n))
    return {"x": x, "y": 2 * x + 1 + np.sin(7 * x) / 5, "name": np.array(["a"] * n)}


def test_a_line_has_the_formulas_of_regression():
    data = line()
    found = edgegrad.fit("a*x + b", data, "y")
    (a, b), covariance = np.polyfit(data["x"], data["y"], 1, cov="unscaled")
    residuals = data["y"] - a * data["x"] - b
    s = np.sqrt((residuals**2).sum() / 18)
    assert found.converged and found.outcome == "minimum" and found.freedom == 18 and found.points == 20
    assert found.parameters == pytest.approx({"a": a, "b": b}, rel=1e-10)
    assert found.errors == pytest.approx({"a": s * covariance[0, 0]**.5, "b": s * covariance[1, 1]**.5}, rel=1e-7)
    assert found.deviation == pytest.approx(s) and found.squares == pytest.approx((residuals**2).sum())
    assert np.allclose(found.covariance, s**2 * covariance)
    assert found.predict(3) == pytest.approx(3 * a + b)
    at = np.array([0.5, 30])
    error = s * np.sqrt(covariance[0, 0] * at**2 + 2 * covariance[0, 1] * at + covariance[1, 1])
    assert np.allclose(found.predict_error(x=at), error)
    assert repr(found).splitlines()[1].startswith("  a = 1.99")


def test_options_of_fits():
    data = line()
    sigma = np.full(20, 0.2)
    known = edgegrad.fit("a*x + b", data, "y", sigma=sigma)
    named = edgegrad.fit("a*x + b", {**data, "s": sigma}, "y", sigma="s")
    assert known.parameters == named.parameters and known.errors == named.errors
    halves = np.array([0.0] * 10 + [1.0] * 10)
    assert edgegrad.fit("a*x + b", data, "y", weights=halves).points == 10
    fixed = edgegrad.fit("a*x + b", data, "y", fix={"b": 1})
    assert list(fixed.parameters) == ["a"] and fixed.predict(0.0) == 1
    held = edgegrad.fit("a*x + b", data, "y", bounds={"a": (None, 1.5)})
    assert held.parameters["a"] == 1.5
    t = np.arange(9.0)
    decay = edgegrad.fit("c*exp(-k*t)", {"t": t, "z": 5 * np.exp(-t / 3) + np.sin(t) / 99}, "z", {"c": 1, "k": 1})
    assert decay.converged and decay.parameters["k"] == pytest.approx(1 / 3, rel=2e-2)


def test_structured_arrays_and_files(tmp_path):
    data = line()
    table = np.zeros(20, [("x", "f8"), ("y", "f4")])
    table["x"], table["y"] = data["x"], data["y"]
    first = edgegrad.fit("a*x + b", table, "y")
    (tmp_path / "t.csv").write_text("x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in table.tolist()))
    second = edgegrad.fit("a*x + b", tmp_path / "t.csv", "y")
    assert first.parameters == second.parameters and first.columns == second.columns == ("x",)
    with pytest.raises(FileNotFoundError):
        edgegrad.fit("a*x", tmp_path / "none.csv", "y")


@pytest.mark.parametrize("model, change, options, message", [
    ("a*x +", {}, {}, "expected"),
    ("a*x", {}, {"fix": {"q": 1}}, "q"),
    ("a*x", {}, {"start": {"q": 1}}, "'q' is no parameter"),
    ("a*x", {}, {"weights": [1, 2]}, "another length"),
    ("a*x", {"x": np.arange(3.0)}, {}, "differ in length"),
    ("a*x", {"x": np.array([np.nan] * 20)}, {}, "row 1 of column x is nan"),
    ("a*name", {}, {}, "name"),
    ("a*x", {"x": np.zeros((20, 2))}, {}, "one dimension"),
    ("x", {}, {}, "parameter"),
])
def test_errors_of_fits(model, change, options, message):
    with pytest.raises(ValueError, match=message):
        edgegrad.fit(model, {**line(), **change}, "y", **options)


def test_data_that_determine_nothing():
    found = edgegrad.fit("a*x + b*x", line(), "y", start={"a": 1, "b": 1})
    assert not found.converged and found.outcome == "undetermined" and "fix" in found.explanation
    assert np.isnan(found.errors["a"]) and "undetermined" in repr(found)
    assert found._repr_svg_() is not None
    assert edgegrad.fit("a*x + b", line(), "y").plot(level=0.9).png().startswith(b"\x89PNG")


def test_tables_of_pandas():
    pandas = pytest.importorskip("pandas")
    data = line()
    assert edgegrad.fit("a*x + b", pandas.DataFrame(data), "y").parameters == \
        edgegrad.fit("a*x + b", data, "y").parameters
