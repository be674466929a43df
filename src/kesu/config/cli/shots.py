"""`kesu shots`: pictures and measures of every page of the demonstration, in three roles and two sizes."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from kesu.config.installation import add_data_option
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("shots", help="给演示数据的每个页面拍照并检查（需要开发依赖与 Chromium）")
    parser.add_argument("out", type=Path, metavar="OUT", help="照片与 table.md、table.json 放在这里")
    parser.add_argument("--base", default=None, metavar="URL", help="已在运行的程序；不写则自己启动一个")
    parser.add_argument("--role", action="append", default=[], help="只看这些角色（可重复），见 shots/catalogue.py")
    add_data_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when every column but the rows is zero and the lists show enough rows."""
    if arguments.data is not None:
        os.environ["KESU_DATA"] = str(arguments.data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")
    import django

    django.setup()
    try:
        from kesu.config.shots.program import running
        from kesu.config.shots.visiting import visit
    except ModuleNotFoundError as fault:
        raise Trouble("缺少开发依赖", why=str(fault), advice="先运行一次 ./kesu test") from fault
    folder: Path = arguments.out.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with running(arguments.base, arguments.data, folder / "program.log") as base:
        report = visit(base, folder, lambda line: print(line, flush=True), arguments.role)
    (folder / "table.md").write_text(report.markdown(), encoding="utf-8")
    document = json.dumps(report.document(), ensure_ascii=False, indent=1)
    (folder / "table.json").write_text(document + "\n", encoding="utf-8")
    faults = sum(finding.is_fault for finding in report.findings)
    print(
        f"{len(report.findings)} 张，{faults} 张有问题，{len(report.unreached)} 个地址没有走到：{folder / 'table.md'}"
    )
    return 0 if report.is_sound else 1
