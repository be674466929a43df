"""Two matters that became one by a merging that is taken back: the one that was absorbed is one of its own again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from kesu.casefile.books import calendar_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.counting import counters_of
from kesu.casefile.matters.membership import Held, locked_matter, settle
from kesu.casefile.matters.people import heads_of
from kesu.casefile.matters.rebuilding import Told, told_by
from kesu.casefile.matters.stream import ABSORBED, CROSSED, LEFT, PERSON, REVIVED, UNCOUNTED, MatterFile
from kesu.policy.heads import count_at
from kesu.store.models import Matter, MatterEvent, MatterMember, MatterPerson


def absorbed_at(held: Held, at: datetime) -> UUID | None:
    """The matter that was taken in at that moment by the matter of these cases, or by one that it took in later."""
    found = (one for matter in held.matters.values() for one in _absorbed(matter.pk, at))
    return next(found, None)


def _absorbed(matter_id: UUID, at: datetime) -> Iterator[UUID]:
    for facts, recorded_at in MatterEvent.objects.filter(matter=matter_id, kind=ABSORBED).values_list(
        "facts", "recorded_at"
    ):
        if recorded_at == at:
            yield UUID(facts["matter"])
        yield from _absorbed(UUID(facts["matter"]), at)


def divide(held: Held, gone: UUID, *, by: UUID | None, now: datetime) -> None:
    """Gives the matter that was absorbed its cases back, with whom they name by now. Who came since stays where he
    came; who left since has left. Nothing happens where none of the cases in hand came with it."""
    told = told_by(gone)
    came = [pk for pk in held.cases if pk in told.members and pk in held.matters]
    matter = locked_matter(gone) if came else None
    if matter is None or matter.merged_into_id is None:
        return
    file, own = MatterFile(held.matters[came[0]]), MatterFile(matter)
    going = _still_there(file.head, told)
    if not going:
        return
    own.say(REVIVED, {"from": file.head.pk.hex}, now, now, by)
    own.head.merged_into = None
    _bring_up_to_date(own, told, going, now)
    for case_id in sorted(going):
        file.say(LEFT, {"case": case_id.hex}, now, now, by)
    _move(own.head, told, going)
    _say_how_it_stands(own, now)
    files = {pk: CaseFile.open(case) for pk, case in held.cases.items()}
    settle(file, [files[pk] for pk in held.matters if pk not in going], now)
    settle(own, [files[pk] for pk in files if pk in going], now)


def _still_there(matter: Matter, told: Told) -> set[UUID]:
    """The cases that are in the other matter because theirs was absorbed: not those that came there by themselves."""
    rows = MatterMember.objects.filter(matter=matter, case__in=list(told.members))
    return {row.case_id for row in rows if row.joined_at == told.members[row.case_id][1]}


def _bring_up_to_date(own: MatterFile, told: Told, going: Collection[UUID], now: datetime) -> None:
    """What became of its cases and people while it was part of the other one."""
    for case_id in sorted(told.members.keys() - going):
        own.say(LEFT, {"case": case_id.hex}, now, now)
    rows = {(row.case_id, row.token): row for row in MatterPerson.objects.filter(case__in=going).order_by("pk")}
    for (case_id, token), row in rows.items():
        if (case_id, token) not in told.people:
            own.say(PERSON, {"case": case_id.hex, "token": token, "phone": row.phone}, row.at, now)
    for case_id, token in told.people:
        if case_id in going and (case_id, token) not in rows:
            own.say(UNCOUNTED, {"case": case_id.hex, "token": token}, now, now)


def _move(matter: Matter, told: Told, going: Collection[UUID]) -> None:
    members = list(MatterMember.objects.filter(case__in=going))
    for member in members:
        member.matter, member.joined_seq = matter, told.members[member.case_id][0]
        member.told_seq, member.try_at = 0, None
    MatterMember.objects.bulk_update(members, ["matter", "joined_seq", "told_seq", "try_at"], batch_size=1000)
    MatterPerson.objects.filter(case__in=going).update(matter=matter)


def _say_how_it_stands(own: MatterFile, now: datetime) -> None:
    """Its cases have heard of a greater number: they learn of their own, whether it crosses anything or not."""
    asked, heads = counters_of(own.head), heads_of(own.head)
    for counter, (window, _edges) in sorted(asked.edges.items()):
        count = count_at(heads, window, now, calendar_of(asked.calendar))
        own.head.crossed_seq = own.say(CROSSED, {"counter": counter, "count": count}, now, now)
        own.head.reached[counter] = [count, now.isoformat()]
