"""What the worker does with matters: windows that close, people whom nobody could count at once, and the members that
have not heard yet of what was reached, a handful at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.counting import recount, tell_the_others
from kesu.casefile.matters.people import take_in
from kesu.casefile.matters.stream import MatterFile
from kesu.casefile.matters.telling import tell
from kesu.store.bell import ring_bell
from kesu.store.models import Case, CustomerPhone, Matter, MatterMember, MatterPerson

BATCH: Final = 10
"""So many cases wait for each other at most: those that are told or read in one transaction."""


def uncounted(matter: Matter, now: datetime) -> list[UUID]:
    """Cases whose people are still to be counted, in the order in which they are locked; a handful."""
    found = MatterMember.objects.filter(Q(try_at__isnull=True) | Q(try_at__lte=now), matter=matter, is_counted=False)
    return list(found.order_by("case_id").values_list("case_id", flat=True)[:BATCH])


def wake(matter: Matter, cases: Sequence[Case], now: datetime) -> None:
    """Brings a matter up to date. `cases`: those of its members whose people are still to be counted, locked after the
    matter."""
    file = MatterFile(matter)
    for case in cases:
        opened = CaseFile.open(case)
        take_in(file, case, opened.kind, opened.log, now)
    MatterMember.objects.filter(case__in=[case.pk for case in cases]).update(is_counted=True, try_at=None)
    recount(file, now)
    file.write()
    tell_the_others(file, now)
    file.keep()


def tell_member(case: Case, now: datetime) -> None:
    """Tells a case, which is locked, what its matter has reached. The matter itself is not locked for it."""
    member = MatterMember.objects.filter(case=case).first()
    if member is not None:
        tell(CaseFile.open(case), member, now)


def put_off(what: UUID, until: datetime) -> None:
    """A member that cannot be told, or a matter that cannot be looked at, keeps the others from nothing."""
    MatterMember.objects.filter(case=what).update(try_at=until)
    MatterMember.objects.filter(matter=what, is_counted=False).update(try_at=until)
    Matter.objects.filter(pk=what).update(wake_at=until)


def recount_those_of(customers: Collection[UUID], at: datetime) -> None:
    """Somebody said who of these is one person: matters in which their telephones stand are counted anew, by the
    worker."""
    phones = CustomerPhone.objects.filter(customer__in=customers).values("token")
    concerned = Matter.objects.filter(pk__in=MatterPerson.objects.filter(phone__in=phones).values("matter"))
    held = concerned.filter(merged_into=None).select_for_update(of=("self",)).order_by("pk")
    if Matter.objects.filter(pk__in=list(held.values_list("pk", flat=True))).update(wake_at=at):
        ring_bell()
