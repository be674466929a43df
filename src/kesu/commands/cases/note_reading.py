"""The customer opens his follow page: kept once a day, and nothing of from where."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kesu.access.cases import case_by_secret
from kesu.casefile import notes
from kesu.casefile.books import calendar_of
from kesu.store.models import Case, Note


@transaction.atomic
def note_reading(*, at: datetime, secret: str) -> None:
    """The day is that of the case's calendar. Raises `NotFound`."""
    if _is_first(case_by_secret(secret), at):
        case = case_by_secret(secret, lock=True)
        if _is_first(case, at):
            notes.add(case, text=notes.FOLLOW_PAGE, visibility=notes.OPENED, author=None, at=at)


def _is_first(case: Case, at: datetime) -> bool:
    """Whether nothing is noted of this day."""
    local = calendar_of(case.calendar_version_id).local(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return not Note.objects.filter(case=case, visibility=notes.OPENED, at__gte=midnight).exists()
