"""A lived-in house, an empty one beside it, and the folder for backups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.backup import house
from tests.backup.house import House
from tests.database import Databases

if TYPE_CHECKING:
    from tests.access.sample import Sample


@pytest.fixture
def lived_in(fresh_database: str) -> Sample:
    """Cases with a photograph, and a report under seal."""
    from tests.access import sample

    found = sample.build()
    sample.report(found)
    return found


@pytest.fixture
def home(lived_in: Sample, fresh_database: str, databases: Databases, tmp_path: Path) -> House:
    return house.furnished(tmp_path / "data", databases, fresh_database)


@pytest.fixture
def empty_home(databases: Databases, tmp_path: Path) -> Iterator[House]:
    with house.empty(tmp_path / "other", databases) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"
