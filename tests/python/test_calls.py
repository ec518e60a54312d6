# SPDX-License-Identifier: MIT
"""Errors, threads and memory."""
import os
import resource
import threading

import numpy as np
import pytest

import edgegrad


def test_classes_of_errors(tmp_path, data, scene):
    with pytest.raises(FileNotFoundError) as missing:
        edgegrad.canny(tmp_path / "none.png")
    assert isinstance(missing.value, edgegrad.FileError) and missing.value.status == "EG_FILE"
    assert str(missing.value).startswith(str(tmp_path / "none.png") + ": ") and "\n" not in str(missing.value)
    (tmp_path / "text.png").write_text("no image")
    with pytest.raises(edgegrad.BadInputError) as bad:
        edgegrad.read(tmp_path / "text.png")
    assert isinstance(bad.value, ValueError)
    with pytest.raises(OSError):
        edgegrad.write(tmp_path / "no folder" / "a.png", scene)
    with pytest.raises(ValueError, match="sigma"):
        edgegrad.canny(scene, sigma=1e6)
    with pytest.raises(ValueError, match="threads is 0"):
        edgegrad.canny(scene, threads=-1)


def test_limits_are_memory_errors(scene):
    edgegrad.set_limits(max_memory=20000)
    try:
        with pytest.raises(MemoryError) as limit:
            edgegrad.canny(np.tile(scene, (10, 10)))
        assert isinstance(limit.value, edgegrad.LimitError)
    finally:
        edgegrad.set_limits(max_memory=0)
    edgegrad.canny(scene)
    with pytest.raises(ValueError, match="max_rows=1 is no limit"):
        edgegrad.set_limits(max_rows=1)


@pytest.mark.parametrize("options, message", [
    ({"method": "cany"}, "method 'cany' is not one of 'canny', 'boundary'"),
    ({"low": "3/px", "high": 5}, "different units"),
    ({"high": "much"}, "high 'much' is no threshold"),
    ({"high": -1}, "high -1 is no threshold"),
    ({"sigma": "5px"}, "sigma '5px'"),
    ({"density": 5, "high": 3}, "density and low or high"),
    ({"op": "gaussian", "compat": "opencv"}, "op 'gaussian' and compat cannot be used together"),
    ({"compat": "skimage", "norm": "l1"}, "compat 'skimage' and norm"),
    ({"method": "ridge", "op": "sobel3"}, "method 'ridge' and op"),
    ({"ridges": "dark"}, "ridges needs method 'ridge'"),
    ({"colour": "max", "op": "gaussian"}, "colour 'max'"),
    ({"aperture": 4}, "aperture 4 is not one of 3, 5, 7"),
    ({"method": "boundary", "norm": "l1"}, "method 'boundary' needs op 'gaussian', but norm takes"),
    ({"op": "nabla"}, "nabla"),
    ({"thickness": 99}, "31 pixels thick"),
])
def test_contradictions_are_refused(scene, options, message):
    with pytest.raises(edgegrad.UsageError, match=message):
        edgegrad.edges(scene, **options)


@pytest.mark.parametrize("image, message", [
    (np.zeros((0, 5), np.uint8), "no samples"), (np.zeros(5), "shape"), (np.zeros((4, 4, 2)), "shape"),
    (np.array([["a"]]), "samples of"),
])
def test_arrays_that_are_no_images(image, message):
    with pytest.raises(ValueError, match=message):
        edgegrad.canny(image)


def test_remarks_are_warnings():
    with pytest.warns(edgegrad.InputWarning, match="image: is constant") as caught:
        assert not edgegrad.edges(np.zeros((9, 9), np.uint8)).any()
        assert not edgegrad.canny(np.zeros((9, 9), np.uint8)).any()
    assert [w.filename for w in caught] == [__file__] * 2


def test_a_thousand_calls_keep_no_memory(scene):
    def run():
        for _ in range(500):
            edgegrad.canny(scene, low=50, high=99)
            edgegrad.sobel(scene)
            with pytest.raises(ValueError):
                edgegrad.edges(scene, thickness=99)
    run()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    files = len(os.listdir("/proc/self/fd"))
    run()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2048  # kB; leaked images: 4800
    assert len(os.listdir("/proc/self/fd")) == files


def test_threads_run_at_the_same_time_with_the_same_result(scene):
    image = np.tile(scene, (12, 12))
    expected = edgegrad.canny(image, threads=1)
    results = [None] * 4
    inside = []
    barrier = threading.Barrier(4)

    def work(i):
        barrier.wait()
        for _ in range(5):
            inside.append(i)
            results[i] = edgegrad.canny(image, threads=1 + i % 2)
    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert all(np.array_equal(r, expected) for r in results)
    assert inside != sorted(inside)  # the calls alternate, because they release the interpreter


@pytest.mark.parametrize("run", [
    lambda callback: edgegrad.minimize("(1-x)^2 + 100(y-x^2)^2", (-1.2, 1), callback=callback),
    lambda callback: edgegrad.fit("a*exp(-k*t)", {"t": np.arange(9.0), "z": np.exp(-np.arange(9.0) / 3)}, "z",
                                  start={"a": 3, "k": 1}, callback=callback)])
def test_steps_are_told_and_cancelled(run):
    seen = []
    end = run(lambda point, value: seen.append((point, value)))
    assert end.converged and len(seen) == end.steps + 1 and seen[0][0].shape == (2,) and seen[-1][1] < seen[0][1]

    def stop(point, value):
        seen.append(value)
        raise TimeoutError("enough")
    seen.clear()
    with pytest.raises(TimeoutError, match="enough"):
        run(stop)
    assert len(seen) == 1


def test_texts_end_where_they_end(tmp_path, scene):
    edgegrad.write(tmp_path / "a.png", scene)
    for call in (lambda: edgegrad.canny(str(tmp_path / "a.png") + "\0b"), lambda: edgegrad.Expression("x\0+1"),
                 lambda: edgegrad.gradient(scene, op="sobel3\0"), lambda: edgegrad.write("a\0.png", scene)):
        with pytest.raises(ValueError, match="character 0"):
            call()


def test_what_is_masked_is_missing(scene):
    mask = np.zeros(scene.shape, bool)
    mask[20:30, 20:30] = True
    missing = np.where(mask, np.nan, scene).astype(np.float32)
    masked = np.ma.MaskedArray(scene, mask)
    assert np.array_equal(edgegrad.sobel(masked), edgegrad.sobel(missing), equal_nan=True)
    assert np.array_equal(edgegrad.edges(masked, high="3/px"), edgegrad.edges(missing, high="3/px", white_level=255))
    assert np.array_equal(edgegrad.edges(np.ma.MaskedArray(scene)), edgegrad.edges(scene))
    assert np.array_equal(edgegrad.slope(masked, cell_size=1), edgegrad.slope(missing, cell_size=1), equal_nan=True)
    assert np.isnan(edgegrad.Expression("x")(np.ma.MaskedArray([1.0, 2.0], [False, True])))[1]


def test_a_result_may_not_overwrite_the_input(scene):
    image = scene.copy()
    with pytest.raises(ValueError, match="overlaps"):
        edgegrad.canny(image, out=image)
    with pytest.raises(ValueError, match="overlaps"):
        edgegrad.canny(image[:-1], out=image[1:])
    assert np.array_equal(image, scene)
    both = np.hstack([scene, scene])
    assert np.array_equal(edgegrad.canny(both[:, :80], out=both[:, 80:]), edgegrad.canny(scene))
    with pytest.raises(ValueError, match="white_level is above 0"):
        edgegrad.canny(scene, white_level=-1)


CALLS = [(edgegrad.canny, {}), (edgegrad.sobel, {}), (edgegrad.boundary_strength, {}), (edgegrad.lines, {}),
         (edgegrad.contours, {"interval": 20}), (edgegrad.slope, {"cell_size": 1}), (edgegrad.flux, {})]


@pytest.mark.parametrize("function, options", CALLS)
def test_progress(scene, function, options):
    image = np.tile(scene, (8, 4))
    seen = []
    function(image, progress=lambda done, total: seen.append((done, total)), **options)
    assert seen and all(total == seen[0][1] >= len(image) for _, total in seen)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen) and seen[-1][0] <= seen[-1][1]


@pytest.mark.parametrize("function, options", CALLS)
def test_progress_cancels(scene, function, options):
    image = np.tile(scene, (8, 4))
    calls = []

    def stop(done, total):
        calls.append(done)
        raise RuntimeError("enough")
    for run in (lambda: function(image, progress=stop, **options),
                lambda: in_thread(lambda: function(image, progress=stop, **options))):
        with pytest.raises(RuntimeError, match="enough"):
            run()
    assert len(calls) == 2
    function(image, **options)  # not cancelled by the flag of the calls before


def in_thread(call):
    """Makes a call on another thread, and raises here what it raises."""
    raised = []

    def run():
        try:
            call()
        except BaseException as error:
            raised.append(error)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def test_a_call_inside_of_progress(scene):
    """What a callback computes, and cancels, does not cancel the call around it."""
    image = np.tile(scene, (8, 4))
    tried = []

    def stop(done, total):
        raise RuntimeError("inner")

    def inner(done, total):
        try:
            edgegrad.canny(scene, progress=stop)
        except RuntimeError:
            tried.append(done)
    found = edgegrad.canny(image, progress=inner, threads=1)
    assert tried and np.array_equal(found, edgegrad.canny(image))
