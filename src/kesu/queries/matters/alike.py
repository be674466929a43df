"""Cases that may be about the same thing as one that somebody looks at."""

from __future__ import annotations

from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.likeness import AlikeCase, Described, alike_cases, told_of
from kesu.access.permissions import Permission
from kesu.casefile.books import kind_of
from kesu.casefile.matters.membership import matters_of


def alike_to(*, actor: Actor, case_id: UUID) -> tuple[AlikeCase, ...]:
    """For whoever may join it to another one; the likeliest three, of those that nobody set aside; none of a kind in
    which nobody complains. Raises `NotFound`,
    `Forbidden`. Five queries."""
    case = case_for(actor, case_id, Permission.MATTER_JOIN)
    kind = kind_of(case.policy_version_id, case.kind)
    if not kind.has_complainant:
        return ()
    about = Described(
        text=told_of(case_id),
        unit=case.unit,
        kind=case.kind,
        pack=case.card.pack,
        received_at=case.received_at,
        case_id=case_id,
        matter_id=matters_of([case_id]).get(case_id),
        room=case.card.room,
        person=case.card.person_name,
    )
    return alike_cases(actor, about, kind.alike_days)
