"""When the backup of the night is due."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kesu.config.backup import record
from kesu.config.backup.nightly import is_due
from kesu.config.backup.record import Record


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """An hour in Shanghai, in June 2026."""
    from zoneinfo import ZoneInfo

    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


@pytest.mark.parametrize(
    ("tried", "now", "due"),
    [
        (None, _at(8, 12), True),
        (_at(8, 2, 30), _at(8, 12), False),
        (_at(8, 2, 29), _at(8, 2, 31), True),
        (_at(8, 2, 31), _at(9, 2, 29), False),
        (_at(8, 2, 31), _at(9, 2, 30), True),
        (_at(5, 2, 31), _at(8, 9), True),  # the machine slept over a weekend
        (_at(8, 9), _at(8, 23, 59), False),
        (_at(8, 23), _at(9, 1), False),
    ],
)
def test_it_is_due_once_for_each_half_past_two_in_shanghai(tried: datetime | None, now: datetime, due: bool) -> None:
    assert is_due(tried, now) is due


def test_a_failed_attempt_counts_as_the_one_of_that_night() -> None:
    found = Record(made_at=_at(7, 3)).failing(_at(8, 3), "磁盘已满")
    assert found.tried_at == _at(8, 3)


def test_the_record_is_read_back_and_a_broken_one_is_empty(tmp_path: Path) -> None:
    written = Record(made_at=_at(8, 3), made="kesu-x", folder="/b", missing=2, proved_at=_at(8, 4), proved="kesu-x")
    record.write(tmp_path, written)
    assert record.read(tmp_path) == written
    (tmp_path / record.FILE).write_text("{", encoding="utf-8")
    assert record.read(tmp_path) == Record()
