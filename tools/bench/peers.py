# SPDX-License-Identifier: MIT
"""Versions of the programs and libraries that are compared."""

import json
import re

from expression_cases import python_with
from measure import Failed, run
from table import first_program


def first_line(argv):
    """Returns the first line that a program prints; None if it is missing or fails."""
    if argv is None or argv[0] is None:
        return None
    try:
        code, out, _ = run([str(a) for a in argv], seconds=60)
    except (OSError, Failed):
        return None
    lines = out.splitlines()
    return lines[0].strip() if lines and code == 0 else None


def number_in(line):
    """Returns the version number in a line, or the whole line if it has none."""
    found = re.search(r"\d+(\.\d+)+(-\d+)?", line or "")
    return found.group() if found else line


def python_version(module):
    return [python_with(module), "-c", f"import {module}; print({module}.__version__)"]


def versions(programs, edgegrad):
    """Returns the versions by name; programs that are not installed are left out."""
    opencv = programs / "run_opencv"
    programs_of = {
        "edgegrad": [edgegrad, "--version"],
        "OpenCV": [opencv, "version"] if opencv.exists() else None,
        "GDAL": [first_program("gdaldem"), "--version"],
        "libvips": [first_program("vips"), "--version"],
        "ImageMagick": [first_program("magick", "convert-im6.q16", "convert"), "-version"],
        "GraphicsMagick": [first_program("gm"), "-version"],
        "NumPy": python_version("numpy"),
        "mpmath": python_version("mpmath"),
    }
    found = {name: number_in(first_line(argv)) for name, argv in programs_of.items()}
    libraries = json.loads(first_line([programs / "floors", "versions"]) or "{}")
    return {name: text for name, text in (found | libraries).items() if text}
