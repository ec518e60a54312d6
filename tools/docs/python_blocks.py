# SPDX-License-Identifier: MIT
"""Runs the Python blocks of a document in one process: one JSON line in, one out, for each block.

In: {"source": text}. Out: {"problem": text, '' if there is none} or {"skip": reason}."""

import contextlib
import doctest
import importlib.util
import io
import json
import sys
import traceback

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def everyday_names():
    """Returns what documents call an image and heights without making them."""
    names = {"__name__": "__main__"}
    if importlib.util.find_spec("edgegrad"):
        import edgegrad

        names["image"] = names["photo"] = edgegrad.read("testdata/coffee.jpg")
        names["heights"] = edgegrad.read("testdata/hills.tif", values=True)
    return names


class FirstProblem(doctest.DocTestRunner):
    """Keeps the first example that prints something else, as one line."""

    def __init__(self):
        super().__init__(optionflags=OPTIONS, verbose=False)
        self.problem = ""
        self.absent = ""

    def report_failure(self, out, test, example, got):
        self.keep(f"{example.source.strip()!r} prints {got.strip()!r}, not {example.want.strip()!r}")

    def report_unexpected_exception(self, out, test, example, exc_info):
        if issubclass(exc_info[0], ModuleNotFoundError):
            self.absent = self.absent or exc_info[1].name
        self.keep(f"{example.source.strip()!r} raises {exc_info[0].__name__}: {exc_info[1]}")

    def keep(self, problem):
        self.problem = self.problem or problem


def run_session(source, names):
    """Runs a block with prompts; returns what differs from the output it shows."""
    test = doctest.DocTestParser().get_doctest(source + "\n", names, "block", None, 0)
    test.globs = names
    runner = FirstProblem()
    runner.run(test, out=lambda text: None, clear_globs=False)
    if runner.absent:
        raise ModuleNotFoundError(name=runner.absent)
    return runner.problem


def run_program(source, names):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(source, "block", "exec"), names)  # pylint: disable=exec-used
    return ""


def answer(source, names):
    try:
        is_session = source.lstrip().startswith(">>>")
        problem = run_session(source, names) if is_session else run_program(source, names)
    except ModuleNotFoundError as error:
        return {"skip": f"no Python module {error.name}"}
    except Exception:  # pylint: disable=broad-except
        return {"problem": traceback.format_exc().strip().splitlines()[-1]}
    return {"problem": problem}


def main():
    names = everyday_names()
    reply = {}
    for line in sys.stdin:
        # What a missing module has not made is missing in the blocks below, too.
        if "skip" not in reply:
            reply = answer(json.loads(line)["source"], names)
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
