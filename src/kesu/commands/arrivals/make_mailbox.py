"""The house has a mailbox read, or mails piped into the program under an address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.mails import rules_of
from kesu.access.permissions import Permission
from kesu.casefile import house, mail_facts
from kesu.store.models import Mailbox, Unit


@transaction.atomic
def make_mailbox(*, actor: Actor, at: datetime, name: str, address: str, unit_id: UUID | None, kind: str) -> UUID:
    """At first nothing is read from anywhere, a mail answers what facts can hold it, and opens nothing by itself.
    Raises `Forbidden`, or `Unacceptable` for a name or address that is missing or taken, a unit that is out of reach
    and a kind that is not served there."""
    actor.require(Permission.SOURCES_EDIT)
    house.wait_turn()
    house.check_texts(Mailbox, name=name, address=address)
    plain, unit = address.strip().lower(), Unit.objects.filter(pk=unit_id, closed_on=None).first() if unit_id else None
    wrong: dict[str, str] = {}
    if Mailbox.objects.filter(name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if not house.is_email(plain) or not plain.isascii():
        wrong["address"] = "email_unreadable"
    elif Mailbox.objects.filter(address=plain).exists():
        wrong["address"] = "address_taken"
    if unit is None or not actor.may_at(Permission.SOURCES_EDIT, unit.path):
        wrong["unit"] = "not_chosen"
    if not kind:
        wrong["kind"] = "not_chosen"
    if wrong or unit is None:
        raise house.unreadable(wrong)
    mailbox = Mailbox(name=name.strip(), address=plain, unit=unit, kind=kind)
    rules = rules_of(mailbox, at)
    if rules is None:
        raise house.unreadable({"kind": "kind_not_served"})
    mailbox.reads = mail_facts.usual(rules)
    mailbox.save(force_insert=True)
    told = {"address": plain, "unit": unit.name, "kind": kind}
    house.record("mailbox.created", at=at, by=actor.account_id, subject=mailbox.pk, name=mailbox.name, after=told)
    return mailbox.pk
