"""A member learns of its matter when a number that one of its own rules names crosses an edge, or when somebody comes
again with what had been settled there, and at no other time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from kesu.casefile import answering
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.counting import counts_of
from kesu.casefile.matters.repeats import hear_repeat
from kesu.casefile.matters.stream import CROSSED, REPEATED
from kesu.policy.heads import MATTER_JOINED, HeadCount, Reached, band, counted_event, heard_upto, last_counted
from kesu.policy.standing import next_seq
from kesu.store.fixed import Fixed
from kesu.store.models import MatterEvent, MatterMember, MatterPerson


def tell(file: CaseFile, member: MatterMember, now: datetime) -> None:
    """States what the case has not heard yet, each edge once: told again, it changes nothing. Of what was before it
    came, only how things stand. The caller holds the case, and the events of the matter are written."""
    events = _CROSSED(member.matter_id, member.told_seq)
    for count in counts_of(file.head.policy_version_id, file.head.kind):
        mine = [
            (seq, Reached(facts["count"], at)) for seq, facts, at in events if facts.get("counter") == count.counter
        ]
        before = [one for one in mine if one[0] < member.joined_seq]
        for seq, reached in before[-1:] + mine[len(before) :]:
            if count.person is not None:
                _name_people(file, member, count.person, max(count.edges, default=0), reached, now)
            else:
                _state(file, member, count, reached, seq, now)
    for _seq, facts, _at in events:
        if facts.get("earlier") == file.head.pk.hex:
            hear_repeat(file, facts["case"], now)
    upto = max((seq for seq, _facts, _at in events), default=member.told_seq)
    # Not of another matter that has taken this one in meanwhile: of that it has heard nothing yet.
    same = MatterMember.objects.filter(pk=member.pk, matter=member.matter_id, joined_seq=member.joined_seq)
    same.update(told_seq=max(upto, member.joined_seq), try_at=None)


def tell_alone(file: CaseFile, now: datetime) -> None:
    """States that no matter stands behind the case any more."""
    for count in counts_of(file.head.policy_version_id, file.head.kind):
        if count.person is None and band(count.edges, last_counted(file.log, count.fact).count):
            file.hear(counted_event(next_seq(file.log), count.fact, Reached(0, now), None, now), now)


def _state(file: CaseFile, member: MatterMember, count: HeadCount, reached: Reached, seq: int, now: datetime) -> None:
    """Never before the case itself was received, nor before what it was told last: that would still stand."""
    source = (member.matter_id.hex, seq)
    if seq <= heard_upto(file.log, count.fact, source[0]):
        return
    last = last_counted(file.log, count.fact)
    if band(count.edges, reached.count) == band(count.edges, last.count):
        return
    dated = Reached(reached.count, max(reached.at or now, file.head.received_at, last.at or file.head.received_at))
    file.hear(counted_event(next_seq(file.log), count.fact, dated, source, now), now)


def _name_people(
    file: CaseFile, member: MatterMember, person: str, most: int, reached: Reached, now: datetime
) -> None:  # fmt: skip
    """Cases of older policies count for themselves: they are told of people, of no more than their highest edge asks
    for."""
    known = {str(event.facts[person]) for event in file.log if event.kind == MATTER_JOINED and person in event.facts}
    behind = MatterPerson.objects.filter(matter=member.matter_id, at__lte=reached.at or now).order_by("-at", "-pk")
    last = dict(reversed(behind.values_list("token", "at")[:most]))
    for token, at in last.items():
        if token not in known:
            answering.state(file, MATTER_JOINED, {person: token}, at, now)


def members_to_tell(cases: Sequence[CaseFile]) -> dict[object, MatterMember]:
    """By case, its membership as it is now."""
    found = MatterMember.objects.filter(case__in=[file.head.pk for file in cases])
    return {member.case_id: member for member in found}


_CROSSED: Final = Fixed(
    lambda matter, after: (
        MatterEvent.objects.filter(matter=matter, kind__in=(CROSSED, REPEATED), seq__gt=after)
        .order_by("seq")
        .values_list("seq", "facts", "at")
    )
)
