# SPDX-License-Identifier: MIT
"""Splits a block of commands into examples: a command and what the document shows below it."""

import re
import subprocess
from dataclasses import dataclass
from typing import Optional

PROMPT = "$ "
ASK_CODE = "$ echo $?"


@dataclass
class Example:
    """A command, the number of its line, the lines that the document shows below it (None if it shows
    none of its output), and the exit code that it shows (None if it shows none)."""

    line: int
    command: str
    shown: Optional[list] = None
    code: Optional[int] = None
    reason: str = ""


def examples_of(block):
    """Returns the examples of a block. Lines after `$ ` are commands and the lines below them their output;
    a block without such lines has commands alone."""
    if any(line.startswith(PROMPT) for line in block.lines):
        return session_examples(block)
    return command_examples(block)


def command_examples(block):
    examples = []
    index = 0
    while index < len(block.lines):
        if not is_command(block.lines[index]):
            index += 1
            continue
        command, end = whole_command(block.lines, index, block.lines[index])
        examples.append(Example(block.line + index, command))
        index = end
    return examples


def session_examples(block):
    examples = []
    index = 0
    while index < len(block.lines):
        line = block.lines[index]
        if line.rstrip() == ASK_CODE and examples:
            index += 1
            if index < len(block.lines) and block.lines[index].strip().isdigit():
                examples[-1].code = int(block.lines[index])
                index += 1
        elif line.startswith(PROMPT):
            command, end = whole_command(block.lines, index, line[len(PROMPT) :])
            examples.append(Example(block.line + index, command, []))
            index = end
        else:
            if not examples:
                raise ValueError(f"{block.line + index}: output before the first command of a block")
            examples[-1].shown.append(line)
            index += 1
    for example in examples:
        while example.shown and not example.shown[-1].strip():
            example.shown.pop()
    return examples


def is_command(line):
    return bool(line.strip()) and not line.lstrip().startswith("#")


def whole_command(lines, index, command):
    """Returns the command that begins at a line, with the lines on which it goes on, and the number of the
    line after it."""
    end = index + 1
    while end < len(lines) and may_go_on(command) and not is_complete(command):
        command += "\n" + lines[end]
        end += 1
    return command, end


def may_go_on(command):
    """Returns whether a command has something that may go on in the next line; saves starting a shell."""
    return bool(re.search(r"""\\$|['"({]|<<|\|\s*$|&&\s*$|\b(for|while|if|case|until)\b""", command, re.M))


def is_complete(command):
    if command.endswith("\\"):
        return False
    shell = subprocess.run(["bash", "-n", "-c", command], capture_output=True, check=False)
    return shell.returncode == 0 and not shell.stderr
