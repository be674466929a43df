"""What is kept of a matter beside its stream, made anew from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kesu.casefile.matters.stream import ABSORBED, CROSSED, JOINED, LEFT, MERGED, PERSON, REPEATED, REVIVED, UNCOUNTED
from kesu.store.inserting import insert_many
from kesu.store.models import Matter, MatterEvent, MatterMember, MatterPerson


@dataclass(slots=True)
class Told:
    """What a stream says: by case the event by which it came and when; who is named on which case; what was reached."""

    members: dict[UUID, tuple[int, datetime]] = field(default_factory=dict)
    people: dict[tuple[UUID, str], tuple[str, datetime]] = field(default_factory=dict)
    reached: dict[str, Any] = field(default_factory=dict)
    crossed_seq: int = 0
    merged_into: UUID | None = None


def told_by(matter_id: UUID, upto: int | None = None) -> Told:
    """What its stream says, up to an event. One query, and one for each matter that it absorbed."""
    told, events = Told(), MatterEvent.objects.filter(matter=matter_id)
    for event in (events if upto is None else events.filter(seq__lte=upto)).order_by("seq"):
        _take(told, event)
    return told


def _take(told: Told, event: MatterEvent) -> None:
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
        case kind if kind == MERGED:
            told.merged_into = UUID(facts["into"])
        case kind if kind == REVIVED:
            told.merged_into = None
        case kind if kind == CROSSED:
            told.reached[facts["counter"]] = [facts["count"], event.at.isoformat()]
            told.crossed_seq = event.seq
        case kind if kind == REPEATED:
            told.crossed_seq = event.seq


def differs(matter: Matter) -> bool:
    """Whether the rows say otherwise than the stream."""
    told, of = told_by(matter.pk), {"matter": matter}
    if told.merged_into is not None:
        is_empty = not MatterMember.objects.filter(**of).exists() and not MatterPerson.objects.filter(**of).exists()
        return matter.merged_into_id != told.merged_into or not is_empty
    members = {row.case_id: row.joined_seq for row in MatterMember.objects.filter(**of)}
    people = {(row.case_id, row.token): (row.phone, row.at) for row in MatterPerson.objects.filter(**of)}
    return (
        members != {case: seq for case, (seq, _at) in told.members.items()}
        or people != told.people
        or (matter.reached, matter.crossed_seq, matter.merged_into_id) != (told.reached, told.crossed_seq, None)
    )


def rebuild(matter: Matter, now: datetime) -> None:
    """Makes the rows anew; the caller holds the matter. Members are told again, which changes nothing in a log that
    knows."""
    told = told_by(matter.pk)
    MatterPerson.objects.filter(matter=matter).delete()
    MatterMember.objects.filter(matter=matter).delete()
    matter.merged_into_id, matter.reached, matter.crossed_seq = told.merged_into, told.reached, told.crossed_seq
    matter.wake_at = None if told.merged_into else now
    matter.save(update_fields=["merged_into", "reached", "crossed_seq", "wake_at"])
    if told.merged_into is not None:
        return
    MatterMember.objects.filter(case__in=list(told.members)).delete()
    MatterPerson.objects.filter(case__in=list(told.members)).delete()
    insert_many(
        [
            MatterMember(matter=matter, case_id=case, joined_at=at, joined_seq=seq, is_counted=False)
            for case, (seq, at) in told.members.items()
        ]
    )
    insert_many(
        [
            MatterPerson(matter=matter, case_id=case, token=token, phone=phone, at=at)
            for (case, token), (phone, at) in told.people.items()
        ]
    )
