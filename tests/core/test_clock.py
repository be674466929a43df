"""The clock of a program that is tried out runs ahead by what a file says, and never back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kesu.core import clock

_A_WHILE = timedelta(minutes=10)
"""Longer than any test takes."""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    clock.follow(tmp_path / "ahead")
    yield tmp_path / "ahead"
    clock.follow(None)


def _is_ahead_by(span: timedelta) -> bool:
    real = datetime.now(UTC)
    return span <= clock.now() - real < span + _A_WHILE


def test_nothing_moves_it_where_no_file_was_named() -> None:
    assert clock.moved_by() is None
    assert _is_ahead_by(timedelta())


def test_it_follows_the_file_while_it_runs(file: Path) -> None:
    assert clock.moved_by() == timedelta()
    assert _is_ahead_by(timedelta())
    for days in (1, 15):
        file.write_text(f"{days * 86400}\n", encoding="ascii")
        assert clock.moved_by() == timedelta(days=days)
        assert _is_ahead_by(timedelta(days=days))


@pytest.mark.parametrize("later", ["3600", "-90000", "", "soon", "nan", "1e400"])
def test_it_does_not_go_back(file: Path, later: str) -> None:
    file.write_text("86400", encoding="ascii")
    assert _is_ahead_by(timedelta(days=1))
    file.write_text(later, encoding="ascii")
    assert _is_ahead_by(timedelta(days=1))
    file.unlink()
    assert _is_ahead_by(timedelta(days=1))
