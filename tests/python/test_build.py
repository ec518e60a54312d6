# SPDX-License-Identifier: MIT
"""How the extension module is described and linked."""
import importlib.util

import pytest

from conftest import TOP


@pytest.fixture
def build_library():
    spec = importlib.util.spec_from_file_location("build_library", TOP / "src/python/build_library.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_installed_library_has_the_version_of_the_header(build_library, monkeypatch):
    monkeypatch.setenv("EDGEGRAD_SHARED", "1")
    answers = {"--modversion": build_library.version(), "--cflags": "-I/there", "--libs": "-ledgegrad"}
    monkeypatch.setattr(build_library, "pkg_config", lambda option: [answers[option]])
    assert build_library.flags() == (["-I/there"], ["-ledgegrad"])
    answers["--modversion"] = "0.0.1"
    with pytest.raises(SystemExit, match="edgegrad 0.0.1 is installed, but this checkout is " + build_library.version()):
        build_library.flags()


def test_declarations_are_without_comments_and_attributes(build_library):
    text = build_library.declarations(build_library.HEADER)
    assert "EG_API" not in text and "/*" not in text and "#" not in text and "eg_edges(" in text
