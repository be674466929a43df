"""The working calendar of the world, and the addresses of its pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4


def calendar_in_use() -> str:
    """The one that the complaints of the world are counted with."""
    from kesu.store.models import Adoption

    return Adoption.objects.filter(kind="complaint").values_list("calendar_version_id", flat=True).latest("pk")


def addresses() -> dict[str, dict[str, Any]]:
    calendar = {"version": calendar_in_use()}
    return {"calendar": calendar, "calendar-edit": calendar, "calendar-save": calendar, **_OF_NOTHING}


_OF_NOTHING = {"calendar-change": {"change": uuid4()}, "policy-renewal": {"change": uuid4()}}
