# SPDX-License-Identifier: MIT
"""Describes the extension module edgegrad._library to cffi, and builds the library that is linked into it.

The declarations are those of include/edgegrad.h, so that the module cannot differ from the library. Variables of the
environment:

    EDGEGRAD_BUILD   folder of the build, like BUILD of the Makefile [default: build]
    EDGEGRAD_SHARED  1: link the installed library, found by pkg-config, instead of one of this checkout
"""
import os
import re
import shlex
import subprocess
from pathlib import Path

from cffi import FFI

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
HEADER = TOP / "include" / "edgegrad.h"
LIBRARY = TOP / os.environ.get("EDGEGRAD_BUILD", "build")
BUILD = LIBRARY / "python"

if not HEADER.exists():
    raise SystemExit(f"{HEADER}: no such file: src/python is built inside a checkout of edgegrad, whose library it has")

# A constant of the preprocessor, and functions in Python that the library calls.
EXTRAS = """
static const uint32_t EG_REAL_NONE;
extern "Python" eg_status egpy_line(void *, const eg_line *, eg_error *);
extern "Python" eg_status egpy_area(void *, const eg_area *, eg_error *);
extern "Python" eg_status egpy_text(void *, const char *, size_t, eg_error *);
extern "Python" void egpy_step(void *, const eg_descent_step *);
extern "Python" void egpy_progress(void *, size_t, size_t);
extern "Python" void egpy_flow_path_point(void *, const eg_flow_path_point *);
extern "Python" eg_status egpy_objective(void *, const double *, double *, double *, double *, eg_error *);
"""

SOURCES = ["interrupt.c", "evaluation.c", "array_source.c"]  # beside the one that cffi writes


def version():
    """Returns the version that the header states."""
    return re.search(r'EG_VERSION\s+"(.*)"', HEADER.read_text()).group(1)


def declarations(header):
    """Returns the declarations of a header, without comments, preprocessor lines and attributes."""
    text = re.sub(r"/\*.*?\*/", " ", header.read_text(), flags=re.S)
    text = re.sub(r"^\s*#(?:.*\\\n)*.*$", "", text, flags=re.M)
    text = re.sub(r'extern "C" \{(.*)\}', r"\1", text, flags=re.S)
    return re.sub(r"EG_API\b|EG_PRINTF\([^)]*\)", "", text)


def make(*arguments):
    """Runs make in the checkout and returns what it prints."""
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    command = ["make", "--no-print-directory", "-C", str(TOP), f"BUILD={LIBRARY}", *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def pkg_config(option):
    """Returns the flags of the installed library."""
    return shlex.split(subprocess.run(["pkg-config", option, "edgegrad"], check=True, stdout=subprocess.PIPE,
                                      text=True).stdout)


def installed_flags():
    """Returns the flags of the installed library, whose header must be that of this checkout: the module's structures are
    those of the header."""
    installed = " ".join(pkg_config("--modversion"))
    if installed != version():
        raise SystemExit(f"EDGEGRAD_SHARED: edgegrad {installed} is installed, but this checkout is {version()}: "
                         "run make install, or leave EDGEGRAD_SHARED out")
    return pkg_config("--cflags"), pkg_config("--libs")


def flags():
    """Returns the flags of the compiler and of the linker, after building the library if it is out of date."""
    if os.environ.get("EDGEGRAD_SHARED") == "1":
        return installed_flags()
    archive = LIBRARY / "libedgegrad.a"
    make(f"-j{os.cpu_count() or 1}", str(archive))
    # The names of the library stay inside the module. Its lines for debuggers are three quarters of the size.
    link = [str(archive), "-Wl,--exclude-libs,ALL", "-Wl,--strip-debug"] + shlex.split(make("-s", "link-flags"))
    return [f"-I{HEADER.parent}"], link


def make_ffi():
    """Returns the description of the module."""
    ffi = FFI()
    ffi.cdef("typedef int sig_atomic_t;" + declarations(HEADER) + declarations(HERE / "module.h") + EXTRAS)
    compile_flags, link_flags = flags()
    compile_flags += [f"-I{HERE.parent}", "-std=gnu11", "-O3", "-ffp-contract=off", "-fvisibility=hidden"]
    ffi.set_source("edgegrad._library", '#include "python/module.h"', sources=SOURCES,
                   extra_compile_args=compile_flags, extra_link_args=link_flags)
    return ffi
