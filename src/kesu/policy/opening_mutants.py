"""A kind whose cases are opened otherwise: at another time, in another place, by the public or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.model.schedule import Due, Every, Schedule, Term
from kesu.policy.operators import Operator

ADOPTING: Final = "adopting"
"""The unit that has adopted the policy, of whatever kind it is."""


def of_opening(kind: Kind) -> Iterator[tuple[Operator, str, str, Kind]]:
    """What the kind says of the public, under the address of the step by which it is opened."""
    step = kind.opening
    if step is None or all(who.role != COMPLAINANT for row in step.by.rows for who in row.use):
        return
    address = f"steps.{step.code}.portal"
    move = "公众不能自己提交" if kind.portal else "公众可以自己提交"
    yield Operator.RULE, address, move, replace(kind, portal=not kind.portal, chat=kind.chat and not kind.portal)
    if kind.portal and not kind.chat:
        yield Operator.RULE, f"steps.{step.code}.chat", "可以在线咨询", replace(kind, chat=True)
    for code in kind.portal_facts:
        rest = {other: value for other, value in kind.portal_facts.items() if other != code}
        yield Operator.FACT, address, f"公众提交时不再代填 {code}", replace(kind, portal_facts=rest)


def of_schedule(schedule: Schedule, _kind: Kind) -> Iterator[tuple[Operator, str, Schedule]]:
    other = Every.WEEK if schedule.every is Every.MONTH else Every.MONTH
    due = schedule.due if schedule.due.after is not None else Due()
    yield Operator.UNIT, f"{schedule.every}→{other}", replace(schedule, every=other, due=due)
    for place in (None, "company" if schedule.place != "company" else "project") if schedule.place else ("company",):
        yield Operator.PLACE, f"{schedule.place or ADOPTING}→{place or ADOPTING}", replace(schedule, place=place)
    if schedule.term is not None:
        yield Operator.END, "不再有起止", replace(schedule, term=None)


def of_term(term: Term, _kind: Kind) -> Iterator[tuple[Operator, str, Term]]:
    """Its length is changed as every length is."""
    if term.then is None:
        return
    yield Operator.END, f"以后不再每{term.then}一次", replace(term, then=None)
    other = Every.WEEK if term.then is Every.MONTH else Every.MONTH
    yield Operator.UNIT, f"以后 {term.then}→{other}", replace(term, then=other)


def of_due(due: Due, _kind: Kind) -> Iterator[tuple[Operator, str, Due]]:
    for name in ("weekday", "month", "day"):
        figure = getattr(due, name)
        for other in (figure - 1, figure + 1) if figure is not None else ():
            yield Operator.FIGURE, f"{name} {figure}→{other}", replace(due, **{name: other})
    if due.at is not None:
        for minute in ((due.at.minute - 1) % 60, (due.at.minute + 1) % 60):
            other = due.at.replace(minute=minute)
            yield Operator.FIGURE, f"{due.at:%H:%M}→{other:%H:%M}", replace(due, at=other)
