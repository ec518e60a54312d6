# SPDX-License-Identifier: MIT
"""Flux, streamlines and flow paths: NumPy's differences, the command, and surfaces whose paths are known."""
import json
import os
import subprocess

import numpy as np
import pytest

import edgegrad


@pytest.fixture
def hill():
    """x^2 / 2 + y^2 around the middle of 61 x 81 cells."""
    y, x = np.mgrid[-30:31, -40:41].astype(np.float64)
    return x**2 / 2 + y**2


def test_flux_is_the_gradient_of_numpy(hill):
    down, right = np.gradient(hill, edge_order=2)
    x, y, size = edgegrad.flux(hill, 3, ["x", "y", "magnitude"])
    assert x.dtype == np.float32 and np.allclose(x, -3 * right) and np.allclose(y, -3 * down)
    assert np.allclose(size, np.hypot(x, y), rtol=1e-6)
    metres, result = edgegrad.flux(hill, 3, "y", cell_size=(10, 20), return_result=True)
    assert np.allclose(metres, 3 * down / 20) and result.metres and result.cells == hill.size  # y to the north
    columns, rows = edgegrad.flux(hill, 3, ["columns", "rows"], cell_size=(10, 20))
    assert np.allclose(columns, -3 * right / 100) and np.allclose(rows, -3 * down / 400)


def test_conductivity_of_each_cell(hill):
    k = np.linspace(1, 2, hill.size).reshape(hill.shape)
    k[5, 5] = np.nan
    out = np.empty(hill.shape, np.float32)
    x = edgegrad.flux(hill, k, "x", out=out)
    assert x is out and np.isnan(x[5, 5]) and np.isnan(x).sum() == 1
    expected = -k * np.gradient(hill, edge_order=2)[1]
    assert np.allclose(x[~np.isnan(k)], expected[~np.isnan(k)])
    with pytest.raises(edgegrad.UsageError):
        edgegrad.flux(hill, k[1:])
    with pytest.raises(edgegrad.UsageError, match="cell_size"):
        edgegrad.flux(hill, cell_size=0)
    with pytest.raises(edgegrad.UsageError, match="part 'z'"):
        edgegrad.flux(hill, parts="z")


def test_flux_is_that_of_the_command(tmp_path, data):
    out = tmp_path / "flux.tif"
    subprocess.run([os.environ["EDGEGRAD"], "gradient", "--flux", "-k", "0.5", data / "hills.tif", out], check=True,
                   stdout=subprocess.DEVNULL)
    east = edgegrad.flux(data / "hills.tif", 0.5, "x")
    with pytest.warns(edgegrad.InputWarning, match="2 bands"):
        assert np.array_equal(edgegrad.read(out, values=True), east)


def test_streamlines_follow_the_field():
    y, x = np.mgrid[-40:41, -40:41].astype(np.float64)
    found = edgegrad.streamlines(-y, x, 6, magnitude=np.hypot(x, y))  # circles
    assert len(found) > 5
    for line in found:
        radius = np.hypot(*(line.points - 40).T)
        assert np.ptp(radius) < 0.1
        assert line.level == pytest.approx(radius.mean(), abs=0.5)
        a, b = line.points[0] - 40, line.points[1] - 40
        assert a[0] * b[1] - a[1] * b[0] > 0  # the direction of the field
    with pytest.raises(edgegrad.UsageError):
        edgegrad.streamlines(-y, x[1:], 6)
    with pytest.raises(edgegrad.UsageError, match="an array"):
        edgegrad.streamlines("field", x)


def test_flow_path_of_a_bowl(hill):
    path = edgegrad.flow_path(hill, (10, 20))
    assert path.end == "pit" and np.allclose(path.points[-1], [40, 30], atol=0.1)
    assert (np.diff(path.heights) <= 0).all() and not path.metres
    x, y = (path.points - [40, 30]).T
    assert np.allclose(y, -10 * (x / 30)**2, atol=0.02)  # dy/dx = 2y/x: y is proportional to x^2
    steps = np.hypot(*np.diff(path.points, axis=0).T)
    assert path.distances[-1] == pytest.approx(steps.sum())
    assert path.slopes[0] == pytest.approx(np.hypot(30, 20), rel=0.01)
    assert edgegrad.flow_path(-hill, (10, 20), uphill=True).end == "peak"
    assert edgegrad.flow_path(-hill, (38, 29)).end == "edge"
    assert edgegrad.flow_path(hill, (10, 20), steps=3).end == "steps" and path.plot().svg().startswith("<?xml")
    metres = edgegrad.flow_path(hill, (10, 20), cell_size=30)
    assert metres.metres and metres.distances[-1] > 20 * path.distances[-1]


def test_flow_path_is_that_of_the_command(tmp_path, data):
    out = tmp_path / "path.geojson"
    subprocess.run([os.environ["EDGEGRAD"], "descent", "--field", data / "hills.tif", "--from", "643015,5197585",
                    "--trace", out], check=True, stdout=subprocess.DEVNULL)
    path = edgegrad.flow_path(data / "hills.tif", (643015, 5197585), map_coordinates=True)
    assert path.points[0].tolist() == [100, 80] and path.end == "pit" and path.metres
    lines = [f for f in json.loads(out.read_text())["features"] if f["geometry"]["type"] == "LineString"]
    coordinates = np.array(lines[0]["geometry"]["coordinates"])[:, :2]
    own = tmp_path / "own.geojson"
    path.lines.save(own)
    saved = json.loads(own.read_text())["features"][0]["geometry"]["coordinates"]
    assert np.allclose(saved[0], coordinates[0], atol=1e-5) and np.allclose(saved[-1], coordinates[-1], atol=1e-5)


def test_missing_heights(tmp_path, hill):
    hill[:, :20] = np.nan
    assert edgegrad.flow_path(-hill, (30, 30.5)).end == "nodata"
    with pytest.raises(edgegrad.UsageError):
        edgegrad.flow_path(hill, (5, 5))
    with pytest.raises(edgegrad.BadInputError, match="3 x 3"):
        edgegrad.flow_path(hill[:2], (30, 1))
    with pytest.raises(edgegrad.UsageError, match="map_coordinates"):
        edgegrad.flow_path(hill, (30, 30), map_coordinates=True)


def test_missing_cells_of_bytes(tmp_path):
    """A raster of bytes names the value that is missing in its header."""
    (tmp_path / "a.hdr").write_text("nrows 4\nncols 5\nnbits 8\nnodata 9\nlayout bsq\n")
    (tmp_path / "a.bil").write_bytes(bytes(range(20)))
    values = edgegrad.read(tmp_path / "a.bil", values=True)
    assert values.dtype == np.float32 and np.isnan(values[1, 4]) and values[0, 3] == 3
