"""Every variable that the program reads stands in the operators' table, and the table names no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "operations" / "settings.md"
_NAME = re.compile(r"KESU_[A-Z_]*[A-Z]|DATABASE_URL")
_NOT_OUR_OWN = {"KESU_SMTP_URL_FILE", "KESU_OWNER_URL_FILE", "DATABASE_URL_FILE"}
"""Each secret may also be given as a file; the table says so beside the secret."""
_READ_BY_OTHERS = {"MALLOC_ARENA_MAX", "TMPDIR", "TROUBLE_WORDS"}
"""By Python itself, for what we write; by the tests."""


def names_in(text: str) -> set[str]:
    """Constants of a program that are the name of a variable."""
    constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    # A keyword names a variable too: what is set for another process.
    keywords = {node.arg for node in ast.walk(ast.parse(text)) if isinstance(node, ast.keyword) and node.arg}
    found = {value for value in constants if isinstance(value, str)} | keywords
    return {value for value in found if _NAME.fullmatch(value)}


def rows_in(text: str) -> dict[str, str]:
    """The variable of each row of a table, and what is said of it."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \|(.*)$", text, re.MULTILINE))


def _read() -> set[str]:
    files = [*(ROOT / "src" / "kesu").rglob("*.py"), *(ROOT / "launch").glob("*.py")]
    found: set[str] = set()
    for file in files:
        found |= names_in(file.read_text(encoding="utf-8"))
    return found


def test_the_table_names_what_is_read_and_nothing_else() -> None:
    read = _read() - _NOT_OUR_OWN
    assert {"DATABASE_URL", "KESU_SMTP_URL", "KESU_DATA", "KESU_PG_BIN"} <= read
    told = set(rows_in(TABLE.read_text(encoding="utf-8")))
    assert read - told == set(), "read by the program, missing in the table"
    assert told - read - _READ_BY_OTHERS == set(), "in the table, read by nobody"


def test_the_table_says_which_secrets_may_come_from_files() -> None:
    rows = rows_in(TABLE.read_text(encoding="utf-8"))
    secrets = set()
    for file in (ROOT / "src" / "kesu").rglob("*.py"):
        secrets |= set(re.findall(r'env\.secret\("([A-Z_]+)"\)', file.read_text(encoding="utf-8")))
    # The settings ask for one of two by a variable.
    secrets.add("KESU_OWNER_URL")
    assert {name for name, told in rows.items() if "可用文件" in told} == secrets


def test_it_finds_a_name_however_it_is_read() -> None:
    text = 'env.flag("KESU_ONE")\nos.environ["KESU_TWO"]\nstart(KESU_THREE="1")\nprint("KESU_FOUR is set")\n'
    assert names_in(text) == {"KESU_ONE", "KESU_TWO", "KESU_THREE"}
