"""The form by which a step is taken back: what it was, what was sent because of it, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.sight.lines import ClauseLine, RefusalLine, clause_lines, refusal_lines
from kesu.access.sight.reading import read_case
from kesu.core.errors import NotFound
from kesu.policy.model.writing import Writing
from kesu.policy.standing import writing_refusals
from kesu.policy.standing.taking_back import can_be_taken_back, refusals_to_take_back, sent_for


@dataclass(frozen=True, slots=True)
class TakeBackForm:
    """`sent`: the names of what was sent because of it, and stays sent; `merged`: whether it merged the case."""

    case_id: UUID
    seq: int
    policy_hash: str
    name: str
    by: str
    at: datetime
    clauses: tuple[ClauseLine, ...]
    sent: tuple[str, ...]
    refusals: tuple[RefusalLine, ...]
    merged: bool


def take_back_form(*, actor: Actor, at: datetime, case_id: UUID, seq: int) -> TakeBackForm:
    """Raises `NotFound` for a case outside his sight, and for what cannot be taken back or is so already. Whether it is
    his, and what rests on it, is said in `refusals`."""
    read = read_case(actor, at, case_id)
    event = next((one for one in can_be_taken_back(read.kind, read.log) if one.seq == seq), None)
    if event is None:
        raise NotFound
    step = read.kind.steps[event.step or ""]
    refusals = (
        *writing_refusals(read.current, Writing.NOTE),
        *refusals_to_take_back(read.kind, read.log, event, read.taker, at, read.calendar),
    )
    sent = sent_for(read.kind, read.log, seq, at, read.calendar)
    return TakeBackForm(
        case_id=case_id,
        seq=seq,
        policy_hash=read.pack.hash,
        name=step.name,
        by=read.person(event.by),
        at=event.at,
        clauses=clause_lines(read.pack, [clause for row in step.undo for clause in row.clauses]),
        sent=tuple(read.kind.notices[code].name for code in sent),
        refusals=refusal_lines(read.pack, read.kind, refusals),
        merged=step.merges is not None,
    )
