"""How a sealed case is opened, and who may see it. Only the resulting list is stored: no row ever names those who may
not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from kesu.casefile import confidants, tokens
from kesu.casefile.books import Serving, kind_of
from kesu.casefile.casefile import CaseFile
from kesu.casefile.log import read_log
from kesu.casefile.opening import open_case, secret_of
from kesu.casefile.people import People, slots_of
from kesu.casefile.statement import Given
from kesu.core.codes import secret_digest
from kesu.core.uploads import Upload
from kesu.policy.events import Event
from kesu.policy.model.pack import Kind
from kesu.policy.standing import Taker
from kesu.policy.standing.links import linked_in
from kesu.store.models import SealedAllow, SealedCase, Unit
from kesu.store.sealed_reader import SYSTEM, read_as


def open_sealed(
    *,
    adoption: Serving,
    unit: Unit,
    channel: str,
    taker: Taker,
    given: Given,
    uploads: Sequence[Upload],
    at: datetime,
    now: datetime,
    token: str,
) -> str:
    """Opens a case of a sealed kind and returns its receipt code, which is stored nowhere: only its digest is. The same
    form sent twice (`token`, and all that it says) opens one case and gives one code; written anew, token and all, it
    is another report, perhaps somebody else's. Raises whatever `CaseFile.take` raises. Inside the caller's transaction,
    which reads as the system from here on."""
    token = tokens.of_opening(token, f"{adoption.kind}/{unit.pk.hex}/{adoption.subject}", given, uploads)
    code = secret_of(kind_of(adoption.policy_version_id, adoption.kind), token)
    read_as(SYSTEM)
    if _is_known(code):
        return code
    opened = open_case(
        adoption=adoption,
        unit=unit,
        channel=channel,
        taker=taker,
        given=given,
        at=at,
        now=now,
        token=token,
        uploads=uploads,
    )
    renew_allow_list(opened.file, now)
    return code


def renew_allow_list(file: CaseFile, now: datetime) -> None:
    """Puts those who are let in on the list and takes everybody else off it: whom the report itself names, whom a new
    route no longer includes, who has given up the post."""
    head = file.head
    assert isinstance(head, SealedCase)  # only sealed kinds have an allow list
    people = People(head.unit.path, slots_of(file.kind), [], file.calendar.local(now).date())
    wanted = confidants.of(head, file.kind, file.log, file.standing(now), people)
    SealedAllow.objects.filter(case=head).exclude(account_id__in=wanted).delete()
    SealedAllow.objects.bulk_create(
        [SealedAllow(case=head, account_id=account, role=role, since=now) for account, role in wanted.items()],
        update_conflicts=True,
        unique_fields=["case", "account"],
        update_fields=["role"],
    )
    hidden = confidants.hidden_on(head, file.kind, file.log)
    below = list(_opened_out_of(file.kind, file.log)) if hidden else []
    # What else their lists hold follows when they are settled; this sight ends with the naming.
    SealedAllow.objects.filter(case__in=below, account_id__in=[UUID(one) for one in hidden]).delete()


def _opened_out_of(kind: Kind, log: Sequence[Event]) -> Iterator[UUID]:
    """The cases that came out of this one, and those that came out of them."""
    for one in linked_in(log) if kind.opens else ():
        other = SealedCase.objects.get(pk=one.case)
        rules = kind_of(other.policy_version_id, other.kind)
        yield other.pk
        yield from _opened_out_of(rules, read_log(other, rules) if rules.opens else ())


def _is_known(code: str) -> bool:
    """Whether a report with this receipt code exists. A second sender of the same form waits here until the first has
    committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [secret_digest(code)])
    return SealedCase.objects.filter(follow_digest=secret_digest(code)).exists()
