"""Everything that the house keeps of one of its people, for himself, as a document; on record with what left the
house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.house import person_for
from kesu.casefile.credentials import opened
from kesu.store.models import (
    Absence,
    Account,
    AccountCredential,
    CalendarFeed,
    ExportRecord,
    HouseChange,
    Identity,
    NoticeChoice,
    Passkey,
    Phrase,
    PostHolding,
    SignIn,
)


@transaction.atomic
def export_person(*, actor: Actor, at: datetime, account_id: UUID) -> dict[str, Any]:
    """Ready for JSON; instants in UTC, days as the calendar has them. What he did on cases belongs to the cases; no
    secret by which he signs in is in it, and of phrases only his own. Raises `Forbidden` and `NotFound`."""
    account = person_for(actor, account_id)
    ExportRecord.objects.create(
        account_id=actor.account_id, at=at, what="person", filters={"person": account.name}, rows=1, clear=1
    )
    is_own = account.pk == actor.account_id
    return {
        "exported_at": at.isoformat(),
        "account": {
            "id": str(account.pk),
            "login": account.login,
            "name": account.name,
            "email": account.email,
            "line": account.line,
            "language": account.language,
            "is_active": account.is_active,
        },
        "posts": list(_posts(account)),
        "absences": list(_absences(account)),
        "credentials": list(_credentials(account, is_own=is_own)),
        "phrases": list(Phrase.objects.filter(account=account).values_list("text", flat=True)) if is_own else [],
        "notices": _notices(account),
        "sign_ins": list(_sign_ins(account)),
        "changes": list(_changes(account)),
    }


def _posts(account: Account) -> Iterator[dict[str, Any]]:
    for one in PostHolding.objects.filter(account=account).select_related("post__unit").order_by("from_on", "pk"):
        until = one.until_on.isoformat() if one.until_on else ""
        yield {"post": one.post.name, "unit": one.post.unit.name, "from_on": one.from_on.isoformat(), "until_on": until}


def _absences(account: Account) -> Iterator[dict[str, Any]]:
    for one in Absence.objects.filter(account=account).select_related("deputy").order_by("from_on", "pk"):
        until = one.until_on.isoformat() if one.until_on else ""
        yield {"from_on": one.from_on.isoformat(), "until_on": until, "deputy": one.deputy.name}


def _credentials(account: Account, *, is_own: bool) -> Iterator[dict[str, Any]]:
    """The whole number to himself alone. The picture is handed out on the page of his papers."""
    rows = AccountCredential.objects.filter(account=account).select_related("added_by").order_by("added_at", "pk")
    for one in rows:
        yield {
            "kind": one.kind,
            "number": opened(one) if is_own else f"…{one.ending}",
            "valid_until": one.valid_until.isoformat(),
            "added_at": one.added_at.isoformat(),
            "added_by": one.added_by.name if one.added_by else "",
            "proof": one.proof_type,
        }


def _notices(account: Account) -> dict[str, Any]:
    """How he wants to be told; empty where he has said nothing."""
    choice = NoticeChoice.objects.filter(account=account).first()
    if choice is None:
        return {}
    hours = {name: getattr(choice, name) for name in ("quiet_from", "quiet_until", "digest_at")}
    said = {name: f"{at:%H:%M}" for name, at in hours.items() if at is not None}
    return {"channels": choice.channels, "addresses": choice.addresses, "zone": choice.zone, **said}


def _sign_ins(account: Account) -> Iterator[dict[str, Any]]:
    for one in SignIn.objects.filter(account=account).order_by("began_at"):
        where = {"browser": one.browser, "system": one.system, "address": one.address}
        yield {"began_at": one.began_at.isoformat(), "seen_at": one.seen_at.isoformat(), "way": one.way, **where}
    for key in Passkey.objects.filter(account=account).order_by("since"):
        yield {"way": "passkey", "name": key.name, "since": key.since.isoformat()}
    for feed in CalendarFeed.objects.filter(account=account):
        yield {"way": "feed", "since": feed.since.isoformat()}
    for who in Identity.objects.filter(account=account).order_by("since"):
        yield {"way": who.provider, "name": who.subject, "since": who.since.isoformat()}


def _changes(account: Account) -> Iterator[dict[str, Any]]:
    """What the record of the house says was changed of him."""
    rows = HouseChange.objects.filter(subject__in=[str(account.pk), account.pk.hex]).select_related("account")
    for one in rows.order_by("seq"):
        by = one.account.name if one.account else ""
        yield {"at": one.at.isoformat(), "by": by, "act": one.act, "before": one.before, "after": one.after}
