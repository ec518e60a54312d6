# SPDX-License-Identifier: MIT
"""Checks one document: runs what it asks its reader to type, in the order of its lines."""

import re
import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

from examples import Example, examples_of
from instead import problem_of
from links import broken_links
from markdown import Block, read_document
from outputs import GAP, difference, lines_of
from pictures import picture_difference
from programs import Python, compiled_problem
from samples import TOP, make_work_folder, words_of
from shell import FOREIGN, MISSING_MODULE, Shell

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
Result = namedtuple("Result", "path line outcome text")

SHELL = {"", "sh", "bash", "shell", "console"}
COMPILED = {"c", "cpp", "c++"}
PYTHON = {"python", "py"}
# Blocks that nobody types, which a command may read.
FILES = {"cmake": "CMakeLists.txt"}
PICTURE_NAME = re.compile(r"docs/images/[\w.-]+")
DRAWS_TEXT = re.compile(r"--(plot|view|quiver|streamlines)\b")
OTHERS = re.compile(r"^tools/peer-edges ")
MESSAGE = "edgegrad: "


class DocumentCheck:
    """The check of a document; `tools` says what is installed."""

    def __init__(self, path, tools, seconds):
        self.path = path
        self.tools = tools
        self.seconds = seconds
        self.document = read_document(path)
        self.results = []
        self.items = []
        self.made_pictures = set()
        self.files_not_made = set()
        self.shell = self.python = None

    def run(self):
        """Returns the results of all blocks, commands and pictures."""
        self.collect()
        with tempfile.TemporaryDirectory(prefix="check-docs-") as folder:
            folder = Path(folder).resolve()
            make_work_folder(folder, words_of(self.all_commands()))
            self.shell = Shell(folder, self.tools.programs, self.tools.environment, self.seconds)
            self.python = Python(self.shell, self.seconds)
            for item in self.items:
                self.check_item(item)
            self.python.end()
        self.check_pictures_shown()
        return self.results

    def add(self, line, outcome, text=""):
        self.results.append(Result(self.path, line, outcome, text))

    # ---- what there is to check ----

    def collect(self):
        """Lists examples and blocks of programs in the order of their lines, and reports what cannot be read as meant."""
        for line in self.document.not_blocks:
            self.add(line, FAILED, "a block has no empty line above it, so that it is part of the paragraph")
        for line, problem in broken_links(self.document):
            self.add(line, FAILED, problem)
        for block in self.document.blocks:
            self.collect_block(block)
        for span in self.document.spans:
            if is_whole_command(span.text):
                self.items.append(Example(span.line, span.text, reason=span.reason))
        self.items.sort(key=lambda item: item.line)

    def collect_block(self, block):
        if block.reason:
            self.add(block.line, SKIPPED, block.reason)
            self.made_pictures.update(PICTURE_NAME.findall("\n".join(block.lines)))
        elif block.language in SHELL:
            self.collect_commands(block)
        elif block.language in COMPILED | PYTHON | set(FILES):
            self.items.append(block)
        elif block.language == "text":
            if any(re.match(r"\$ |edgegrad ", line) for line in block.lines):
                self.add(block.line, FAILED, "a block of text has commands")
        else:
            self.add(block.line, FAILED, f"a block in the unknown language {block.language!r}")

    def collect_commands(self, block):
        if block.lines and block.lines[0].startswith("#!"):
            self.add(block.line, FAILED, "a script is neither run nor marked with a reason")
            return
        try:
            self.items += examples_of(block)
        except ValueError as error:
            self.add(block.line, FAILED, str(error))

    def all_commands(self):
        return "\n".join(item.command for item in self.items if isinstance(item, Example))

    # ---- commands ----

    def check_item(self, item):
        if isinstance(item, Block):
            self.check_program(item)
            return
        self.made_pictures.update(PICTURE_NAME.findall(item.command))
        reason = item.reason or self.reason_to_skip(item)
        if reason:
            self.files_not_made.update(w for w in words_of(item.command) if "." in w)
            self.add(item.line, SKIPPED, reason)
            return
        problem = problem_of(item.command)
        if problem is None:
            self.check_example(item)
        else:
            self.add(item.line, FAILED if problem else PASSED, problem)

    def reason_to_skip(self, example):
        missing = self.shell.absent_program(example.command)
        if missing in FOREIGN:
            return f"{missing} is not installed"
        if "edgegrad-mpi" in words_of(example.command) and not self.tools.has_ranks:
            return "edgegrad-mpi is not built"
        if not self.tools.has_proofs and "edgegrad surface" in example.command:
            return "edgegrad is built without Arb"
        if not self.tools.has_library and "pkg-config" in example.command:
            return "the library is not built"
        for word in words_of(example.command) & self.files_not_made:
            if not (self.shell.folder / word).exists():
                return f"{word} is made by a command that was skipped"
        return ""

    def check_example(self, example):
        if self.makes_shown_file(example):
            return
        code, output, messages = self.shell.run(example.command)
        module = MISSING_MODULE.search(messages)
        if module:
            self.add(example.line, SKIPPED, f"no Python module {module[1]}")
            return
        problem = (
            self.code_problem(example, code, messages)
            or self.output_problem(example, output, messages)
            or self.picture_problem(example.command)
        )
        self.add(example.line, FAILED if problem else PASSED, f"{problem}: {example.command}" if problem else "")

    def makes_shown_file(self, example):
        """Writes what `$ cat FILE` shows into FILE, if it is not there and a later command reads it."""
        match = re.fullmatch(r"cat ([\w.-]+)", example.command.strip())
        if not match or not example.shown or (self.shell.folder / match[1]).exists():
            return False
        later = self.items[self.items.index(example) + 1 :]
        if not any(isinstance(item, Example) and match[1] in words_of(item.command) for item in later):
            return False
        (self.shell.folder / match[1]).write_text("\n".join(example.shown) + "\n", encoding="utf-8")
        self.add(example.line, PASSED)
        return True

    def code_problem(self, example, code, messages):
        if code is None:
            return f"still running after {self.seconds} s"
        if example.code is not None:
            return "" if code == example.code else f"exit code {code}, not {example.code}"
        shows_message = any(line.startswith(MESSAGE) for line in example.shown or [])
        if code == 0 or (shows_message and example.command.lstrip().startswith("edgegrad ")):
            return ""
        said = messages.strip().splitlines()
        return f"exit code {code}" + (f" ({said[-1]})" if said else "")

    def output_problem(self, example, output, messages):
        if not example.shown:
            return ""
        # Where only messages are shown, standard output is left out.
        only_messages = example.shown[0].startswith(MESSAGE) and output
        found = [GAP] if only_messages else lines_of(output)
        return difference(example.shown if not only_messages else [GAP, *example.shown], found + lines_of(messages))

    def picture_problem(self, command):
        """Compares the pictures that a command made with those of the project."""
        for name in PICTURE_NAME.findall(command):
            if not (self.shell.folder / name).exists():
                return f"{name} is not made"
            if not (TOP / name).exists() and not self.tools.keeps_pictures:
                return f"the project has no {name}"
            if self.tools.keeps_pictures:
                keep_picture(self.shell.folder / name, TOP / name)
                continue
            is_rough = OTHERS.search(command) or (DRAWS_TEXT.search(command) and not self.tools.draws_same_text)
            problem = picture_difference(TOP / name, self.shell.folder / name, bool(is_rough))
            if problem:
                return f"{name} is not the picture that this makes: {problem}"
        return ""

    # ---- programs and pictures ----

    def check_program(self, block):
        if block.language in FILES:
            (self.shell.folder / FILES[block.language]).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
            self.add(block.line, PASSED)
        elif block.language in PYTHON:
            self.check_python(block)
        elif not self.tools.has_library:
            self.add(block.line, SKIPPED, "the library is not built")
        else:
            commands = words_of(self.all_commands())
            problem = compiled_problem(block, self.shell, lambda name: name in commands)
            self.add(block.line, FAILED if problem else PASSED, problem)

    def check_python(self, block):
        answer = self.python.run(block)
        if "skip" in answer:
            self.add(block.line, SKIPPED, answer["skip"])
        else:
            self.add(block.line, FAILED if answer["problem"] else PASSED, answer["problem"])

    def check_pictures_shown(self):
        """Pictures exist, and a command of the document makes them."""
        for line, target, reason in self.document.pictures:
            if "://" in target:
                continue
            file = (self.path.parent / target).resolve()
            if not file.exists():
                self.add(line, FAILED, f"no picture {target}")
                continue
            name = file.relative_to(TOP).as_posix() if file.is_relative_to(TOP) else ""
            if reason:
                self.add(line, SKIPPED, reason)
            elif name.startswith("docs/images/") and name not in self.made_pictures:
                self.add(line, FAILED, f"no command of this document makes {name}")


def keep_picture(made, kept):
    """Copies a picture into the project, unless the same pixels are there."""
    if not kept.exists() or picture_difference(kept, made):
        shutil.copyfile(made, kept)
        print(f"made {kept.relative_to(TOP)}")


def is_whole_command(text):
    """Returns whether code in a text is a command to check: it makes a picture, reads test data, or is one of make,
    of bats or of tools/."""
    if re.match(r"(edgegrad|tools/peer-edges) ", text):
        return bool(re.search(r"docs/images/|testdata/", text))
    return bool(re.match(r"(make|bats) |tools/[\w-]+( |$)", text))
