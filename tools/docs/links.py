# SPDX-License-Identifier: MIT
"""Checks that links lead to files of the checkout, and to headings in them."""

import re

from markdown import PICTURE

LINK = re.compile(r"\]\(([^)\s]+)\)")  # its text may begin on the line before
HEADING = re.compile(r"^#+ +(.*?) *$")
ELSEWHERE = re.compile(r"^[a-z]+:")


def broken_links(document):
    """Yields (line, problem) for each link of a document that leads nowhere."""
    for index, line in enumerate(document.text):
        for target in LINK.findall(PICTURE.sub("", line)):
            if not ELSEWHERE.match(target):
                problem = problem_of_link(document.path, target)
                if problem:
                    yield index + 1, problem


def problem_of_link(path, target):
    """Returns what is wrong with a link from a document, or ''."""
    name, _, anchor = target.partition("#")
    linked = (path.parent / name).resolve() if name else path
    if not linked.exists():
        return f"the link leads to {name}, which does not exist"
    if anchor and anchor not in anchors_of(linked):
        return f"{linked.name} has no heading for the link #{anchor}"
    return ""


def anchors_of(path):
    """Returns the names of the headings of a document as GitHub makes them; those that repeat have numbers."""
    anchors = set()
    in_block = False
    for line in path.read_text(encoding="utf-8").split("\n"):
        in_block ^= line.startswith("```")
        heading = HEADING.match(line)
        if heading and not in_block:
            words = re.sub(r"[^\w\- ]", "", heading.group(1).lower()).replace(" ", "-")
            anchors.add(next(name for name in names_like(words) if name not in anchors))
    return anchors


def names_like(name):
    """Yields a name, then the same with numbers."""
    yield name
    number = 0
    while True:
        number += 1
        yield f"{name}-{number}"
