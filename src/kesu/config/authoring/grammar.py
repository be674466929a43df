"""What may stand where in a pack, taken from the readers that read it: their keys, which are needed, what they take.

Each section of a kind has a reader; a reader says its keys to `Fields` and asks for them one by one. Both are read from
its source here, so that schema and manual say what the program does and nothing else. What a reader decides by itself
(a condition, a table, a moment) is left open.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, Final

from kesu.policy.language import compiler, compose, kind, levels, parameters, schedule, secrecy
from kesu.policy.scenarios import reading as scenarios

Reader = Callable[..., Any]


class Takes(StrEnum):
    TEXT = "text"
    TEXTS = "texts"  # one, or a list
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"  # one, or a list
    CODE = "code"  # the code of something in the pack
    CODES = "codes"  # one, or a list
    RULE = "rule"  # a map with keys of its own
    RULES = "rules"  # a list of them, or one
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    takes: Takes = Takes.ANY
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`model`: what it is read into. `is_map`: its entries are keyed by codes; otherwise it is one rule."""

    name: str
    model: type
    keys: tuple[Key, ...]
    is_map: bool


_NEEDING: Final = {"need", "need_text"}
_TEXTS: Final = {"need_text", "text", "maybe_text"}
_CLOSED: Final = {"one_of": Takes.CHOICE, "each_of": Takes.CHOICES}
_WORDS: Final = {"read_flag": Takes.FLAG, "read_texts": Takes.TEXTS, "read_count": Takes.TEXT}


def pack_keys() -> tuple[Key, ...]:
    return _keys_of(compiler.compile_pack)


def parameter_keys() -> tuple[Key, ...]:
    return _keys_of(parameters.read_parameter)


def clause_keys() -> tuple[Key, ...]:
    return _keys_of(_named(compiler, "_read_clauses"))


def kind_keys() -> tuple[Key, ...]:
    """With what is seen to before a kind is read."""
    return (*_keys_of(kind.read_kind), Key("like", Takes.CODE))


@cache
def sections() -> tuple[Section, ...]:
    """In the order of a kind's keys."""
    readers = dict(_section_readers())
    found = {name: Section(name, _model(reader), _keys_of(reader), is_map=True) for name, reader in readers.items()}
    found["levels"] = Section("levels", _model(levels.read_levels), _levels(), is_map=False)
    for name, reader in (("secrecy", secrecy.read_secrecy), ("schedule", schedule.read_schedule)):
        found[name] = Section(name, _model(reader), _keys_of(reader), is_map=False)
    return tuple(found[name] for name in kind.KIND_KEYS if name in found)


def placing_keys() -> tuple[str, ...]:
    """Where a new rule stands among those of the parent."""
    return tuple(vars(compose)["_PLACED"])


def beside_change() -> tuple[str, ...]:
    """What may stand beside `change`, itself included."""
    return tuple(vars(compose)["_BESIDE_CHANGE"])


def scenario_keys() -> dict[str, tuple[str, ...]]:
    return {
        "file": scenarios.FILE_KEYS,
        "scenario": scenarios.SCENARIO_KEYS,
        "variant": scenarios.VARIANT_KEYS,
        "act": scenarios.ACT_KEYS,
        "claim": scenarios.CLAIM_KEYS,
    }


def _levels() -> tuple[Key, ...]:
    rules = _keys_of(_named(levels, "_read_rule"))
    found = _keys_of(levels.read_levels)
    return tuple(replace(key, takes=Takes.RULES, keys=rules) if key.name == "rules" else key for key in found)


def _section_readers() -> Iterator[tuple[str, Reader]]:
    """`read_section(tree, "duties", scope, read_duty)`."""
    for call in ast.walk(_tree(kind.read_kind)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "read_section":
            section, reader = call.args[1], call.args[3]
            assert isinstance(section, ast.Constant)
            assert isinstance(reader, ast.Name)
            yield str(section.value), _named(kind, reader.id)


def _model(reader: Reader) -> type:
    """The dataclass that it gives, alone, or none, or beside something else."""
    parts = [typing.get_type_hints(reader)["return"]]
    for part in parts:
        parts.extend(typing.get_args(part))
    return next(part for part in parts if is_dataclass(part) and isinstance(part, type))


def _named(module: Any, name: str) -> Reader:
    reader: Reader = vars(module)[name]
    return reader


def _tree(reader: Reader) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(reader)))


@cache
def _keys_of(reader: Reader) -> tuple[Key, ...]:
    """The keys of the first `Fields` in the reader, in its order."""
    tree, names = _tree(reader), vars(inspect.getmodule(reader))
    opened = next(_fields_calls(tree))
    known = {name: Key(name) for name in _evaluated(opened.args[2], names)}
    sometimes = _sometimes(tree)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            key = _asked(call.func.attr, call.args, names)
            if key is not None and key.name in known:
                key = replace(key, is_needed=key.is_needed and id(call) not in sometimes)
                known[key.name] = _both(known[key.name], key)
    return tuple(known.values())


def _sometimes(tree: ast.Module) -> set[int]:
    """Nodes that are not always come by: inside a branch, or behind one that returns."""
    inner = [node for node in ast.walk(tree.body[0]) if isinstance(node, ast.FunctionDef) and node is not tree.body[0]]
    elsewhere = {id(node) for function in inner for node in ast.walk(function)}
    branches = [node for node in ast.walk(tree) if isinstance(node, ast.If) and id(node) not in elsewhere]
    inside = {id(node) for branch in branches for node in ast.walk(branch)}
    left = [node.lineno for branch in branches for node in ast.walk(branch) if isinstance(node, ast.Return)]
    behind = {id(node) for node in ast.walk(tree) if getattr(node, "lineno", 0) > min(left, default=1_000_000)}
    return inside | behind


def _both(first: Key, second: Key) -> Key:
    """What two calls say of one key: a reader may look at it twice."""
    said = second if first.takes is Takes.ANY else first
    return replace(said, is_needed=first.is_needed or second.is_needed)


def _fields_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Fields":
            yield call


def _evaluated(node: ast.expr, names: dict[str, Any]) -> list[str]:
    """The words of an expression; of a choice made while reading, both."""
    if isinstance(node, ast.Tuple | ast.List):
        return [word for part in node.elts for word in _evaluated(part, names)]
    if isinstance(node, ast.Starred):
        return _evaluated(node.value, names)
    if isinstance(node, ast.IfExp):
        return [*_evaluated(node.body, names), *_evaluated(node.orelse, names)]
    value = _constant(node, names)
    return [str(value)] if isinstance(value, str) else [str(word) for word in value]


def _constant(node: ast.expr, names: dict[str, Any]) -> Any:
    """A word that is written out, what a module calls by a name, or that as a tuple. Raises `TypeError` for anything
    that computes more."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return names[node.id]
    if isinstance(node, ast.Attribute):
        return getattr(_constant(node.value, names), node.attr)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tuple":
        return tuple(_constant(node.args[0], names))
    raise TypeError(ast.unparse(node))


def _asked(method: str, arguments: Sequence[ast.expr], names: dict[str, Any]) -> Key | None:
    """`fields.need("within", table_of(read_limit), None)` and its like; None for any other call."""
    if method == "clauses" and not arguments:
        return Key("clause", Takes.CODES)
    words = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
    if method in {"named", "each"} and len(words) == 2:
        return Key(str(words[1]), Takes.CODE if method == "named" else Takes.CODES)
    if not words or not isinstance(words[0], str):
        return None
    if method in _TEXTS:
        return Key(words[0], Takes.TEXT, method in _NEEDING)
    if method == "flag":
        return Key(words[0], Takes.FLAG)
    if method in {"need", "read"} and len(arguments) > 1:
        return replace(_taken(arguments[1], names), name=words[0], is_needed=method in _NEEDING)
    return None


def _taken(reader: ast.expr, names: dict[str, Any]) -> Key:
    """What a reader takes, its key still without a name."""
    if isinstance(reader, ast.Name):
        return Key("", _WORDS[reader.id]) if reader.id in _WORDS else _nested(names.get(reader.id))
    if isinstance(reader, ast.Call) and isinstance(reader.func, ast.Name) and reader.func.id in _CLOSED:
        return Key("", _CLOSED[reader.func.id], choices=tuple(_evaluated(reader.args[0], names)))
    if isinstance(reader, ast.Lambda) and isinstance(reader.body, ast.Call):
        called = reader.body.func
        if isinstance(called, ast.Attribute) and called.attr == "named":
            return Key("", Takes.CODE)
        if isinstance(called, ast.Attribute) and called.attr == "text":
            return Key("", Takes.TEXT)
        if isinstance(called, ast.Name):
            return _nested(names.get(called.id))
    return Key("")


def _nested(reader: Any) -> Key:
    """Only of a reader that takes one shape: a map, or a list of maps."""
    if not inspect.isfunction(reader):
        return Key("")
    tree = _tree(reader)
    opened = list(_fields_calls(tree))
    branches = any(isinstance(node, ast.Name) and node.id == "isinstance" for node in ast.walk(tree))
    if len(opened) != 1 or branches or not isinstance(opened[0].args[0], ast.Name):
        return Key("")
    takes = {"place": Takes.RULE, "item": Takes.RULES}.get(opened[0].args[0].id, Takes.ANY)
    return Key("", takes, keys=_keys_of(reader)) if takes is not Takes.ANY else Key("")
