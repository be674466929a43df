"""Everything that the house keeps of one customer, for himself, as a document; on record twice: with him and with what
left the house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.customers import cases_at, customer_for
from kesu.access.permissions import Permission
from kesu.casefile import customers
from kesu.core.errors import NotFound
from kesu.store.models import Consent, Customer, CustomerChange, CustomerReading, CustomerRoom, ExportRecord, Purchase


@transaction.atomic
def export_customer(*, actor: Actor, at: datetime, customer_id: UUID) -> dict[str, Any]:
    """Ready for JSON; instants in UTC, days as the calendar has them. Cases as far as the actor sees them. Raises
    `NotFound`, `Forbidden`."""
    row = customer_for(actor, customer_id, Permission.PERSONAL_READ).row
    if row.erased_at is not None:
        raise NotFound
    customers.record_reading(row, at=at, by=actor.account_id, what="exported")
    found = customers.members(row)
    filters = {"customer": row.pk.hex}
    ExportRecord.objects.create(
        account_id=actor.account_id, at=at, what="customer", filters=filters, rows=len(found), clear=len(found)
    )
    tokens = [phone.token for one in found for phone in one.phones.all()]
    return {
        "exported_at": at.isoformat(),
        "records": [_one(one) for one in found],
        "rooms": list(_rooms(found)),
        "consents": list(_consents(found)),
        "readings": list(_readings(found)),
        "cases": [
            {"number": card.number, "title": card.title, "received_at": card.received_at.isoformat()}
            for card in cases_at(actor, tokens)
        ],
    }


def _one(row: Customer) -> dict[str, Any]:
    key = customers.key_of(row)
    changes = CustomerChange.objects.filter(customer=row).select_related("account").order_by("pk")
    return {
        "id": str(row.pk),
        "project": row.unit.name,
        "since": row.created_at.isoformat(),
        **customers.person_of(row, key, row.phones.all()).document(),
        "purchases": [
            {"bought_on": one.bought_on.isoformat(), **customers.opened(row, key, one.sealed)}
            for one in Purchase.objects.filter(customer=row).order_by("bought_on", "pk")
        ],
        "changes": [
            {
                "at": one.at.isoformat(),
                "by": one.account.name,
                "act": one.act,
                "values": customers.opened(row, key, one.sealed),
            }
            for one in changes
        ],
    }


def _rooms(found: Sequence[Customer]) -> Iterator[dict[str, Any]]:
    for tie in CustomerRoom.objects.filter(customer__in=found).select_related("room__project").order_by("pk"):
        ended = tie.ended_on.isoformat() if tie.ended_on else ""
        yield {"project": tie.room.project.name, "room": str(tie.room), "kind": tie.kind, "ended_on": ended}


def _consents(found: Sequence[Customer]) -> Iterator[dict[str, Any]]:
    for one in Consent.objects.filter(customer__in=found).order_by("given_on", "pk"):
        withdrawn = one.withdrawn_on.isoformat() if one.withdrawn_on else ""
        yield {"purpose": one.purpose, "how": one.how, "given_on": one.given_on.isoformat(), "withdrawn_on": withdrawn}


def _readings(found: Sequence[Customer]) -> Iterator[dict[str, Any]]:
    rows = CustomerReading.objects.filter(customer__in=found).select_related("account").order_by("pk")
    for one in rows:
        yield {"at": one.at.isoformat(), "by": one.account.name, "what": one.what}
