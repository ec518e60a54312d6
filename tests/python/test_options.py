# SPDX-License-Identifier: MIT
"""The functions have the options that the library lists by name, with the same choices."""
import inspect

import pytest

import edgegrad
from edgegrad import arrays, edge_detection, gradients, minimization, terrain_maps
from edgegrad._library import ffi, lib

FUNCTIONS = {"edges": [edgegrad.edges], "gradient": [edgegrad.gradient], "terrain": [edgegrad.terrain],
             "ground": [edgegrad.terrain], "contour": [edgegrad.contours], "lines": [edgegrad.lines],
             "boundary": [edgegrad.boundary_strength], "flux": [edgegrad.flux], "flow-path": [edgegrad.flow_path],
             "descent": [edgegrad.minimize]}


# Names of the library that are other arguments here, which have their unit in the value, or the name of the command.
ARGUMENTS = {"sigma-percent": "sigma", "min-length-percent": "min-length", "unit": "high", "paint": "overlay",
             "cell-x": "cell-size", "cell-y": "cell-size", "compat-gdal": "compat", "tri-method": "tri",
             "shading": "multidirectional", "seconds": "time", "schedule-factor": "schedule",
             "schedule-interval": "schedule", "give-up": "steps", "trial-evaluations": "steps"}
GROUND = {"border": "edges"}
TERRAIN = {"map": "maps", "unit": "unit"}


def texts(get):
    """Returns the texts of a function that ends with NULL."""
    found = []
    while get(len(found)) != ffi.NULL:
        found.append(ffi.string(get(len(found))).decode())
    return found


def named_options():
    for kind, functions in FUNCTIONS.items():
        kind = kind.encode()
        for index, name in enumerate(texts(lambda i: lib.eg_option_name(kind, i))):
            yield kind.decode(), name, texts(lambda i: lib.eg_option_choice(kind, index, i)), functions


def argument_of(kind, name):
    own = {"ground": GROUND, "terrain": TERRAIN}.get(kind, {})
    return own.get(name, ARGUMENTS.get(name, name)).replace("-", "_")


@pytest.mark.parametrize("kind, name, choices, functions", named_options())
def test_options(kind, name, choices, functions):
    for function in functions:
        assert argument_of(kind, name) in inspect.signature(function).parameters, f"{function.__name__} has no {name}"


@pytest.mark.parametrize("kind, name, table", [
    ("edges", "method", edge_detection.METHODS), ("edges", "ridges", edge_detection.RIDGES),
    ("edges", "auto", edge_detection.RULES), ("edges", "nms", edge_detection.SUPPRESSIONS),
    ("edges", "norm", gradients.NORMS), ("edges", "border", gradients.BORDERS), ("gradient", "map", gradients.MAPS),
    ("terrain", "map", terrain_maps.MAPS), ("terrain", "unit", terrain_maps.UNITS),
    ("terrain", "convention", terrain_maps.CONVENTIONS), ("terrain", "tri-method", terrain_maps.TRI),
    ("ground", "derivative", terrain_maps.DERIVATIVES), ("ground", "border", terrain_maps.BORDERS),
    ("ground", "crs", terrain_maps.SYSTEMS), ("flux", "crs", terrain_maps.SYSTEMS),
    ("read", "encoding", arrays.ENCODINGS), ("descent", "method", minimization.METHODS),
])
def test_words(kind, name, table):
    """Each word of a table sets what the library sets by the same word."""
    index = texts(lambda i: lib.eg_option_name(kind.encode(), i)).index(name)
    words = texts(lambda i: lib.eg_option_choice(kind.encode(), index, i))
    assert set(words) == set(table) - {"zt"}
