"""The lines of departments on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kesu.access.sight.departments import DepartmentLine
from kesu.policy.standing.results import ObligationState
from kesu.web import when


@dataclass(frozen=True, slots=True)
class DepartmentPart:
    """`tone`: the class of the tag that says how it stands."""

    department: str
    handler: str
    task: str
    due: str
    state: str
    tone: str


def department_parts(lines: Iterable[DepartmentLine], now: datetime) -> Iterator[DepartmentPart]:
    for one in lines:
        state, tone = _state(one, now)
        due = _("应于 %(due)s") % {"due": when.when(one.due_at, now)} if one.due_at is not None else ""
        if one.answered_at is not None:
            due = when.when(one.answered_at, now)
        yield DepartmentPart(one.department, one.handler, one.task, due, state, tone)


def _state(one: DepartmentLine, now: datetime) -> tuple[str, str]:
    if one.state is ObligationState.MET:
        return one.answered_by or _("已答"), "ok"
    if one.state is ObligationState.RENEWED:
        return _("已另派"), ""
    if one.due_at is not None and one.due_at < now and one.state is ObligationState.OPEN:
        return _("超期"), "late"
    if one.state is ObligationState.PAUSED:
        return _("暂停"), ""
    return one.said or _("未答"), "out"
