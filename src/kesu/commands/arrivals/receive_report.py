"""A program outside hands in a report: it becomes a case as one that somebody of the house takes down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kesu.access.sources import Received, answer_to, answered_before, served_at, source_taker
from kesu.casefile import arrivals
from kesu.casefile.mail_files import with_attachments
from kesu.casefile.opening import SENT_IN, desk_token, open_case
from kesu.casefile.statement import Given
from kesu.core.errors import Unproven
from kesu.core.ids import uuid7
from kesu.core.uploads import Upload
from kesu.policy.asking import opening_step
from kesu.store.models import Case, InboundSource


@transaction.atomic
def receive_report(
    *,
    at: datetime,
    source_id: UUID,
    key: str,
    digest: str,
    unit_code: str,
    subject: str | None,
    happened_at: datetime,
    given: Given,
    uploads: Sequence[Upload],
) -> Received:
    """For a source that has proved itself. The same delivery again is answered as the first time, and another one with
    a number that is known here already by the case that has it: neither opens a second case. Raises `Unproven` for a
    source that was shut meanwhile, `Unacceptable` and `NotNow` as for whoever registers, and `Unacceptable` for a key
    that stood for something else before."""
    source = InboundSource.objects.select_related("unit").filter(pk=source_id, is_open=True).first()
    if source is None:
        raise Unproven("not_signed")
    case_id = uuid7()
    before = arrivals.take(source, key, digest, case_id, at)
    if before is not None:
        return answered_before(source, before, digest)
    found = served_at(source, unit_code=unit_code, subject=subject, happened_at=happened_at, now=at)
    stated = {
        **{name: texts for name, texts in given.items() if name.partition(".")[0] in source.facts},
        **{code: tuple(texts) for code, texts in source.fixed.items()},
    }
    number = " ".join(stated.get(source.number_fact, ())) if source.number_fact else ""
    known = arrivals.case_of_number(source, number, case_id, at)
    if known is not None:
        arrivals.note_known(source, key, known)
        return answer_to(source, known)
    opened = open_case(
        adoption=found.serving,
        unit=found.unit,
        channel=SENT_IN,
        taker=source_taker(source),
        given=stated,
        at=happened_at,
        now=at,
        token=desk_token(case_id),
        case_id=case_id,
        uploads=with_attachments(uploads, found.rules, opening_step(found.rules)),
    )
    case = opened.file.head
    assert isinstance(case, Case)  # sealed kinds were turned away above
    return answer_to(source, case, opened.secret, is_new=True)
