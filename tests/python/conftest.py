# SPDX-License-Identifier: MIT
"""What the tests of the Python package share. `make check-python` sets $EDGEGRAD, the command to compare with."""
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

import edgegrad

TOP = Path(__file__).resolve().parent.parent.parent
DATA = TOP / "testdata"


@pytest.fixture
def data():
    return DATA


@pytest.fixture
def command(tmp_path):
    """Runs the command with an output file of that extension, and returns the samples of the output."""
    program = os.environ.get("EDGEGRAD", str(TOP / "build" / "edgegrad"))

    def run(extension, *arguments):
        out = tmp_path / f"out{extension}"
        out.unlink(missing_ok=True)
        subprocess.run([program, *map(str, arguments), str(out)], check=True, stdout=subprocess.DEVNULL)
        return edgegrad.read(out, values=extension == ".tif")
    return run


@pytest.fixture
def scene():
    """A small image with edges in all directions."""
    y, x = np.mgrid[0:60, 0:80]
    return (120 + 100 * np.sin(x * y / 300) + 30 * (x > 40)).clip(0, 255).astype(np.uint8)
