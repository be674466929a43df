"""`kesu upgrade`: what is typed after a new version was installed. Backs up, updates the tables, checks, tells."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kesu.config.installation import Installation, add_data_option, refuse_half_restored
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.config.progress import Progress

_SAMPLE = 50
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
"""The server's own workers have no user; more than this is not shown of sessions of other users."""
_UNREADABLE = """
    SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
             AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("upgrade", help="装好新版本后：备份、更新数据表、检查")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--backup", type=Path, default=None, metavar="DIR", help="先备份到这里（或 KESU_BACKUP_DIR）")
    choice.add_argument("--no-backup", action="store_true", help="不备份")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config import migration_stamp
    from kesu.config.progress import Progress
    from kesu.config.supervise import preparation
    from kesu.config.supervise.supervisor import only_one

    backups = _folder(arguments)
    progress = Progress()
    installation = Installation(arguments.data)
    refuse_half_restored(installation.home)
    with closing(only_one(installation)):
        try:
            with progress.step("启动数据库", quiet=True):
                installation.start_database()
            installation.ensure_keys()
            _refuse_others(installation)
            before = installation.applied_migrations()
            made = preparation.bring_up_to_date(installation, progress, backups)
            try:
                looked_at = _check(progress)
            except Exception as fault:
                reason = fault.reason if isinstance(fault, Trouble) else f"{type(fault).__name__}: {fault}"
                advice = preparation.way_back(installation, made) if made else "查明原因后重试；需要时恢复最近的备份"
                raise Trouble("升级后的检查没有通过，不要启动", why=reason, advice=advice) from fault
        finally:
            if installation.cluster is not None:
                installation.cluster.stop()
    _tell(before == migration_stamp.wanted(), made, looked_at)


def _folder(arguments: argparse.Namespace) -> Path | None:
    if arguments.no_backup:
        return None
    named = arguments.backup or os.environ.get("KESU_BACKUP_DIR")
    if not named:
        raise Trouble(
            "没有说备份放在哪里，没有升级",
            why="升级会改数据表，改坏了要靠备份退回",
            advice="加上 --backup 文件夹；确实不要备份时加 --no-backup",
        )
    return Path(named).absolute()


def _refuse_others(installation: Installation) -> None:
    from kesu.config.backup import snapshot

    with snapshot.connected(installation.owner_url()) as connection:
        row = connection.execute(_OTHERS).fetchone()
    if row is not None and row[0]:
        raise Trouble(
            "还有程序连着数据库，没有升级",
            why=f"有 {row[0]} 个连接；旧程序不认识新的数据表",
            advice="先停下网页服务和后台任务（systemctl stop kesu-web kesu-worker，或 ./kesu down）",
        )


def _check(progress: Progress) -> int:
    """As the application's role: it may use every table, and its keys and policies still open and judge cases."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    with progress.step("检查"):
        django.setup()
        from django.db import connection, connections

        from kesu.access.system import some_cases
        from kesu.core.clock import now
        from kesu.queries.cases.sample_cases import sample_cases

        try:
            with connection.cursor() as cursor:
                cursor.execute(_UNREADABLE)
                row = cursor.fetchone()
            if row is not None and row[0]:
                raise Trouble(f"应用账号用不了 {row[0]} 张表", advice="检查数据库里应用账号的权限")
            return len(sample_cases(at=now(), case_ids=some_cases(_SAMPLE)))
        finally:
            connections["default"].close()
            connections["default"].close_pool()  # type: ignore[attr-defined]


def _tell(was_current: bool, made: Path | None, looked_at: int) -> None:
    import kesu

    if was_current:
        print(f"数据表本来就是 {kesu.__version__} 的，没有改动；重新核算了 {looked_at} 件诉件")
        return
    print(f"升级完成：现在是 {kesu.__version__}；重新核算了 {looked_at} 件诉件")
    print(f"  升级前的备份：{made}" if made else "  没有备份")
    print("  启动：./kesu up，或 systemctl start kesu-web kesu-worker")
    print("  启动以后：kesu rebuild --write，给早先的诉件补上新版本列表里才有的内容，不用停机")
