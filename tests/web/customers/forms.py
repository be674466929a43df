"""The forms of customers and rooms, as a browser holds them."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from django.test import Client

_SEEN: Final = re.compile(r'name="seen_version" value="(\d+)"')


def version(page: str) -> str:
    """What the form of a page carries of what it showed."""
    found = _SEEN.search(page)
    assert found, page
    return found[1]


def customer_seen(client: Client, customer: UUID) -> str:
    return version(client.post(f"/customers/{customer}/shown").content.decode())


def room_seen(client: Client, room: UUID) -> str:
    return version(client.get(f"/rooms/{room}").content.decode())
