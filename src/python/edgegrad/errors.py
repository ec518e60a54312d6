# SPDX-License-Identifier: MIT
"""Exceptions and warnings. Each exception has the one-line message of the library, and its status as an attribute."""
from __future__ import annotations

__all__ = ["Error", "NegativeError", "UsageError", "BadInputError", "UnsupportedError", "FileError", "LimitError",
           "OutOfMemoryError", "InputWarning"]


class Error(Exception):
    """Base class of the exceptions of this package. `status` is the name of the library's status: "EG_USAGE" ..."""

    status = ""


class NegativeError(Error, ArithmeticError):
    """The computation ran and has no answer: it diverged, or did not converge (EG_NEGATIVE)."""

    status = "EG_NEGATIVE"


class UsageError(Error, ValueError):
    """An argument is out of range or contradicts another (EG_USAGE)."""

    status = "EG_USAGE"


class BadInputError(Error, ValueError):
    """An input is damaged, truncated or of an unknown format (EG_BAD_INPUT)."""

    status = "EG_BAD_INPUT"


class UnsupportedError(Error, NotImplementedError):
    """The input is valid, but this build cannot read it, or lacks a library (EG_UNSUPPORTED)."""

    status = "EG_UNSUPPORTED"


class FileError(Error, OSError):
    """The operating system failed to open, read, write or rename a file (EG_FILE)."""

    status = "EG_FILE"


class LimitError(Error, MemoryError):
    """A limit would be exceeded, such as 4 GB of memory or the length of an expression (EG_LIMIT_EXCEEDED)."""

    status = "EG_LIMIT_EXCEEDED"


class OutOfMemoryError(Error, MemoryError):
    """The system has no memory left (EG_NO_MEMORY)."""

    status = "EG_NO_MEMORY"


class InputWarning(UserWarning):
    """A remark of the library on an input, such as "image: is constant: there are no edges"."""


CLASSES = {c.status: c for c in (NegativeError, UsageError, BadInputError, UnsupportedError, FileError, LimitError,
                                 OutOfMemoryError)}
