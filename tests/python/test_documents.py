# SPDX-License-Identifier: MIT
"""The examples of docs/PYTHON.md print what the document says."""
import doctest
import inspect
import re

import edgegrad
from conftest import TOP

DOCUMENT = TOP / "docs" / "PYTHON.md"


def blocks():
    """Returns the Python blocks of the document, at the lines where they stand there."""
    text = re.sub(r"^```python\n", "\n", DOCUMENT.read_text(), flags=re.M)
    return re.sub(r"^```$", "", text, flags=re.M)


def test_the_examples(monkeypatch, capsys, tmp_path):
    (tmp_path / "testdata").symlink_to(TOP / "testdata")
    monkeypatch.chdir(tmp_path)
    examples = doctest.DocTestParser().get_doctest(blocks(), {}, DOCUMENT.name, str(DOCUMENT), 0)
    assert len(examples.examples) > 40
    failed = doctest.DocTestRunner(verbose=False).run(examples).failed
    assert not failed, capsys.readouterr().out


def test_everything_public_has_a_docstring_and_is_named():
    for name in edgegrad.__all__:
        thing = getattr(edgegrad, name)
        assert inspect.getdoc(thing), name
        for member, value in vars(thing).items() if inspect.isclass(thing) else ():
            if inspect.isfunction(value) and not member.startswith("_"):
                assert inspect.getdoc(value), f"{name}.{member}"
                assert "return" in inspect.signature(value).parameters or value.__annotations__, f"{name}.{member}"
    assert edgegrad.__version__ in re.search(r'EG_VERSION\s+"(.*)"', (TOP / "include/edgegrad.h").read_text()).group(1)


def test_the_declarations_are_those_of_the_header():
    """Every function of the header can be called: the module is built from it."""
    from edgegrad._library import lib
    header = re.sub(r"/\*.*?\*/", "", (TOP / "include/edgegrad.h").read_text(), flags=re.S)
    names = re.findall(r"EG_API[^;]*?\b(eg_\w+)\s*\(", header)
    assert len(names) > 200 and all(hasattr(lib, name) for name in names)
