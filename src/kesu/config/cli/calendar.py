"""`kesu calendar`: which calendars are in force, and a newly published year is brought into force."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kesu.config.installation import add_data_option, attach
from kesu.config.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from kesu.access.redating import WouldMove
    from kesu.commands.policies.redate_cases import Redated, Unread
    from kesu.policy.calendar import Calendar, Day, Year


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("calendar", help="看各版日历；让新公布的放假安排生效")
    actions = parser.add_subparsers(dest="action", required=True, metavar="动作")
    shown = actions.add_parser("list", help="各版日历：知道哪些年份的官方安排，哪里在用")
    add_data_option(shown)
    shown.set_defaults(run=_list)
    renew = actions.add_parser("renew", help="已采用的制度用带有新年份的日历，在办的投诉改按它算")
    renew.add_argument("--plan", type=Path, metavar="FILE", help="JSON 或 ICS：各年官方安排；不写就用程序自带的数据")
    renew.add_argument("--unit", metavar="CODE", help="只换这个单位及下级采用的；不写就全部")
    renew.add_argument("--preview", action="store_true", help="只列出会变的日历和时限，什么都不改")
    add_data_option(renew)
    renew.set_defaults(run=_renew)
    again = actions.add_parser("redate", help="把还没改按新日历算的在办投诉接着改完；中途停下后重来也用它")
    add_data_option(again)
    again.set_defaults(run=_again)


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

    unit_id, at = unit_of(arguments.unit) if arguments.unit else None, now()
    if arguments.preview:
        _preview(at, unit_id, plan)
        return
    renewed = renew_calendars(actor=None, at=at, unit_id=unit_id, plan=plan)
    for one in renewed:
        print(f"{one.unit} · {one.kind}：{one.name} {one.before[:8]} → {one.after[:8]}")
    if not renewed:
        print("没有更新的安排，采用的日历没有改动。")
    _redate(at)


def _again(arguments: argparse.Namespace) -> None:
    attach(arguments)
    from kesu.core.clock import now

    _redate(now())


def _redate(at: datetime) -> None:
    from kesu.commands.policies.redate_cases import redate_cases

    count = redate_cases(at=at, tell=_tell)
    print(f"在办投诉 {count.cases} 件改按新日历计时，其中 {count.moved} 件时限变了；封存的另行处理，不在此列。")
    if count.failed:
        print(f"{count.failed} 件没有读出来，未改；查明后运行 kesu calendar redate。")


def _tell(found: Redated | Unread) -> None:
    from kesu.commands.policies.redate_cases import Unread

    if isinstance(found, Unread):
        print(f"    {found.number}  没有读出来（{found.fault}），未改")
        return
    for moved in found.moves:
        was = "（暂定）" if moved.before.is_provisional else ""
        still = "（仍暂定）" if moved.after.is_provisional else ""
        before, after = _local(moved.due_before), _local(moved.due_after)
        print(f"    {found.number}  {moved.after.name}：{before}{was} → {after}{still}")


def _preview(at: datetime, unit_id: UUID | None, plan: Iterable[Year]) -> None:
    from kesu.queries.policies.redating_preview import renewal_preview

    seen = renewal_preview(at=at, unit_id=unit_id, plan=plan)
    for change in seen.changes:
        print(f"{change.name} {change.before.version[:8]} → {change.after.version[:8]}，在办 {change.running} 件")
        for unit, kind in change.serves:
            print(f"    {unit} · {kind}")
    cases = set()
    for move in seen.moves:
        cases.add(move.case_id)
        print(_sentence(move))
    if not seen.changes:
        print("没有更新的安排，不会有改动。")
    else:
        print(f"{len(cases)} 件的时限会变。这只是预览，什么都没有改。")


def _sentence(move: WouldMove) -> str:
    cited = "、".join(f"§{clause}" for clause in move.clauses)
    was = "（暂定）" if move.was_provisional else ""
    still = "（仍暂定）" if move.is_provisional else ""
    before, after = _at(move.calendar, move.due_before), _at(move.calendar, move.due_after)
    why = "工作时间改了" if move.hours else _days(move.because)
    return f"    {move.number}  {move.duty} {cited}：{before}{was} → {after}{still}  {why}".rstrip()


def _days(days: tuple[Day, ...]) -> str:
    return "、".join(f"{day.date:%m-%d} {day.label}{'' if day.is_workday else '，不上班'}" for day in days)


def _at(calendar: Calendar, instant: datetime) -> str:
    return f"{calendar.local(instant):%F %H:%M}"


def _local(instant: datetime) -> str:
    from zoneinfo import ZoneInfo

    from django.conf import settings

    return f"{instant.astimezone(ZoneInfo(settings.TIME_ZONE)):%F %H:%M}"


def _read_plan(file: Path) -> tuple[Year, ...]:
    from kesu.policy.calendar import CalendarUnreadable, Source, Year
    from kesu.policy.calendar.document import read_years
    from kesu.policy.calendar.files import read_file

    try:
        if file.suffix.lower() == ".ics":
            found = read_file(file.read_bytes()).years
            return tuple(Year(number, Source.OFFICIAL, days) for number, days in found.items())
        return read_years(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as fault:
        why = str(fault) if isinstance(fault, CalendarUnreadable | OSError) else "不是 JSON"
        raise Trouble("放假安排没有读入，没有改动", why=why, advice="写法见 docs/operations/install.md") from fault


def unit_of(code: str) -> UUID:
    """The unit of a code. Raises Trouble where there is none, or several."""
    from kesu.store.models import Unit

    found = list(Unit.objects.filter(code=code).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        why = "有几个单位用这个代码" if found else "没有这个代码的单位"
        raise Trouble(f"找不到单位 {code}，没有改动", why=why, advice="检查 --unit")
    return found[0]
