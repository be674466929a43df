"""Whatever an earlier release backed up, today's program restores, brings up to date, and understands the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.test import Client

import kesu
from kesu.config import migration_stamp
from tests.backup import house
from tests.backup.house import House
from tests.database import Databases, point_django_to
from tests.full import only_in_full
from tests.releases.make import EXPECTED, HERE, KEYS

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.plugin import DjangoDbBlocker

RELEASES = sorted(path.parent for path in HERE.glob(f"*/{EXPECTED}"))
_LIMIT = 300_000


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def release(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def restored(
    release: Path,
    databases: Databases,
    tmp_path: Path,
    settings: SettingsWrapper,
    session_database: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[House]:
    """The release's backup in an empty installation, and Django in this process on it: its database, keys and files."""
    from django.db import connections

    from kesu.store import keys

    with house.empty(tmp_path / "data", databases) as made:
        told = made.say("restore", str(release / "backup"), "--keys", str(release / KEYS))
        assert told.returncode == 0, told.stderr
        settings.KESU_KEY_FILE, settings.KESU_FILES = made.keys, made.files
        keys.ring.cache_clear()
        point_django_to(made.url)
        with django_db_blocker.unblock():
            yield made
            connections.close_all()
        keys.ring.cache_clear()
        point_django_to(session_database)


@pytest.fixture
def expected(release: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((release / EXPECTED).read_text(encoding="utf-8"))
    return document


def test_there_is_one_of_the_first_release() -> None:
    assert "0.1.0" in [path.name for path in RELEASES]


def test_it_has_the_tables_of_today(restored: House) -> None:
    with restored.as_owner() as owner:
        question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        assert owner.execute(question).fetchone() == (migration_stamp.wanted(),)


def test_every_case_stands_as_it_did(restored: House, expected: dict[str, Any]) -> None:
    from kesu.queries.cases.sample_cases import sample_cases

    at, ids = datetime.fromisoformat(expected["at"]), [UUID(one["id"]) for one in expected["cases"]]
    there = [json.loads(json.dumps(one.to_document())) for one in sample_cases(at=at, case_ids=ids)]
    assert there == expected["cases"]
    assert any(one["files"] for one in there)


@only_in_full
def test_what_is_under_seal_is_there_and_stays_under_seal(restored: House, expected: dict[str, Any]) -> None:
    from kesu.store.models import SealedCase

    assert restored.rows()["store_sealedcase"] == expected["sealed"]["cases"] > 0
    assert SealedCase.objects.count() == 0


@only_in_full
def test_its_pages_say_what_they_said(restored: House, expected: dict[str, Any]) -> None:
    from tests import desk

    for page in expected["pages"]:
        client = desk.client_of(page["login"]) if page["login"] else Client()
        answer = client.get(page["address"])
        assert answer.status_code == 200, page
        words = answer.content.decode()
        assert [word for word in page["words"] if word not in words] == [], page


def test_it_stays_small(release: Path) -> None:
    assert sum(path.stat().st_size for path in release.rglob("*") if path.is_file()) < _LIMIT


def test_the_program_and_its_package_have_one_version() -> None:
    import tomllib

    project = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == kesu.__version__
