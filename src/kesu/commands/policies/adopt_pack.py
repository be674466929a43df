"""A policy is put in force at once: by the installation itself, or where nobody has to sign it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.rights import rights_of
from kesu.casefile import overlays
from kesu.casefile.enacting import Enactment, enact, hindrances, missing_signatures, stop_at
from kesu.casefile.terms import Offer, begin_of, read_first_day, read_hours, read_offer, read_subject
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.calendar import Calendar
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.model.pack import Pack
from kesu.store.models import Unit

__all__ = ["Offer", "adopt_pack"]


@transaction.atomic
def adopt_pack(
    *,
    actor: Actor | None,
    at: datetime,
    unit_id: UUID,
    pack: Pack | Offer,
    calendar: Calendar | WorkingHours,
    signatures: Mapping[str, str],
    effective_from: datetime | None = None,
    since: str = "",
    subject: str = "",
) -> str:
    """`actor` None: the installation itself (first run), which writes down by `signatures` who has signed in each slot.
    A person signs for nobody else: with an `actor`, they do not count, and a policy that asks for any is proposed.
    `subject`: the matters to which it is limited, as the company calls them; empty: all that no other adoption there is
    limited to. `since`: the day that begins it, as typed; empty: `effective_from`, or at once. Returns the digest
    under which cases will name this text.

    Raises `Unacceptable` for a subject, figures, hours and a day that cannot be read (by field), and for an unfilled
    slot, a figure that the company has not set, a missing signature or one person signing twice: each with its clauses,
    all at once."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    if actor is not None and not actor.may_at(Permission.POLICY_ADOPT, unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    wrong: dict[str, str] = {}
    subject = read_subject(subject, wrong)
    pack = read_offer(pack, wrong) if isinstance(pack, Offer) else pack
    calendar = read_hours(calendar, at, wrong) if isinstance(calendar, WorkingHours) else calendar
    day = read_first_day(since, calendar, at, wrong)
    counted = signatures if actor is None else {}
    begins = begin_of(day, calendar) if day else effective_from or at
    apart = overlays.hindrances(pack, unit, begins, calendar.local(begins).date())
    stop_at([*hindrances(pack, unit), *apart, *missing_signatures(pack, counted)], wrong)
    wanted = Enactment(
        unit=unit,
        pack=pack,
        subject=subject,
        calendar=calendar,
        effective_from=begins,
        signed=[f"{slot}: {counted[slot]}" for slot in pack.signatures],
    )
    by = actor.account_id if actor else None
    return enact(wanted, at=at, by=by, decided_by=by, grants=rights_of(pack))
