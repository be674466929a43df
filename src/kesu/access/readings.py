"""Who looked at masked persons or printed them: number, place and what it was, never what it said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.store.models import Note


@dataclass(frozen=True, slots=True)
class Reading:
    """`what` is the name of the fact that was shown, or of the document that was printed."""

    at: datetime
    who: str
    number: str
    unit: str
    is_printed: bool
    what: str


def readings(text: str) -> QuerySet[Note]:
    """Newest first. `text`: part of the name of who looked, or the number of the case."""
    found = Note.objects.filter(visibility__in=[notes.VIEWED, notes.PRINTED])
    if text:
        found = found.filter(Q(author__name__icontains=text) | Q(case__number__iexact=text))
    return found.select_related("author", "case__unit").order_by("-at", "-pk")


def told(rows: Iterable[Note]) -> tuple[Reading, ...]:
    """Decrypts the code of what was looked at, and nothing else."""
    return tuple(_told(row) for row in rows)


def _told(row: Note) -> Reading:
    kind, code = kind_of(row.case.policy_version_id, row.case.kind), notes.text_of(row)
    is_printed = row.visibility == notes.PRINTED
    named = kind.documents.get(code) if is_printed else kind.facts.get(code)
    who = row.author.name if row.author else ""
    return Reading(row.at, who, row.case.number, row.case.unit.name, is_printed, named.name if named else code)
