"""House rules that neither imports nor types can say: each takes one parsed file and yields what breaks it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

MAX_FILE_LINES = 400
ONE_FILE = {"config/verifier/kesu_verify.py": 460, "config/verifier/kesu_clock.py": 580}
"""What is handed to an auditor runs alone, without a file beside it."""
MAX_FUNCTION_LINES = 60
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers", "services", "service", "signals"}
RULE_WORDS = {"status", "stage", "level", "step", "pack", "company", "kind"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
CASE_MODELS = {"Case", "CaseCard", "SealedCase", "CaseEvent", "SealedEvent", "Customer", "CustomerPlace", "Room"}


@dataclass(frozen=True, slots=True)
class Source:
    """`path` is relative to ``src/kesu``."""

    path: PurePosixPath
    text: str

    @property
    def layer(self) -> str:
        return self.path.parts[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


Rule = Callable[[Source], Iterator[str]]


def only_the_clock_reads_the_time(source: Source) -> Iterator[str]:
    if source.path == PurePosixPath("core/clock.py"):
        return
    forbidden = {
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("date", "today"),
        ("timezone", "now"),
        ("time", "time"),
        ("time", "time_ns"),
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if (name, node.func.attr) in forbidden:
                yield f"{source.path}:{node.lineno} reads the clock: time is an argument"


def only_commands_write(source: Source) -> Iterator[str]:
    if source.layer in {"commands", "casefile", "store"}:
        return
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        is_write = node.func.attr in WRITES and "objects" in ast.unparse(node.func.value)
        if is_write or node.func.attr == "save":
            yield f"{source.path}:{node.lineno} writes a row: only commands and the bridge do"


def cases_are_reached_through_access(source: Source) -> Iterator[str]:
    if source.layer in {"access", "casefile", "store"}:
        return
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in CASE_MODELS:
            yield f"{source.path}:{node.lineno} reaches {node.value.id} past its scope"


def no_rule_word_is_compared_with_a_literal(source: Source) -> Iterator[str]:
    if source.path.parts[:2] == ("policy", "language"):  # the language reads its own words
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        names = {getattr(side, "attr", getattr(side, "id", "")) for side in sides}
        has_text = any(isinstance(side, ast.Constant) and isinstance(side.value, str) and side.value for side in sides)
        if has_text and names & RULE_WORDS:
            yield f"{source.path}:{node.lineno} compares {sorted(names & RULE_WORDS)[0]} with a literal: that is policy"


def no_hidden_signals(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module and "django" in node.module:
            yield f"{source.path}:{node.lineno} uses Django signals: effects belong in the command"


def files_and_functions_are_short(source: Source) -> Iterator[str]:
    lines = source.text.count("\n") + 1
    if lines > ONE_FILE.get(str(source.path), MAX_FILE_LINES):
        yield f"{source.path} has {lines} lines"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{source.path}:{node.lineno} {node.name} has {length} lines"


def files_are_named_for_what_they_hold(source: Source) -> Iterator[str]:
    if source.path.stem in BANNED_NAMES:
        yield f"{source.path} names nothing: where does its content belong?"


def bridges_explain_themselves(source: Source) -> Iterator[str]:
    if (
        source.layer in {"policy", "casefile", "commands"}
        and source.text.strip()
        and not ast.get_docstring(source.tree)
    ):
        yield f"{source.path} has no docstring"


def a_command_is_named_like_its_file(source: Source) -> Iterator[str]:
    if source.layer != "commands" or source.path.stem == "__init__":
        return
    functions = {node.name for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    if source.path.stem not in functions:
        yield f"{source.path} holds no command {source.path.stem}"


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        only_the_clock_reads_the_time,
        only_commands_write,
        cases_are_reached_through_access,
        no_rule_word_is_compared_with_a_literal,
        no_hidden_signals,
        files_and_functions_are_short,
        files_are_named_for_what_they_hold,
        bridges_explain_themselves,
        a_command_is_named_like_its_file,
    )
}
