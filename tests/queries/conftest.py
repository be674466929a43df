from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture
def here(db: None) -> World:
    """The organisation and its policies, no cases."""
    from tests import world  # Django is not set up yet when this file is read

    return world.build()
