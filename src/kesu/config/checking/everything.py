"""All checks, in the order in which an operator would mend things."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.db import Error

from kesu.config import env, home
from kesu.config.checking import blind, channels, clock_and_calendar, database, providers, surroundings, walls
from kesu.config.checking.finding import Finding, Grade, failure, said
from kesu.core import clock, keyring


def everything(now: Callable[[], datetime]) -> Iterator[Finding]:
    """Asks every question that can be asked: none of the database where it does not answer, none of its tables where
    they are not this version's."""
    yield surroundings.base_address(settings.KESU_BASE_URL)
    key_file = Path(settings.KESU_KEY_FILE)
    handed = os.environ.get("CREDENTIALS_DIRECTORY")
    keys = surroundings.key_file(key_file, Path(handed) if handed else None)
    yield keys
    yield clock_and_calendar.clock_is_real(clock.moved_by())
    yield clock_and_calendar.time_zones((settings.TIME_ZONE, "UTC"))
    given = env.secret("DATABASE_URL")
    try:
        yield from _database(given, now, has_keys=keys.grade is not Grade.FAILURE)
    except (Error, psycopg.Error) as fault:
        yield failure(
            "database",
            said("数据库没有答完（%(fault)s）；请看数据库的记录，改好后再查一遍", fault=type(fault).__name__),
        )
    yield from providers.providers(settings.KESU_SIGN_ON, now())
    yield surroundings.mail(settings.KESU_SMTP_URL, settings.KESU_MAIL_FROM)
    yield from channels.channels(settings.KESU_CHANNELS)
    # `kesu up` tells its own processes to serve the collected copies.
    is_used = env.flag("KESU_STATIC_COLLECTED") or not given
    yield surroundings.static_files(Path(settings.STATIC_ROOT), is_used=is_used)
    yield surroundings.evidence_folder(Path(settings.KESU_FILES))


def _database(given: str, now: Callable[[], datetime], *, has_keys: bool) -> Iterator[Finding]:
    address = given or home.embedded_url(home.home(), "app")
    answer = database.reachable(address, is_embedded=not given)
    yield answer
    if answer.grade is Grade.FAILURE:
        return
    yield database.role_is_bound()
    yield database.role_owns_nothing()
    yield database.role_is_nobody_else()
    yield clock_and_calendar.clocks_agree(now)
    tables = database.migrated()
    yield tables
    if tables.grade is Grade.FAILURE:
        return
    yield database.rows_are_usable()
    wanted, found = walls.expected(), walls.standing()
    yield walls.row_security(wanted, found)
    yield walls.triggers(wanted, found)
    if has_keys:
        yield surroundings.keys_fit_the_database(keyring.load(Path(settings.KESU_KEY_FILE)))
    yield clock_and_calendar.calendars(now(), ZoneInfo(settings.TIME_ZONE))
    yield blind.blind_roles_see_nothing(now())
