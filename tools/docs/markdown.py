# SPDX-License-Identifier: MIT
"""Reads what a document asks its reader to type: code blocks, commands in the text, and pictures."""

import re
from dataclasses import dataclass, field

MARK = re.compile(r"<!--\s*not run:\s*(.*?)\s*-->")
FENCE = re.compile(r"^(\s*)(```+|~~~+)\s*([\w+-]*)[^`]*$")
ITEM = re.compile(r"^ *([-*]|\d+\.) ")
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]*\ssrc=\"([^\"]+)\"")


@dataclass
class Block:
    """A code block: the number of its first line, its lines without their indentation, its language
    ('' if none is named), and the reason why it cannot be run ('' if it can)."""

    line: int
    lines: list
    language: str = ""
    reason: str = ""


@dataclass
class Span:
    """Code in the text: the number of its line and its text on one line."""

    line: int
    text: str
    reason: str = ""


@dataclass
class Document:
    """A document: its path, its lines without those of blocks, its blocks and spans, the pictures it shows as (line, target,
    reason), and the numbers of the lines that are indented like a block and yet part of a paragraph."""

    path: object
    text: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    spans: list = field(default_factory=list)
    pictures: list = field(default_factory=list)
    not_blocks: list = field(default_factory=list)


def read_document(path):
    """Returns the document of a Markdown file."""
    lines = path.read_text(encoding="utf-8").split("\n")
    document = Document(path)
    text = list(lines)
    index = 0
    while index < len(lines):
        block, end = block_at(lines, index)
        if block:
            block.reason = reason_above(lines, index)
            document.blocks.append(block)
            text[index:end] = [""] * (end - index)
        elif is_indented(lines[index]) and not in_list(lines, index):
            document.not_blocks.append(index + 1)
        index = end
    document.text = text
    document.spans = list(spans_of(text))
    document.pictures = list(pictures_of(text))
    return document


def block_at(lines, index):
    """Returns the block that begins at a line, or None, and the number of the line after it."""
    fence = FENCE.match(lines[index])
    if fence:
        return fenced_block(lines, index, fence)
    if is_indented(lines[index]) and (index == 0 or ends_paragraph(lines[index - 1])):
        return indented_block(lines, index)
    return None, index + 1


def ends_paragraph(line):
    return not line.strip() or line.startswith(("#", "<!--", "```"))


def in_list(lines, index):
    """Returns whether the paragraph of a line is an item of a list."""
    while index > 0 and not ITEM.match(lines[index]) and not ends_paragraph(lines[index - 1]):
        index -= 1
    return bool(ITEM.match(lines[index]))


def is_indented(line):
    return line.startswith("    ") and bool(line.strip())


def fenced_block(lines, index, fence):
    indent, mark, language = fence.groups()
    end = index + 1
    while end < len(lines) and lines[end].strip() != mark:
        end += 1
    inside = [line[len(indent) :] if line.startswith(indent) else line for line in lines[index + 1 : end]]
    return Block(index + 2, inside, language.lower()), min(end + 1, len(lines))


def indented_block(lines, index):
    end = index
    while end < len(lines) and (is_indented(lines[end]) or not lines[end].strip()):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return Block(index + 1, [line[4:] for line in lines[index:end]]), end


def reason_above(lines, index):
    """Returns the reason of a mark on the line above, or above an empty line, or ''. For a row, above the table."""
    while index > 0 and lines[index].startswith("|") and lines[index - 1].startswith("|"):
        index -= 1
    above = lines[max(0, index - 2) : index]
    if above and above[-1].strip():
        above = above[-1:]
    marks = [MARK.search(line) for line in above]
    return next((mark.group(1) for mark in marks if mark), "")


def spans_of(lines):
    """Yields the code in lines outside of blocks; it may go on in the next line."""
    start = 0
    while start < len(lines):
        end = start + 1
        is_row = lines[start].startswith("|")
        while not is_row and end < len(lines) and lines[end].strip() and not lines[end].startswith("|"):
            end += 1
        paragraph = "\n".join(lines[start:end])
        for match in SPAN.finditer(paragraph):
            text = " ".join(match.group(1).split("\n"))
            line = start + paragraph.count("\n", 0, match.start())
            yield Span(line + 1, text.replace("\\|", "|") if is_row else text, reason_above(lines, start))
        start = end


def pictures_of(lines):
    for index, line in enumerate(lines):
        for match in PICTURE.finditer(line):
            yield index + 1, match.group(1) or match.group(2), reason_above(lines, index)
