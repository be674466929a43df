"""`kesu clock`: receipts of due instants as a file, and the same file worked out again without the engine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("clock", help="导出期限凭条；独立重算每个期限")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    exported = actions.add_parser("export", help="写出几件诉件的期限凭条（不含姓名和文字）")
    exported.add_argument("--case", action="append", required=True, metavar="NUMBER", help="诉件编号，可以写几次")
    exported.add_argument("file", type=Path, metavar="FILE", help="写到这个文件；核对程序放在它旁边")
    add_data_option(exported)
    exported.set_defaults(run=_export)
    verified = actions.add_parser("verify", help="重算导出的凭条，说出第一处不同；不需要数据库")
    verified.add_argument("export", type=Path, metavar="EXPORT", help="从诉件页或 kesu clock export 导出的文件")
    # As every other command takes it: whoever has it in his fingers is not refused for what changes nothing.
    verified.add_argument("--data", metavar="DIR", help="不用写：只看导出的文件，不看数据文件夹")
    verified.set_defaults(run=_verify)


def _export(arguments: argparse.Namespace) -> None:
    attach(arguments)
    from kesu.config.verifier import kesu_clock
    from kesu.core.clock import now
    from kesu.core.errors import NotFound
    from kesu.policy.receipts import canonical
    from kesu.queries.cases.case_receipts import receipts_by_number

    try:
        document = receipts_by_number(at=now(), numbers=arguments.case)
    except NotFound as fault:
        raise Trouble(
            f"没有编号为 {'、'.join(arguments.case)} 的诉件", advice="写诉件的完整编号；密封件不能这样写出"
        ) from fault
    path: Path = arguments.file
    path.write_text(canonical(document) + "\n", "utf-8")
    verifier = Path(kesu_clock.__file__)
    beside = path.with_name(verifier.name)
    beside.write_bytes(verifier.read_bytes())
    print(f"{len(document['receipts'])} 张凭条写到 {path}。核对：python3 {beside} {path}")


def _verify(arguments: argparse.Namespace) -> int:
    """0 where nothing differs, 1 where something does, 2 where it could not be looked at."""
    from kesu.config.verifier import kesu_clock

    return kesu_clock.main([str(arguments.export)])
