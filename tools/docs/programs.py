# SPDX-License-Identifier: MIT
"""Compiles and runs the C and C++ blocks of a document, and passes its Python blocks to one process."""

import json
import re
import subprocess
import threading

from samples import TOP

# What fragments of programs use without declaring it.
PRELUDE = """#include <edgegrad.h>
void fragment(eg_context *ctx, eg_source *source, eg_sink *sink, eg_grid *image);
void fragment(eg_context *ctx, eg_source *source, eg_sink *sink, eg_grid *image)
{
    eg_error error;
    eg_flux_result result;
    (void)ctx, (void)source, (void)sink, (void)image, (void)error, (void)result;
"""
FLAGS = ["-Wall", "-Wextra", "-Wno-unused", "-Werror", f"-I{TOP}/include"]
COMPILERS = {"c": ["cc", "-std=c11"], "cpp": ["c++", "-std=c++17"]}


def compiled_problem(block, shell, is_used):
    """Compiles a block, as a fragment if it has no main(), and returns the first error, '' if there is none.
    The block becomes program.c or program.cpp in the work folder, or the file that its first comment names;
    a program is run, unless a command of the document compiles it (is_used(name))."""
    language = "c" if block.language == "c" else "cpp"
    source = "\n".join(block.lines) + "\n"
    name = name_in_comment(source) or f"program.{language}"
    is_program = "main(" in source
    path = shell.folder / (name if is_program else f"fragment.{language}")
    path.write_text(source if is_program else PRELUDE + source + "}\n", encoding="utf-8")
    compiler = " ".join(COMPILERS[language] + FLAGS)
    if not is_program:
        return first_error(shell.run(f"{compiler} -fsyntax-only {path.name}"))
    if is_used(name):
        return first_error(shell.run(f"{compiler} -fsyntax-only {name}"))
    link = f"{compiler} {name} $(pkg-config --cflags --libs edgegrad) -o block && ./block"
    return first_error(shell.run(link))


def name_in_comment(source):
    match = re.match(r"\s*(?:/\*|//)\s*([\w-]+\.(?:c|cpp|cc))\b", source)
    return match.group(1) if match else ""


def first_error(outcome):
    code, output, messages = outcome
    if code == 0:
        return ""
    lines = (messages + output).strip().splitlines() or ["no message"]
    return next((line for line in lines if "error" in line), lines[0])


class Python:
    """The process of the Python blocks of a document; started with the first one."""

    def __init__(self, shell, seconds):
        self.shell = shell
        self.seconds = seconds
        self.process = None

    def run(self, block):
        """Returns {"problem": text} or {"skip": reason}."""
        if not self.process:
            self.start()
        timer = threading.Timer(self.seconds, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps({"source": "\n".join(block.lines)}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        timer.cancel()
        return json.loads(line) if line else {"problem": "Python ended, or took too long"}

    def start(self):
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec python3 "$1"', "bash", str(TOP / "tools/docs/python_blocks.py")],
            cwd=self.shell.folder,
            env=self.shell.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def end(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
