# SPDX-License-Identifier: MIT
"""Formulas as LaTeX, from the text that the library writes."""
from __future__ import annotations

import re
from typing import List, Tuple

__all__ = ["to_latex"]

# A formula and how tightly its outermost operation binds: 0 comparison, 1 sum, 2 product, 3 power, 4 anything closed.
Piece = Tuple[str, int]
COMPARISON, SUM, PRODUCT, POWER, CLOSED = range(5)

GREEK = set("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
            "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split())
FUNCTIONS = {"sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan",
             "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", "log": r"\ln", "log2": r"\log_{2}",
             "log10": r"\log_{10}", "min": r"\min", "max": r"\max", "gamma": r"\Gamma"}
BRACKETS = {"abs": (r"\left|", r"\right|"), "floor": (r"\left\lfloor ", r"\right\rfloor"),
            "ceil": (r"\left\lceil ", r"\right\rceil"), "sqrt": (r"\sqrt{", "}"), "cbrt": (r"\sqrt[3]{", "}")}
COMPARISONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
TOKEN = re.compile(r"\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\w+|<=|>=|==|!=|[-+*/^(),<>])")


def number(text: str) -> Piece:
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text, CLOSED
    power = f"10^{{{int(exponent)}}}"
    return (power, POWER) if mantissa == "1" else (rf"{mantissa} \cdot {power}", PRODUCT)


def name(text: str) -> str:
    """Returns a variable: Greek by its name, digits and what follows "_" below the line."""
    found = re.fullmatch(r"(.*?[^\W\d_])_?(\d+|(?<=_)\w+)?", text)
    base, index = (found[1], found[2]) if found else (text, None)
    base = "\\" + base if base in GREEK else base if len(base) == 1 else rf"\mathrm{{{base}}}".replace("_", r"\_")
    index = (index or "").replace("_", r"\_")
    index = index if len(index) == 1 or index.isdigit() else rf"\mathrm{{{index}}}"
    return f"{base}_{{{index}}}" if found and found[2] else base


def closed(piece: Piece, least: int) -> str:
    """Returns a formula, in parentheses if it binds less tightly than `least`."""
    return piece[0] if piece[1] >= least else rf"\left({piece[0]}\right)"


class Parser:
    """Reads the tokens of a formula by recursive descent, and returns pieces."""

    def __init__(self, text: str) -> None:
        self.tokens: List[str] = []
        position = 0
        while position < len(text.rstrip()):
            found = TOKEN.match(text, position)
            if not found:
                raise ValueError(text[position:])
            self.tokens.append(found[1])
            position = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """Returns the next token if it is one of those wanted, else ""."""
        token = self.peek()
        if token not in wanted:
            return ""
        self.at += 1
        return token

    def comparison(self) -> Piece:
        left = self.sum()
        operator = self.take(*COMPARISONS)
        if not operator:
            return left
        return f"{closed(left, SUM)} {COMPARISONS[operator]} {closed(self.sum(), SUM)}", COMPARISON

    def sum(self) -> Piece:
        left = self.product()
        while True:
            operator = self.take("+", "-")
            if not operator:
                return left
            right = self.product()
            left = f"{closed(left, SUM)} {operator} {closed(right, PRODUCT if operator == '-' else SUM)}", SUM

    def product(self) -> Piece:
        if self.take("-"):
            return f"-{closed(self.product(), PRODUCT)}", SUM
        left = self.sign()
        while True:
            operator = self.take("*", "/")
            if not operator:
                return left
            right = self.sign()
            if operator == "/":
                left = rf"\frac{{{left[0]}}}{{{right[0]}}}", CLOSED
            else:
                before, after = closed(left, PRODUCT), closed(right, POWER)
                left = f"{before} {times(after)}{after}", PRODUCT

    def sign(self) -> Piece:
        if self.take("-"):
            return f"-{closed(self.sign(), PRODUCT)}", SUM
        return self.power()

    def power(self) -> Piece:
        base = self.atom()
        if not self.take("^"):
            return base
        return f"{closed(base, CLOSED)}^{{{self.sign()[0]}}}", POWER

    def atom(self) -> Piece:
        token = self.peek()
        self.at += 1
        if token == "(":
            inside = self.comparison()
            self.expect(")")
            return inside
        if token[:1].isdigit() or token[:1] == ".":
            return number(token)
        if not token or not (token[0].isalpha() or token[0] == "_"):
            raise ValueError(token)
        return self.call(token) if self.take("(") else (name(token), CLOSED)

    def call(self, function: str) -> Piece:
        arguments = [self.comparison()[0]]
        while self.take(","):
            arguments.append(self.comparison()[0])
        self.expect(")")
        if function in BRACKETS:
            return arguments[0].join(BRACKETS[function]), CLOSED
        if function == "exp":
            return f"e^{{{arguments[0]}}}", POWER
        called = FUNCTIONS.get(function) or r"\operatorname{%s}" % function.replace("_", r"\_")
        return rf"{called}\left({', '.join(arguments)}\right)", CLOSED

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise ValueError(self.peek())


def times(right: str) -> str:
    """Returns the sign of a product before `right`: a dot before a number."""
    return r"\cdot " if right[:1].isdigit() else ""


def to_latex(text: str) -> str:
    r"""Returns a formula as LaTeX: "x^2/(y + 1)" is "\frac{x^{2}}{y + 1}".

    Raises ValueError if it is not a formula as the library writes it.
    """
    parser = Parser(text)
    formula = parser.comparison()[0]
    if parser.peek():
        raise ValueError(parser.peek())
    return formula
