"""Copies rows of models into their tables, as the application's role, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db import connection, models, transaction
from psycopg import sql

from kesu.casefile import mentions, search_text
from kesu.casefile.books import kind_of
from kesu.casefile.projection import Projected
from kesu.config.bench.stamping import Rows
from kesu.store.inserting import written
from kesu.store.models import CaseParty, CaseSearch, ObligationOwner

_SENT = "sent"


def copy(cases: Sequence[Rows]) -> None:
    """Writes the cases with all that belongs to them. What left the house long ago is marked as sent."""
    events = [event for rows in cases for event in rows.events]
    obligations = [one for rows in cases if rows.projected for one in rows.projected.obligations]
    with transaction.atomic():
        _number(events)
        _number(obligations)
        for rows in cases:
            for body in rows.bodies:
                body.event_id = body.event.pk
        copy_rows([rows.case for rows in cases])
        copy_rows(events)
        copy_rows([body for rows in cases for body in rows.bodies])
        copy_rows([rows.projected.card for rows in cases if rows.projected])
        copy_rows(obligations)
        copy_rows([row for rows in cases for row in rows.measured])
        copy_rows([row for rows in cases for row in rows.submitted])
        copy_rows(list(_owners(cases)))
        copy_rows(list(_parties(cases)))
        copy_rows(
            [row for rows in cases if rows.projected for row in mentions.rows(rows.case, rows.projected.mentions)]
        )
        for rows in cases:
            for message in rows.messages:
                message.state, message.sent_at, message.attempts = _SENT, message.created_at, 1
        copy_rows([message for rows in cases for message in rows.messages])
        copy_rows([note for rows in cases for note, _ in rows.told])
        copy_rows([rows.form for rows in cases])
        copy_rows([sought_row(rows, rows.projected) for rows in cases if rows.projected])


def sought_row(rows: Rows, projected: Projected) -> CaseSearch:
    """What a search reads of the case."""
    kind = kind_of(rows.case.policy_version_id, rows.case.kind)
    return search_text.first(projected.card, kind, projected.bodies, rows.told)


def _owners(cases: Iterable[Rows]) -> Iterable[ObligationOwner]:
    for rows in cases:
        if rows.projected is None:
            continue
        ids = {one.key: one.pk for one in rows.projected.obligations}
        for key, persons in rows.projected.owners.items():
            for account in sorted({person.account_id for person in persons}):
                yield ObligationOwner(obligation_id=ids[key], account_id=account)


def _parties(cases: Iterable[Rows]) -> Iterable[CaseParty]:
    for rows in cases:
        for account, part in sorted(rows.projected.parties if rows.projected else (), key=str):
            yield CaseParty(case=rows.case, account_id=account, part=part)


def _number(rows: Sequence[models.Model]) -> None:
    """Takes the identifiers that the table would give them."""
    if not rows:
        return
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Rows of one model, as they are."""
    if not rows:
        return
    fields = written(type(rows[0]), rows[0].pk is not None)
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    table = sql.Identifier(rows[0]._meta.db_table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
    with connection.cursor() as cursor:
        raw: psycopg.Cursor[Any] = cursor.cursor
        with raw.copy(statement) as into:
            for row in rows:
                into.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
