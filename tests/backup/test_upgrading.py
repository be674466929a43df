"""`kesu upgrade`: from older tables to those of this program, with a way back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg

from kesu.config.backup import manifest
from tests.backup.house import House
from tests.full import only_in_full

_BACK = """
import os, django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "store", "0003", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute(f"COMMENT ON DATABASE {connection.settings_dict['NAME']} IS 'kesu-migrations of an older program'")
"""


def _make_older(home: House) -> None:
    """Takes the last change of the tables back, as an older program would have left them."""
    variables = {**home.variables(), "KESU_AS_OWNER": "1", "DJANGO_SETTINGS_MODULE": "kesu.config.settings"}
    done = subprocess.run([sys.executable, "-c", _BACK], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _has_the_last_change(home: House) -> bool:
    with psycopg.connect(home.owner_url) as owner:
        found = owner.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'append_only_rows'").fetchone()
    return found is not None


def _leave(home: House) -> None:
    """This process lets go of the database, as stopped services would have."""
    from django.db import connections

    connections["default"].close()
    connections["default"].close_pool()  # type: ignore[attr-defined]


@only_in_full
def test_it_backs_up_then_updates_the_tables_then_checks(home: House, folder: Path, empty_home: House) -> None:
    _leave(home)
    _make_older(home)
    before = home.rows()

    told = home.say("upgrade", "--backup", str(folder))
    assert told.returncode == 0, told.stderr
    assert "升级完成" in told.stdout
    assert _has_the_last_change(home)
    made = manifest.whole(folder)
    assert len(made) == 1
    assert str(made[0].folder) in told.stdout
    assert "0004_walls_without_a_door" not in made[0].manifest.migrations

    # The way back, and forward again: the older backup is brought up to date when it is restored.
    told = empty_home.say("restore", str(folder), "--keys", str(home.keys))
    assert told.returncode == 0, told.stderr
    assert "数据表已更新" in told.stdout
    assert _has_the_last_change(empty_home)
    changed = {"django_migrations", "django_content_type", "auth_permission"}
    now = empty_home.rows()  # the update adds tables, and changes none that was there
    assert {name: now[name] for name in before if name not in changed} == {
        name: count for name, count in before.items() if name not in changed
    }


def test_it_does_nothing_to_tables_that_are_current(home: House, folder: Path) -> None:
    _leave(home)
    told = home.say("upgrade", "--backup", str(folder))
    assert told.returncode == 0, told.stderr
    assert "没有改动" in told.stdout
    assert not folder.exists()


def test_it_asks_where_the_backup_goes(home: House) -> None:
    told = home.say("upgrade")
    assert told.returncode == 1
    assert "--no-backup" in told.stderr


def test_it_waits_until_the_old_program_is_gone(home: House) -> None:
    with psycopg.connect(home.url):
        told = home.say("upgrade", "--no-backup")
    assert told.returncode == 1
    assert "还有程序连着数据库" in told.stderr


@only_in_full
def test_it_changes_nothing_when_the_backup_fails(home: House, tmp_path: Path) -> None:
    _leave(home)
    _make_older(home)
    in_the_way = tmp_path / "a file"
    in_the_way.touch()
    told = home.say("upgrade", "--backup", str(in_the_way))
    assert told.returncode == 1
    assert "没有升级" in told.stderr
    assert not _has_the_last_change(home)


@only_in_full
def test_it_says_how_to_go_back_when_the_check_fails(home: House, folder: Path) -> None:
    _leave(home)
    _make_older(home)
    with home.as_owner() as owner:
        owner.execute("REVOKE SELECT ON store_note FROM kesu_app")
    told = home.say("upgrade", "--backup", str(folder))
    assert told.returncode == 1
    assert "检查没有通过" in told.stderr
    assert f"restore {manifest.whole(folder)[0].folder}" in told.stderr
