"""Takes one backup while the program runs: under a temporary name first, renamed when every byte is on the disk."""

from __future__ import annotations

import fcntl
import os
import shutil
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import sql

import kesu
from kesu.config import migration_stamp
from kesu.config.backup import contents, envelope, manifest, programs, snapshot, store_files
from kesu.config.backup.contents import Contents
from kesu.config.backup.manifest import Backup, Manifest, Part
from kesu.config.backup.snapshot import Snapshot
from kesu.config.backup.store_files import Kept
from kesu.config.installation import Installation
from kesu.config.postgres import binaries
from kesu.config.progress import Progress
from kesu.config.trouble import Trouble
from kesu.core import keyring
from kesu.core.ids import uuid7
from kesu.core.keyring import KeyRing

SAMPLE = 20
"""Cases whose standing is written into the backup and computed again from what was restored."""
BESIDE = ("installed.json", "demonstration.json")
_ROOM = 64 << 20
_LOCK = ".lock"


def make(installation: Installation, folder: Path, at: datetime, progress: Progress, *, fresh: bool = False) -> Backup:
    """A new whole backup in `folder`, made at `at` (aware, UTC). Django must be set up, as the application's role.
    `fresh`: copies every file, instead of linking to those of an earlier backup.

    Raises Trouble when it cannot be made; then nothing is left of it, and earlier backups stay as they were.
    """
    ring = keyring.load(installation.key_file)
    _own(folder)
    with alone(folder), snapshot.taken(installation.owner_url()) as taken:
        client = binaries.client(taken.server)
        _clear(folder)
        earlier, known = (None, {}) if fresh else _earlier(folder, ring)
        places = taken.places()
        _refuse_without_room(folder, taken, store_files.size_of_new(places, installation.files, known))
        making = folder / (manifest.name_for(at) + manifest.UNFINISHED)
        whole = folder / manifest.name_for(at)
        if whole.exists():
            raise Trouble(f"备份 {whole.name} 已经有了", why="同一时刻已做过一份", advice="再试一次")
        making.mkdir(mode=0o700)
        try:
            _fill(making, installation, taken, (client, ring, at), (places, earlier, known), progress)
            _sync(making)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        making.rename(whole)
        _sync(folder)
    return Backup(whole, manifest.read(whole))


def thin(folder: Path, keep: int) -> list[str]:
    """Removes the oldest whole backups until `keep` are left. Returns the names of those that went."""
    gone = manifest.whole(folder)[: -keep or None]
    for backup in gone:
        # Renamed first: a removal that is cut short leaves nothing that looks whole.
        leaving = backup.folder.with_name(backup.name + manifest.UNFINISHED)
        backup.folder.rename(leaving)
        shutil.rmtree(leaving)
    return [backup.name for backup in gone]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Raises Trouble when another backup is being made in this folder."""
    with (folder / _LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Trouble(f"{folder} 里正在做另一份备份", advice="等它结束再试") from fault
        yield


def _fill(
    making: Path,
    installation: Installation,
    taken: Snapshot,
    tools: tuple[binaries.Binaries, KeyRing, datetime],
    store: tuple[list[str], Backup | None, Mapping[str, Kept]],
    progress: Progress,
) -> None:
    client, ring, at = tools
    places, earlier, known = store
    key = keyring.new_data_key()
    key_id, wrapped = ring.wrap(key)
    identity = uuid7().hex
    blank = Manifest(
        identity, at, kesu.__version__, taken.stamp(), taken.migrations(), taken.server, key_id,
        b64encode(wrapped).decode(), {}, 0, 0, 0, {},
    )  # fmt: skip
    with progress.step("导出数据库"):
        chunks = programs.dump(client, installation.owner_url(), taken.id)
        dumped = envelope.write(making / manifest.DATABASE, chunks, key, blank.context(manifest.DATABASE))
    with progress.step(f"备份 {len(places)} 个文件") as step:
        (making / manifest.FILES).mkdir(mode=0o700)
        before = earlier.folder / manifest.FILES if earlier else None
        kept, missing = store_files.keep(places, installation.files, making / manifest.FILES, before, known, step)
    with progress.step("清点"):
        rows = snapshot.rows(taken.connection)
        beside = {
            name: (installation.home / name).read_text("utf-8")
            for name in BESIDE
            if (installation.home / name).exists()
        }
        inside = Contents(rows, kept, missing, at, _sample(taken, at), beside)
        listed = envelope.write(making / manifest.CONTENTS, [inside.to_bytes()], key, blank.context(manifest.CONTENTS))
    parts = {manifest.DATABASE: Part(*dumped), manifest.CONTENTS: Part(*listed)}
    ordinary = {name: count for name, count in rows.items() if name in manifest.ORDINARY}
    told = {"rows": ordinary, "files": len(kept), "files_size": sum(one.size for one in kept), "missing": len(missing)}
    fields = {name: getattr(blank, name) for name in asdict(blank)}
    manifest.write(making, Manifest(**{**fields, **told, "parts": parts}))


def _sample(taken: Snapshot, at: datetime) -> list[dict[str, Any]] | None:
    """How some cases stand in this very snapshot. None when the tables are not those of this program."""
    if taken.stamp() != migration_stamp.wanted():
        return None
    from django.db import connection, transaction

    from kesu.queries.cases.sample_cases import sample_cases

    chosen = taken.some_cases(SAMPLE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(taken.id)))  # takes no value apart
        return [one.to_document() for one in sample_cases(at=at, case_ids=chosen)]


def _earlier(folder: Path, ring: KeyRing) -> tuple[Backup | None, dict[str, Kept]]:
    """The newest backup that our keys open, and what it holds: its files need not be copied again."""
    for backup in reversed(manifest.whole(folder)):
        try:
            inside = contents.read(backup, contents.key_of(backup.manifest, ring))
        except Trouble:
            continue
        return backup, {one.place: one for one in inside.files}
    return None, {}


def _own(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Trouble(f"备份文件夹 {folder} 用不了", why=str(fault.strerror), advice="检查路径与权限") from fault
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Trouble(f"备份文件夹 {folder} 不能写入", advice="检查它的权限")


def _clear(folder: Path) -> None:
    """What killed backups and removals left; nobody else is at work here."""
    for path in folder.glob(f"*{manifest.UNFINISHED}"):
        shutil.rmtree(path, ignore_errors=True)


def _refuse_without_room(folder: Path, taken: Snapshot, new_files: int) -> None:
    needed = taken.size() + new_files + _ROOM
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            "备份文件夹空间不够，没有备份",
            why=f"最多需要 {needed >> 20} MB，只剩 {free >> 20} MB",
            advice=f"清理 {folder}，或换一个文件夹",
        )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
