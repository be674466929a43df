"""Who may see a sealed case. Only the resulting list is stored: no row ever names those who may not."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from kesu.casefile import confidants
from kesu.casefile.casefile import CaseFile
from kesu.casefile.opening import secret_digest
from kesu.casefile.people import People, slots_of
from kesu.store.models import SealedAllow, SealedCase


def renew_allow_list(file: CaseFile, now: datetime) -> None:
    """Puts those who are let in on the list and takes everybody else off it: whom the report itself names, whom a new
    route no longer includes, who has given up the post."""
    head = file.head
    assert isinstance(head, SealedCase)  # only sealed kinds have an allow list
    people = People(head.unit.path, slots_of(file.kind), [], file.calendar.local(now).date())
    wanted = confidants.of(head, file.kind, file.calendar, file.log, people, now)
    SealedAllow.objects.filter(case=head).exclude(account_id__in=wanted).delete()
    SealedAllow.objects.bulk_create(
        [SealedAllow(case=head, account_id=account, role=role, since=now) for account, role in wanted.items()],
        update_conflicts=True,
        unique_fields=["case", "account"],
        update_fields=["role"],
    )


def is_known(code: str) -> bool:
    """Whether a report with this receipt code exists. The transaction must already read as the system; a second
    sender of the same form waits here until the first has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [secret_digest(code)])
    return SealedCase.objects.filter(follow_digest=secret_digest(code)).exists()
