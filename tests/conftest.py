"""Fixtures that every test may use. The program's own settings, a real database, no way out of the machine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import network
from tests.database import HOME, LANE, Databases, key_file, point_django_to

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.plugin import DjangoDbBlocker

    from tests.live import LiveKesu
    from tests.world import World

_FILES = Path(tempfile.mkdtemp(prefix="kesu-files-"))

(_FILES / "static").mkdir()

# Before Django reads its settings: nothing of the developer's own installation may be touched.
_OF_THE_TESTS = ("KESU_FULL", "KESU_TEST_POSTGRES", "KESU_CHAOS_SECONDS", "KESU_CHAOS_SEED")
for name in [name for name in os.environ if name.startswith(("KESU_", "DATABASE_URL")) and name not in _OF_THE_TESTS]:
    del os.environ[name]
if LANE:
    os.environ["KESU_PG_BIN"] = f"/usr/lib/postgresql/{LANE}/bin"
os.environ["KESU_DATA"] = str(HOME)
os.environ["KESU_KEY_FILE"] = str(key_file())
os.environ["KESU_FILES"] = str(_FILES)
os.environ["KESU_STATIC_ROOT"] = str(_FILES / "static")
os.environ["KESU_PUBLIC_LIMIT"] = "100000/minute"  # all tests send from one address; what it does is tested by itself
os.environ["DJANGO_SETTINGS_MODULE"] = "kesu.config.settings"

hypothesis.settings.register_profile("standard", max_examples=40, deadline=None)
hypothesis.settings.register_profile("full", max_examples=1500, deadline=None)
hypothesis.settings.load_profile("full" if os.environ.get("KESU_FULL") else "standard")

network.close()


def pytest_configure() -> None:
    import django
    from django.conf import settings

    # One of several processes that share the tests has read its settings already, with the folder of the first.
    settings.KESU_FILES = _FILES
    django.setup()


def pytest_unconfigure() -> None:
    shutil.rmtree(_FILES, ignore_errors=True)


@pytest.fixture(autouse=True)
def source_language() -> None:
    """The browser of a test before this one may have asked for another."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The server of the tests. Ask for `db` or `fresh_database` rather than for this."""
    opened = Databases()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def session_database(databases: Databases) -> Iterator[str]:
    url = databases.clone()
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def django_db_setup(session_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """`db` and `@pytest.mark.django_db`: a rolled-back transaction on this session's clone, as the application's role.

    Their `transaction=True` form would truncate, which the application's role may not: take `fresh_database` for tests
    that must commit.
    """
    from django.db import connections

    point_django_to(session_database)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def fresh_database(
    databases: Databases, session_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of its own for a test that commits, uses threads or starts processes. Yields its address."""
    from django.db import connections

    url = databases.clone()
    point_django_to(url)
    with django_db_blocker.unblock():
        yield url
        connections.close_all()
    point_django_to(session_database)
    databases.drop(url)


@pytest.fixture(scope="session")
def live_kesu(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKesu]:
    """The real program, running. Its database is not the one of `db`; see `live_database`."""
    from tests import live

    with live.running(databases, tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def live_database(
    live_kesu: LiveKesu, session_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Points Django in this process at the running program's database, to make what a story begins with."""
    from django.db import connections

    point_django_to(live_kesu.database_url)
    with django_db_blocker.unblock():
        yield live_kesu.database_url
        connections.close_all()
    point_django_to(session_database)


@pytest.fixture(scope="session")
def live_world(
    live_kesu: LiveKesu, session_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> World:
    """The organisation in the running program's database, made once."""
    from django.db import connections

    from tests import live

    point_django_to(live_kesu.database_url)
    with django_db_blocker.unblock():
        made = live.build_world()
        connections.close_all()
    point_django_to(session_database)
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine, without a window."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for path in map(shutil.which, names) if path), None)
    assert found, "no Chromium here; ./kesu test installs it"
    # The browser's driver keeps an event loop in this thread; Django would refuse every query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh desk-sized window in Chinese, in Shanghai's time."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def world(db: None) -> World:
    """The organisation of the demonstration without a case, in a transaction that is rolled back."""
    from tests.world import build

    return build()


@pytest.fixture
def committed_world(fresh_database: str) -> World:
    """The same, committed in a database of its own: for threads, processes and killed workers."""
    from tests.world import build

    return build()
