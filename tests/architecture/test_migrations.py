"""Migrations say everything that the tables are, have names that mean something, and cannot fork unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

FOLDER = Path(__file__).parents[2] / "src" / "kesu" / "store" / "migrations"


def complaints(names: list[str], leaves: list[str], head: str) -> list[str]:
    """`names` are all migrations of the store, `leaves` those that no other one follows, `head` the file's text."""
    found = [f"{name} was named by the machine: say what it does" for name in names if "_auto_" in name]
    if len(leaves) != 1:
        found.append(f"the history forks: {sorted(leaves)}")
    if head != f"{max(leaves)}\n":
        found.append(f"migrations/HEAD says {head.strip()!r}, the newest migration is {max(leaves)}")
    return found


def test_it_has_one_named_line_of_migrations_and_its_head() -> None:
    loader = MigrationLoader(None)
    names = [name for app, name in loader.disk_migrations if app == "store"]
    leaves = [name for _app, name in loader.graph.leaf_nodes("store")]
    head = (FOLDER / "HEAD").read_text(encoding="utf-8")
    assert complaints(names, leaves, head) == []


@pytest.mark.django_db
def test_it_has_a_migration_for_every_change_of_the_models() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        call_command("makemigrations", dry_run=True)
        pytest.fail("models and migrations differ; makemigrations says how")


@pytest.mark.parametrize(
    ("names", "leaves", "head"),
    [
        (["0001_a", "0002_auto_20260101_0000"], ["0002_auto_20260101_0000"], "0002_auto_20260101_0000\n"),
        (["0001_a", "0002_b", "0002_c"], ["0002_b", "0002_c"], "0002_c\n"),
        (["0001_a", "0002_b"], ["0002_b"], "0001_a\n"),
    ],
)
def test_it_notices_a_machine_name_a_fork_and_a_stale_head(names: list[str], leaves: list[str], head: str) -> None:
    assert len(complaints(names, leaves, head)) == 1
