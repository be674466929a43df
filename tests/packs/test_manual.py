"""The manual of the pack language says what the language and the library are now."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesu.config.authoring import grammar
from kesu.config.authoring.manual import flow, manual

MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "policy-language.md"


def test_the_manual_is_up_to_date() -> None:
    written = MANUAL.read_text("utf-8")
    assert written == manual(), "run: ./kesu policy manual --into docs/reference/policy-language.md"


def test_every_section_and_every_key_of_it_is_in_the_manual() -> None:
    said = MANUAL.read_text("utf-8")
    for section in grammar.sections():
        part = said.partition(f"\n## {section.name}：")[2].partition("\n## ")[0]
        assert [key.name for key in section.keys if f"| `{key.name}` |" not in part] == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"at_least": "10"}, "{at_least: 10}"),
        (["甲", "乙"], "[甲, 乙]"),
        (["甲"], "甲"),
        ("3.2", '"3.2"'),
        ("看 #{case}：好", '"看 #{case}：好"'),
        ({"any": [{"a": "是"}, {"b": "否"}]}, "{any: [{a: 是}, {b: 否}]}"),
    ],
)
def test_examples_are_written_as_somebody_would_write_them(value: object, said: str) -> None:
    assert flow(value) == said
