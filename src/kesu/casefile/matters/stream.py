"""The stream of a matter: what is said of it, in a chain as that of a case. Everything else follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.chain import event_hash, row_document
from kesu.store.inserting import insert
from kesu.store.models import Matter, MatterEvent

OPENED: Final = "matter.opened"
JOINED: Final = "case.joined"  # facts: case
LEFT: Final = "case.left"  # facts: case
PERSON: Final = "person.counted"  # facts: case, token, phone; `at` is when he complained
UNCOUNTED: Final = "person.uncounted"  # facts: case, token; he was named there by mistake
ABSORBED: Final = "matter.absorbed"  # facts: matter, version: its cases and people are those of this one now
MERGED: Final = "matter.merged"  # facts: into
NAMED: Final = "matter.named"  # facts: name, the token of it; empty: it has none any more
REVIVED: Final = "matter.revived"  # facts: from; it is one of its own again
CROSSED: Final = "edge.crossed"  # facts: counter, count
REPEATED: Final = "repeat.found"  # facts: case, earlier, which had been settled before that one came

SCHEMA: Final = 1
_KEPT: Final = ("title", "version", "head", "merged_into", "reached", "crossed_seq", "wake_at")


@dataclass(slots=True)
class MatterFile:
    """A matter while it is changed. The caller holds the lock on its row."""

    head: Matter
    _rows: list[MatterEvent] = field(default_factory=list)

    def say(
        self, kind: str, facts: Mapping[str, str | int], at: datetime, now: datetime, by: UUID | None = None
    ) -> int:
        """Notes an event; its number. `at`: when it happened; `now`: when it is recorded; `by` None: the program."""
        row = MatterEvent(
            matter=self.head,
            seq=self.head.version + 1,
            kind=kind,
            schema=SCHEMA,
            at=at,
            recorded_at=now,
            actor=by.hex if by else "",
            role="" if by else "system",
            facts=dict(facts),
            previous=self.head.head,
        )
        row.hash = event_hash(row_document(row, self.head.pk))
        self.head.version, self.head.head = row.seq, row.hash
        self._rows.append(row)
        return row.seq

    @property
    def is_changed(self) -> bool:
        return bool(self._rows)

    def write(self) -> None:
        """Writes what was said."""
        insert(self._rows)
        self._rows = []

    def keep(self) -> None:
        """Writes what was said, and where the matter stands."""
        self.write()
        self.head.save(update_fields=_KEPT)
