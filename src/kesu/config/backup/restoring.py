"""Brings a backup into an empty installation. Everything that can be refused is refused before anything is written.

Order: note in the data folder, keys, files, database (one transaction, with the stamp as its last statement), tables
brought up to date, checks, note away. While the note is there nothing serves; the same restore may be begun again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from kesu.config import home, migration_stamp
from kesu.config.backup import contents, envelope, manifest, programs, snapshot, store_files
from kesu.config.backup.contents import Contents
from kesu.config.backup.manifest import Backup
from kesu.config.installation import RESTORING, Installation
from kesu.config.postgres import binaries, databases
from kesu.config.progress import Progress
from kesu.config.supervise.preparation import INSTALLED, call
from kesu.config.supervise.supervisor import only_one
from kesu.config.trouble import Trouble
from kesu.core import keyring

_ROOM = 256 << 20
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup whose digests fit and which the key ring in `key_file` opens."""

    backup: Backup
    key: bytes
    key_file: Path
    inside: Contents


@dataclass(frozen=True, slots=True)
class Restored:
    """`differing`: cases of the sample that stand otherwise than in the backup, which a newer program may mean."""

    backup: Backup
    is_migrated: bool
    sampled: int
    differing: tuple[str, ...]


def open_backup(source: Path, key_file: Path, progress: Progress) -> Opened:
    """Reads all of it and writes nothing. Raises Trouble when it is of a newer program, of other keys, or damaged."""
    backup = manifest.chosen(source)
    manifest.refuse_newer(backup.manifest)
    if not key_file.exists():
        raise Trouble(
            "没有密钥，不能恢复",
            why="密钥不在备份里，要另外保存",
            advice="用 --keys 指明密钥文件（./kesu keys export 保存的那份）",
        )
    try:
        ring = keyring.load(key_file)
    except (OSError, ValueError, KeyError) as fault:
        raise Trouble(f"密钥文件 {key_file} 读不懂，没有恢复", advice="用 --keys 指明另一份") from fault
    key = contents.key_of(backup.manifest, ring)
    with progress.step("核对备份") as step:
        for name, part in backup.manifest.parts.items():
            path = backup.folder / name
            if not path.exists() or store_files.digest(path) != part.sha256:
                raise _damaged(backup, name)
        inside = contents.read(backup, key)
        wrong = store_files.damaged(inside.files, backup.folder / manifest.FILES, step)
        if wrong:
            raise _damaged(backup, f"{manifest.FILES}/{wrong[0]}", len(wrong))
    return Opened(backup, key, key_file, inside)


def _damaged(backup: Backup, name: str, count: int = 1) -> Trouble:
    more = f" 等 {count} 个文件" if count > 1 else ""
    return Trouble(f"备份 {backup.name} 已损坏，没有恢复", why=f"{name}{more} 与清单的指纹不符", advice="换一份备份")


def refuse_data(folder: Path, backup: Backup) -> None:
    """Before the data folder is touched: raises Trouble when an installation is there already."""
    note = folder / RESTORING
    if note.exists():
        if note.read_text(encoding="utf-8") == backup.manifest.id:
            return
        raise Trouble(
            f"{folder} 里有另一份没有恢复完的备份", advice="先恢复完那一份，或用 ./kesu reset 清空后再恢复这一份"
        )
    if (folder / INSTALLED).exists():
        raise Trouble(f"{folder} 里已有数据，没有恢复", why="只能恢复到空的安装里", advice="用 --data 另选一个空文件夹")


def restore(opened: Opened, data: Path | None, progress: Progress, *, for_proof: bool = False) -> Restored:
    """`for_proof`: into a scratch folder that is thrown away; the files stay where the backup has them."""
    backup = opened.backup
    refuse_data((data or home.home()).absolute(), backup)
    installation = Installation(data)
    if for_proof and installation.cluster is not None:
        installation.cluster = type(installation.cluster)(installation.home, durable=False)
    with closing(only_one(installation)):
        _refuse_other_keys(installation, opened)
        _refuse_without_room(installation.home, opened, 0 if for_proof else opened.backup.manifest.files_size)
        os.environ["KESU_RESTORING"] = backup.manifest.id
        try:
            _ready_database(installation, backup, progress)
            if not for_proof:
                _write_files(installation, opened, progress)
            is_migrated = _write_database(installation, opened, progress)
            differing = _check_sample(opened, progress)
            _finish(installation, opened)
        finally:
            if installation.cluster is not None:
                installation.cluster.stop()
    if differing and not is_migrated:
        raise Trouble(
            "恢复的案件与备份时不一样", why="；".join(differing[:_SHOWN]), advice="不要使用这份恢复；换一份备份"
        )
    return Restored(backup, is_migrated, len(opened.inside.sample or ()), tuple(differing))


def _refuse_other_keys(installation: Installation, opened: Opened) -> None:
    there = installation.key_file
    if there.exists() and keyring.load(there) != keyring.load(opened.key_file):
        raise Trouble(
            f"{there} 是另一把密钥，没有恢复", why="它打不开这份备份", advice="确认不再需要后移走它，再执行一次"
        )


def _refuse_without_room(folder: Path, opened: Opened, files: int) -> None:
    database = sum(part.size for part in opened.backup.manifest.parts.values()) * 8
    needed = files + database + _ROOM
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Trouble(
            "空间不够，没有恢复", why=f"大约需要 {needed >> 20} MB，只剩 {free >> 20} MB", advice="换一个位置或清理空间"
        )


def _ready_database(installation: Installation, backup: Backup, progress: Progress) -> None:
    """The server answers and its database is empty, or holds what an earlier, cut short restore of this one loaded.
    Only then the note is written."""
    note = installation.home / RESTORING
    with progress.step("启动数据库", quiet=True):
        installation.start_database()
    with snapshot.connected(installation.owner_url()) as connection:
        has_tables = bool(snapshot.tables(connection))
    if has_tables and not note.exists():
        raise Trouble("数据库里已有数据表，没有恢复", why="只能恢复到空的数据库", advice="换一个空的数据库")
    if not has_tables and installation.cluster is not None:
        # Made anew: a start that was cut short may have left it without its rights.
        databases.drop(installation.cluster, databases.MAIN)
        installation.start_database()
    note.touch(mode=0o600)
    note.write_text(backup.manifest.id, encoding="utf-8")


def _write_files(installation: Installation, opened: Opened, progress: Progress) -> None:
    if not installation.key_file.exists():
        store_files.copy(opened.key_file, installation.key_file)
    with progress.step(f"恢复 {len(opened.inside.files)} 个文件") as step:
        source = opened.backup.folder / manifest.FILES
        store_files.restore(opened.inside.files, source, installation.files, step)


def _write_database(installation: Installation, opened: Opened, progress: Progress) -> bool:
    """True when the tables had to be brought up to date afterwards."""
    found, url = opened.backup.manifest, installation.owner_url()
    with snapshot.connected(url) as connection:
        has_tables = bool(snapshot.tables(connection))
        server, name = connection.info.server_version // 10000, connection.info.dbname
    if not has_tables:
        with progress.step("恢复数据库"):
            stamped = sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(found.stamp))
            chunks = envelope.read(
                opened.backup.folder / manifest.DATABASE, opened.key, found.context(manifest.DATABASE)
            )
            client = binaries.client(max(server, found.server))
            try:
                programs.load(client, url, chunks, server=server, last=stamped.as_string())
            except envelope.Damaged as fault:
                raise _damaged(opened.backup, manifest.DATABASE) from fault
    with snapshot.connected(url) as connection:
        stamp = snapshot.stamp(connection)
        if stamp == found.stamp:
            _compare_rows(snapshot.rows(connection), opened.inside.rows)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")
    if stamp != migration_stamp.wanted():
        with progress.step("更新数据表"):
            call(installation, "migrate", failure="数据表没有更新；备份还在，可再执行一次恢复")
    return found.stamp != migration_stamp.wanted()


def _compare_rows(there: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    """What differs is counted, never named: the name of a table may say that there is a sealed report."""
    differing = [name for name in {*there, *wanted} if there.get(name) != wanted.get(name)]
    if differing:
        raise Trouble(
            "恢复的数据库与备份不一致", why=f"{len(differing)} 张表的行数不同", advice="不要使用它；换一份备份"
        )


def _check_sample(opened: Opened, progress: Progress) -> list[str]:
    """As the application's role, with the restored keys: computes again how the sampled cases stood."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    with progress.step("核对案件"):
        django.setup()
        from django.db import Error, connections

        try:
            return differing_cases(opened.inside)
        except Error as fault:
            raise Trouble(
                "应用账号读不了恢复的数据",
                why=str(fault).splitlines()[0],
                advice="像第一次安装那样给它读写行的权限，再执行一次恢复",
            ) from fault
        finally:
            connections["default"].close()
            connections["default"].close_pool()  # type: ignore[attr-defined]


def differing_cases(inside: Contents) -> list[str]:
    """One line for each sampled case that stands otherwise in Django's database than in the backup."""
    from kesu.queries.cases.sample_cases import sample_cases

    before = {str(one["id"]): one for one in inside.sample or ()}
    there = sample_cases(at=inside.sampled_at, case_ids=[UUID(key) for key in before])
    after: dict[str, dict[str, Any]] = {one.id: json.loads(json.dumps(one.to_document())) for one in there}
    lines = []
    for key, wanted in before.items():
        names = [name for name in wanted if wanted[name] != after.get(key, {}).get(name)]
        if names:
            lines.append(f"{wanted['number']}：{'、'.join(names)}")
    return lines


def _finish(installation: Installation, opened: Opened) -> None:
    for name, text in opened.inside.beside.items():
        path = installation.home / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    if not (installation.home / INSTALLED).exists():
        (installation.home / INSTALLED).write_text('{"demonstration": false}', encoding="utf-8")
    (installation.home / RESTORING).unlink()
