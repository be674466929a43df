"""The tests run on the PostgreSQL that was asked for: the program's own, or one of Debian with `KESU_TEST_POSTGRES`."""

from __future__ import annotations

import psycopg

from kesu.config.postgres.binaries import OLDEST
from launch import checks
from tests.database import HOME, LANE, ROOT


def test_it_runs_on_the_version_that_was_asked_for(session_database: str) -> None:
    with psycopg.connect(session_database) as connection:
        major = connection.info.server_version // 10000
    if LANE:
        assert str(major) == LANE
        assert HOME.name == f"postgresql-{LANE}"
    else:
        assert major > OLDEST


def test_the_lane_is_of_the_oldest_version_that_the_program_accepts() -> None:
    assert f"{OLDEST}" == checks._OLD


def test_every_run_has_a_sample_on_the_oldest_version_and_the_full_one_all() -> None:
    (full,) = [check for check in checks._checks(ROOT, [], full=True) if check.old_postgres]
    folders = {word for word in full.words if word.startswith("tests/")}
    assert {"tests/store", "tests/commands", "tests/access"} <= folders
    assert [word for word in folders if not (ROOT / word).exists()] == []
    sample = [check for check in checks._checks(ROOT, [], full=False) if check.old_postgres]
    assert len(sample) == checks._OLD_PROGRAMS.exists()
    for check in sample:
        assert [word for word in check.words if word.startswith("tests/") and not (ROOT / word).exists()] == []
    assert checks._checks(ROOT, [], full=False)[-1].title == "pytest"
