"""The house rules hold for every file, and each of them would notice if it were broken."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.rules import BANNED_NAMES, MAX_FILE_LINES, MAX_FUNCTION_LINES, RULES, Source

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "kesu"

# Files that may break a rule, each with the reason. An entry that is no longer needed fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("only_commands_write", "core/signatures.py"): "saves a picture into memory",
    ("only_commands_write", "web/paper/code.py"): "saves a picture into memory",
    ("only_commands_write", "web/paper/word.py"): "saves a file of the word processor into memory",
    ("cases_are_reached_through_access", "config/bench/comparing.py"): "compares all rows of cases that it made itself",
    ("cases_are_reached_through_access", "config/bench/operations.py"): "chooses the cases that its clients ask for",
    ("cases_are_reached_through_access", "config/bench/once.py"): "looks for every act that its cases must have",
    ("cases_are_reached_through_access", "config/bench/kept.py"): "looks for every change that its clients made",
}

BROKEN = {
    "only_the_clock_reads_the_time": ("web/x.py", "from datetime import datetime\nat = datetime.now()\n"),
    "only_commands_write": ("queries/x.py", "Note.objects.filter(pk=1).update(text='')\n"),
    "cases_are_reached_through_access": ("queries/x.py", "rows = Case.objects.all()\n"),
    "no_rule_word_is_compared_with_a_literal": ("web/x.py", "if card.level == 'hot':\n    pass\n"),
    "no_hidden_signals": ("store/x.py", "from django.db.models.signals import post_save\n"),
    "files_and_functions_are_short": ("web/x.py", "def f():\n" + "    pass\n" * (MAX_FUNCTION_LINES + 1)),
    "files_are_named_for_what_they_hold": ("web/utils.py", "x = 1\n"),
    "bridges_explain_themselves": ("casefile/x.py", "x = 1\n"),
    "a_command_is_named_like_its_file": ("commands/cases/close_case.py", '"""Closes."""\n\n\ndef other():\n    pass\n'),
}


def sources() -> list[Source]:
    found = []
    for path in sorted(SRC.rglob("*.py")):
        relative = PurePosixPath(path.relative_to(SRC).as_posix())
        if "migrations" not in relative.parts and len(relative.parts) > 1:
            found.append(Source(relative, path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("name", RULES)
def test_it_holds_everywhere(name: str) -> None:
    broken = []
    used = set()
    for source in sources():
        for complaint in RULES[name](source):
            if (name, str(source.path)) in EXCEPTIONS:
                used.add(str(source.path))
            else:
                broken.append(complaint)
    assert not broken, "\n".join(broken)
    unused = [path for rule, path in EXCEPTIONS if rule == name and path not in used]
    assert not unused, f"exceptions that nothing needs any more: {unused}"


@pytest.mark.parametrize("name", RULES)
def test_it_notices_a_file_that_breaks_the_rule(name: str) -> None:
    path, text = BROKEN[name]
    assert list(RULES[name](Source(PurePosixPath(path), text)))


def test_it_notices_a_file_that_is_too_long() -> None:
    source = Source(PurePosixPath("web/x.py"), "x = 1\n" * (MAX_FILE_LINES + 1))
    assert list(RULES["files_and_functions_are_short"](source))


def test_the_tests_and_the_launcher_are_in_short_files_named_for_what_they_hold() -> None:
    """A story or a sample may be a long function; a file of either is no longer than any other."""
    paths = [path for folder in ("tests", "launch") for path in sorted((ROOT / folder).rglob("*.py"))]
    long = [path for path in paths if path.read_text(encoding="utf-8").count("\n") > MAX_FILE_LINES]
    nameless = [path for path in paths if path.stem in BANNED_NAMES]
    assert not long + nameless


def test_no_pack_is_named_in_python() -> None:
    packs = {path.name for path in (ROOT / "packs").iterdir() if any(c.isdigit() for c in path.name)}
    assert packs, "no pack whose name could be looked for"
    named = [
        f"{source.path} names {pack}"
        for source in sources()
        for pack in packs
        if f'"{pack}"' in source.text.lower() or f"'{pack}'" in source.text.lower()
    ]
    assert not named, "\n".join(named)
