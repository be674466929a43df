"""`kesu backup`: whole or not at all, while the program runs, and silent about what is under seal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from kesu.config.backup import contents, manifest, record
from kesu.core import keyring
from tests.access import sample
from tests.access.sample import Sample
from tests.backup import house
from tests.backup.house import House
from tests.database import Databases
from tests.full import only_in_full

PATIENCE = 60.0


def test_it_keeps_every_row_and_every_file_for_its_owner_only(home: House, folder: Path) -> None:
    made = home.back_up(folder)

    inside = contents.read(made, contents.key_of(made.manifest, keyring.load(home.keys)))
    assert inside.rows == home.rows()
    assert inside.rows["store_sealedcase"] == 1
    assert [(made.folder / "files" / one.place).read_bytes() for one in inside.files] == [
        (home.files / one.place).read_bytes() for one in inside.files
    ]
    assert len(inside.files) == made.manifest.files == 2  # the photograph and its preview
    for path in made.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_it_holds_neither_keys_nor_names_in_clear(home: House, folder: Path) -> None:
    made = home.back_up(folder)
    secrets = [text.encode() for text in json.loads(home.keys.read_text("utf-8"))["keys"].values()]
    secrets += ["苏女士".encode(), b"13800002016", b"store_sealedcase"]

    for path in made.folder.rglob("*"):
        if path.is_file():
            assert not [secret for secret in secrets if secret in path.read_bytes()], path


def test_its_listing_does_not_tell_that_there_is_a_report(
    fresh_database: str, databases: Databases, tmp_path: Path, folder: Path
) -> None:
    found = sample.build()
    home = house.furnished(tmp_path / "data", databases, fresh_database)
    before = home.back_up(folder)
    sample.report(found)
    told = home.say("backup", str(folder))
    after = manifest.whole(folder)[-1]

    assert after.name != before.name
    assert (after.manifest.rows, after.manifest.files) == (before.manifest.rows, before.manifest.files)
    assert [path.name for path in after.folder.rglob("*")] == [path.name for path in before.folder.rglob("*")]
    assert "举报" not in told.stdout + told.stderr


def test_it_links_to_the_files_that_an_earlier_backup_has(home: House, folder: Path, lived_in: Sample) -> None:
    first = home.back_up(folder)
    lived_in.world.register(
        "wutong",
        at=lived_in.now - timedelta(hours=1),
        uploads=[sample.photo()],
        promised_feedback_at="2030-01-02 10:00",
    )
    second = home.back_up(folder)

    def inodes(backup: manifest.Backup) -> set[int]:
        return {path.stat().st_ino for path in (backup.folder / "files").rglob("*") if path.is_file()}

    assert inodes(first) < inodes(second)
    assert len(inodes(second)) == 4


def test_it_is_one_moment_although_people_go_on_working(
    home: House, folder: Path, lived_in: Sample, empty_home: House
) -> None:
    stop = threading.Event()

    def work() -> None:
        from django.db import connections

        for number in count():
            if stop.is_set():
                break
            at = lived_in.now + timedelta(seconds=number)
            lived_in.world.submit(at=at, title=f"第 {number} 件", person__phone=f"138000{number:05}")
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        home.back_up(folder)
    finally:
        stop.set()
        worker.join()

    told = empty_home.say("restore", str(folder), "--keys", str(home.keys))
    assert told.returncode == 0, told.stderr
    assert empty_home.rows()["store_case"] < home.rows()["store_case"]


def test_a_killed_backup_is_never_taken_for_a_whole_one(home: House, folder: Path, empty_home: House) -> None:
    # pg_dump waits for this lock: the backup is caught in the middle, whatever the speed of the machine.
    with home.as_owner() as owner:
        owner.execute("LOCK TABLE kesu_cache IN ACCESS EXCLUSIVE MODE")
        process = home.start("backup", str(folder))
        wait_until(lambda: any(folder.glob("*.unfinished/database.sealed")))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    left = next(folder.glob("*.unfinished"))

    for source in (folder, left):
        told = empty_home.say("restore", str(source), "--keys", str(home.keys))
        assert told.returncode == 1
        assert "不是一份备份" in told.stderr or "没有完整的备份" in told.stderr or "没有做完" in told.stderr
    home.back_up(folder)
    assert not left.exists()


@only_in_full
def test_it_keeps_as_many_as_it_was_told(home: House, folder: Path) -> None:
    names = []
    for _ in range(3):
        names.append(home.back_up(folder, "--keep", "2").name)
    assert [backup.name for backup in manifest.whole(folder)] == names[1:]


def test_it_says_that_a_file_is_lost_instead_of_hiding_it(home: House, folder: Path) -> None:
    lost = next(path for path in home.files.rglob("*") if path.is_file() and _is_of(home, path) and not path.suffix)
    moved = lost.rename(lost.with_name("elsewhere"))
    try:
        told = home.say("backup", str(folder))
    finally:
        moved.rename(lost)
    assert told.returncode == 0
    assert "1 个附件在文件库里找不到" in told.stdout
    assert record.read(home.data).missing == 1


def test_it_names_the_address_that_it_needs(home: House, folder: Path) -> None:
    variables = home.variables()
    del variables["KESU_OWNER_URL"]
    told = subprocess.run(
        [*house.PROGRAM, "backup", str(folder)], env=variables, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "KESU_OWNER_URL" in told.stderr
    found = record.read(home.data)
    assert found.failed_at is not None
    assert "所有者" in str(found.failure)


def test_it_hands_out_the_keys_apart(home: House, folder: Path, tmp_path: Path) -> None:
    home.back_up(folder)
    out = tmp_path / "safe.json"

    assert home.say("keys", "export", str(out)).returncode == 0
    assert out.read_bytes() == home.keys.read_bytes()
    assert out.stat().st_mode & 0o777 == 0o600
    assert "没有覆盖" in home.say("keys", "export", str(out)).stderr
    for place in (folder, manifest.whole(folder)[0].folder):
        assert "不能和备份放在一起" in home.say("keys", "export", str(place / "keys.json")).stderr


def test_it_proves_a_backup_and_writes_down_that_it_did(home: House, folder: Path) -> None:
    made = home.back_up(folder, "--prove")

    found = record.read(home.data)
    assert found.proved == found.made == made.name
    assert found.failure is None
    assert not (folder / ".proving").exists()


@only_in_full
def test_a_damaged_file_fails_the_proof_and_is_copied_anew_by_the_next_backup(home: House, folder: Path) -> None:
    first = home.back_up(folder)
    rotten = next(path for path in (first.folder / "files").rglob("*") if path.is_file())
    content = bytearray(rotten.read_bytes())
    content[len(content) // 2] ^= 1
    rotten.write_bytes(content)

    told = home.say("backup", str(folder), "--prove")
    assert told.returncode == 1
    assert "没有通过恢复检验" in told.stderr
    assert "已损坏" in str(record.read(home.data).failure)
    assert home.say("backup", str(folder), "--prove").returncode == 0
    assert record.read(home.data).failure is None


def _is_of(home: House, path: Path) -> bool:
    """The file store of the tests is shared: only this house's own files count."""
    with home.as_owner() as owner:
        places = {str(row[0]) for row in owner.execute("SELECT place FROM store_storedfile")}
    return str(path.relative_to(home.files)) in places


def wait_until(is_so: object) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.parametrize("words", [["--keep", "0"], ["--keep", "x"]])
def test_it_keeps_at_least_one(home: House, folder: Path, words: list[str]) -> None:
    assert home.say("backup", str(folder), *words).returncode == 2
