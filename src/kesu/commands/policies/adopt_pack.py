"""A company puts a policy into force at one of its units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import adoption
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.policy.calendar import Calendar
from kesu.policy.model.pack import Pack
from kesu.store.models import Unit

_DEFAULT_RIGHTS = (
    Permission.CASE_READ,
    Permission.CASE_REGISTER,
    Permission.CASE_NOTE,
    Permission.CASE_REPLY,
    Permission.PERSONAL_READ,
    Permission.MATTER_JOIN,
    Permission.REPORT_READ,
    Permission.POLICY_READ,
)


@transaction.atomic
def adopt_pack(
    *,
    actor: Actor | None,
    at: datetime,
    unit_id: UUID,
    pack: Pack,
    calendar: Calendar,
    signatures: Mapping[str, str],
    effective_from: datetime | None = None,
) -> str:
    """`actor` None: the installation itself (first run). `signatures` maps the signature slots of the pack to names.
    Returns the digest under which cases will name this text.

    Raises `Unacceptable` for an unfilled slot, a figure that the company has not set, a missing signature or one
    person signing twice: each with its clauses, all at once."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    if actor is not None and not actor.may_at(Permission.POLICY_ADOPT, unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    problems = _problems(pack, unit, signatures)
    if problems:
        clauses = [clause for _, _, cited in problems for clause in cited]
        raise Unacceptable("not_adoptable", clauses=clauses, data={"problems": problems, "fields": {}, "refusals": ()})
    signed = [f"{slot}: {signatures[slot]}" for slot in pack.signatures]
    policy = adoption.store_policy(pack, at=at, adopted_by=actor.account_id if actor else None, signatures=signed)
    book = adoption.store_calendar(calendar, at=at)
    adoption.grant_roles(pack, [p.value for p in _DEFAULT_RIGHTS])
    adoption.adopt(unit, pack, policy, book, effective_from or at)
    return policy.hash


def _problems(pack: Pack, unit: Unit, signatures: Mapping[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """(what, name, clauses) for everything that stands in the way."""
    found = [("slot_empty", name, clauses) for _, name, clauses in adoption.empty_slots(pack, unit)]
    found += [("figure_unset", p.name, p.clauses) for p in pack.parameters.values() if p.value is None]
    names = [signatures.get(slot, "").strip() for slot in pack.signatures]
    found += [("signature_missing", slot, ()) for slot, name in zip(pack.signatures, names, strict=True) if not name]
    if len({n for n in names if n}) < len([n for n in names if n]):
        found.append(("signed_twice", "、".join(names), ()))
    return found
