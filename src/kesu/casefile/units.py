"""How units may be called, and how one that stands on its own comes to have an administrator."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from kesu.casefile import house
from kesu.store.models import Post, PostHolding, Unit

CODE: Final = re.compile(r"[\w.-]{1,24}")


def check(name: str, code: str, *, parent: Unit | None, unit: Unit | None = None) -> dict[str, str]:
    """What is wrong with a name, or with a code in half width, by field. `unit`: the one that is to be called so; a
    code that it has already is not read again. Raises `Unacceptable` for a name that is missing or too long."""
    house.check_texts(Unit, name=name)
    wrong: dict[str, str] = {}
    others = Unit.objects.exclude(pk=unit.pk) if unit else Unit.objects.all()
    if others.filter(parent=parent, name=name.strip()).exists():
        wrong["name"] = "name_taken"
    if code and code != (unit.code if unit else ""):
        if not CODE.fullmatch(code):
            wrong["code"] = "code_unreadable"
        elif others.filter(code__iexact=code).exists():
            wrong["code"] = "code_taken"
    return wrong


def kind_wrong(kind: str, allowed: Collection[str]) -> dict[str, str]:
    """The same for the kind of a new unit."""
    if kind in allowed:
        return {}
    return {"kind": "kind_not_there" if kind else "kind_missing"}


def give_administrator(root: Unit, *, account_id: UUID, role: str, post_name: str, on: date) -> None:
    """Whoever founds a root administers it with the post through which he may found it, from `on`, until he gives it to
    others."""
    post = Post.objects.create(unit=root, role=role, name=post_name)
    PostHolding.objects.create(post=post, account_id=account_id, from_on=on)
