from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.samples.house import Played


@pytest.fixture
def langu(db: None) -> Played:
    """A company that reviews a sample of the complaints that it closed."""
    from tests.samples.house import OCTOBER, reviewing

    return reviewing(OCTOBER)


@pytest.fixture
def xiling(db: None) -> Played:
    """A company that sets a bonus by the ratings of its repairs."""
    from tests.samples.house import OCTOBER, rewarding

    return rewarding(OCTOBER)
