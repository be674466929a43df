"""`kesu policy schema`: JSON Schema of the files of a pack, for editors, made from the readers.

Looser than `kesu policy check`, which alone knows the names of a pack and what fits together; never stricter: what
checks is valid here. Scalars may be written as YAML would read them; the program reads all of them as text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any, Final

FILES: Final = ("pack", "clauses", "kind", "texts", "scenarios", "survivors")
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_WORD: Final = {"type": ["string", "number", "boolean"]}
_WORDS: Final = {"anyOf": [_WORD, {"type": "array", "items": _WORD}]}
_CODE: Final = "^[a-z][a-z0-9_]*$"
_EVENT: Final = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
_FLAG: Final = {"enum": ["是", "否"]}

Schema = dict[str, Any]


def add_parser(actions: Any) -> None:
    one = actions.add_parser("schema", help="制度文件的 JSON Schema，给编辑器用")
    one.add_argument("file", metavar="文件", choices=FILES, help=f"哪一种文件：{'、'.join(FILES)}")


def run(arguments: argparse.Namespace) -> int:
    json.dump(schema(arguments.file), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def schema(file: str) -> Schema:
    """`file`: one of `FILES`."""
    made = {
        "pack": _pack,
        "clauses": _clauses,
        "kind": _kind,
        "texts": _texts,
        "scenarios": _scenarios,
        "survivors": _survivors,
    }[file]()
    return {"$schema": _DRAFT, "title": f"Kesu {file}", **made}


def _pack() -> Schema:
    from kesu.config.authoring import grammar

    known = {key.name: _value(key) for key in grammar.pack_keys()}
    known |= {name: _map(_WORD) for name in ("provided", "lost", "later")}
    known["parameters"] = _map(_entry(grammar.parameter_keys()), codes=_CODE)
    known["kinds"] = {"type": "array", "items": {"type": "string", "pattern": _CODE}}
    needed = [key.name for key in grammar.pack_keys() if key.is_needed]
    return _closed(known, needed)


def _clauses() -> Schema:
    from kesu.config.authoring import grammar

    keys = grammar.clause_keys()
    return _map(_closed({key.name: _value(key) for key in keys}, _needed(keys)))


def _kind() -> Schema:
    from kesu.config.authoring import grammar

    known = {key.name: _value(key) for key in grammar.kind_keys()}
    for section in grammar.sections():
        rule = _entry(section.keys)
        codes = _EVENT if section.name == "events" else _CODE
        known[section.name] = _map(rule, codes=codes) if section.is_map else rule
    known["keeps"] = _map(_WORDS)
    known["portal_facts"] = _map(_WORD, codes=_CODE)
    # What a kind does not say it inherits; only its own code must stand there.
    return _closed(known, ["kind"])


def _entry(keys: Iterable[Any]) -> Schema:
    """A rule of its own, a change of the parent's, more in its lists, or that it is dropped and why."""
    from kesu.config.authoring import grammar

    keys = tuple(keys)
    known = {key.name: _value(key) for key in keys}
    placed = dict.fromkeys(grammar.placing_keys(), _WORD)
    beside = {name: known.get(name, _WORD) for name in grammar.beside_change()}
    changed = {"type": "object", "properties": known, "additionalProperties": False}
    return {
        "anyOf": [
            _closed(known | placed, _needed(keys)),
            _closed(beside | {"change": changed}, ["change"]),
            _closed(beside | {"add": changed}, ["add"]),
            _closed({"drop": _WORD, "clause": _WORDS}, ["drop"]),
        ]
    }


def _needed(keys: Iterable[Any]) -> list[str]:
    return [key.name for key in keys if key.is_needed]


def _value(key: Any) -> Schema:
    from kesu.config.authoring.grammar import Takes

    match key.takes:
        case Takes.TEXT | Takes.CODE:
            return _WORD
        case Takes.TEXTS | Takes.CODES:
            return _WORDS
        case Takes.FLAG:
            return _FLAG
        case Takes.CHOICE:
            return {"enum": list(key.choices)}
        case Takes.CHOICES:
            word = {"enum": list(key.choices)}
            return {"anyOf": [word, {"type": "array", "items": word}]}
        case Takes.RULE:
            return _closed({one.name: _value(one) for one in key.keys}, _needed(key.keys))
        case Takes.RULES:
            rule = _closed({one.name: _value(one) for one in key.keys}, _needed(key.keys))
            return {"anyOf": [rule, {"type": "array", "items": rule}]}
        case _:
            return {}


def _survivors() -> Schema:
    """What no scenario notices → why none needs to."""
    return _map(_WORD)


def _texts() -> Schema:
    return _closed({"version": _WORD, "words": _map(_WORD)}, ["version", "words"])


def _scenarios() -> Schema:
    from kesu.config.authoring import grammar

    keys = grammar.scenario_keys()
    facts = _map(_WORDS)
    act = _closed(dict.fromkeys(keys["act"], _WORDS) | {"facts": facts}, ["at"])
    claim = _closed(dict.fromkeys(keys["claim"], _WORDS) | {"facts": facts}, [])
    acts = {"anyOf": [act, {"type": "array", "items": act}]}
    claims = {"anyOf": [claim, {"type": "array", "items": claim}]}
    parts = {"facts": facts, "balances": facts, "found": facts, "given": acts, "expect": claims}
    variant = _closed({name: parts.get(name, _WORDS) for name in keys["variant"]}, [])
    named = parts | {"variants": {"type": "array", "items": variant}}
    one = _closed({name: named.get(name, _WORDS) for name in keys["scenario"]}, ["scenario"])
    whole = {"kind": _WORD, "defaults": facts, "scenarios": {"type": "array", "items": one}}
    return _closed({name: whole.get(name, {}) for name in keys["file"]}, [])


def _closed(properties: Schema, needed: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(set(needed)),
        "additionalProperties": False,
    }


def _map(values: Schema, *, codes: str = "") -> Schema:
    found: Schema = {"type": "object", "additionalProperties": values}
    return found | {"propertyNames": {"pattern": codes}} if codes else found
