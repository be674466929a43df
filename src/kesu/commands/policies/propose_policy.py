"""Somebody who may adopt proposes a policy: what is to be in force, and who is to sign for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import house, overlays, proposals
from kesu.casefile.enacting import hindrances, stop_at
from kesu.casefile.terms import Offer, begin_of, read_first_day, read_hours, read_offer, read_subject
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.model.pack import Pack
from kesu.store.models import Account, PolicyProposal, ProposalSigner, Unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """As typed. `signers`: account by slot, None for nobody; `since`: the day that begins it, empty for at once."""

    unit_id: UUID
    offer: Offer
    hours: WorkingHours
    signers: Mapping[str, UUID | None]
    since: str = ""
    subject: str = ""


@transaction.atomic
def propose_policy(*, actor: Actor, at: datetime, on: date, wanted: Wanted) -> UUID:
    """Nothing is in force by it; the first signer is told. `on`: today. The same proposal sent again is the one that is
    open already. Returns its identifier.

    Raises `NotFound`, `Forbidden`, and `Unacceptable` with everything that stands in the way: what cannot be read (by
    field), empty slots and figures that are not set with their clauses, and people who cannot sign."""
    unit = Unit.objects.filter(pk=wanted.unit_id).first()
    if unit is None:
        raise NotFound
    if not actor.may_at(Permission.POLICY_ADOPT, unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    house.wait_turn()
    wrong: dict[str, str] = {}
    subject = read_subject(wanted.subject, wrong)
    pack = read_offer(wanted.offer, wrong)
    calendar = read_hours(wanted.hours, at, wrong)
    since = read_first_day(wanted.since, calendar, at, wrong)
    begins = begin_of(since, calendar) if since else at
    apart = overlays.hindrances(pack, unit, begins, calendar.local(begins).date())
    known = Account.objects.in_bulk([one for one in wanted.signers.values() if one is not None])
    named = {slot: known.get(wanted.signers.get(slot) or UUID(int=0)) for slot in pack.signatures}
    stop_at([*hindrances(pack, unit), *apart, *proposals.unfit(named, on)], wrong)
    row = PolicyProposal(
        unit=unit,
        subject=subject,
        pack=pack.code,
        version=pack.version,
        title=pack.title,
        hash=pack.hash,
        canonical=pack.canonical,
        periods=list(wanted.hours.periods),
        workdays=list(wanted.hours.workdays),
        since=since,
        proposed_at=at,
        proposed_by_id=actor.account_id,
    )
    signers = {slot: account for slot, account in named.items() if account is not None}
    return _open_already(row, signers) or _opened(row, signers, pack)


def _open_already(row: PolicyProposal, signers: Mapping[str, Account]) -> UUID | None:
    same = ("unit_id", "subject", "hash", "periods", "workdays", "since", "proposed_by_id")
    found = PolicyProposal.objects.filter(end=None, **{name: getattr(row, name) for name in same if name != "since"})
    wanted = {slot: account.pk for slot, account in signers.items()}
    for known in found:
        if known.since == row.since and dict(known.signers.values_list("slot", "account_id")) == wanted:
            return known.pk
    return None


def _opened(row: PolicyProposal, signers: Mapping[str, Account], pack: Pack) -> UUID:
    row.save()
    places = [
        ProposalSigner(proposal=row, position=position, slot=slot, account=account)
        for position, (slot, account) in enumerate(signers.items())
    ]
    ProposalSigner.objects.bulk_create(places)
    house.record(
        "policy.proposed",
        at=row.proposed_at,
        by=row.proposed_by_id,
        subject=row.hash,
        name=f"{pack.title} {pack.version}",
        after={
            "unit": row.unit.name,
            **({"limited_to": row.subject} if row.subject else {}),
            "to_sign": [proposals.signed_line(slot, account.name) for slot, account in signers.items()],
            **({"from": row.since.isoformat()} if row.since else {}),
            "proposal": row.pk.hex,
        },
    )
    proposals.tell(row, places[0].account_id, proposals.TO_SIGN, row.proposed_at)
    return row.pk
