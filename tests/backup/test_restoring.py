"""`kesu restore`: into an empty installation only, all of it, and never served by half."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from kesu.config.backup import envelope, manifest, programs, snapshot
from kesu.config.backup.manifest import Backup
from kesu.core import keyring
from tests.backup.house import House
from tests.backup.test_backing_up import wait_until
from tests.full import only_in_full


@pytest.fixture
def made(home: House, folder: Path) -> Backup:
    return home.back_up(folder)


def _is_untouched(house: House) -> bool:
    with psycopg.connect(house.owner_url) as connection:
        return snapshot.tables(connection) == [] and not (house.data / "restoring.json").exists()


def test_it_brings_back_every_row_sealed_ones_too_and_every_file(home: House, made: Backup, empty_home: House) -> None:
    told = empty_home.say("restore", str(made.folder), "--keys", str(home.keys))

    assert told.returncode == 0, told.stderr
    rows = empty_home.rows()
    assert rows == home.rows()
    assert rows["store_sealedcase"] == 1
    assert rows["store_sealedevent"] > 0
    assert rows["store_sealedallow"] > 0
    for path in empty_home.files.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (home.files / path.relative_to(empty_home.files)).read_bytes()
            assert path.stat().st_mode & 0o077 == 0
    assert empty_home.keys.read_bytes() == home.keys.read_bytes()
    assert empty_home.keys.stat().st_mode & 0o777 == 0o600


def test_it_leaves_the_walls_standing(home: House, made: Backup, empty_home: House) -> None:
    """Append-only triggers and row-level security are restored too, and the application is bound by them."""
    assert empty_home.say("restore", str(made.folder), "--keys", str(home.keys)).returncode == 0

    with psycopg.connect(empty_home.url, autocommit=True) as app:
        assert app.execute("SELECT count(*) FROM store_sealedcase").fetchone() == (0,)
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            app.execute("UPDATE store_caseevent SET actor = ''")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE store_case")


def test_it_refuses_where_there_is_data(home: House, made: Backup, empty_home: House, tmp_path: Path) -> None:
    told = home.say("restore", str(made.folder))
    assert told.returncode == 1
    assert "已有数据" in told.stderr

    # The data folder is empty, the database is not.
    other = House(tmp_path / "third", tmp_path / "third" / "files", home.url, home.owner_url)
    told = other.say("restore", str(made.folder), "--keys", str(home.keys))
    assert told.returncode == 1
    assert "数据库里已有数据表" in told.stderr
    assert not other.keys.exists()


def _flip(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = next(path for path in folder.rglob(name) if path.is_file())
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    return change


def _cut(name: str) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, (folder / name).stat().st_size // 2)


def _say(**words: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / manifest.FILE
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **words}), encoding="utf-8")

    return change


CHANGES: list[tuple[Callable[[Path], None], str]] = [
    (_flip("database.sealed"), "已损坏"),
    (_cut("database.sealed"), "已损坏"),
    (_flip("contents.sealed"), "已损坏"),
    (_flip("*.preview"), "已损坏"),
    (lambda folder: (folder / "database.sealed").unlink(), "已损坏"),
    (_cut("manifest.json"), "读不懂"),
    (_say(version="99.0.0"), "来自更新的程序"),
    (_say(migrations=["0001_first_tables", "9999_unheard_of"]), "来自更新的程序"),
    (_say(format=2), "来自更新的程序"),
    (_say(data_key="AAAA"), "密钥打不开"),
]


def test_it_refuses_before_it_writes_anything(home: House, made: Backup, empty_home: House, tmp_path: Path) -> None:
    for number, (change, said) in enumerate(CHANGES):
        copied = tmp_path / str(number) / made.name
        shutil.copytree(made.folder, copied)
        change(copied)

        told = empty_home.say("restore", str(copied), "--keys", str(home.keys))
        assert told.returncode == 1, number
        assert said in told.stderr.splitlines()[0], number
        assert _is_untouched(empty_home)
        assert not empty_home.data.exists()


def test_it_asks_for_the_keys(home: House, made: Backup, empty_home: House, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    keyring.create(other)

    for words in ([], ["--keys", str(other)]):
        told = empty_home.say("restore", str(made.folder), *words)
        assert told.returncode == 1
        assert "--keys" in told.stderr
    assert _is_untouched(empty_home)


def test_it_does_not_replace_other_keys(home: House, made: Backup, empty_home: House) -> None:
    empty_home.data.mkdir()
    keyring.create(empty_home.keys)
    own = empty_home.keys.read_bytes()

    told = empty_home.say("restore", str(made.folder), "--keys", str(home.keys))
    assert told.returncode == 1
    assert "另一把密钥" in told.stderr
    assert empty_home.keys.read_bytes() == own
    assert _is_untouched(empty_home)


@only_in_full
def test_it_can_be_begun_again_after_it_was_killed_and_is_not_served_before(
    home: House, made: Backup, empty_home: House
) -> None:
    words = ["restore", str(made.folder), "--keys", str(home.keys)]
    # The load waits for the name of this table: the restore is caught in the middle, whatever the machine's speed.
    with empty_home.as_owner() as owner:
        owner.execute("CREATE TABLE django_session (id int)")
        process = empty_home.start(*words)
        wait_until(lambda: _waits(home, empty_home))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        owner.rollback()
    wait_until(lambda: _sessions(home, empty_home) == 0)

    with psycopg.connect(empty_home.owner_url) as connection:
        assert snapshot.tables(connection) == []
    for command in (["web", "--port", "1"], ["work"], ["up"], ["migrate"], ["backup", str(made.folder.parent)]):
        told = empty_home.say(*command)
        assert told.returncode == 1, command
        assert "恢复没有做完" in told.stderr
    assert empty_home.say(*words).returncode == 0
    assert empty_home.rows() == home.rows()
    assert not (empty_home.data / "restoring.json").exists()


def test_it_writes_nothing_when_the_database_refuses(home: House, made: Backup, empty_home: House) -> None:
    with empty_home.as_owner() as owner:
        owner.execute("CREATE FUNCTION kesu_append_only() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    words = ["restore", str(made.folder), "--keys", str(home.keys)]
    told = empty_home.say(*words)
    assert told.returncode == 1
    assert "没有写入任何一行" in told.stderr
    assert "kesu_append_only" in told.stderr
    with empty_home.as_owner() as owner:
        assert snapshot.tables(owner) == []
        owner.execute("DROP FUNCTION kesu_append_only()")
    assert empty_home.say(*words).returncode == 0


@only_in_full
def test_it_finishes_another_restore_first(home: House, made: Backup, empty_home: House) -> None:
    empty_home.data.mkdir()
    (empty_home.data / "restoring.json").write_text("another", encoding="utf-8")
    told = empty_home.say("restore", str(made.folder), "--keys", str(home.keys))
    assert told.returncode == 1
    assert "另一份没有恢复完" in told.stderr


def test_it_leaves_out_the_setting_that_an_older_server_does_not_know(tmp_path: Path) -> None:
    lines = (
        b"SET lock_timeout = 0;\nSET transaction_timeout = 0;\nCOPY x FROM stdin;\nSET transaction_timeout = 0;\n\\.\n"
    )
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(lines)
    passed = {}
    for server in (15, 18):
        with source.open("rb") as reading, target.open("wb") as writing:
            assert programs.pass_on(reading, writing, server)
        passed[server] = target.read_bytes()
    assert passed[18] == lines
    assert passed[15].count(b"transaction_timeout") == 1
    assert passed[15].endswith(b"SET transaction_timeout = 0;\n\\.\n")


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_part_is_read_back_as_it_was_written(tmp_path: Path, size: int) -> None:
    key, plain = keyring.new_data_key(), os.urandom(size)
    path = tmp_path / "part"
    written, _ = envelope.write(path, [plain[:7], plain[7:]], key, b"x")
    assert b"".join(envelope.read(path, key, b"x")) == plain
    assert written == path.stat().st_size
    with pytest.raises(envelope.Damaged):
        list(envelope.read(path, key, b"y"))


def test_a_part_whose_blocks_were_taken_away_or_exchanged_is_noticed(tmp_path: Path) -> None:
    key, path = keyring.new_data_key(), tmp_path / "part"
    envelope.write(path, [os.urandom(3 << 20)], key, b"x")
    whole = path.read_bytes()
    block = 4 + int.from_bytes(whole[:4], "big")
    first, second, rest = whole[:block], whole[block : 2 * block], whole[2 * block :]
    for changed in (second + first + rest, first + rest, first + second, first, b"", whole + first, whole[:-1]):
        path.write_bytes(changed)
        with pytest.raises(envelope.Damaged):
            list(envelope.read(path, key, b"x"))


def test_a_name_says_when_it_was_made() -> None:
    assert manifest.name_for(datetime(2026, 6, 8, 1, 30, 5, 7000, UTC)) == "kesu-20260608T013005.007Z"


def _waits(home: House, waiting: House) -> bool:
    return _ask(home, waiting, "wait_event_type = 'Lock'") > 0


def _sessions(home: House, waiting: House) -> int:
    return _ask(home, waiting, "true")


def _ask(home: House, other: House, condition: str) -> int:
    """Asked from another database, as its owner: the one in question must be left alone."""
    name = other.owner_url.split("/")[-1].split("?")[0]
    question = f"SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND {condition}"
    with psycopg.connect(home.owner_url) as connection:
        row = connection.execute(question, (name,)).fetchone()
    assert row is not None
    return int(row[0])
