"""The first start: an installation that knows nobody gets its first administrator and the root of its organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from kesu.access.permissions import OF_ADMINISTRATORS
from kesu.casefile import adoption, house
from kesu.core.codes import half_width
from kesu.core.errors import NotFound, Unacceptable
from kesu.store.models import Account, Post, PostHolding, Unit
from kesu.store.models.organisation import UnitKind

ROLE: Final = "system_admin"
POST: Final = "系统管理员"
"""Pages say it in the reader's language."""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('kesu.first', 0))"


@transaction.atomic
def create_administrator(
    *, at: datetime, code: str | None, login: str, name: str, password: str, organisation: str
) -> UUID:
    """`code`: what the machine shows its operator (None: he sits at it); `organisation`: the name of the root. Returns
    the account's id.

    Raises `NotFound` where somebody has an account already, `Unacceptable` with the fields that cannot be used."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    if Account.objects.exists():
        raise NotFound
    if code is not None and not house.is_setup_code(code):
        raise Unacceptable("setup_code", data={"fields": {"code": "setup_code"}, "refusals": ()})
    account = Account(login=half_width(login).lower(), name=name.strip())
    house.check_texts(Account, login=account.login, name=account.name)
    house.check_texts(Unit, organisation=organisation, limits={"organisation": "name"})
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise Unacceptable("password_weak", data={"fields": {"password": "password_weak"}, "refusals": ()}) from weak
    account.set_password(password)
    account.save()
    root = Unit.objects.create(kind=UnitKind.GROUP, name=organisation.strip(), code="group")
    adoption.grant_slots({ROLE: [one.value for one in OF_ADMINISTRATORS]})
    held = Post.objects.create(unit=root, role=ROLE, name=POST)
    PostHolding.objects.create(post=held, account=account, from_on=at.date())
    house.record("unit.created", at=at, by=account.pk, subject=root.pk, name=root.name, after={"kind": root.kind})
    told = {"login": account.login}
    house.record("account.created", at=at, by=account.pk, subject=account.pk, name=account.name, after=told)
    given = {"account": account.login, "role": ROLE}
    house.record("post.given", at=at, by=account.pk, subject=held.pk, name=held.name, after=given)
    return account.pk
