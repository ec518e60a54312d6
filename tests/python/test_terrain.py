# SPDX-License-Identifier: MIT
"""Terrain maps: the numbers of the command, planes of a known slope."""
import numpy as np
import pytest

import edgegrad


@pytest.mark.parametrize("name, arguments, options", [
    ("slope", [], {}),
    ("slope", ["--unit", "percent", "--derivative", "zt"], {"unit": "percent", "derivative": "zt"}),
    ("slope", ["--edges", "extrapolate", "--z-factor", "2"], {"edges": "extrapolate", "z_factor": 2}),
    ("aspect", ["--convention", "trigonometric", "--flat", "-1"], {"convention": "trigonometric", "flat": -1}),
    ("hillshade", ["--azimuth", "225", "--altitude", "15"], {"azimuth": 225, "altitude": 15}),
    ("hillshade", ["--multidirectional", "--compat", "gdal"], {"multidirectional": True, "compat": "gdal"}),
    ("hillshade", ["--igor", "--azimuth", "90"], {"igor": True, "azimuth": 90}),
    ("hillshade", ["--combined", "--vertical-unit", "foot"], {"combined": True, "vertical_unit": "foot"}),
])
def test_maps_are_those_of_the_command(command, data, name, arguments, options):
    path = data / "hills.tif"
    nodata = [] if name == "hillshade" else ["--nodata", "nan"]
    expected = command(".tif", name, path, *nodata, *arguments)
    found = edgegrad.terrain(path, name, **options)
    if name == "hillshade":
        expected = np.where(np.isnan(expected), 0, expected).astype(np.uint8)
    assert np.array_equal(found, expected, equal_nan=found.dtype.kind == "f")


def test_arrays_have_the_maps_of_their_file(command, data, tmp_path):
    heights = edgegrad.read(data / "hills.tif", values=True)
    edgegrad.write(tmp_path / "plain.tif", heights)
    for name, function in (("slope", edgegrad.slope), ("aspect", edgegrad.aspect)):
        expected = command(".tif", name, tmp_path / "plain.tif", "--cell-size", "30,20", "--nodata", "nan")
        assert np.array_equal(function(heights, cell_size=(30, 20)), expected, equal_nan=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int32, np.uint8])
def test_a_plane_has_its_slope_and_aspect(dtype):
    y, x = np.mgrid[0:12, 0:10]
    plane = (3 * x + 4 * (11 - y)).astype(dtype)  # rises to the east by 3, to the north by 4
    slope, aspect = edgegrad.terrain(plane, ["slope", "aspect"], cell_size=5)
    assert np.allclose(slope[1:-1, 1:-1], 45) and np.isnan(slope[0]).all()
    assert np.allclose(aspect[1:-1, 1:-1], np.degrees(np.arctan2(-3, -4)) % 360)
    assert np.allclose(edgegrad.slope(plane, cell_size=5, unit="ratio", edges="extrapolate"), 1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.uint16, np.uint8, np.int32, ">f8", ">i2"])
def test_strides_do_not_change_the_result(dtype):
    y, x = np.mgrid[0:24, 0:31]
    dem = (100 + 20 * np.sin(x / 3) + 9 * np.cos(y * x / 40)).astype(dtype)
    for view in (dem, dem[::-1], dem[:, ::-1], dem[::2, ::3], dem.T, np.broadcast_to(dem[5], (9, 31))):
        copy = np.array(view, dtype=np.float64, order="C")
        found = edgegrad.terrain(view, ["slope", "hillshade", "tpi"], cell_size=3)
        for one, other in zip(found, edgegrad.terrain(copy, ["slope", "hillshade", "tpi"], cell_size=3)):
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        assert len(edgegrad.contours(view, 10)) == len(edgegrad.contours(copy, 10))


def test_masks_in_png_have_the_numbers_of_tiff(command, data, tmp_path):
    tiff, picture = (command(e, "slope", "--threshold", "20", data / "hills.tif") for e in (".tif", ".png"))
    with pytest.warns(UserWarning, match="has a colour palette; its indices are used"):
        numbers = edgegrad.read(tmp_path / "out.png", values=True)
    assert np.array_equal(numbers, tiff, equal_nan=True)
    assert set(np.unique(picture)) == {0, 128, 255}


def test_types_of_maps(data):
    hills = data / "hills.tif"
    assert edgegrad.hillshade(hills).dtype == np.uint8
    steep = edgegrad.slope(hills, threshold=20)
    assert steep.dtype == np.uint8 and set(np.unique(steep)) == {0, 1, 255}
    assert len(edgegrad.terrain(hills)) == 3
    assert edgegrad.terrain(hills, "d8").dtype == np.uint8


def test_missing_cells(data):
    y, x = np.mgrid[0:12, 0:10]
    plane = (3.0 * x + 4 * y)
    plane[5, 5] = np.nan
    slope = edgegrad.slope(plane, cell_size=5, nodata=-1)
    assert (slope[4:7, 4:7] == -1).all() and (slope != -1).sum() == 10 * 8 - 9


def test_errors(data):
    with pytest.raises(ValueError, match="unknown cell size; give cell_size"):
        edgegrad.slope(np.zeros((9, 9)))
    with pytest.raises(edgegrad.UsageError, match="unit 'grad' is not one of"):
        edgegrad.slope(np.zeros((9, 9)), unit="grad")
    with pytest.raises(edgegrad.BadInputError):
        edgegrad.slope(np.zeros((2, 2)), cell_size=1)
    with pytest.raises(ValueError, match="cell_size is above 0"):
        edgegrad.slope(np.zeros((9, 9)), cell_size=0)
    with pytest.raises(TypeError):
        edgegrad.slope(np.zeros((9, 9)), cellsize=1)
