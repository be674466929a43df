"""The tests run on the PostgreSQL that was asked for: the program's own, or one of Debian with `KESU_TEST_POSTGRES`."""

from __future__ import annotations

import psycopg

from kesu.config.postgres.binaries import OLDEST
from launch import checks
from tests.database import HOME, LANE


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
