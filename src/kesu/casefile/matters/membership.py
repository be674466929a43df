"""Which cases are of one matter: joined, found to be the same, taken out. Matters are locked before cases, both in the
order of their identifiers, so that no two ever wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.counting import recount, tell_the_others
from kesu.casefile.matters.people import take_in
from kesu.casefile.matters.repeats import note_repeats
from kesu.casefile.matters.stream import ABSORBED, JOINED, LEFT, MERGED, OPENED, REPEATED, MatterFile
from kesu.casefile.matters.telling import members_to_tell, tell, tell_alone
from kesu.casefile.matters.titles import entitle
from kesu.core.errors import Overtaken
from kesu.store.bell import ring_bell
from kesu.store.fixed import Fixed
from kesu.store.inserting import insert
from kesu.store.models import Case, Matter, MatterEvent, MatterMember, MatterPerson

_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Held:
    """Cases, and the matters that they are of, locked."""

    cases: Mapping[UUID, Case]
    matters: Mapping[UUID, Matter]
    """By case; one that is of no matter is left out."""


def hold(ids: Collection[UUID], lock: Callable[[UUID], Case]) -> Held:
    """Locks the matters of these cases, then the cases. What somebody else changed meanwhile is given free again and
    looked at anew. Raises `Overtaken` where others never let him come first, and what `lock` raises."""
    for _ in range(_TRIES):
        with transaction.atomic():  # what it locks is free again when it is rolled back
            of = matters_of(ids)
            matters = _locked(set(of.values()))
            cases = {pk: lock(pk) for pk in sorted(ids)}
            if matters_of(ids) == of:
                return Held(cases, {case: matters[matter] for case, matter in of.items()})
            transaction.set_rollback(True)
    raise Overtaken("case_moved")


def matters_of(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By case its matter. One query."""
    return dict(_OF(list(ids)))


def locked_matter(matter_id: UUID | None) -> Matter | None:
    """The row, locked; before any case is."""
    return _locked({matter_id})[matter_id] if matter_id is not None else None


def _locked(ids: Collection[UUID]) -> dict[UUID, Matter]:
    rows = Matter.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk") if ids else ()
    return {row.pk: row for row in rows}


def join(held: Held, first: UUID, second: UUID, *, by: UUID | None, now: datetime) -> bool:
    """Makes them one matter. False when they were of one already."""
    matters = sorted({matter.pk: matter for matter in held.matters.values()}.values(), key=lambda matter: matter.pk)
    if len(matters) == 1 and len(held.matters) == len(held.cases):
        return False
    file = MatterFile(matters[0]) if matters else _opened(held.cases[first], now, by)
    for other in matters[1:]:
        _absorb(file, MatterFile(other), now, by)
    files = [CaseFile.open(held.cases[pk]) for pk in sorted((first, second))]
    for case in files:
        if case.head.pk not in held.matters:
            _add(file, case, now, by)
    note_repeats(file, files, now)
    settle(file, files, now)
    return True


def _opened(case: Case, now: datetime, by: UUID | None) -> MatterFile:
    file = MatterFile(Matter.objects.create(unit=case.unit, opened_at=now))
    file.say(OPENED, {}, now, now, by)
    return file


def _add(file: MatterFile, case: CaseFile, now: datetime, by: UUID | None) -> None:
    assert isinstance(case.head, Case)
    seq = file.say(JOINED, {"case": case.head.pk.hex}, now, now, by)
    member = {"received_at": case.head.received_at, "joined_at": now, "is_counted": True, "joined_seq": seq}
    insert([MatterMember(matter=file.head, case=case.head, **member)])
    take_in(file, case.head, case.kind, case.log, now)


def _absorb(file: MatterFile, other: MatterFile, now: datetime, by: UUID | None) -> None:
    other.say(MERGED, {"into": file.head.pk.hex}, now, now, by)
    other.head.merged_into, other.head.wake_at = file.head, None
    other.keep()
    seq = file.say(ABSORBED, {"matter": other.head.pk.hex, "version": other.head.version}, now, now, by)
    _tell_on(file, other, now)
    moved = {"matter": file.head, "joined_seq": seq, "told_seq": 0, "try_at": None}
    MatterMember.objects.filter(matter=other.head).update(**moved)
    MatterPerson.objects.filter(matter=other.head).update(matter=file.head)
    if other.head.title and not file.head.title:
        entitle(file, other.head.title, by=None, now=now)


def _tell_on(file: MatterFile, other: MatterFile, now: datetime) -> None:
    """What a case has not heard yet of the other matter about who came again, this one says to it."""
    untold = MatterMember.objects.filter(matter=other.head, told_seq__lt=other.head.crossed_seq)
    heard = {case.hex: upto for case, upto in untold.values_list("case_id", "told_seq")}
    for event in MatterEvent.objects.filter(matter=other.head, kind=REPEATED).order_by("seq") if heard else ():
        if event.seq > heard.get(event.facts["earlier"], event.seq):
            file.head.crossed_seq = file.say(REPEATED, event.facts, event.at, now)


def part(held: Held, case_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Takes a case out of its matter. Heads are counted anew; what the others and the case itself reached by the
    greater number falls as their policies say."""
    file, case = MatterFile(held.matters[case_id]), CaseFile.open(held.cases[case_id])
    file.say(LEFT, {"case": case_id.hex}, now, now, by)
    MatterPerson.objects.filter(case=case_id).delete()
    MatterMember.objects.filter(case=case_id).delete()
    settle(file, (), now)
    tell_alone(case, now)


def settle(file: MatterFile, cases: Sequence[CaseFile], now: datetime) -> None:
    """Counts, tells these cases at once, and has the worker tell the others. The caller holds matter and cases."""
    recount(file, now)
    file.write()
    members = members_to_tell(cases)
    for case in cases:
        member = members.get(case.head.pk)
        if member is not None and (member.told_seq < file.head.crossed_seq):
            tell(case, member, now)
    tell_the_others(file, now)
    file.keep()
    if file.head.wake_at is not None and file.head.wake_at <= now:
        ring_bell()


_OF: Final = Fixed(lambda cases: MatterMember.objects.filter(case__pk__any=cases).values_list("case_id", "matter_id"))
