# SPDX-License-Identifier: MIT
"""Arrays of all types, strides and shapes: the result of the plain one, or one clear error."""
import warnings

import numpy as np
import pytest

import edgegrad

FUNCTIONS = {
    "edges": lambda a: edgegrad.edges(a, low="2/px", high="5/px"),
    "sobel": edgegrad.sobel,
    "boundary_strength": edgegrad.boundary_strength,
    "lines": lambda a: np.concatenate(list(edgegrad.lines(a).paths())),
}
VALUES = {
    "slope": lambda a: edgegrad.slope(a, cell_size=10),
    "contours": lambda a: np.concatenate(list(edgegrad.contours(a, 20).paths())),
    "flux": lambda a: edgegrad.flux(a, a, "magnitude"),
    "flow_path": lambda a: edgegrad.flow_path(a, (5, 5)).points,
    "streamlines": lambda a: np.concatenate(list(edgegrad.streamlines(a, a, 9).paths())),
    "expression": edgegrad.Expression("x^2 - x"),
}


def spread(array):
    """Returns an equal array with gaps between samples."""
    wide = np.zeros((2 * array.shape[0], 3 * array.shape[1]), array.dtype)
    wide[::2, ::3] = array
    return wide[::2, ::3]


def unaligned(array):
    return np.frombuffer(b"\0" + array.tobytes(), array.dtype, offset=1).reshape(array.shape)


def read_only(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS = [spread, np.asfortranarray, lambda a: np.ascontiguousarray(a[::-1, ::-1])[::-1, ::-1], unaligned, read_only,
           lambda a: a.astype(a.dtype.newbyteorder(">")), np.ma.MaskedArray, lambda a: a.view(np.matrix)]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_layouts(scene, dtype, layout):
    image = scene.astype(dtype)
    functions = VALUES if dtype in (np.float32, np.float64) else {**FUNCTIONS, **VALUES}
    for name, function in functions.items():
        assert np.array_equal(function(layout(image)), function(image), equal_nan=True), name


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64, np.uint32, np.float16, np.longdouble, list])
def test_types_of_values(scene, dtype):
    half = scene // 2
    values = half.tolist() if dtype is list else half.astype(dtype)
    for name, function in VALUES.items():
        assert np.array_equal(function(values), function(half), equal_nan=True), name


def test_types_of_images(scene):
    for dtype in (np.float16, np.longdouble, ">f4"):
        assert np.array_equal(edgegrad.sobel(scene.astype(dtype)), edgegrad.sobel(scene))
    for wrong in (scene.astype(np.int64), scene.tolist()):
        with pytest.raises(edgegrad.UsageError, match="not int64: convert it, to np.uint8 if"):
            edgegrad.canny(wrong)
    assert np.array_equal(edgegrad.canny(scene[:, :, np.newaxis]), edgegrad.canny(scene))


@pytest.mark.parametrize("wrong, message", [
    (None, "is None"), ([[1, 2], [3]], "is no array"), (np.zeros((4, 4), complex), "complex128"),
    (np.zeros((4, 4), "M8[s]"), "datetime64"), (np.zeros((4, 4), [("a", "f4")]), "'a'"), (b"abc", "S3"), ({}, "."),
])
def test_no_numbers(wrong, message):
    for function in (*FUNCTIONS.values(), *VALUES.values(), lambda a: edgegrad.write("a.png", a),
                     lambda a: edgegrad.flux(np.eye(4), a)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(edgegrad.UsageError, match=message):
                function(wrong)


def test_colours_are_no_values(scene):
    for function in VALUES.values():
        if not isinstance(function, edgegrad.Expression):
            with pytest.raises(edgegrad.UsageError, match="colours|an array"):
                function(np.dstack([scene] * 3))


def test_messages_name_the_array(scene):
    with pytest.raises(ValueError, match="^the potential has 80 x 60 cells, but the conductivities have 3 x 3$"):
        edgegrad.flux(scene, np.eye(3))


def test_floats_beyond_white_are_told(scene):
    floats = scene.astype(np.float32)
    absolute = (lambda a, **o: edgegrad.canny(a, low=50, high=99, **o), lambda a, **o: edgegrad.canny(a, high="9/px", **o),
                edgegrad.boundary, edgegrad.boundary_strength, lambda a, **o: edgegrad.edges(a, overlay=(1, 2, 3), **o),
                lambda a, **o: edgegrad.lines(a, high="9/px", **o), lambda a, **o: edgegrad.gradient(a, depth=8, **o),
                lambda a, **o: edgegrad.gradient(a, op="gaussian", **o),
                lambda a, **o: edgegrad.canny(a, compat="skimage", **o))
    for function in absolute:
        with pytest.warns(edgegrad.InputWarning, match="image: has floats up to .* white_level=255") as caught:
            function(floats)
        assert [w.filename for w in caught] == [__file__]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            function(floats / 255)
            function(floats, white_level=255)
            function(257 * scene.astype(np.uint16))
            edgegrad.canny(floats)
            edgegrad.canny(floats, high="90%")
            edgegrad.sobel(floats)


def test_what_files_hold(tmp_path, scene):
    edgegrad.write(tmp_path / "a.png", scene > 99)
    assert np.array_equal(edgegrad.read(tmp_path / "a.png"), np.where(scene > 99, 255, 0))
    edgegrad.write(tmp_path / "a.tif", scene.astype(np.float16))
    assert np.array_equal(edgegrad.read(tmp_path / "a.tif", values=True), scene)
    edgegrad.write(tmp_path / "b.png", scene[:, :, np.newaxis])
    assert np.array_equal(edgegrad.read(tmp_path / "b.png"), scene)
    for wrong in (scene.astype(float), scene.astype(int)):
        with pytest.raises(ValueError, match=r"not \(.*\) of .*64: convert it, for example image.astype"):
            edgegrad.write(tmp_path / "c.png", wrong)
    for wrong in (np.dstack([scene] * 4), np.zeros((0, 3), np.uint8)):
        with pytest.raises(ValueError, match="of uint8$"):
            edgegrad.write(tmp_path / "c.png", wrong)
    assert not (tmp_path / "c.png").exists()
