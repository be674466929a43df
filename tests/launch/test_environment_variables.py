"""The settings refuse odd values instead of guessing what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kesu.config import env


@pytest.mark.parametrize("value", ["on", "2", "ja", "TRUE!"])
def test_it_refuses_a_flag_that_is_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KESU_TRIED", value)
    with pytest.raises(ImproperlyConfigured, match="KESU_TRIED"):
        env.flag("KESU_TRIED")


@pytest.mark.parametrize("value", ["-1", "1.5", "eight"])
def test_it_refuses_a_number_that_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KESU_TRIED", value)
    with pytest.raises(ImproperlyConfigured, match="KESU_TRIED"):
        env.number("KESU_TRIED", 8)


def test_it_reads_a_secret_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("the secret\n", encoding="utf-8")
    monkeypatch.setenv("KESU_TRIED_FILE", str(file))
    assert env.secret("KESU_TRIED") == "the secret"


def test_it_refuses_a_secret_that_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESU_TRIED_FILE", "/somewhere")
    monkeypatch.setenv("KESU_TRIED", "here")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.secret("KESU_TRIED")


def test_it_understands_a_database_address() -> None:
    read = env.database("postgresql://app:p%40ss@db.example.org:5433/kesu?target_session_attrs=read-write")
    assert read == {
        "NAME": "kesu",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"target_session_attrs": "read-write"},
    }


@pytest.mark.parametrize(
    "address", ["mysql://app:hidden@db/kesu", "postgresql://app:hidden@db/", "postgresql://:hidden"]
)
def test_it_never_repeats_an_address_that_it_refuses(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        env.database(address)
    assert "hidden" not in str(refused.value)
