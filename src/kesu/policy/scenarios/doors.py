"""Where, when and through which door a case is opened: what a scenario says of it, and why the program does not open
one there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.calendar import Calendar
from kesu.policy.language.schedule import PLACES
from kesu.policy.model.facts import STATED, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Step
from kesu.policy.occurrences import DUE, OPENED_WITH, Occurrence, occurrence_at
from kesu.policy.opening_mutants import ADOPTING
from kesu.policy.scenarios.script import Act, Impossible, Stated
from kesu.policy.standing import Refusal, StepRefused, Taker

PORTAL: Final = "portal"
"""The page on which the public submits."""
CHAT: Final = "chat"
"""The page on which somebody begins a conversation, which opens a case as well."""
CUSTOMER: Final = Taker(by=COMPLAINANT, roles=frozenset({COMPLAINANT}))


def opened_as(kind: Kind, step: Step, act: Act, calendar: Calendar) -> dict[str, Value]:
    """What the program states itself where it opens a case once a period. Raises `StepRefused` where no case of the
    kind is opened at this time, in this place or by the public, `Impossible` for words that mean nothing."""
    found = _round(kind, act, calendar)
    refusals = tuple(_closed(kind, step, act, is_due=found is not None))
    if refusals:
        raise StepRefused(refusals)
    return {**dict.fromkeys(OPENED_WITH, STATED), DUE: found.due_at} if found is not None else {}


def _round(kind: Kind, act: Act, calendar: Calendar) -> Occurrence | None:
    if act.since is not None and (kind.schedule is None or kind.schedule.term is None):
        raise Impossible("since（这个地方从哪一天起办）只用于 schedule 里写了 during 的案件")
    if kind.schedule is None:
        return None
    return occurrence_at(kind.schedule, act.at, calendar, [(act.since or calendar.local(act.at)).date()])


def stated_for_the_public(kind: Kind, act: Act) -> dict[str, Stated]:
    """What the program states for a customer who submits by himself; nothing for whoever takes it down at the desk."""
    return dict(kind.portal_facts) if act.through in {PORTAL, CHAT} else {}


def _closed(kind: Kind, step: Step, act: Act, *, is_due: bool) -> Iterator[Refusal]:
    if act.through not in {None, PORTAL, CHAT}:
        words = f"{PORTAL}（公众自己提交）或 {CHAT}（在线咨询）"
        raise Impossible(f"through 只能写 {words}，看不懂“{act.through}”")
    if act.through == PORTAL and not kind.portal:
        yield Refusal("portal", "公众不能自己提交这种案件", step.clauses)
    if act.through == CHAT and not kind.chat:
        yield Refusal("chat", "这种案件不能用在线咨询提出", step.clauses)
    if act.place is not None and act.place not in {*PLACES, ADOPTING}:
        words = "、".join((ADOPTING, *PLACES))
        raise Impossible(f"in 写单位的种类：{words}，看不懂“{act.place}”")
    if kind.schedule is None:
        if act.place is not None:
            raise Impossible("in 只用于程序每期开立的案件，别的案件开在接报人选的地方")
        return
    clauses, wanted = kind.schedule.clauses, kind.schedule.place or ADOPTING
    if act.place is not None and act.place != wanted:
        yield Refusal("place", f"这种案件开在 {wanted}，不开在 {act.place}", clauses)
    if not is_due:
        yield Refusal("not_due", f"{act.at:%Y-%m-%d %H:%M} 不是一期开始的时候，程序不会开立", clauses)
