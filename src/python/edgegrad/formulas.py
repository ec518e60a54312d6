# SPDX-License-Identifier: MIT
"""The text of a function: how it is parsed, printed, and written as a program."""
from __future__ import annotations

from typing import Any, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar

from . import errors
from ._library import ffi, lib
from .operation import Operation, c_text, choose, text_of

__all__ = ["Formula", "make_options", "mark_place", "new_context", "raise_error"]

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


def raise_error(status: int, error: Any) -> None:
    """Raises the exception of a status, unless it is EG_OK."""
    if status == lib.EG_OK:
        return
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


class Formula:
    """A function of named variables as a text. Its values and derivatives are those of Expression."""

    def __init__(self, text: str, variables: Optional[Sequence[str]] = None,
                 constants: Optional[Mapping[str, float]] = None, *, threads: int = 0) -> None:
        self.text = str(text)
        self._arguments = (self.text, None if variables is None else tuple(variables), dict(constants or {}), threads)
        self._context = new_context(threads)
        options, kept = make_options(variables, constants)
        out, error, location = ffi.new("eg_expr **"), ffi.new("eg_error *"), ffi.new("eg_expr_location *")
        status = lib.eg_expr_parse(out, self._context, c_text(self.text), options, location, error)
        if status == lib.EG_USAGE:
            message = ffi.string(error.message).decode("utf-8", "replace")
            raise errors.UsageError(mark_place(self.text, location, message))
        raise_error(status, error)
        self._take(out[0])
        del kept

    def _take(self, handle: Any) -> None:
        """Owns an expression of the library, whose context must live longer."""
        def free(expression: Any, context: Any = self._context) -> None:
            lib.eg_expr_free(expression)
        self._handle = ffi.gc(handle, free)
        count = lib.eg_expr_variables(self._handle)
        self.variables: Tuple[str, ...] = tuple(ffi.string(lib.eg_expr_name(self._handle, i)).decode()
                                                for i in range(count))

    @classmethod
    def of_handle(cls: Type[Made], handle: Any, context: Any, threads: int = 0) -> Made:
        """Returns the owner of an expression that the library made in a context."""
        made = cls.__new__(cls)
        made._context = context
        made._take(handle)
        made.text = str(made)
        made._arguments = (made.text, made.variables, {}, threads)
        return made

    def _derived(self: Made, out: Any) -> Made:
        """Returns an expression that the library made of this one."""
        return self.of_handle(out[0], self._context, self._arguments[3])

    def __reduce__(self) -> Tuple[Any, ...]:
        text, variables, constants, _ = self._arguments
        return type(self), (text, variables, constants)

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
        parts: List[bytes] = []
        receiver, error = ffi.new_handle(parts), ffi.new("eg_error *")
        raise_error(lib.eg_expr_write_code(self._handle, kind, c_text(name), lib.egpy_text, receiver, error), error)
        return b"".join(parts).decode()


@ffi.def_extern(error=lib.EG_NO_MEMORY)
def egpy_text(opaque: Any, text: Any, size: int, error: Any) -> int:
    ffi.from_handle(opaque).append(ffi.buffer(text, size)[:])
    return int(lib.EG_OK)
