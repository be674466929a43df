"""The manual of the pack language says what the language and the library are now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kesu.config.authoring import grammar
from kesu.config.authoring.introductions import INTRODUCTIONS
from kesu.config.authoring.manual import flow, manual
from kesu.policy.language.moments import BECAME

MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "policy-language.md"


def test_the_manual_is_up_to_date() -> None:
    written = MANUAL.read_text("utf-8")
    assert written == manual(), "run: ./kesu policy manual --into docs/reference/policy-language.md"


def test_every_section_and_every_key_of_it_is_in_the_manual() -> None:
    said = MANUAL.read_text("utf-8")
    lacking = {}
    for section in grammar.sections():
        part = said.partition(f"\n## {section.name}：")[2].partition("\n## ")[0]
        lacking[section.name] = [key.name for key in section.keys if f"| `{key.name}` |" not in part]
    assert lacking == {name: [] for name in INTRODUCTIONS}


def rows_of(text: str) -> list[list[str]]:
    """The cells of every row of every table of keys."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("| `")]
    return [row for row in rows if len(row) == len(["", "key", "meaning", "needed", "written", "example", ""])]


def test_every_key_has_a_meaning() -> None:
    rows = rows_of(manual())
    assert len(rows) > 100
    assert [row[1] for row in rows if not row[2]] == []


def test_it_names_the_words_of_a_closed_list() -> None:
    said = {(row[1], row[4]) for row in rows_of(manual())}
    assert ("`data`", "`internal`、`personal`、`restricted`、`sealed`") in said
    assert ("`in`", "`project`、`company`、`region`、`group`、`property`，或几个的列表") in said
    assert ("`apart`", "`opener`、`taker`、`holder`、`signers`，或几个的列表") in said


def test_it_shows_how_to_write_what_no_policy_of_the_library_uses() -> None:
    duties = manual().partition("\n## duties：")[2].partition("\n## ")[0]
    shown = ("| `pauses`", "| `slower`", "| `factor`", "| `extension`", "| `cap`", "| `limit`")
    rows = [line for line in duties.splitlines() if line.startswith(shown)]
    assert len(rows) == 7
    assert [row for row in rows if row.endswith("|  |")] == []


def test_it_shows_the_keys_of_a_revision_as_they_are_written() -> None:
    row = next(line for line in manual().splitlines() if line.startswith("| `revisions` |"))
    assert 'version: "1.0", on: 2026-01-05' in row


def test_it_names_every_way_to_write_a_moment() -> None:
    said = manual().partition("\n## 时刻")[2].partition("\n## ")[0]
    written: dict[str, set[str]] = {}
    for noun, word in re.findall(r"`([a-z]+)\.[a-z_]+(?:\.([a-z]+))?`", said):
        written.setdefault(noun, set()).add(word)
    begun = {"case": {""}, "level": {""}, "fact": {""}}  # nothing becomes of an event, a level or a date
    assert written == {noun.value: set(words) for noun, words in BECAME.items()} | begun


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


def test_every_section_is_introduced_in_chinese() -> None:
    named = {section.name for section in grammar.sections()}
    assert set(INTRODUCTIONS) == named
    english = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){3}")
    prose = re.sub(r"```.*?```|`[^`]*`", "", manual(), flags=re.DOTALL)
    assert english.findall(prose) == []


def test_it_lists_the_events_of_the_common_steps() -> None:
    said = manual().partition("\n## 通用步骤的事件")[2].partition("\n## ")[0]
    assert "| `case.received` | 接报 | complaint 的步骤 `receive` |" in said
    assert "| `repeat.found` | 查出是二次投诉 | complaint，由程序陈述 |" in said
    assert "| `approval.signed` | 签署 |" in said
