"""Who may see a sealed case. Only the resulting list is stored: no row ever names those who may not."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from kesu.casefile.casefile import CaseFile
from kesu.casefile.log import read_bodies
from kesu.casefile.opening import secret_digest
from kesu.casefile.people import People, slots_of
from kesu.policy.model.facts import DataClass
from kesu.policy.standing.secrecy import opened_to
from kesu.store.models import SealedAllow, SealedCase


def renew_allow_list(file: CaseFile, now: datetime) -> None:
    """Puts the holders of the slots that the policy opens the case to on the list, leaves out (and takes off) those
    whom the report itself names, and takes off those whom a new route no longer includes. The names are read in
    memory from the encrypted bodies and stay there."""
    head = file.head
    assert isinstance(head, SealedCase)  # only sealed kinds have an allow list
    roles = opened_to(file.kind, file.log, now, file.calendar)
    people = People(head.unit.path, slots_of(file.kind), [], file.calendar.local(now).date())
    hidden = _hidden(file)
    wanted = {
        person.account_id: role
        for role in roles
        for person in people.of_role(role)
        if person.account_id.hex not in hidden
    }
    SealedAllow.objects.filter(case=head).exclude(account_id__in=wanted).delete()
    SealedAllow.objects.bulk_create(
        [SealedAllow(case=head, account_id=account, role=role, since=now) for account, role in wanted.items()],
        ignore_conflicts=True,
    )


def is_known(code: str) -> bool:
    """Whether a report with this receipt code exists. The transaction must already read as the system; a second
    sender of the same form waits here until the first has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [secret_digest(code)])
    return SealedCase.objects.filter(follow_digest=secret_digest(code)).exists()


def _hidden(file: CaseFile) -> set[str]:
    code = file.kind.secrecy.hidden_from if file.kind.secrecy else None
    if code is None:
        return set()
    named: set[str] = set()
    for texts in read_bodies(file.head, [DataClass.SEALED.value]).values():
        named.update(str(member).rsplit(":", 1)[-1] for member in texts.get(code, ()))
    return named
