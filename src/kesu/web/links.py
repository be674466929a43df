"""Addresses that stand on every row of a list: resolved once a process, then only filled in."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import reverse

_ANY = UUID(int=0)


def case_url(case_id: UUID) -> str:
    return _pattern("case-page").replace(str(_ANY), str(case_id))


def room_url(room_id: UUID) -> str:
    return _pattern("room-page").replace(str(_ANY), str(room_id))


def customer_url(customer_id: UUID) -> str:
    return _pattern("customer-page").replace(str(_ANY), str(customer_id))


def publication_url(publication_id: UUID) -> str:
    return _pattern("publication").replace(str(_ANY), str(publication_id))


def board_url(publication_id: UUID) -> str:
    return _pattern("board-notice").replace(str(_ANY), str(publication_id))


def step_url(case_id: UUID, step: str) -> str:
    """`step`: a code of the pack."""
    return _pattern("case-step", step).replace(str(_ANY), str(case_id))


@cache
def _pattern(name: str, *rest: str) -> str:
    return reverse(name, args=[_ANY, *rest])
