"""One step, taken for many people at once: what a list says of each is an event of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kesu.casefile.casefile import CaseFile
from kesu.casefile.references import CasesInSight
from kesu.core.errors import NotNow, Unacceptable
from kesu.core.importing import ListedLine, RefusedLine
from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.persons import named_persons
from kesu.policy.standing import Taker


@dataclass(frozen=True, slots=True)
class Taken:
    """`events`: of those who were new, in the order of the rows; `known`: the rows of people whom the case names
    already."""

    events: Sequence[Event]
    known: Sequence[int]


def person_asked(kind: Kind, step: Step) -> str | None:
    """The person whom the step adds to those who complain; None for any other step."""
    asked = (kind.facts[code] for code in kind.asked(step) if code in kind.facts)
    new = (fact.code for fact in asked if fact.type is FactType.PERSON and fact.is_counted and fact.same_as is None)
    return next(new, None)


def may_be_taken_for_many(kind: Kind, step: Step) -> bool:
    """Whether one list may say it of many: it adds a person each time, and those who do so do not hinder each other."""
    return step.commutes and person_asked(kind, step) is not None


def take_for_many(
    file: CaseFile, step: Step, *, taker: Taker, lines: Sequence[ListedLine], now: datetime, sees: CasesInSight
) -> Taken:
    """The caller holds the case. Whoever the case names already is left out. Raises `Unacceptable` with
    `data["lines"]` (a `RefusedLine` each) where any row is wrong, and `Forbidden` where he may not take the step."""
    file.settle(now)  # what time brought about comes first
    person = person_asked(file.kind, step)
    assert person is not None
    named = {who for _, who in named_persons(file.log, file.kind)}
    events, known, wrong = [], [], []
    for line in lines:
        try:
            statement = file.stated(line.given, now, sees)
            who = str(statement.facts.get(person, ""))
            if who in named:
                known.append(line.number)
                continue
            events.append(file.extend(step.code, taker, statement, now, now))
            named.add(who)
        except (NotNow, Unacceptable) as refused:
            wrong.append(RefusedLine(line.number, refused))
    if wrong:
        raise Unacceptable("lines_wrong", data={"lines": tuple(wrong)})
    file.settle(now)
    return Taken(events, known)
