"""Whatever is typed into a pack, the answer is a pack or a list of mistakes with their places, never an accident."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kesu.policy.errors import PackInvalid, Problem
from kesu.policy.loader import load_pack, read_canonical
from kesu.policy.model.pack import Pack

SAMPLES = Path(__file__).parent / "sample_packs"
FILES = {folder.name: {p.name: p.read_text("utf-8") for p in folder.glob("*.yaml")} for folder in SAMPLES.iterdir()}
PLACES = [(pack, name) for pack, files in sorted(FILES.items()) for name in sorted(files)]
CANONICAL = load_pack(FILES, "sample").canonical
ODD = [
    "",
    "x",
    "是",
    [],
    {},
    ["x"],
    {"x": "y"},
    [[]],
    {"table": []},
    {"param": "crowd"},
    {"fact": "cost"},
    "duty.tell.met",
]


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, child in entries for found in paths(child, (*path, key)))]


ADDRESSES = [path for path in paths(json.loads(CANONICAL)) if path]


def answer(files: dict[str, dict[str, str]]) -> tuple[Pack | None, tuple[Problem, ...]]:
    try:
        return load_pack(files, "sample"), ()
    except PackInvalid as invalid:
        return None, invalid.problems


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_it_answers_any_slip_of_the_pen_with_places(data: st.DataObject) -> None:
    pack, name = data.draw(st.sampled_from(PLACES))
    text = FILES[pack][name]
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 12)))
    typed = data.draw(st.text(alphabet="{}[]:,\"'&*!|>#\t\n ：，-ab是3", max_size=4))
    files = {**FILES, pack: {**FILES[pack], name: text[:begin] + typed + text[end:]}}
    loaded, problems = answer(files)
    if loaded is None:
        assert problems
        assert all(problem.file.startswith("packs/") and problem.message for problem in problems)
    else:
        assert read_canonical(loaded.canonical) == loaded


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ADDRESSES), st.sampled_from(ODD))
def test_it_answers_any_value_at_any_address(path: tuple[Any, ...], value: Any) -> None:
    document = json.loads(CANONICAL)
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    with contextlib.suppress(PackInvalid):
        read_canonical(json.dumps(document, ensure_ascii=False))
