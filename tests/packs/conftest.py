"""The library as it is shipped, read once."""

from __future__ import annotations

import pytest

from kesu.casefile.library import Library, read_library
from kesu.policy.calendar import Calendar, sample_calendar


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return sample_calendar()
