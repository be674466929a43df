"""The schema of the files of a pack: all that the library writes is valid, and what is broken is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from kesu.casefile.library import Library
from kesu.config.authoring.schema import FILES, schema
from kesu.config.cli import main
from kesu.policy.scenarios.surviving import SURVIVORS_FILE

SCHEMAS = {file: schema(file) for file in FILES}


def flaws(rules: dict[str, Any], value: Any, at: str = "") -> Iterator[str]:
    """What JSON Schema says of a value, as far as our schemas use it."""
    if "enum" in rules and value not in rules["enum"]:
        yield f"{at}: {value!r} is none of {rules['enum']}"
    if "anyOf" in rules and all(list(flaws(one, value, at)) for one in rules["anyOf"]):
        yield f"{at}: fits nothing"
    if "type" in rules and not is_of(rules["type"], value):
        yield f"{at}: {value!r} is no {rules['type']}"
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from flaws(rules.get("items", {}), one, f"{at}[{number}]")
    elif isinstance(value, dict):
        yield from flaws_of_map(rules, value, at)
    if isinstance(value, str) and not re.search(rules.get("pattern", ""), value):
        yield f"{at}: {value} does not match"


def flaws_of_map(rules: dict[str, Any], value: dict[str, Any], at: str) -> Iterator[str]:
    yield from (f"{at}: {key} is missing" for key in rules.get("required", ()) if key not in value)
    for key, one in value.items():
        yield from flaws(rules.get("propertyNames", {}), key, at)
        inner = rules.get("properties", {}).get(key, rules.get("additionalProperties", {}))
        if inner is False:
            yield f"{at}: {key} is unknown"
        else:
            yield from flaws(inner, one, f"{at}.{key}")


def is_of(wanted: str | list[str], value: Any) -> bool:
    found = (
        "boolean"
        if isinstance(value, bool)
        else {dict: "object", list: "array", str: "string"}.get(type(value), "number")
    )
    return found in ([wanted] if isinstance(wanted, str) else wanted)


def file_of(path: str) -> str:
    """A folder, or a file, is called after what it holds; every other file is a kind."""
    name = path.partition("/")[0].removesuffix(".yaml")
    return name if name in FILES else "kind"


def test_every_file_of_the_library_is_valid(library: Library) -> None:
    found = [
        f"{code}/{path}{flaw}"
        for code, files in library.texts.items()
        for path, text in files.items()
        if path != SURVIVORS_FILE  # says why a mutant may go unnoticed, and nothing of the policy
        for flaw in flaws(SCHEMAS[file_of(path)], yaml.load(text, Loader=yaml.BaseLoader))
    ]
    assert found == []


KIND = "kind: complaint\n"
BROKEN = {
    "a key that no duty has": (
        KIND + "duties: {d: {name: 甲, starts: a.b, owner: x, within: 1天, met_by: a.b, witin: 1天}}", "kind",
    ),
    "a duty without a limit": (KIND + "duties: {d: {name: 甲, starts: a.b, owner: x, met_by: a.b}}", "kind"),
    "a severity that there is not": (
        KIND + "duties: {d: {name: 甲, starts: a.b, owner: x, within: 1天, met_by: a.b, severity: 最严}}", "kind",
    ),
    "a flag that is neither yes nor no": (KIND + "steps: {s: {name: 甲, event: a.b, by: x, primary: 对}}", "kind"),
    "a list where one name belongs": (KIND + "stages: {s: {name: [甲, 乙]}}", "kind"),
    "a section that there is not": (KIND + "dutys: {}", "kind"),
    "a code in capitals": (KIND + "facts: {Title: {name: 甲, type: text}}", "kind"),
    "a type that no fact has": (KIND + "facts: {title: {name: 甲, type: string}}", "kind"),
    "a change beside other keys": (KIND + "steps: {s: {change: {name: 甲}, event: a.b}}", "kind"),
    "a clause without its text": ('"1": {printed: "1", enforce: record}', "clauses"),
    "a clause that is to be honoured in no known way": ('"1": {printed: "1", text: 甲, enforce: must}', "clauses"),
    "a pack without a version": ("pack: x\ntitle: 甲\nkinds: [complaint]", "pack"),
    "a parameter of no known type": (
        'pack: x\ntitle: 甲\nversion: "1"\nparameters: {p: {name: 甲, type: length, value: 1天}}', "pack",
    ),
    "a status that there is not": ('pack: x\ntitle: 甲\nversion: "1"\nstatus: ready', "pack"),
    "texts without a version": ("words: {}", "texts"),
    "a claim that no scenario makes": ("scenarios: [{scenario: 甲, expect: [{stag: x}]}]", "scenarios"),
    "a survivor without a reason": ("某处: [甲, 乙]", "survivors"),
    "an act without a time": ("scenarios: [{scenario: 甲, given: [{step: x}]}]", "scenarios"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_not_valid(what: str) -> None:
    text, file = BROKEN[what]
    assert list(flaws(SCHEMAS[file], yaml.load(text, Loader=yaml.BaseLoader)))


@pytest.mark.parametrize("file", FILES)
def test_it_is_printed_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "schema", file]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")
