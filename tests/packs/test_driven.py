"""What coverage calls running, a named test drives: the list of the library and the tests must agree."""

from __future__ import annotations

import ast
from pathlib import Path

from kesu.casefile.library import Library

ROOT = Path(__file__).parents[2]


def test_every_test_that_drives_a_kind_stands_where_the_library_says(library: Library) -> None:
    assert library.driven
    for code, kinds in library.driven.items():
        for kind, place in kinds.items():
            assert kind in library.load(code).kinds
            file, _, test = place.partition("::")
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert file.startswith("tests/journeys/"), "only a journey drives a case over HTTP"
