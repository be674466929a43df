"""Somebody signs several approvals at once, with one opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.takers import taker_for
from kesu.casefile import tokens
from kesu.casefile.casefile import CaseFile
from kesu.casefile.overtaken import has_moved
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound, Refused, Unacceptable
from kesu.policy.standing.checking import OPINION, VERDICT, may_be_one_of_many


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was ticked: the step that signs, on a case of which this version stood on the list."""

    case_id: UUID
    step: str
    seen_version: int


class Outcome(StrEnum):
    SIGNED = "signed"
    MOVED = "moved"  # the case has moved since the list was drawn
    ALONE = "alone"  # the policy wants it signed by itself, or asks more than an opinion
    REFUSED = "refused"  # not his any more, or the policy refuses it now


@dataclass(frozen=True, slots=True)
class Result:
    ticked: Ticked
    outcome: Outcome
    number: str = ""


class _Left(Exception):
    """Not signed: nothing of it stays, so that the same form may be sent for it once more."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


def sign_many(
    *, actor: Actor, at: datetime, ticked: Sequence[Ticked], verdict: str, opinion: str, token: str
) -> tuple[Result, ...]:
    """One transaction a case, in the order of their identifiers, so that two who sign many never wait for each other;
    what cannot be signed stops none of the others. The same form sent again is answered as the first time. Says what
    became of each, but not of cases that the actor does not see."""
    given = {VERDICT: (verdict,), **({OPINION: (opinion,)} if opinion else {})}
    found, own = [], dict[UUID, tuple[int, int]]()
    for one in sorted(set(ticked), key=lambda one: (one.case_id.bytes, one.step)):
        try:
            found.append(_sign(actor, at, one, given, token, own))
        except NotFound:
            continue
    return tuple(found)


def _sign(
    actor: Actor, at: datetime, one: Ticked, given: Given, token: str, own: dict[UUID, tuple[int, int]]
) -> Result:
    """`own`: of cases on which another of these was signed, the version that was seen and the one that came of it: that
    he has moved a case himself overtakes nobody."""
    number = ""
    try:
        with transaction.atomic():
            case = case_for(actor, one.case_id, lock=True)
            number = case.number
            if tokens.is_again(token, case, tokens.said_in(f"{one.step}/{actor.key}", given, ()), at):
                return Result(one, Outcome.SIGNED, number)
            file = CaseFile.open(case)
            step = file.kind.steps.get(one.step)
            if step is None or step.signs is None:
                raise NotFound
            if not may_be_one_of_many(step, file.kind):
                raise _Left(Outcome.ALONE)
            seen, came = own.get(case.pk, (one.seen_version, one.seen_version))
            if has_moved(file, came if seen == one.seen_version else one.seen_version):
                raise _Left(Outcome.MOVED)
            taker = taker_for(actor, case.unit.path, file.kind, file.log)
            file.take(one.step, taker=taker, given=given, at=at, now=at)
            own[case.pk] = (one.seen_version, case.version)
            return Result(one, Outcome.SIGNED, number)
    except _Left as left:
        return Result(one, left.outcome, number)
    except Unacceptable:
        return Result(one, Outcome.ALONE, number)
    except NotFound:
        raise
    except Refused:
        return Result(one, Outcome.REFUSED, number)
