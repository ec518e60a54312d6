# SPDX-License-Identifier: MIT
"""Lines of edges and contour lines: those of the command, circles, areas without gaps."""
import json
import os
import subprocess

import numpy as np
import pytest

import edgegrad


def geojson(path):
    return json.loads(path.read_text())["features"]


@pytest.fixture
def run(tmp_path):
    """Runs the command with a GeoJSON file, and returns its features."""
    def run(*arguments):
        out = tmp_path / "out.geojson"
        subprocess.run([os.environ["EDGEGRAD"], *map(str, arguments), str(out)], check=True)
        return geojson(out)
    return run


def test_lines_are_those_of_the_command(run, data):
    features = run(data / "scene.png", "--min-length", "3%", "--smooth", "1")
    for image in (data / "scene.png", edgegrad.read(data / "scene.png")):
        found = edgegrad.lines(image, min_length="3%", smooth=1)
        assert len(found) == len(features) > 5
        for line, feature in zip(found, features):
            assert np.allclose(line.points, feature["geometry"]["coordinates"], atol=1e-6)
    line = found[0]
    assert line.features.shape == (len(line.points),) and line.features["left"].shape == (len(line.points), 3)
    assert line.strength == pytest.approx(line.features["strength"].mean(), rel=0.2) and line.length > 20
    assert found.result.edge_pixels > 0 and found.shape == (480, 640) and len(found[:2]) == 2
    assert found._repr_svg_().count("<path") >= len(found) and "Lines" in repr(found)


def test_a_circle():
    y, x = np.mgrid[0:101, 0:101]
    image = np.clip(30 - np.hypot(x - 50, y - 49) + 0.5, 0, 1).astype(np.float32)
    circle, = edgegrad.lines(image, sigma=2)
    assert circle.closed and np.allclose(np.hypot(*(circle.points - [50, 49]).T), 30, atol=0.1)
    level, = edgegrad.contours(np.hypot(x - 50, y - 49), levels=[30])
    assert level.closed and level.level == 30 and np.allclose(np.hypot(*(level.points - [50, 49]).T), 30, atol=0.01)


def test_contours_are_those_of_the_command(run, data):
    path = data / "hills.tif"
    features = run("contour", path, "--interval", "100")
    found = edgegrad.contours(path, 100)
    assert len(found) == len(features) > 10
    for line, feature in zip(found, features):
        assert line.level == feature["properties"]["ELEV"]
        assert np.allclose(found.coordinates(line.points), feature["geometry"]["coordinates"], atol=1e-4)
    plain = edgegrad.contours(edgegrad.read(path, values=True), levels=[900, 1000])
    assert {line.level for line in plain} == {900, 1000}
    with pytest.raises(ValueError, match="no georeferencing"):
        plain.coordinates(plain[0].points)


def area(ring):
    x, y = ring.T
    return abs((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2


def test_areas_have_neither_gaps_nor_overlaps(data):
    heights = edgegrad.read(data / "hills.tif", values=True)
    areas = edgegrad.contours(heights, 50, fill=True)
    total = sum(area(a.rings[0]) - sum(map(area, a.rings[1:])) for a in areas)
    assert total == pytest.approx((heights.shape[0] - 1) * (heights.shape[1] - 1))
    assert all(a.low < a.high for a in areas) and "holes" in repr(areas[0])
    assert len(areas.plot().svg()) > 1000


@pytest.mark.parametrize("options, message", [
    ({}, "give interval=10 or levels"), ({"interval": 1, "levels": [1]}, "cannot be used together"),
    ({"interval": 0}, "interval"), ({"levels": []}, "level"),
])
def test_errors_of_contours(options, message):
    with pytest.raises(ValueError, match=message):
        edgegrad.contours(np.eye(9), **options)


def test_errors_of_lines(scene):
    with pytest.raises(ValueError, match="min_length 'long'"):
        edgegrad.lines(scene, min_length="long")
    with pytest.raises(ValueError):
        edgegrad.lines(scene, method="threshold", high=5)
    with pytest.warns(edgegrad.InputWarning):
        assert len(edgegrad.lines(np.zeros((9, 9), np.uint8))) == 0


@pytest.mark.parametrize("kind", ["geojson", "svg", "csv", "dxf"])
def test_files_of_lines_are_those_of_the_command(tmp_path, data, kind):
    found = {"edges": edgegrad.lines(data / "scene.png", min_length="3%"),
             "contour": edgegrad.contours(data / "hills.tif", 100)}
    arguments = {"edges": [data / "scene.png", "--min-length", "3%"],
                 "contour": [data / "hills.tif", "--interval", "100"]}
    for command, lines in found.items():
        expected, own = tmp_path / f"{command}.{kind}", tmp_path / f"own.{kind}"
        subprocess.run([os.environ["EDGEGRAD"], command, *map(str, arguments[command]), str(expected)], check=True)
        lines.save(own)
        assert own.read_bytes() == expected.read_bytes(), command


def test_files_of_areas_and_arrays(tmp_path, data, run):
    areas = edgegrad.contours(data / "hills.tif", levels=[900, 1000], fill=True)
    areas.save(tmp_path / "areas.geojson")
    assert geojson(tmp_path / "areas.geojson") == run("contour", data / "hills.tif", "--levels", "900,1000", "--fill")
    with pytest.raises(edgegrad.UsageError, match="no areas"):
        areas.save(tmp_path / "areas.dxf")
    heights = edgegrad.read(data / "hills.tif", values=True)
    plain = edgegrad.contours(heights, 100)
    plain.save(tmp_path / "plain.json", format="geojson", level_name="metres")
    first = geojson(tmp_path / "plain.json")[0]
    assert np.allclose(first["geometry"]["coordinates"], plain[0].points, atol=1e-6)
    assert first["properties"]["metres"] == plain[0].level
    plain.save(tmp_path / "located.geojson", georeference=data / "hills.tif")
    edgegrad.contours(data / "hills.tif", 100).save(tmp_path / "same.geojson")
    assert geojson(tmp_path / "located.geojson") == geojson(tmp_path / "same.geojson")
    with pytest.raises(edgegrad.UsageError, match="640 x 480"):
        plain.save(tmp_path / "none.geojson", georeference=data / "scene.png")
    with pytest.raises(edgegrad.UsageError):
        plain.save(tmp_path / "lines.txt")
    assert not (tmp_path / "none.geojson").exists() and "gpkg" in edgegrad.line_formats()
