"""A world as of this very moment, and the people in front of its pages: web tests cannot hand the views a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.test import Client

from kesu.core import clock
from tests import world

if TYPE_CHECKING:
    from tests.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
PROMISED = "2030-01-02 10:00"
"""When the customer hears from us: asked of whoever hears a complaint outside working hours, whenever tests run."""


def opened() -> tuple[World, datetime]:
    """Organisation and policies have stood for a month; the second value is now."""
    now = clock.now()
    return world.build(now - timedelta(days=30)), now


def client_of(login: str) -> Client:
    """Somebody who has signed in."""
    from kesu.store.models import Account

    client = Client()
    client.force_login(Account.objects.get(login=login), backend=BACKEND)
    return client
