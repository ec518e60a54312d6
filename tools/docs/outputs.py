# SPDX-License-Identifier: MIT
"""Compares what a command prints with what a document shows."""

import re

GAP = "..."
# Parts of lines that differ from run to run.
CHANGING = [
    (re.compile(r'("seconds": )[0-9.e+-]+'), r"\1N"),
    (re.compile(r"\b[0-9.]+ (s|ms|MP/s)\b"), r"N \1"),
]


def lines_of(text):
    """Returns the lines of a text without white space at their ends and without empty lines at the end."""
    lines = [still(line.rstrip()) for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def still(line):
    for pattern, replacement in CHANGING:
        line = pattern.sub(replacement, line)
    return line


def difference(shown, found):
    """Returns what is wrong with the shown lines, '' if nothing is. A line `...` stands for any lines."""
    shown = [still(line.rstrip()) for line in shown]
    parts = split_at_gaps(shown)
    first = parts.pop(0)
    if found[: len(first)] != first:
        return first_difference(first, found)
    if not parts:
        return first_difference(first, found)
    last = parts.pop()
    found = found[len(first) :]
    if last and found[-len(last) :] != last:
        return f"the output does not end with the line: {last_difference(last, found)!r}"
    return missing_line(parts, found[: len(found) - len(last)])


def split_at_gaps(lines):
    parts = [[]]
    for line in lines:
        if line.strip() == GAP:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def first_difference(shown, found):
    """Returns the first line that differs from the one found, '' if none does."""
    for index in range(max(len(shown), len(found))):
        expected = shown[index] if index < len(shown) else None
        actual = found[index] if index < len(found) else None
        if expected == actual:
            continue
        if expected is None:
            return f"the document does not show the line: {actual!r}"
        if actual is None:
            return f"the output lacks the line: {expected!r}"
        return f"the document shows {expected!r}, the output is {actual!r}"
    return ""


def last_difference(shown, found):
    """Returns the last of the shown lines that is not where it should be, counted from the end."""
    return next(line for i, line in enumerate(reversed(shown)) if i >= len(found) or found[-1 - i] != line)


def missing_line(parts, found):
    """Returns the first part that is not among the lines found after the parts before it, '' if none is."""
    start = 0
    for part in parts:
        ends = len(found) - len(part) + 1
        at = next((i for i in range(start, ends) if found[i : i + len(part)] == part), None)
        if at is None:
            return f"the output lacks the line: {part[0]!r}"
        start = at + len(part)
    return ""
