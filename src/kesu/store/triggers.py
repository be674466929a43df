"""Triggers that keep a table append-only, also against raw SQL and against TRUNCATE, and the one that tells hooks."""

from __future__ import annotations

from typing import Final

import pgtrigger


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Refuses UPDATE, DELETE and TRUNCATE on the table it stands on. `name` must be unique in the table."""
    return [
        pgtrigger.Protect(name=f"{name}_no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'append-only: % cannot be truncated', TG_TABLE_NAME;",
        ),
    ]


_TELLS: Final = """
    INSERT INTO store_hookdelivery (hook_id, case_id, seq, event, step, at, try_at)
    SELECT hook.id, told.case_id, told.seq, told.event, told.step, told.at, told.recorded_at
    FROM (SELECT event.*, CASE
        WHEN event.seq = 1 THEN 'opened'
        WHEN event.kind = 'duty.reminded' THEN 'reminded'
        WHEN event.kind = 'duty.escalated' THEN 'escalated'
        WHEN event.kind = 'notice.sent' THEN 'notice'
        WHEN event.kind LIKE 'approval.%' THEN 'approval'
        WHEN event.kind LIKE 'level.%' THEN 'level'
        WHEN event.step <> '' THEN 'step'
        ELSE 'other' END AS event FROM ({events}) event) told
    JOIN store_hook hook ON hook.is_open AND told.event = ANY (hook.events)
    JOIN store_unit place ON place.id = hook.unit_id
    JOIN store_case of_case ON of_case.id = told.case_id
        AND (cardinality(hook.kinds) = 0 OR of_case.kind = ANY (hook.kinds))
    JOIN store_unit unit ON unit.id = of_case.unit_id AND starts_with(unit.path, place.path);
    RETURN NULL;
"""
_NEW: Final = "SELECT NEW.case_id, NEW.seq, NEW.kind, NEW.step, NEW.at, NEW.recorded_at"
_BEFORE: Final = "SELECT case_id, seq, kind, step, at, recorded_at FROM store_caseevent WHERE case_id = NEW.id"


def tells_hooks(name: str, *, of_opening: bool = False) -> pgtrigger.Trigger:
    """Each event of an ordinary case is laid down for every open hook that wants it, in the same transaction: whoever
    writes an event need not think of it, and pays one look at a small table. `of_opening`: a case is written after its
    first events, and only then it shows where it lies."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=_TELLS.replace("{events}", _BEFORE if of_opening else _NEW),
    )
