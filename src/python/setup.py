# SPDX-License-Identifier: MIT
"""Builds the package; everything but the package itself is written to build/python of the checkout."""
import shutil
import sys
from pathlib import Path

from setuptools import setup

sys.dont_write_bytecode = True  # nothing is written into the sources
sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_library  # noqa: E402

build_library.BUILD.mkdir(parents=True, exist_ok=True)
for folder in build_library.BUILD.glob("lib*"):  # files of modules that are gone would be packed
    shutil.rmtree(folder)
setup(
    version=build_library.version(),
    cffi_modules=[f"{Path(__file__).resolve().parent / 'build_library.py'}:make_ffi"],
    options={
        "build": {"build_base": str(build_library.BUILD)},
        "build_ext": {"force": True},  # setuptools does not know that the library may have changed
        "egg_info": {"egg_base": str(build_library.BUILD)},
    },
)
