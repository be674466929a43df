from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

    from tests.world import World

NOW = datetime.now(UTC).replace(microsecond=0)
"""The pages read the clock: what these tests tell happened before this very moment."""

SignIn = Callable[[str], Client]


@pytest.fixture
def here(db: None) -> World:
    """The organisation and its policies, in force for a month."""
    from tests import world  # Django is not set up yet when this file is read

    return world.build(NOW - timedelta(days=30))


@pytest.fixture
def sign_in(here: World, settings: SettingsWrapper) -> SignIn:
    """A browser in which this person is signed in."""
    from kesu.store.models import Account

    def open_for(login: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(login=login), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return open_for
