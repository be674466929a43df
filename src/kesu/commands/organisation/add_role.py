"""The house makes a role of its own, beside those that policies name."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import adoption, house
from kesu.core.codes import half_width
from kesu.store.models import Post, Role

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,47}")


@transaction.atomic
def add_role(*, actor: Actor, at: datetime, name: str, code: str = "") -> str:
    """Returns its code, made up where none is given. Raises `Forbidden`, or `Unacceptable` for a name or code that is
    missing, taken or not writable so."""
    actor.require(Permission.RIGHTS_EDIT)
    house.check_texts(Role, name=name)
    code = half_width(code) or f"role_{secrets.token_hex(4)}"
    wrong: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        wrong["code"] = "code_unwritable"
    elif (
        code in adoption.slots_offered()
        or Role.objects.filter(code=code).exists()
        or Post.objects.filter(role=code).exists()
    ):
        wrong["code"] = "code_taken"
    if Role.objects.filter(name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if wrong:
        raise house.unreadable(wrong)
    role = Role.objects.create(code=code, name=name.strip())
    house.record("role.created", at=at, by=actor.account_id, subject=code, name=role.name, after={"role": code})
    return code
