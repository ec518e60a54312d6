# SPDX-License-Identifier: MIT
"""Edges of images, slope and other maps of elevation models, gradients of functions.

    import edgegrad
    mask = edgegrad.canny(image)                          # edges, scale and thresholds chosen from the image
    steep = edgegrad.slope(dem, cell_size=30)             # degrees
    edgegrad.Expression("x^2 + y^2").gradient(x=1, y=1)   # array([2., 2.])

Arrays are NumPy's: images (height, width) or (height, width, 3). Options have the names of the command's, with _ for -.
docs/PYTHON.md has an example of everything.
"""
from ._library import ffi as _ffi, lib as _lib
from .arrays import read, write
from .edge_detection import EdgesResult, boundary, canny, edges
from .errors import (BadInputError, Error, FileError, InputWarning, LimitError, NegativeError, OutOfMemoryError,
                     UnsupportedError, UsageError)
from .expressions import Expression, functions
from .fitting import Fit, fit
from .flow_paths import FlowPath, flow_path
from .flux_maps import FluxResult, flux, streamlines
from .gradients import boundary_strength, gradient, sobel
from .line_files import line_formats
from .line_integrals import LineIntegral
from .lines import contours, lines
from .minimization import Minimum, minimize
from .operation import set_limits
from .plots import Plot
from .polylines import Area, EdgeLine, Line, Lines
from .solutions import Curve, Extreme, Left, Node, Solution, Solutions
from .solving import critical_points, extrema, roots, trace_curve
from .terrain_maps import aspect, hillshade, slope, terrain
from .vector_fields import GradientTest, VectorField

__all__ = [
    "Area", "aspect", "BadInputError", "boundary", "boundary_strength", "build_info", "canny", "contours",
    "critical_points", "Curve", "EdgeLine", "edges", "EdgesResult", "Error", "Expression", "extrema", "Extreme",
    "FileError", "fit", "Fit", "flow_path", "FlowPath", "flux", "FluxResult", "functions", "gradient",
    "GradientTest", "hillshade", "InputWarning", "Left", "LimitError", "Line", "line_formats", "LineIntegral",
    "Lines", "lines", "minimize", "Minimum", "NegativeError", "Node", "OutOfMemoryError", "Plot", "read", "roots",
    "set_limits", "slope", "sobel", "Solution", "Solutions", "streamlines", "terrain", "trace_curve",
    "UnsupportedError", "UsageError", "VectorField", "write",
]

__version__: str = _ffi.string(_lib.eg_version()).decode()


def build_info() -> str:
    """Returns the names and versions of the libraries in use, one a line."""
    return _ffi.string(_lib.eg_build_info()).decode()
