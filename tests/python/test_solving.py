# SPDX-License-Identifier: MIT
"""Solutions in a box: those of NumPy, of calculus, and honest lists of what is left."""
import numpy as np
import pytest

import edgegrad

HIMMELBLAU = "(x^2+y-11)^2 + (x+y^2-7)^2"


def test_critical_points():
    found = edgegrad.critical_points(HIMMELBLAU, {"x": (-5, 5), "y": (-5, 5)})
    assert found.complete and len(found) == 9 and not found.left and found.defined == "everywhere"
    f = edgegrad.Expression(HIMMELBLAU)
    for s in found:
        assert np.abs(f.gradient(*s.x)).max() < 1e-9
        assert np.allclose(np.linalg.eigvalsh(f.hessian(*s.x)), s.eigenvalues)
        lowest, highest = s.eigenvalues[0], s.eigenvalues[-1]
        assert s.verdict == ("minimum" if lowest > 0 else "maximum" if highest < 0 else "saddle")
    assert found.points.shape == (9, 2) and [s.verdict for s in found].count("minimum") == 4
    assert (3, 2) in [tuple(s.x) for s in found if s.exact]
    assert found.minimum.value == 0 and found.minimum.attained and len(found.minimum.places) == 4
    assert found.maximum.digits == "890" and found.maximum.places.tolist() == [[5, 5]]
    assert repr(found).startswith("9 in the box, proven to be all\n  (-3.779") and len(found[1:3]) == 2


def test_roots_of_a_polynomial_are_those_of_numpy():
    coefficients = [1, -3, -7, 12, 5, -2]
    text = " + ".join(f"({c})*x^{5 - i}" for i, c in enumerate(coefficients))
    found = edgegrad.roots(text, {"x": (-10, 10)})
    expected = np.roots(coefficients)
    expected = np.sort(expected[np.abs(expected.imag) < 1e-9].real)
    assert found.complete and np.allclose(found.points[:, 0], expected)
    assert found[0].verdict == "" and np.isnan(found[0].value) and found.minimum is None
    assert len(found[0].multipliers) == 0


def test_digits_and_exact_ends():
    found = edgegrad.roots("x^2 = 2", [(0, 2)], digits=40)
    assert found[0].digits == ("1.41421356237309504880168872420969807857",) and found[0].exact
    ends = edgegrad.roots("sin(x)", {"x": (0, "2pi")})
    assert np.allclose(ends.points[:, 0], [0, np.pi, 2 * np.pi]) and [s.border for s in ends] == [True, False, True]


def test_systems():
    found = edgegrad.roots(["x^2 + y^2 = 4", edgegrad.Expression("x*y - a", constants={"a": 1})],
                           {"x": (-3, 3), "y": (-3, 3)})
    assert found.complete and len(found) == 4
    x, y = found.points.T
    assert np.allclose(x**2 + y**2, 4) and np.allclose(x * y, 1)


def test_extrema_under_constraints():
    found = edgegrad.extrema("x*y", "x^2 + y^2 = 1", {"x": (-2, 2), "y": (-2, 2)})
    assert found.complete and np.allclose(np.abs(found.points), np.sqrt(0.5))
    for s in found:
        assert s.value == pytest.approx(s.x[0] * s.x[1]) and s.active == (0,)
        assert np.allclose([s.x[1], s.x[0]], s.multipliers[0] * 2 * s.x)  # grad f = lambda grad g
        assert s.verdict == ("maximum" if s.value > 0 else "minimum")
    inside = edgegrad.extrema("(x-1)^2 + y^2", ["x^2 + y^2 <= 4", "x >= 0"], {"x": (-3, 3), "y": (-3, 3)})
    assert any(np.allclose(s.x, [1, 0]) and s.active == () and s.verdict == "minimum" for s in inside)
    assert inside.minimum.value == 0 and inside.maximum.value == pytest.approx(5)
    assert all(s.x[0] >= -1e-9 for s in inside) and len(inside[0].multipliers) == 2


def test_what_is_left_is_told():
    found = edgegrad.critical_points("(x^2 + y^2 - 1)^2", {"x": (-2, 2), "y": (-2, 2)}, time=0.5)
    assert not found.complete and found.left and {p.kind for p in found.left} <= {"point", "curve", "part"}
    assert "of it may have more" in repr(found)
    (low, high), _ = found.left[0].box
    assert low <= high


def test_curves():
    circle = edgegrad.trace_curve("x^2 + y^2 = 1", {"x": (-2, 2), "y": (-2, 2)})
    assert circle.proven and circle.components == 1 and circle.closed == (True,) and not circle.nodes
    assert np.allclose(np.hypot(*circle.paths[0].T), 1, atol=1e-3)
    assert circle.paths[0][0].tolist() == circle.paths[0][-1].tolist()
    assert circle.plot().svg().startswith("<?xml")
    leaf = edgegrad.trace_curve("x^3 + y^3 - 3x*y", {"x": (-2, 2), "y": (-2, 2)})
    assert [n.half_branches for n in leaf.nodes] == [4] and np.allclose(leaf.nodes[0].x, 0) and leaf.nodes[0].singular


@pytest.mark.parametrize("call, message", [
    (lambda: edgegrad.roots("x^2 + y", {"x": (0, 1), "y": (0, 1)}), "equation"),
    (lambda: edgegrad.roots("x^2 = y +", {"x": (0, 1)}), r"after '\+'"),
    (lambda: edgegrad.critical_points("x + y", {"x": (0, 1)}), "no range of y"),
    (lambda: edgegrad.critical_points("x", [(0, 1), (0, 1)]), "box has 2 ranges"),
    (lambda: edgegrad.critical_points("x", {"x": (1, 0)}), "x"),
    (lambda: edgegrad.critical_points("x", {"x": "0:1"}), r"is \(low, high\)"),
    (lambda: edgegrad.critical_points("x", {"x": (0, 1)}, digits=0), "digits is 1 to"),
    (lambda: edgegrad.critical_points("x", {"x": (0, 1)}, time=-1), "time is above 0"),
    (lambda: edgegrad.extrema("x", [], {"x": (0, 1)}), "constraint"),
    (lambda: edgegrad.trace_curve("x^2 - 1", {"x": (0, 2)}), "two variables"),
])
def test_wrong_questions(call, message):
    with pytest.raises(edgegrad.UsageError, match=message):
        call()
