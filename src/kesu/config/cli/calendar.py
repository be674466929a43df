"""`kesu calendar`: which calendars are in force, and a newly published year is brought into force."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from uuid import UUID

    from kesu.policy.calendar import Year


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("calendar", help="看各版日历；让新公布的放假安排生效")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    shown = actions.add_parser("list", help="各版日历：知道哪些年份的官方安排，哪里在用")
    add_data_option(shown)
    shown.set_defaults(run=_list)
    renew = actions.add_parser("renew", help="已采用的制度从现在起用带有新年份的日历，不必重新采用")
    renew.add_argument("--plan", type=Path, metavar="FILE", help="JSON：各年官方安排；不写就用程序自带的数据")
    renew.add_argument("--unit", metavar="CODE", help="只换这个单位及下级采用的；不写就全部")
    add_data_option(renew)
    renew.set_defaults(run=_renew)


def _list(arguments: argparse.Namespace) -> None:
    attach(arguments)
    from kesu.core.clock import now
    from kesu.queries.policies.calendar_list import calendar_list

    for line in calendar_list(at=now()):
        years = "、".join(map(str, line.official)) or "无"
        print(f"{line.version[:8]}  {line.name}  官方安排：{years}  存入 {line.created_at:%F}")
        for unit, kind in line.in_force:
            print(f"    {unit} · {kind}")


def _renew(arguments: argparse.Namespace) -> None:
    plan = _read_plan(arguments.plan) if arguments.plan else ()
    attach(arguments)
    from kesu.commands.policies.renew_calendars import renew_calendars
    from kesu.core.clock import now

    unit_id = _unit(arguments.unit) if arguments.unit else None
    renewed = renew_calendars(actor=None, at=now(), unit_id=unit_id, plan=plan)
    for one in renewed:
        print(f"{one.unit} · {one.kind}：{one.name} {one.before[:8]} → {one.after[:8]}")
    if renewed:
        print("此后受理的投诉用新日历；已受理的保留受理时的日历。")
    else:
        print("没有更新的安排，没有改动。")


def _read_plan(file: Path) -> tuple[Year, ...]:
    from kesu.policy.calendar import CalendarUnreadable
    from kesu.policy.calendar.document import read_years

    try:
        return read_years(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as fault:
        why = str(fault) if isinstance(fault, CalendarUnreadable | OSError) else "不是 JSON"
        raise Trouble("放假安排没有读入，没有改动", why=why, advice="写法见 docs/operations/install.md") from fault


def _unit(code: str) -> UUID:
    from kesu.store.models import Unit

    found = list(Unit.objects.filter(code=code).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        why = "有几个单位用这个代码" if found else "没有这个代码的单位"
        raise Trouble(f"找不到单位 {code}，没有改动", why=why, advice="检查 --unit")
    return found[0]
