"""Courses: what happens to a case from the report to its end, drawn by chance from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from kesu.config.bench.company import Company, projects
from kesu.policy.calendar import Calendar

ONLINE: Final = "网络"
_CHANNELS: Final = ("电话", "电话", "电话", "来访", "来信", "邮件", ONLINE)
_SHORT_WAYS: Final = ("来访", ONLINE)
_EAST: Final = ("east_engineering", "east_design", "east_sales", "east_property")
_CATEGORIES: Final = {
    "east_engineering": ("工程质量", "维修服务"),
    "east_design": ("规划设计",),
    "east_sales": ("销售管理",),
    "east_property": ("物业管理",),
    "west_engineering": ("工程质量", "维修服务"),
}
_WAYS: Final = ("general",) * 14 + ("grievance",) * 3 + ("raised",) * 2 + ("suggestion",)
_NOT_FILED: Final = frozenset({"raised", "grievance"})
"""Ways that the demonstration leaves before the last step."""
_FLAGS: Final = ("may_escalate", "media_exposed", "legal_support")
_TEAM: Final = ("cs_specialist", "project_dept")
_LARGE_TEAM: Final = ("cs_dept", "regional_dept", "project_dept", "cs_specialist", "group_cs_center", "vp_in_charge")
_THEMES: Final = ("设施设备", "安全秩序", "收费与公开")
_OLDEST: Final = 730
_SETTLED: Final = 75
"""Days after which every course has come to its end."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a course: who takes it how long after the one before, with what."""

    step: str
    by: str
    after: timedelta
    given: Mapping[str, Any]
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """`copies`: how many cases run it, each of another person about something else."""

    kind: str
    place: str
    began: datetime
    channel: str
    copies: int
    facts: Mapping[str, str] = field(default_factory=dict)
    joiners: int = 0
    moves: Sequence[Move] = ()


def courses(company: Company, at: datetime, *, cases: int, copies: int, seed: int = 1) -> list[Course]:
    """Courses of so many cases in all, oldest first: about one in 170 of them still open at `at`."""
    chance = random.Random(seed)  # noqa: S311  variety, not secrecy
    is_open = min(cases, max(cases // 170, 6))
    made = [_course(company, at, chance, days=chance.uniform(0.1, 25), copies=1) for _ in range(is_open)]
    left = cases - is_open
    while left > 0:
        made.append(_course(company, at, chance, days=chance.uniform(_SETTLED, _OLDEST), copies=min(copies, left)))
        left -= copies
    return sorted(made, key=lambda course: course.began)


def _course(company: Company, at: datetime, chance: random.Random, *, days: float, copies: int) -> Course:
    way = chance.choice(_WAYS)
    place = _place(chance)
    is_east = place not in {"wangting", *projects("west_co")}
    dept = chance.choice(_EAST) if is_east else "west_engineering"
    facts = {"dept": dept, "category": chance.choice(_CATEGORIES[dept]), "theme": chance.choice(_THEMES)}
    if way == "raised":
        facts["flag"] = chance.choice(_FLAGS)
    team = _LARGE_TEAM if way == "raised" else _TEAM
    moves = [_move(step, team, chance) for step in company.ways[way]]
    if way in _NOT_FILED:
        moves.append(Move("archive", "specialist", timedelta(hours=1), {}))
    if days < _SETTLED and chance.random() < 0.5:
        moves = moves[: chance.randint(1, len(moves))]
    return Course(
        kind="suggestion" if way == "suggestion" else "complaint",
        place=place,
        began=_working(company.calendar, at - timedelta(days=days), chance),
        channel=chance.choice(_CHANNELS if way != "suggestion" else _SHORT_WAYS),
        copies=copies,
        facts=facts,
        joiners=chance.choice((0, 2, 2, 3, 10)) if way == "raised" else 0,
        moves=moves,
    )


def _place(chance: random.Random) -> str:
    east = ("qingtang", "huaixu", *projects("east_co"))
    west = ("wangting", *projects("west_co"))
    return chance.choice(east if chance.random() < 0.85 else west)


def _working(calendar: Calendar, at: datetime, chance: random.Random) -> datetime:
    """A whole minute of working time near `at`."""
    at = at.replace(second=0, microsecond=0)
    if calendar.is_working(at):
        return at
    return calendar.next_work_start(at) + timedelta(minutes=chance.randint(1, 420))


def _move(raw: Mapping[str, Any], team: Sequence[str], chance: random.Random) -> Move:
    amount = int("".join(sign for sign in raw["after"] if sign.isdigit()))
    length = timedelta(hours=amount) if raw["after"].endswith("小时") else timedelta(minutes=amount)
    given = raw.get("given", {})
    slowed = length * chance.choice((0.4, 0.7, 1, 1, 1, 1.3, 2))
    return Move(
        raw["step"],
        raw["by"],
        timedelta(minutes=max(1, slowed // timedelta(minutes=1))),
        {**given, "team": list(team)} if "team" in given else given,
        may_fail=bool(raw.get("when_open")) or raw["step"].startswith("sign_"),
    )
