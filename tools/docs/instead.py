# SPDX-License-Identifier: MIT
"""Checks commands that are not run, because they build, install or take minutes: that what they name exists."""

import re
import shlex
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from samples import TOP

MAKEFILES = ["Makefile", "tools/package/package.mk", "tools/web/web.mk"]
RUN_TOOLS = {"tools/peer-edges"}


def problem_of(command):
    """Returns None for a command that is to be run; otherwise what is wrong with it, '' if nothing is."""
    words = words_of_simple(command)
    if not words:
        return None
    if any(word in ("&&", "||", ";") for word in words):
        return problem_of_parts(command)
    name = words[0]
    if name == "make":
        return make_problem(words[1:])
    if name in ("apt-get", "apt"):
        return package_problem(words[1:])
    if name == "bats":
        return bats_problem(words[1:])
    if name == "pip":
        return pip_problem(words[1:])
    if name.startswith("build/tests/"):
        return missing_file("tests/" + Path(name).name + ".c")
    if name.startswith("tools/") and name not in RUN_TOOLS:
        return missing_file(name)
    return "is not run as root: mark it" if re.search(r"\bsudo\b", command) else None


def problem_of_parts(command):
    problems = [problem_of(part) for part in re.split(r"&&|\|\||;", command)]
    if all(problem is None for problem in problems):
        return None
    if None in problems:
        return "a line with commands that are run and others that are not: write two lines"
    return "".join(problems)


def words_of_simple(command):
    """Returns the words of a command without variables before it and a comment after it."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return []
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        words.pop(0)
    if words and words[0] == "sudo":
        words.pop(0)
    return words


def missing_file(name):
    return "" if (TOP / name).exists() else f"no file {name}"


def make_problem(words):
    text = "\n".join((TOP / name).read_text(encoding="utf-8") for name in MAKEFILES)
    takes_number = False
    for word in words:
        if takes_number or word.startswith("-"):
            takes_number = word == "-j"
            if takes_number or word.startswith("-"):
                continue
        variable = re.match(r"([A-Z_]+)=", word)
        if variable:
            if not re.search(rf"\b{variable.group(1)}\b", text):
                return f"the Makefile has no variable {variable.group(1)}"
            if variable.group(1) == "BENCH_ARGS" and benchmark_problem(word):
                return benchmark_problem(word)
        elif not is_target(word, text):
            return f"the Makefile has no target {word}"
    return ""


def benchmark_problem(word):
    """Cases and groups after --only exist; NAME stands for any."""
    for name in re.findall(r"--only ([\w-]+)", word):
        if name != "NAME" and name not in benchmarks():
            return f"make bench has no case or group {name}"
    return ""


@lru_cache
def benchmarks():
    listed = subprocess.run(
        [sys.executable, TOP / "tools/bench/bench.py", "--list"], capture_output=True, text=True, check=False
    )
    return {word for line in listed.stdout.splitlines() for word in line.split()[:2]}


def is_target(word, text):
    if word.startswith("build/tests/"):
        return (TOP / "tests" / (Path(word).name + ".c")).is_file()
    word = word.replace("build/", "$(BUILD)/") if word.startswith("build/") else word
    return bool(re.search(rf"^(?:[\w $()/.-]+ )?{re.escape(word)}(?: [\w $()/.-]+)?:(?!=)", text, re.M))


def package_problem(words):
    """Packages are those of tools/install-deps."""
    known = set(re.findall(r"[\w.+-]+", (TOP / "tools/install-deps").read_text(encoding="utf-8")))
    names = [word for word in words if not word.startswith("-")][1:]
    unknown = [name for name in names if name not in known]
    return f"tools/install-deps knows no package {unknown[0]}" if unknown else ""


def bats_problem(words):
    """Files exist, and a pattern after -f is that of a test."""
    pattern, files = "", []
    rest = iter(words)
    for word in rest:
        if word == "-f":
            pattern = next(rest, "")
        else:
            files.append(word)
    for name in files:
        if missing_file(name):
            return missing_file(name)
        tests = re.findall(r'^@test "(.*)"', (TOP / name).read_text(encoding="utf-8"), re.M)
        if pattern and not any(re.search(pattern, test) for test in tests):
            return f"{name} has no test {pattern!r}"
    return ""


def pip_problem(words):
    paths = [word for word in words if word.startswith("./")]
    missing = [path for path in paths if not (TOP / path).is_dir()]
    return f"no folder {missing[0]}" if missing else ""
