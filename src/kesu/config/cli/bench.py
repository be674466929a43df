"""`kesu bench`: what the program costs with a large company's cases."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesu.config import home

_WHAT: Final = (
    "policy：只量制度库和引擎，不用数据库；house：量很多房间和客户的列表；sessions：很多人同时工作，量每种页面；"
    "clock：很多期限同时到，量后台任务晚了多久"
)
_SECONDS: Final = 8.0
_WORKDAY: Final = 300.0

if TYPE_CHECKING:
    from kesu.config.bench.figures import Report


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("bench", help="量速度：用自己的数据库，写入大量诉件后按页面和操作计时（仅 Linux）")
    parser.add_argument("what", nargs="?", choices=("policy", "house", "sessions", "clock"), help=_WHAT)
    parser.add_argument("--cases", type=int, default=100_000, help="诉件数（默认 100000）")
    parser.add_argument("--rooms", type=int, default=200_000, help="house：房间数，每间一位客户（默认 200000）")
    parser.add_argument("--sample", type=int, default=None, help="其中与命令所建的比较多少件（默认百分之一）")
    parser.add_argument("--wave", type=int, default=10_000, help="clock：多少件同时到期（默认 10000）")
    parser.add_argument("--redate", type=int, default=0, help="clock：另外让这么多件改按新日历计时（默认不改）")
    parser.add_argument("--year", type=int, default=0, help="clock：另外把这么多件的一年走一遍（默认不走）")
    parser.add_argument("--people", type=int, default=50, help="sessions：多少人同时工作（默认 50）")
    parser.add_argument(
        "--seconds",
        type=float,
        default=None,
        help="每种操作用一个和八个客户端各量多少秒（默认 8）；sessions：工作多少秒（默认 300）",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=None,
        metavar="DIR",
        help="数据文件夹（默认 ./.kesu-bench，house 是 ./.kesu-bench-house）",
    )
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="结果另存为 JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when every limit is met."""
    if arguments.what == "policy":
        return _policy(arguments)
    if arguments.what == "house":
        return _house(arguments)
    if arguments.what == "sessions":
        return _sessions(arguments)
    if arguments.what == "clock":
        return _clock(arguments)
    from kesu.config.bench.whole import Wanted
    from kesu.config.bench.whole import run as measure
    from kesu.config.progress import Progress

    folder = _folder(arguments, ".kesu-bench")
    sample = arguments.cases // 100 if arguments.sample is None else arguments.sample
    report = measure(Wanted(folder, arguments.cases, sample, arguments.seconds or _SECONDS), Progress())
    print(report.text())
    return _ended(report, arguments)


def _policy(arguments: argparse.Namespace) -> int:
    from kesu.config.bench.policies import run as measure

    report = measure(arguments.cases)
    print(report.singles_text())
    return _ended(report, arguments)


def _house(arguments: argparse.Namespace) -> int:
    from kesu.config.bench.house import run as measure
    from kesu.config.progress import Progress

    report = measure(
        _folder(arguments, ".kesu-bench-house"), arguments.rooms, arguments.seconds or _SECONDS, Progress()
    )
    print(report.text())
    return _ended(report, arguments)


def _sessions(arguments: argparse.Namespace) -> int:
    from kesu.config.bench.sessions import Sessions
    from kesu.config.bench.sessions import run as measure
    from kesu.config.progress import Progress

    folder = _folder(arguments, ".kesu-bench")
    wanted = Sessions(folder, arguments.cases, arguments.people, arguments.seconds or _WORKDAY)
    report = measure(wanted, Progress())
    print(report.singles_text())
    return _ended(report, arguments)


def _clock(arguments: argparse.Namespace) -> int:
    from kesu.config.bench.clock import Storm
    from kesu.config.bench.clock import run as measure
    from kesu.config.progress import Progress

    folder = _folder(arguments, ".kesu-bench-clock")
    report = measure(Storm(folder, arguments.cases, arguments.wave, arguments.redate, arguments.year), Progress())
    print(report.singles_text())
    return _ended(report, arguments)


def _folder(arguments: argparse.Namespace, name: str) -> Path:
    chosen: Path = arguments.data or home.home().with_name(name)
    return chosen.absolute()


def _ended(report: Report, arguments: argparse.Namespace) -> int:
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(report.document(), ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if report.is_met else 1
