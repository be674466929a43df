"""Somebody who is named on a case of a matter stands behind the matter from then on."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import connection

from kesu.casefile.books import kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.matters.membership import locked_matter, matters_of, settle
from kesu.casefile.matters.people import names_somebody, take_in, take_out
from kesu.casefile.matters.stream import MatterFile
from kesu.casefile.statement import Given
from kesu.casefile.waiting_for import take_turn
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.store.bell import ring_bell
from kesu.store.fixed import Fixed
from kesu.store.models import Case, Matter, MatterMember


def held_for(case_id: UUID, step: str, given: Given = MappingProxyType({})) -> Matter | None:
    """The matter of a case, locked before the case is, where the step may name somebody; None where it names nobody, or
    there is no matter. One query, and one for each lock. Where many may take the step at once, whoever came first is
    served first: those who wait for a row are not, and the last of a crowd would wait for ever. Nor do two name each
    other at once (`given`: what is stated)."""
    held = None
    for policy, kind, matter in _RULED(case_id):
        rules = kind_of(policy, kind)
        if matter is not None and names_somebody(rules, step):
            held = locked_matter(matter)
        take_turn(rules, given)
        if commutes(rules, step):
            with connection.cursor() as cursor:
                cursor.execute(_TURN, [f"kesu.case.{case_id}"])
    return held


def commutes(kind: Kind, step: str) -> bool:
    """Whether it may be taken though the case has moved since somebody looked at it: what speaks against it is asked
    anew in any case."""
    rule = kind.steps.get(step)
    return rule is not None and rule.commutes


def count_named(matter: Matter | None, file: CaseFile, event: Event, now: datetime) -> None:
    """Counts whom the event names. `matter`: what was locked before the case was; where the case came to another one
    meanwhile, the worker counts."""
    assert isinstance(file.head, Case)
    if event.step is None or not names_somebody(file.kind, event.step):
        return
    if matter is None or matters_of([file.head.pk]) != {file.head.pk: matter.pk}:
        count_later(file, event)
        return
    held = MatterFile(matter)
    take_in(held, file.head, file.kind, file.log, now, since=event.seq - 1)
    if held.is_changed:
        settle(held, [file], now)


def count_no_more(matter: Matter | None, file: CaseFile, undone: Event, now: datetime) -> None:
    """Counts no more whom a step named that was taken back. `matter`: that of the case, locked before it."""
    assert isinstance(file.head, Case)
    if matter is None or undone.step is None or not names_somebody(file.kind, undone.step):
        return
    held = MatterFile(matter)
    take_out(held, file.head, file.kind, file.log, now)
    if held.is_changed:
        settle(held, [file], now)


def count_later(file: CaseFile, event: Event) -> None:
    """Has the worker count whom the event names, where the matter was not locked before the case."""
    if event.step is not None and names_somebody(file.kind, event.step):
        members = MatterMember.objects.filter(case=file.head.pk, is_counted=True)
        if members.update(is_counted=False):
            ring_bell()


_TURN: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_RULED: Final = Fixed(
    lambda case: Case.objects.filter(pk=case).values_list("policy_version_id", "kind", "membership__matter_id")
)
