"""What is kept of a matter beside its stream, made anew from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kesu.casefile.matters.stream import (
    ABSORBED,
    CROSSED,
    JOINED,
    LEFT,
    MERGED,
    NAMED,
    PERSON,
    REPEATED,
    REVIVED,
    UNCOUNTED,
)
from kesu.casefile.matters.titles import token_of
from kesu.store.inserting import insert_many
from kesu.store.models import Case, Matter, MatterEvent, MatterMember, MatterPerson


@dataclass(slots=True)
class Told:
    """What a stream says: by case the event by which it came and when; who is named on which case; what was reached."""

    members: dict[UUID, tuple[int, datetime]] = field(default_factory=dict)
    people: dict[tuple[UUID, str], tuple[str, datetime]] = field(default_factory=dict)
    reached: dict[str, Any] = field(default_factory=dict)
    crossed_seq: int = 0
    merged_into: UUID | None = None
    name: str = ""


def told_by(matter_id: UUID, upto: int | None = None) -> Told:
    """What its stream says, up to an event. One query, and one for each matter that it absorbed."""
    told, events = Told(), MatterEvent.objects.filter(matter=matter_id)
    for event in (events if upto is None else events.filter(seq__lte=upto)).order_by("seq"):
        _take(told, event)
    return told


def _take(told: Told, event: MatterEvent) -> None:
    if event.kind in {JOINED, LEFT, PERSON, UNCOUNTED, ABSORBED}:
        _belongs(told, event)
    elif event.kind in {MERGED, REVIVED}:
        told.merged_into = UUID(event.facts["into"]) if event.kind == MERGED else None
    elif event.kind == NAMED:
        told.name = event.facts["name"]
    elif event.kind in {CROSSED, REPEATED}:
        told.crossed_seq = event.seq
        if event.kind == CROSSED:
            told.reached[event.facts["counter"]] = [event.facts["count"], event.at.isoformat()]


def _belongs(told: Told, event: MatterEvent) -> None:
    """Which cases are of it, and whom they name."""
    facts = event.facts
    match event.kind:
        case kind if kind == JOINED:
            told.members[UUID(facts["case"])] = (event.seq, event.at)
        case kind if kind == LEFT:
            case_id = UUID(facts["case"])
            told.members.pop(case_id, None)
            told.people = {key: value for key, value in told.people.items() if key[0] != case_id}
        case kind if kind == PERSON:
            told.people[UUID(facts["case"]), facts["token"]] = (facts["phone"], event.at)
        case kind if kind == UNCOUNTED:
            told.people.pop((UUID(facts["case"]), facts["token"]), None)
        case kind if kind == ABSORBED:
            other = told_by(UUID(facts["matter"]), facts["version"])
            told.members |= {case: (event.seq, joined_at) for case, (_seq, joined_at) in other.members.items()}
            told.people |= other.people


def differs(matter: Matter) -> bool:
    """Whether the rows say otherwise than the stream."""
    told, of = told_by(matter.pk), {"matter": matter}
    if token_of(matter.title) != told.name:
        return True
    if told.merged_into is not None:
        is_empty = not MatterMember.objects.filter(**of).exists() and not MatterPerson.objects.filter(**of).exists()
        return matter.merged_into_id != told.merged_into or not is_empty
    rows = MatterMember.objects.filter(**of).values_list("case_id", "joined_seq", "received_at", "case__received_at")
    members = {case: seq for case, seq, ordered_by, received_at in rows if ordered_by == received_at}
    people = {(row.case_id, row.token): (row.phone, row.at) for row in MatterPerson.objects.filter(**of)}
    return (
        members != {case: seq for case, (seq, _at) in told.members.items()}
        or people != told.people
        or (matter.reached, matter.crossed_seq, matter.merged_into_id) != (told.reached, told.crossed_seq, None)
    )


def rebuild(matter: Matter, now: datetime) -> None:
    """Makes the rows anew; the caller holds the matter. Members are told again, which changes nothing in a log that
    knows. A name that is not the one which was given cannot be made anew: it is none."""
    told = told_by(matter.pk)
    MatterPerson.objects.filter(matter=matter).delete()
    MatterMember.objects.filter(matter=matter).delete()
    matter.merged_into_id, matter.reached, matter.crossed_seq = told.merged_into, told.reached, told.crossed_seq
    matter.wake_at = None if told.merged_into else now
    if token_of(matter.title) != told.name:
        matter.title = ""
    matter.save(update_fields=["title", "merged_into", "reached", "crossed_seq", "wake_at"])
    if told.merged_into is not None:
        return
    MatterMember.objects.filter(case__in=list(told.members)).delete()
    MatterPerson.objects.filter(case__in=list(told.members)).delete()
    received = dict(Case.objects.filter(pk__in=list(told.members)).values_list("pk", "received_at"))
    insert_many(
        [
            MatterMember(
                matter=matter, case_id=case, received_at=received[case], joined_at=at, joined_seq=seq, is_counted=False
            )
            for case, (seq, at) in told.members.items()
        ]
    )
    insert_many(
        [
            MatterPerson(matter=matter, case_id=case, token=token, phone=phone, at=at)
            for (case, token), (phone, at) in told.people.items()
        ]
    )
