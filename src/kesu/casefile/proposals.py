"""Proposed policies between their proposal and their end: who may sign, whose turn it is, and who is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Q

from kesu.casefile.library import offered
from kesu.casefile.overlays import Hindrance
from kesu.core.errors import Forbidden, NotNow
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.loader import read_canonical
from kesu.policy.model.pack import Pack
from kesu.store.models import Absence, Account, OutboxMessage, PolicyProposal, ProposalEnd, ProposalSigner

TO_SIGN: Final = "policy_to_sign"
REFUSED: Final = "policy_refused"
_LETTERS_LEAD_TO: Final = "proposal"


class Ending(StrEnum):
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def pack_of_proposal(proposal: PolicyProposal) -> Pack:
    """The very text that is signed; the words of other languages are those of the library today."""
    pack = read_canonical(proposal.canonical)
    known = offered().get(proposal.pack)
    return replace(pack, texts=known.texts) if known else pack


def hours_of(proposal: PolicyProposal) -> WorkingHours:
    return WorkingHours(periods=tuple(proposal.periods), workdays=tuple(proposal.workdays))


def signers_of(proposal: PolicyProposal) -> list[ProposalSigner]:
    """In the order in which they sign."""
    return list(proposal.signers.select_related("account").order_by("position"))


def own_of(signers: Sequence[ProposalSigner], account_id: UUID | None) -> ProposalSigner:
    """What is his to sign. Raises `Forbidden` for somebody who is not named."""
    own = next((one for one in signers if one.account_id == account_id), None)
    if own is None:
        raise Forbidden("not_signer")
    return own


def turn_of(signers: Sequence[ProposalSigner]) -> ProposalSigner | None:
    """Whose turn it is; None when all have signed."""
    return next((one for one in signers if one.signed_at is None), None)


def end_of(proposal: PolicyProposal) -> ProposalEnd | None:
    return ProposalEnd.objects.filter(proposal=proposal).first()


def require_open(proposal: PolicyProposal) -> None:
    """Raises `NotNow` for one that was refused or withdrawn, or is in force."""
    if end_of(proposal) is not None:
        raise NotNow("proposal_over")


def away_on(on: date) -> Q:
    """Of absences: those of this day."""
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))


def unfit(named: Mapping[str, Account | None], on: date) -> Iterator[Hindrance]:
    """Why the people named by slot cannot be the signers: nobody named, no open account, away (whoever stands in for
    him does not sign a policy for him), or one person in two slots."""
    people = [account for account in named.values() if account is not None]
    away = set(Absence.objects.filter(away_on(on), account__in=people).values_list("account_id", flat=True))
    for slot, account in named.items():
        if account is None:
            yield "signature_missing", slot, ()
        elif not account.is_active:
            yield "signer_unknown", account.name, ()
        elif account.pk in away:
            yield "signer_away", account.name, ()
    if len({account.pk for account in people}) < len(people):
        yield "signed_twice", "、".join(account.name for account in people), ()


def close(proposal: PolicyProposal, how: Ending, *, at: datetime, by: UUID, reason: str = "") -> None:
    ProposalEnd.objects.create(proposal=proposal, how=how.value, at=at, by_id=by, reason=reason)


def tell(proposal: PolicyProposal, account_id: UUID, template: str, at: datetime) -> None:
    """A letter that leads to the page of the proposal: one for one reason and one person."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"{_LETTERS_LEAD_TO}/{proposal.pk.hex}/{template}/{account_id.hex}",
                account_id=account_id,
                template=template,
                payload={_LETTERS_LEAD_TO: str(proposal.pk), "title": str(proposal)},
                created_at=at,
                try_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def signed_line(slot: str, name: str) -> str:
    """How a signature stands beside an adopted policy and in the record of changes."""
    return f"{slot}: {name}"
