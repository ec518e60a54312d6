# SPDX-License-Identifier: MIT
# The extension module, which cffi makes from include/edgegrad.h.
from typing import Any

ffi: Any
lib: Any
