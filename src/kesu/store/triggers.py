"""Triggers that keep a table append-only, also against raw SQL and against TRUNCATE."""

from __future__ import annotations

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
