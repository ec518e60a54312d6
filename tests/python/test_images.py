# SPDX-License-Identifier: MIT
"""Edges and gradients: the bytes of the command and of OpenCV, arrays without copies, strides."""
import tracemalloc

import numpy as np
import pytest

import edgegrad


def address(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("arguments, options", [
    ([], {}),
    (["--sigma", "2", "--high", "6/px"], {"sigma": 2, "high": "6/px"}),
    (["--sigma", "0.5%", "--density", "4"], {"sigma": "0.5%", "density": 4}),
    (["--low", "40", "--high", "110"], {"low": 40, "high": 110}),
    (["--method", "boundary"], {"method": "boundary"}),
    (["--method", "ridge", "--ridges", "dark"], {"method": "ridge", "ridges": "dark"}),
    (["--threshold", "9/px", "--thickness", "3", "--invert"],
     {"method": "threshold", "high": "9/px", "thickness": 3, "invert": True}),
    (["--op", "scharr", "--norm", "l1", "--nms", "interpolated", "--colour", "max"],
     {"op": "scharr", "norm": "l1", "nms": "interpolated", "colour": "max"}),
    (["--compat", "opencv", "--low", "60", "--high", "150", "--aperture", "5"],
     {"compat": "opencv", "low": 60, "high": 150, "aperture": 5}),
    (["--compat", "skimage"], {"compat": "skimage"}),
    (["--auto", "median", "--border", "reflect"], {"auto": "median", "border": "reflect"}),
])
def test_edges_are_those_of_the_command(command, data, arguments, options):
    for name in ("scene.png", "small/rgb16.png", "small/rgba.png", "small/grey16.png"):
        path = data / name
        if name != "scene.png" and (options.get("method") == "boundary" or options.get("sigma") == "0.5%"):
            continue  # the others are small
        expected = command(".png", path, *arguments)
        assert np.array_equal(edgegrad.edges(path, **options), expected), name
        image = edgegrad.read(path)
        white = 65535 if "16" in name else None
        assert np.array_equal(edgegrad.edges(image, white_level=white, **options), expected), name
        if image.ndim == 3:
            interleaved = np.ascontiguousarray(image[:, :, ::-1])
            assert np.array_equal(edgegrad.edges(interleaved, channels="bgr", white_level=white, **options), expected)


def test_edges_of_a_jpeg(command, data):
    for options in ({}, {"sigma": 0, "high": 80}):
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        expected = command(".png", data / "scene.jpg", *arguments)
        assert np.array_equal(edgegrad.edges(data / "scene.jpg", **options), expected)
        image = edgegrad.read(data / "scene.jpg", colour=not options)  # its grey is stored, see docs/PYTHON.md
        assert np.array_equal(edgegrad.edges(image, **options), expected)


@pytest.mark.parametrize("picture", ["noise", "shapes", "ties"])
@pytest.mark.parametrize("aperture, low, high", [(3, 110, 320), (5, 1500, 4200), (7, 24000, 66000)])
@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_canny_is_that_of_opencv(data, picture, aperture, low, high, norm):
    golden = edgegrad.read(data / f"canny/{picture}-cv-{aperture}-{norm}-{low}-{high}.pbm")
    image = edgegrad.read(data / f"canny/{picture}.ppm")
    found = edgegrad.canny(image, low=low, high=high, compat="opencv", aperture=aperture, norm=norm)
    assert np.array_equal(found == 255, golden == 0)


@pytest.mark.parametrize("sigma, low, high", [(0, 40, 110), (1, 10, 30), (1.4, 10, 60), (2, 10, 30)])
def test_canny_is_that_of_skimage(data, sigma, low, high):
    golden = edgegrad.read(data / f"canny/blobs-skimage-{sigma}-{low}-{high}.pbm")
    found = edgegrad.canny(edgegrad.read(data / "canny/blobs.pgm"), sigma, low, high, compat="skimage")
    assert np.array_equal(found == 255, golden == 0)


def test_canny_is_that_of_an_installed_opencv(data, scene):
    cv2 = pytest.importorskip("cv2")
    colours = cv2.imread(str(data / "scene.png"))
    for image in (scene, colours):
        expected = cv2.Canny(image, 80, 160)
        assert np.array_equal(edgegrad.canny(image, low=80, high=160, compat="opencv", channels="bgr"), expected)


def test_canny_is_that_of_an_installed_skimage(scene):
    feature = pytest.importorskip("skimage.feature")
    expected = feature.canny(scene, sigma=1.5, low_threshold=10, high_threshold=30, mode="nearest")
    assert np.array_equal(edgegrad.canny(scene, 1.5, 10, 30, compat="skimage") != 0, expected)


def test_the_result_tells_the_thresholds(scene):
    mask, result = edgegrad.canny(scene, return_result=True)
    assert result.automatic and not result.flat and result.edge_pixels == (mask == 255).sum() > 0
    again = edgegrad.canny(scene, result.sigma, f"{result.low!r}/px", f"{result.high!r}/px")
    assert np.array_equal(mask, again)


@pytest.mark.parametrize("name", ["magnitude", "x", "y", "direction", "laplacian", "log", "dog", "hessian-det",
                                  "hessian-max", "hessian-min", "coherence"])
def test_gradient_maps_are_those_of_the_command(command, data, name):
    path = data / "small/grey.png"
    expected = command(".tif", "gradient", path, "--map", name)
    assert np.array_equal(edgegrad.gradient(edgegrad.read(path), name), expected)


@pytest.mark.parametrize("arguments, options", [
    (["--op", "farid"], {"op": "farid"}),
    (["--op", "gaussian", "--sigma", "1.5"], {"op": "gaussian", "sigma": 1.5}),
    (["--op", "scharr", "--colour", "max", "--norm", "l1"], {"op": "scharr", "colour": "max", "norm": "l1"}),
    (["--border", "constant", "--border-value", "9", "--sigma", "2"],
     {"border": "constant", "border_value": 9, "sigma": 2}),
    (["--thin"], {"thin": True}),
])
def test_options_of_gradient_are_those_of_the_command(command, data, arguments, options):
    image = edgegrad.read(data / "small/rgb.png")
    expected = command(".tif", "gradient", data / "small/rgb.png", *arguments)
    assert np.array_equal(edgegrad.gradient(image, **options), expected)


def test_integer_maps(command, data):
    path = data / "small/grey.png"
    image = edgegrad.read(path)
    for depth, dtype in ((8, np.uint8), (16, np.uint16)):
        found = edgegrad.gradient(image, "x", depth=depth)
        assert found.dtype == dtype
        assert np.array_equal(found, command(".png", "gradient", path, "--map", "x", "--depth", depth))
    crossings = edgegrad.gradient(image, "log", zero_crossings=True)
    assert set(np.unique(crossings)) == {0, 255}
    strength = edgegrad.boundary_strength(path)
    assert np.array_equal(strength, command(".tif", "gradient", path, "--map", "boundary"))


def test_several_maps_in_one_pass(scene):
    x, y = edgegrad.gradient(scene, ["x", "y"])
    assert np.array_equal(x, edgegrad.sobel(scene, axis=1)) and np.array_equal(y, edgegrad.sobel(scene, axis=0))
    assert np.allclose(np.hypot(x, y), edgegrad.sobel(scene), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64, ">f4", ">u2"])
def test_a_ramp_has_its_slope(dtype):
    y, x = np.mgrid[0:20, 0:30]
    image = (3 * x + 2 * y).astype(dtype)
    dx, dy = edgegrad.gradient(image, ["x", "y"])
    assert (dx[1:-1, 1:-1] == 3).all() and (dy[1:-1, 1:-1] == 2).all()


def peak_of(call):
    """Returns the bytes that NumPy and Python allocate during a call, besides its result."""
    call()
    tracemalloc.start()
    try:
        result = call()
        return tracemalloc.get_traced_memory()[1] - result.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("shape, view", [
    ((600, 800), lambda a: a), ((600, 900), lambda a: a[:, 50:850]), ((1200, 800), lambda a: a[::2]),
    ((800, 600), lambda a: a.T), ((600, 800), lambda a: a[::-1, ::-1]), ((600, 1600), lambda a: a[:, ::2]),
    ((600, 800, 3), lambda a: a), ((600, 800, 4), lambda a: a), ((3, 600, 800), lambda a: a.transpose(1, 2, 0)),
])
@pytest.mark.parametrize("dtype", [np.uint8, np.bool_, np.uint16, np.float32, np.float64])
@pytest.mark.filterwarnings("ignore:image. has floats")
def test_no_image_is_copied(shape, view, dtype):
    image = view((np.indices(shape).sum(axis=0) % 251).astype(dtype))
    assert image.shape[:2] == (600, 800)
    for colour in ("max", "grey"):
        assert peak_of(lambda: edgegrad.edges(image, low=9, high=20, colour=colour)) < 50_000
    assert np.array_equal(edgegrad.edges(image, low=9, high=20, colour="max"),
                          edgegrad.edges(np.array(image, order="C"), low=9, high=20, colour="max"))


def test_strides_do_not_change_the_result(scene):
    for view in (scene[::2, ::2], scene[::-1], scene[:, ::-1], scene.T, np.asfortranarray(scene), scene[3:4],
                 scene[:, :1], np.repeat(scene[:1], 9, axis=0), np.broadcast_to(scene[:1], (9, 80))):
        copy = np.array(view, order="C")
        assert np.array_equal(edgegrad.sobel(view), edgegrad.sobel(copy))
        assert np.array_equal(edgegrad.canny(view, low=50, high=99), edgegrad.canny(copy, low=50, high=99))
    colours = np.stack([scene, scene[::-1], scene[:, ::-1]], axis=2)
    reference = edgegrad.canny(colours)
    assert np.array_equal(reference, edgegrad.canny(np.stack(np.moveaxis(colours, 2, 0)).transpose(1, 2, 0)))
    assert np.array_equal(reference, edgegrad.canny(np.dstack([colours, scene])))


def test_results_go_into_memory_of_the_caller(scene):
    out = np.full((60, 100), 7, np.uint8)
    view = out[:, 10:90]
    before = address(view)
    result = edgegrad.canny(scene, out=view)
    assert result is view and address(result) == before
    assert np.array_equal(view, edgegrad.canny(scene)) and (out[:, :10] == 7).all() and (out[:, 90:] == 7).all()
    for wrong in (out, view.astype(np.float32), np.asfortranarray(view), [1]):
        with pytest.raises(ValueError, match="out must be"):
            edgegrad.canny(scene, out=wrong)
    fixed = np.zeros((60, 80), np.uint8)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="writeable"):
        edgegrad.canny(scene, out=fixed)


def test_booleans_and_missing_samples(scene):
    mask = scene > 120
    assert np.array_equal(edgegrad.canny(mask), edgegrad.canny(np.uint8(mask) * 255))
    image = scene.astype(np.float32) / 255
    image[20:30, 20:30] = np.nan
    magnitude = edgegrad.sobel(image)
    assert np.isnan(magnitude[20:30, 20:30]).all() and np.isfinite(magnitude[:15]).all()
    assert not edgegrad.canny(image)[20:30, 20:30].any()


def test_files_and_arrays_round_trip(tmp_path, scene):
    for name, array in (("a.png", scene), ("b.tif", scene.astype(np.float32)), ("c.png", scene.astype(np.uint16) * 9),
                        ("d.png", np.dstack([scene, scene, scene[::-1]]))):
        edgegrad.write(tmp_path / name, array)
        assert np.array_equal(edgegrad.read(tmp_path / name), array)
    grey = edgegrad.read(tmp_path / "d.png", colour=False)
    assert grey.shape == scene.shape and grey.dtype == np.uint8


def test_the_formulas_of_other_programs(scene):
    dy, dx = np.gradient(scene.astype(float))
    y, x = edgegrad.gradient(scene, ["y", "x"], op="central")
    assert np.array_equal(x[:, 1:-1], dx[:, 1:-1]) and np.array_equal(y[1:-1], dy[1:-1])
    a = scene.astype(int)
    columns = a[:, 2:] - a[:, :-2]
    sobel_x = columns[:-2] + 2 * columns[1:-1] + columns[2:]
    assert np.array_equal(8 * edgegrad.sobel(scene, axis=1)[1:-1, 1:-1], sobel_x)


def test_colours_are_those_of_the_command(command, data):
    path = data / "scene.png"
    image = edgegrad.read(path)
    red = edgegrad.edges(image, overlay=(255, 0, 0), thickness=3)
    assert red.shape == image.shape and red.flags.c_contiguous
    assert np.array_equal(red, command(".png", path, "--overlay", "#ff0000", "--thickness", "3"))
    hues = np.zeros((480, 700, 3), np.uint8)[:, 20:660]
    edgegrad.edges(path, colourize="direction", out=hues)
    assert np.array_equal(hues, command(".png", path, "--colourize", "direction"))
    found = edgegrad.gradient(image, op="gaussian", colourize="direction", scale=3)
    assert np.array_equal(found, command(".png", "gradient", path, "--op", "gaussian", "--colourize", "direction",
                                         "--scale", "3"))
    with pytest.raises(ValueError, match="overlay is red, green and blue"):
        edgegrad.edges(image, overlay="red")
    with pytest.raises(ValueError, match="cannot be used together"):
        edgegrad.edges(image, overlay=(1, 2, 3), colourize="direction")
    with pytest.raises(ValueError, match="colours of direction"):
        edgegrad.gradient(image, colourize="direction", depth=16)
