# SPDX-License-Identifier: MIT
"""A call of the library: its context, the objects that are closed at its end, and its error."""
from __future__ import annotations

import os
import re
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, Callable, List, Mapping, Optional, Tuple, Type

from . import errors
from ._library import ffi, lib

__all__ = ["Operation", "Progress", "c_text", "cancel_operation", "choose", "set_limits", "text_of"]

Progress = Callable[[int, int], object]  # of the rows done and of all rows

LIMITS = {"max_memory": 0, "max_side": 0, "max_pixels": 0, "max_chunk": 0, "max_scans": 0}


def set_limits(**limits: int) -> None:
    """Sets limits of all later calls, which hostile inputs cannot exceed; LimitError tells that one was.

    Args:
        max_memory: bytes that the library allocates in a call [4 GB].
        max_side, max_pixels: width and height, and their product [1000000, 2^32].
        max_chunk: bytes of a PNG chunk or JPEG marker [64 MB].
        max_scans: scans of a progressive JPEG [200].

    0 is the default. Raises UsageError for another name or a negative number.
    """
    for name, value in limits.items():
        if name not in LIMITS or value < 0:
            raise errors.UsageError(f"{name}={value} is no limit; limits are {', '.join(LIMITS)}, 0 or more")
    LIMITS.update(limits)


def python_names(message: str) -> str:
    """Returns a message with options of the command as arguments of functions: cell_size for --cell-size."""
    message = re.sub(r"--from (\S*[^\s:;,])", r"start=(\1)", message)
    message = re.sub(r"--(method|schedule) ([a-z][\w.:-]*\w)", r"\1='\2'", message)
    message = re.sub(r"--(\w+) ((?:\d|auto\b)[\d.e+-]*)", r"\1=\2", message)
    message = re.sub(r"--([a-z][a-z-]*) ([A-Z]{2,})\b", lambda m: m[1].replace("-", "_") + "=" + m[2], message)
    return re.sub(r"(?<!\S)(\(?)--([a-z][a-z-]*)", lambda m: m[1] + m[2].replace("-", "_"), message)


def choose(name: str, value: Any, table: Mapping[Any, Any]) -> Any:
    """Returns the constant that a word stands for.

    Raises UsageError if the word is not in the table; the message lists the words.
    """
    try:
        return table[value]
    except (KeyError, TypeError):
        raise errors.UsageError(f"{name} {value!r} is not one of {', '.join(map(repr, table))}") from None


def c_text(text: Any) -> bytes:
    """Returns a text, or a path, for a function of the library. Raises UsageError if it has a character 0."""
    data = os.fsencode(text) if isinstance(text, os.PathLike) else str(text).encode("utf-8", "surrogateescape")
    if b"\0" in data:
        raise errors.UsageError(f"{text!r} has a character 0")
    return data


def text_of(write: Callable[[Any, int], int]) -> str:
    """Returns the text that a function like snprintf() writes."""
    size = write(ffi.NULL, 0)
    if size == 0:
        return ""
    out = ffi.new("char[]", size + 1)
    write(out, size + 1)
    return ffi.string(out).decode("utf-8", "replace")


def levels_to_caller() -> int:
    """Returns the `stacklevel` of warnings that names the line outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and os.path.dirname(frame.f_code.co_filename) == os.path.dirname(__file__):
        level, frame = level + 1, frame.f_back
    return level


class Operation:
    """A context of the library for one call, used in a `with` statement, which closes what was made with it.

    On the main thread an interrupt (Ctrl-C) cancels the call, and KeyboardInterrupt is raised. `progress` is called
    with the rows done and all rows, on any thread; what it raises cancels the call, and is raised by it. The context of
    an operation with `cancels` False may outlive it: see Formula.
    """

    def __init__(self, threads: int = 0, name: str = "image", cancels: bool = True,
                 progress: Optional[Progress] = None) -> None:
        self.name = name  # what messages about arrays begin with
        self.error = ffi.new("eg_error *")
        self.context = ffi.NULL
        self.kept: List[Any] = []  # memory that the library refers to
        self.inputs: List[Any] = []  # arrays that it reads, which no result may overlap
        self.raised: Optional[BaseException] = None  # by a callback
        self._config = ffi.new("eg_config *")
        self._closers: List[Tuple[Callable[[Any], None], Any]] = []
        self._watches = cancels and threading.current_thread() is threading.main_thread()
        self._cancels = cancels  # a context that outlives the operation has no flag
        self._progress = progress
        self._flag = ffi.new("sig_atomic_t *")  # nonzero cancels; of the main thread: that of interrupts
        self._cancelled = False
        lib.eg_config_default(self._config)
        if not cancels:
            self._config.cancel = lib.egpy_interrupt_flag()
        if not 0 <= threads <= 1024:
            raise errors.UsageError(f"threads is 0 (one for each processor) to 1024, not {threads}")
        self._config.threads = threads
        for limit, value in LIMITS.items():
            if value > 0:
                setattr(self._config, limit, value)

    def __enter__(self) -> "Operation":
        try:
            if self._watches:
                self._flag = ffi.cast("sig_atomic_t *", lib.egpy_watch_interrupt())
            if self._cancels:
                self._config.cancel = self._flag
            if self._progress is not None:
                self._handle = ffi.new_handle(self)
                self._config.opaque = self._handle
                self._config.progress = lib.egpy_progress
            out = ffi.new("eg_context **")
            self.check(lib.eg_context_new(out, self._config, self.error))
            self.context = out[0]
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        """Closes everything, the newest first."""
        try:
            while self._closers:
                close, handle = self._closers.pop()
                close(handle)
            lib.eg_context_free(self.context)
            self.context = ffi.NULL
        finally:  # also after another interrupt
            if self._cancelled:
                self._flag[0] = 0  # which an operation around this one would see
            if self._watches:
                self._watches = False
                lib.egpy_unwatch_interrupt()

    def cancel(self, raised: BaseException) -> None:
        """Ends the call, from one of its callbacks: the call raises what the callback raised."""
        self.raised = self.raised or raised
        self._cancelled = True
        self._flag[0] = 1

    def advance(self, done: int, total: int) -> None:
        """Tells the caller how far the call is."""
        if self._progress is None or self.raised is not None:
            return
        try:
            self._progress(done, total)
        except BaseException as raised:  # pylint: disable=broad-except
            self.cancel(raised)

    def closing(self, close: Callable[[Any], None], handle: Any) -> Any:
        """Registers an object to be closed at the end, and returns it."""
        self._closers.append((close, handle))
        return handle

    def made(self, kind: str, close: Callable[[Any], None], make: Callable[..., int], *arguments: Any) -> Any:
        """Calls make(&object, arguments ..., error), and returns the object, which is closed at the end."""
        out = ffi.new(kind + " **")
        self.check(make(out, *arguments, self.error))
        return self.closing(close, out[0])

    def check(self, status: int, path: Optional[str] = None) -> None:
        """Raises the exception of a status, unless it is EG_OK."""
        if self.raised is not None:
            raise self.raised
        if status == lib.EG_OK:
            return
        message = python_names(ffi.string(self.error.message).decode("utf-8", "replace"))
        if status == lib.EG_CANCELLED:
            raise KeyboardInterrupt(message)
        name = ffi.string(ffi.cast("eg_status", status))
        if message.startswith(("has ", "is ")):  # of a source without a name
            message = f"{self.name} {message}"
        if name == "EG_FILE" and path is not None and not os.path.exists(path):
            raise MissingFileError(message)
        raise errors.CLASSES[name](message)

    def warn(self, source: Any) -> None:
        """Issues the library's remarks on a source as warnings."""
        index = 0
        while True:
            text = lib.eg_source_warning(source, index)
            if text == ffi.NULL:
                return
            message = python_names(ffi.string(text).decode("utf-8", "replace"))
            warnings.warn(f"{self.name}: {message}", errors.InputWarning, stacklevel=levels_to_caller())
            index += 1


class MissingFileError(errors.FileError, FileNotFoundError):
    """A file does not exist; also a FileNotFoundError."""


def cancel_operation(kind: Any, raised: BaseException, traceback: Any) -> None:
    """Ends the call whose callback was interrupted outside of its `try`: the `onerror` of callbacks.

    Their first argument, `opaque`, is the handle of an Operation, or of an object with an `operation`.
    """
    receiver = ffi.from_handle(traceback.tb_frame.f_locals["opaque"])
    getattr(receiver, "operation", receiver).cancel(raised)


@ffi.def_extern(onerror=cancel_operation)
def egpy_progress(opaque: Any, done: int, total: int) -> None:
    ffi.from_handle(opaque).advance(done, total)
