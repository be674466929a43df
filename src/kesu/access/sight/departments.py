"""What departments owe on a case, one line each: which one, who there, until when, and how it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kesu.access.sight.reading import CaseRead
from kesu.policy.events import Event
from kesu.policy.model.facts import Value
from kesu.policy.standing import units_of
from kesu.policy.standing.facts import person_of
from kesu.policy.standing.results import Obligation, ObligationState

_NOT_OWED = frozenset({ObligationState.WITHDRAWN, ObligationState.LAPSED})


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """`state`: of the obligation; `answered_by`: the step by which it was met. Instants are UTC."""

    department: str
    handler: str
    task: str
    due_at: datetime | None
    state: ObligationState
    answered_by: str
    answered_at: datetime | None
    said: str = ""  # the step by which somebody spoke of it since, while it is open: an objection


def departments_of(read: CaseRead, units: Mapping[str, str]) -> Iterator[DepartmentLine]:
    """Obligations of a role within a unit, and of people who were chosen among those of one; in the order in which they
    began. What was taken back or fell away is left out. `units`: names by identifier."""
    owed = [one for one in read.current.obligations if one.approval is None and one.state not in _NOT_OWED]
    events = {event.seq: event for event in read.log}
    for one in sorted(owed, key=lambda obligation: obligation.starts_at):
        begun = events.get(one.started_seq)
        group = one.owner.group
        among = read.kind.facts[group].among if group is not None else None
        if among is not None and group is not None:
            codes = _units(_as_stated(read, begun, among.of))
            members = _as_stated(read, begun, group)
            persons = [read.person(person_of(one)) for one in members] if isinstance(members, tuple) else []
            handler = "、".join(name for name in persons if name)
        elif one.owner.of is not None:
            codes, handler = units_of(one.owner, read.current.facts), read.who(one.owner)
        else:
            continue
        department = "、".join(name for code in codes if (name := units.get(code, "")))
        if department:
            yield replace(_line(read, one, department, handler), said=_said_since(read, one, begun, codes))


def _said_since(read: CaseRead, one: Obligation, begun: Event | None, codes: Collection[str]) -> str:
    """The name of the last step that spoke of the department since the duty began, and did not begin it anew."""
    duty = read.kind.duties.get(one.duty)
    if duty is None or duty.per is None or begun is None or not one.is_open:
        return ""
    since = (event for event in reversed(read.log) if event.seq > begun.seq and event.kind != begun.kind)
    step = next((event.step for event in since if event.facts.get(duty.per) in codes), None)
    return read.kind.steps[step].name if step is not None and step in read.kind.steps else ""


def _line(read: CaseRead, one: Obligation, department: str, handler: str) -> DepartmentLine:
    duty = read.kind.duties.get(one.duty)
    kinds = {moment.subject for moment in duty.met_by} if duty is not None else set()
    met = one.met_at is not None
    answer = next((e for e in reversed(read.log) if met and e.at == one.met_at and e.kind in kinds), None)
    step = read.kind.steps.get(answer.step or "") if answer is not None else None
    return DepartmentLine(
        department, handler, one.name, one.due_at, one.state, step.name if step is not None else "", one.met_at
    )


def _as_stated(read: CaseRead, begun: Event | None, code: str) -> Value | None:
    """As it was said when the duty began: a case may be given to another department later."""
    return begun.facts[code] if begun is not None and code in begun.facts else read.current.facts.get(code)


def _units(value: Value | None) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),) if value else ()
