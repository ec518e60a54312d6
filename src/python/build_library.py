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

# What the module has besides the header: callbacks in Python, and the functions of SOURCE.
OWN_DECLARATIONS = """
extern "Python" eg_status egpy_line(void *, const eg_line *, eg_error *);
extern "Python" eg_status egpy_area(void *, const eg_area *, eg_error *);
extern "Python" void egpy_step(void *, const eg_descent_step *);
extern "Python" eg_status egpy_objective(void *, const double *, double *, double *, double *, eg_error *);
const volatile sig_atomic_t *egpy_watch_interrupt(void);
eg_status egpy_hessians(const eg_expr *, const double *const *, size_t, double *, eg_error *);
void egpy_unwatch_interrupt(void);
eg_status egpy_function(void *, const double *, size_t, double *, eg_error *);
eg_status egpy_field(void *, const double *, const double *, size_t, double *, eg_error *);
"""

SOURCE = (HERE / "library.c").read_text()


def version():
    """Returns the version that the header states."""
    return re.search(r'EG_VERSION\s+"(.*)"', HEADER.read_text()).group(1)


def declarations():
    """Returns the declarations of the header, without comments, preprocessor lines and attributes."""
    text = re.sub(r"/\*.*?\*/", " ", HEADER.read_text(), flags=re.S)
    text = re.sub(r"^\s*#(?:.*\\\n)*.*$", "", text, flags=re.M)
    text = re.sub(r'extern "C" \{(.*)\}', r"\1", text, flags=re.S)
    return "typedef int sig_atomic_t;\n" + re.sub(r"EG_API\b|EG_PRINTF\([^)]*\)", "", text)


def make(*arguments):
    """Runs make in the checkout and returns what it prints."""
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    command = ["make", "--no-print-directory", "-C", str(TOP), f"BUILD={LIBRARY}", *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def pkg_config(option):
    """Returns the flags of the installed library."""
    return shlex.split(subprocess.run(["pkg-config", option, "edgegrad"], check=True, stdout=subprocess.PIPE,
                                      text=True).stdout)


def flags():
    """Returns the flags of the compiler and of the linker, after building the library if it is out of date."""
    if os.environ.get("EDGEGRAD_SHARED") == "1":
        return pkg_config("--cflags"), pkg_config("--libs")
    archive = LIBRARY / "libedgegrad.a"
    make(f"-j{os.cpu_count() or 1}", str(archive))
    # The names of the library stay inside the module.
    link = [str(archive), "-Wl,--exclude-libs,ALL"] + shlex.split(make("-s", "link-flags"))
    return [f"-I{HEADER.parent}"], link


def make_ffi():
    """Returns the description of the module."""
    ffi = FFI()
    ffi.cdef(declarations() + OWN_DECLARATIONS)
    compile_flags, link_flags = flags()
    ffi.set_source("edgegrad._library", SOURCE, extra_compile_args=compile_flags, extra_link_args=link_flags)
    return ffi
