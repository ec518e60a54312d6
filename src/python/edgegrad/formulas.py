# SPDX-License-Identifier: MIT
"""The text of a function: how it is parsed, printed, and written as a program."""
from __future__ import annotations

import threading
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar

from . import errors
from ._library import ffi, lib
from .operation import Operation, c_text, cancel_operation, choose, text_of

__all__ = ["Formula", "call", "make_options", "mark_place", "new_context", "parse"]

Made = TypeVar("Made", bound="Formula")


def new_context(threads: int) -> Any:
    """Returns a context that lives as long as it is referred to."""
    with Operation(threads, cancels=False) as op:
        context, op.context = op.context, ffi.NULL
    return ffi.gc(context, lib.eg_context_free)


def mark_place(text: str, location: Any, message: str) -> str:
    """Returns the message of a text that cannot be parsed, with the place in it."""
    place = text.encode()[location.offset:location.offset + location.length].decode("utf-8", "replace")
    before = len(text.encode()[:location.offset].decode("utf-8", "replace"))
    shown = repr(text if len(text) <= 80 else text[:77] + "...")
    return f"{message} (at {place!r}, character {before + 1} of {shown})" if place else f"{message} ({shown})"


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls function(arguments ..., error) of the library, and raises the exception of its status.

    On the main thread an interrupt (Ctrl-C) cancels the call. The contexts of formulas have one flag, so that it also
    cancels calls of other threads, which are made again.
    """
    watches = threading.current_thread() is threading.main_thread()
    while True:
        error = ffi.new("eg_error *")
        try:
            if watches:
                lib.egpy_watch_interrupt()
            status = function(*arguments, error)
        finally:
            if watches:
                lib.egpy_unwatch_interrupt()
        if watches or status != lib.EG_CANCELLED:
            raise_error(status, error)
            return


def raise_error(status: int, error: Any) -> None:
    """Raises the exception of a status, unless it is EG_OK."""
    if status == lib.EG_OK:
        return
    if status == lib.EG_CANCELLED:
        raise KeyboardInterrupt
    name = ffi.string(ffi.cast("eg_status", status))
    raise errors.CLASSES.get(name, errors.Error)(ffi.string(error.message).decode("utf-8", "replace"))


def make_options(variables: Optional[Sequence[str]], constants: Optional[Mapping[str, float]]) -> Tuple[Any, List[Any]]:
    """Returns eg_expr_options for names, and the memory that it refers to."""
    options = ffi.new("eg_expr_options *")
    options.form = lib.EG_FORM_DEFINITION
    kept: List[Any] = []
    if variables is not None:
        kept += [ffi.new("char[]", c_text(name)) for name in variables]
        kept.append(ffi.new("char *[]", kept[:len(variables)]))
        options.names = kept[-1]
        options.name_count = len(variables)
    bindings = ffi.new("eg_binding[]", len(constants or {}))
    for binding, (name, value) in zip(bindings, (constants or {}).items()):
        kept.append(ffi.new("char[]", c_text(name)))
        binding.name = kept[-1]
        binding.value = float(value)
    options.bindings = bindings
    options.binding_count = len(bindings)
    kept.append(bindings)
    return options, kept


def freeing(free: Callable[[Any], None], *used: Any) -> Callable[[Any], None]:
    """Returns a function that frees an object, and keeps until then what it uses."""
    kept: List[Any] = list(used)

    def destroy(handle: Any) -> None:
        free(handle)
        kept.clear()
    return destroy


def parse(kind: str, free: Callable[[Any], None], context: Any, text: str, options: Any, function: Callable[..., int],
          owner: Any) -> Any:
    """Returns the object of a type of the library that function(&object, owner, text, options, ...) makes of a text."""
    out, location, error = ffi.new(kind + " **"), ffi.new("eg_expr_location *"), ffi.new("eg_error *")
    status = function(out, owner, c_text(text), options, location, error)
    if status == lib.EG_USAGE:
        raise errors.UsageError(mark_place(text, location, ffi.string(error.message).decode("utf-8", "replace")))
    raise_error(status, error)
    return ffi.gc(out[0], freeing(free, context, owner))


class Formula:
    """A function of named variables as a text. Its values and derivatives are those of Expression."""

    def __init__(self, text: str, variables: Optional[Sequence[str]] = None,
                 constants: Optional[Mapping[str, float]] = None, *, threads: int = 0) -> None:
        self.text = str(text)
        self._arguments = (self.text, None if variables is None else tuple(variables), dict(constants or {}))
        self._context = new_context(threads)
        options, kept = make_options(variables, constants)
        self._take(parse("eg_expr", lib.eg_expr_free, self._context, self.text, options, lib.eg_expr_parse,
                         self._context))
        del kept

    def _take(self, handle: Any) -> None:
        """Takes an expression of the library, which is freed with its owner."""
        self._handle = handle
        count = lib.eg_expr_variables(handle)
        self.variables: Tuple[str, ...] = tuple(ffi.string(lib.eg_expr_name(handle, i)).decode() for i in range(count))

    @classmethod
    def of_handle(cls: Type[Made], handle: Any, context: Any) -> Made:
        """Returns the owner of an expression that the library made in a context."""
        made = cls.__new__(cls)
        made._context = context
        made._take(ffi.gc(handle, freeing(lib.eg_expr_free, context)))
        made.text = str(made)
        made._arguments = (made.text, made.variables, {})
        return made

    @classmethod
    def copy_of(cls: Type[Made], handle: Any, context: Any) -> Made:
        """Returns the owner of a copy of an expression of the library."""
        count = lib.eg_expr_variables(handle)
        options, kept = make_options([ffi.string(lib.eg_expr_name(handle, i)).decode() for i in range(count)], None)
        out, same = ffi.new("eg_expr **"), ffi.new("eg_expr *[]", [ffi.NULL] * max(count, 1))
        call(lib.eg_expr_substitute, out, handle, same, options)
        del kept
        return cls.of_handle(out[0], context)

    def _derived(self: Made, out: Any) -> Made:
        """Returns an expression that the library made of this one."""
        return self.of_handle(out[0], self._context)

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), self._arguments

    def __str__(self) -> str:
        return text_of(lambda out, size: lib.eg_expr_print(self._handle, out, size))

    def __repr__(self) -> str:
        return f"Expression({str(self)!r})"

    def latex(self) -> str:
        """Returns the simplified expression as LaTeX for math mode, with the commands of amsmath."""
        return text_of(lambda out, size: lib.eg_expr_print_latex(self._handle, out, size))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def code(self, language: str = "python", name: str = "f") -> str:
        """Returns the text of a program that computes the value and the gradient, without this library.

        Args:
            language: "python": a module for NumPy with NAME(x, ...) and NAME_gradient(x, ...); "c": the function
                double NAME(double x, ..., double gradient[n]).
            name: of the function.

        Raises:
            UsageError: the name is not possible, or the language lacks a function of the formula. LimitError: more than
            100000 operations.
        """
        kind = choose("language", language, {"python": lib.EG_LANGUAGE_PYTHON, "c": lib.EG_LANGUAGE_C})
        with Operation() as op:
            receiver = Text(op)
            op.check(lib.eg_expr_write_code(self._handle, kind, c_text(name), lib.egpy_text, receiver.handle, op.error))
        return b"".join(receiver.parts).decode()


class Text:
    """Receives a text from the library."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.parts: List[bytes] = []
        self.handle = ffi.new_handle(self)


@ffi.def_extern(error=lib.EG_CANCELLED, onerror=cancel_operation)
def egpy_text(opaque: Any, text: Any, size: int, error: Any) -> int:
    ffi.from_handle(opaque).parts.append(ffi.buffer(text, size)[:])
    return int(lib.EG_OK)
