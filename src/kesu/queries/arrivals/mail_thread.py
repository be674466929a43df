"""On which thread a mail about a case hangs, and to which mailbox it is answered."""

from __future__ import annotations

from uuid import UUID

from kesu.casefile.books import above
from kesu.core.mail_threads import Thread
from kesu.store.models import Case, Mailbox


def thread_of(case_id: str) -> Thread:
    """`case_id` empty: it is about none. The mailbox is the nearest one above the place of the case, one of its own
    kind first. Two queries."""
    case = Case.objects.select_related("unit").filter(pk=UUID(case_id)).first() if case_id else None
    if case is None:
        return Thread()
    rows = Mailbox.objects.filter(is_open=True, unit__path__in=above(case.unit.path)).select_related("unit")
    found = max(rows, key=lambda one: (len(one.unit.path), one.kind == case.kind), default=None)
    return Thread(case_id, found.address if found is not None else "")
