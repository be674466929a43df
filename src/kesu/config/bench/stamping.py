"""From what was told once to the rows of a case: each copy has its own identity, key, person and texts."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from kesu.casefile import effects, measures, submissions
from kesu.casefile.desk import Desk
from kesu.casefile.log import body_rows, event_row
from kesu.casefile.opening import new_head, secret_of
from kesu.casefile.projection import Projected, rows_of
from kesu.casefile.statement import Statement, read_given, state
from kesu.casefile.streams import Head
from kesu.config.bench.acting import Given, Words
from kesu.config.bench.telling import Bodies, Owed, Told, Written
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.store.keys import ring
from kesu.store.models import Case, MeasuredCase, Note, OutboxMessage, SubmittedApproval, SubmittedForm

_FAMILY: Final = "苏贺田邹康尹丁范任段温褚潘邵施贝柳管卓阎彭席庄米邝诸冼鲍甄宓经房翁荀惠麴温荆骆邢毕郝安常乐于时傅"
_PLACES: Final = (
    "客厅",
    "主卧",
    "厨房",
    "卫生间",
    "阳台",
    "飘窗",
    "入户花园",
    "地下车位",
    "电梯厅",
    "单元门",
    "外墙",
    "屋面",
    "楼道",
    "儿童活动区",
)
_FAULTS: Final = (
    "渗水",
    "漏水",
    "发霉",
    "异响",
    "开裂",
    "空鼓",
    "起拱",
    "锈蚀",
    "积水",
    "返臭",
    "脱落",
    "失灵",
    "跳闸",
    "松动",
    "划伤",
)
_SAID: Final = (
    "报修三次没有结果",
    "下雨天更严重",
    "家里有老人和孩子",
    "交付不到一年",
    "邻居家也一样",
    "物业来看过一次",
    "希望尽快处理",
    "要求书面答复",
)
RARE: Final = "蓝花楹"
"""A word that one case in a thousand mentions, for searching."""
FREQUENT: Final = "渗水"


@dataclass(slots=True)
class Rows:
    """The rows of one case, in the order in which tables refer to each other."""

    case: Case
    form: SubmittedForm
    events: list[Any] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    messages: list[OutboxMessage] = field(default_factory=list)
    told: list[tuple[Note, str]] = field(default_factory=list)
    measured: list[MeasuredCase] = field(default_factory=list)
    submitted: list[SubmittedApproval] = field(default_factory=list)
    projected: Projected | None = None


class _Collecting(Desk):
    """Adds what leaves the house to the rows."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def messages(self, rows: Sequence[OutboxMessage]) -> None:
        self._rows.messages.extend(rows)

    def note(self, row: Note, text: str) -> None:
        self._rows.told.append((row, text))


def words(nth: int) -> Words:
    """What the nth case is about; the same for the same number."""
    chance = random.Random(nth)  # noqa: S311  variety, not secrecy
    place, fault = chance.choice(_PLACES), chance.choice(_FAULTS)
    rare = f"，窗外的{RARE}树也倒了" if nth % 1000 == 7 else ""
    return Words(
        person=chance.choice(_FAMILY) + chance.choice(("女士", "先生")),
        phone=f"13{8 - nth // 100_000_000}{nth % 100_000_000:08d}",
        room=f"{chance.randint(1, 28)} 栋 {chance.randint(1, 4)} 单元 {chance.randint(1, 32) * 100 + 1:04d}",
        title=f"{place}{fault}",
        content=f"{place}{fault}，{'，'.join(chance.sample(_SAID, 3))}{rare}。",
    )


def stamp(told: Told, given: Given, number: str) -> Rows:
    """The rows of a copy. `given`: what its opening form said; `number`: its printed number."""
    kind, token = told.kind, f"bench-{number}"
    head = new_head(kind, told.adoption, told.unit, told.channel, told.began, secret_of(kind, token))
    assert isinstance(head, Case)
    head.number = number
    form = SubmittedForm(token=hashlib.sha256(token.encode()).hexdigest(), case=head, at=told.began)
    rows = Rows(head, form)
    log = _replay(told, head, state(kind.facts, read_given(kind.facts, given, ZoneInfo("Asia/Shanghai")), ring()), rows)
    assert told.rest is not None
    projected = rows_of(head, kind, told.rest.people, log, told.rest.current, told.rest.now)
    rows.projected = replace(projected, parties=frozenset(told.parties))
    rows.measured = measures.rows_of(head, kind, told.rest.current)
    rows.submitted = list(submissions.rows_of(head, told.rest.current).values())
    return rows


def _replay(told: Told, head: Case, opening: Statement, rows: Rows) -> list[Event]:
    """What was told, with another opening; what is owed is worded anew."""
    log: list[Event] = []
    desk = _Collecting(rows)
    for act in told.acts:
        if isinstance(act, Owed):
            _send(act, head, told.kind, log, desk)
            continue
        event, bodies = _own(act, opening) if not log else (act.event, act.bodies)
        row = event_row(head, event, bodies)
        rows.events.append(row)
        rows.bodies.extend(body_rows(head, row, bodies))
        log.append(event)
    return log


def _own(act: Written, opening: Statement) -> tuple[Event, Bodies]:
    facts: Mapping[str, Any] = {**act.event.facts, **opening.facts}
    return replace(act.event, facts=facts), opening.bodies


def _send(act: Owed, head: Head, kind: Kind, log: Sequence[Event], desk: Desk) -> None:
    effects.enqueue(head, kind, act.people, log[: act.events], act.current, act.effect, act.now, None, desk)
