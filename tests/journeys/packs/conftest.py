"""The running program of these journeys: its clock can be moved, and each policy has a house of its own in it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.plugin import DjangoDbBlocker

    from kesu.config.demonstration.stories import Stage
    from tests.database import Databases
    from tests.journeys.packs.houses import Houses
    from tests.live import LiveKesu


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails says what its people had before them."""
    report = yield
    if call.when == "call" and call.excinfo is not None and "houses" in item.funcargs:
        houses: Any = item.funcargs["houses"]
        report.sections.append(("windows", houses.shown()))
    return report


@pytest.fixture(scope="session")
def moved_kesu(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKesu]:
    from tests import live

    folder = tmp_path_factory.mktemp("moved")
    (folder / "ahead").write_text("0", encoding="ascii")
    with live.running(databases, folder, clock=folder / "ahead") as running:
        yield running


@pytest.fixture(scope="session")
def known_houses() -> dict[str, Stage]:
    """Of the running program, by the code of the group."""
    return {}


@pytest.fixture
def houses(
    moved_kesu: LiveKesu,
    known_houses: dict[str, Stage],
    browser: Browser,
    session_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Houses]:
    """Django of this process points to the running program's database, and its clock is the program's."""
    from django.db import connections

    from kesu.core import clock
    from tests.database import point_django_to
    from tests.journeys.packs.houses import Houses

    point_django_to(moved_kesu.database_url)
    clock.follow(moved_kesu.clock)
    opened = Houses(moved_kesu, browser, known_houses)
    with django_db_blocker.unblock():
        yield opened
        connections.close_all()
    opened.close()
    clock.follow(None)
    point_django_to(session_database)
