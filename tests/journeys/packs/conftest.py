"""The running program of these journeys: its clock can be moved, and each policy has a house of its own in it."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django.plugin import DjangoDbBlocker

    from kesu.config.demonstration.stories import Stage
    from kesu.policy.calendar import Calendar
    from tests.database import Databases
    from tests.journeys.packs.houses import Houses
    from tests.live import LiveKesu

ROOT: Final = Path(__file__).parents[3]
_HOUSES: Final = ("houses", "houses_apart", "examples")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails says what its people had before them."""
    report = yield
    houses: Any = next((item.funcargs[one] for one in _HOUSES if one in item.funcargs), None)
    if call.when == "call" and call.excinfo is not None and houses is not None:
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
    with django_db_blocker.unblock(), opened(moved_kesu, browser, known_houses, session_database) as found:
        yield found


@pytest.fixture
def houses_apart(
    databases: Databases,
    tmp_path: Path,
    browser: Browser,
    session_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Houses]:
    """Of a program with a library of its own, in `packs` of the folder `checkout`: what its author writes there is in
    force when it is started anew."""
    from tests import live

    checkout = tmp_path / "checkout"
    for part in ("src", "packs"):
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "ahead").write_text("0", encoding="ascii")
    with (
        live.running(databases, tmp_path, clock=tmp_path / "ahead", checkout=checkout) as running,
        django_db_blocker.unblock(),
        opened(running, browser, {}, session_database) as found,
    ):
        yield found


@pytest.fixture
def examples(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path: Path,
    browser: Browser,
    session_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Houses]:
    """A program of its own, eleven years on, where the worked examples of the mission fall on their days of the week.
    It begins at the end of June, or at an instant that the test names (`indirect`)."""
    from tests import live
    from tests.journeys.packs.worked import CHINA, at, days_like_2026

    ahead = at(getattr(request, "param", "06-28 09:00")) - datetime.now(CHINA)
    (tmp_path / "ahead").write_text(str(ahead.total_seconds()), encoding="ascii")
    with (
        live.running(databases, tmp_path, clock=tmp_path / "ahead") as running,
        django_db_blocker.unblock(),
        opened(running, browser, {}, session_database, days_like_2026()) as houses,
    ):
        yield houses


@contextmanager
def opened(
    live: LiveKesu, browser: Browser, known: dict[str, Stage], database: str, calendar: Calendar | None = None
) -> Iterator[Houses]:
    """Django of this process points to the running program's database, and its clock is the program's."""
    from django.db import connections

    from kesu.core import clock
    from tests.database import point_django_to
    from tests.journeys.packs.houses import WEEK, Houses

    point_django_to(live.database_url)
    clock.follow(live.clock)
    houses = Houses(live, browser, known, calendar or WEEK)
    try:
        yield houses
    finally:
        connections.close_all()
        houses.close()
        clock.follow(None)
        point_django_to(database)
