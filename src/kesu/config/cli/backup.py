"""`kesu backup DIR`: one more whole backup in DIR, while the program runs."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kesu.config import home
from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from kesu.config.backup.manifest import Backup
    from kesu.config.installation import Installation


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("backup", help="备份数据库与附件（运行中也可；密钥另存，见 keys）")
    named = os.environ.get("KESU_BACKUP_DIR")
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?" if named else None,
        default=Path(named) if named else None,
        metavar="DIR",
        help="备份放在这里，每份一个子文件夹（可用 KESU_BACKUP_DIR 指定）",
    )
    parser.add_argument("--keep", type=_count, default=None, metavar="N", help="只留最近 N 份（默认全部留下）")
    parser.add_argument("--prove", action="store_true", help="做完后恢复到一个临时数据库，逐表核对，再删掉它")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config.backup import record
    from kesu.core.clock import now

    folder = (arguments.data or home.home()).absolute()
    try:
        _run(attach(arguments), arguments)
    except BaseException as fault:
        reason = fault.reason if isinstance(fault, Trouble) else type(fault).__name__
        if folder.is_dir():
            record.write(folder, record.read(folder).failing(now(), reason))
        raise


def _run(installation: Installation, arguments: argparse.Namespace) -> None:
    from kesu.config.backup import making, record
    from kesu.config.backup.proving import prove
    from kesu.config.progress import Progress
    from kesu.core.clock import now

    folder, progress, before = arguments.folder.absolute(), Progress(), record.read(installation.home)
    # After a proof that failed every file is copied anew: the damage may lie in one that later backups link to.
    fresh = before.failure is not None and before.made != before.proved
    backup = making.make(installation, folder, now(), progress, fresh=fresh)
    made = replace(
        before,
        made_at=backup.manifest.made_at,
        made=backup.name,
        folder=str(folder),
        missing=backup.manifest.missing,
        failed_at=None,
        failure=None,
    )
    record.write(installation.home, made)
    _tell(backup)
    if arguments.prove:
        with progress.step("恢复检验"):
            prove(installation, backup, installation.home / "log" / "proof.log")
        record.write(installation.home, replace(made, proved_at=now(), proved=backup.name))
    if arguments.keep:
        for name in making.thin(folder, arguments.keep):
            print(f"已删除旧备份 {name}")


def _tell(backup: Backup) -> None:
    found = backup.manifest
    print(f"备份完成：{backup.folder}")
    print(f"  诉件 {found.rows['store_case']} 件，附件 {found.files} 个（{found.files_size / 1e6:.1f} MB）")
    print("  密钥不在其中：没有密钥，备份打不开。用 ./kesu keys export 另存一份，放在别处")
    if found.missing:
        print(f"!! 有 {found.missing} 个附件在文件库里找不到，备份里也没有；请检查磁盘，从更早的备份找回")


def _count(text: str) -> int:
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} 不是正整数")
