"""`kesu restore DIR`: brings a backup into an empty installation."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from kesu.config.installation import KEYS, add_data_option


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("restore", help="把备份恢复到空的安装里")
    parser.add_argument("folder", type=Path, metavar="DIR", help="一份备份，或备份文件夹（取其中最新的一份）")
    parser.add_argument("--keys", type=Path, default=None, metavar="FILE", help="密钥文件（不在备份里）")
    parser.add_argument("--for-proof", action="store_true", help=argparse.SUPPRESS)
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    from kesu.config import home
    from kesu.config.backup import manifest, restoring
    from kesu.config.progress import Progress

    progress = Progress()
    folder = (arguments.data or home.home()).absolute()
    source = arguments.folder.absolute()
    key_file = arguments.keys or Path(os.environ.get("KESU_KEY_FILE") or folder / KEYS)
    restoring.refuse_data(folder, manifest.chosen(source))
    opened = restoring.open_backup(source, key_file.absolute(), progress)
    done = restoring.restore(opened, arguments.data, progress, for_proof=arguments.for_proof)
    made_at = f"{done.backup.manifest.made_at:%Y-%m-%d %H:%M}"
    print(f"恢复完成：{done.backup.name}（制作于 {made_at} UTC，版本 {done.backup.manifest.version}）")
    print(
        f"  每张表的行数与备份一致；重新核算了 {done.sampled} 件诉件" + ("，数据表已更新" if done.is_migrated else "")
    )
    if done.differing:
        print(f"!! 新版本对这些诉件的判断与备份时不同：{'；'.join(done.differing)}")
    if opened.inside.missing:
        print(f"!! 备份时就缺 {len(opened.inside.missing)} 个附件")
    if not arguments.for_proof:
        print("  启动：./kesu up。备份之后的办理不在其中；备份时还没发出的邮件会发出")
