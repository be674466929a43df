"""On which thread a mail about a case hangs, and to which mailbox it is answered."""

from __future__ import annotations

from uuid import UUID

from kesu.casefile.books import above
from kesu.core.mail_threads import Thread
from kesu.store.models import Case, Mailbox


def thread_of(case_ref: str) -> Thread:
    """`case_ref`: its identifier, empty where the mail is about none. The mailbox is the nearest one above the place of the case, one of its own
    kind first. Two queries."""
    case = Case.objects.select_related("unit").filter(pk=UUID(case_ref)).first() if case_ref else None
    if case is None:
        return Thread()
    rows = Mailbox.objects.filter(is_open=True, unit__path__in=above(case.unit.path)).select_related("unit")
    found = max(rows, key=lambda one: (len(one.unit.path), one.kind == case.kind), default=None)
    return Thread(case_ref, found.address if found is not None else "")
