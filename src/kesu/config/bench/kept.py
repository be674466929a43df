"""Whether every change that was acknowledged stands in the database, once, and nothing was written over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.casefile.proof.rebuilding import Outcome
from kesu.config.bench.crowd import NOTE, REGISTRATION, STEP, Written
from kesu.queries.proof.rows_of_case import compared
from kesu.store.models import Case, CaseCard, CaseEvent


def breaches(written: Sequence[Written], began: datetime, at: datetime) -> Iterator[str]:
    """Every breach in a sentence. `began`: since when the changes were made; `at`: now (both aware, UTC)."""
    touched = sorted({UUID(one.where) for one in written})
    yield from _notes(touched, [one for one in written if one.kind == NOTE])
    yield from _registrations([one for one in written if one.kind == REGISTRATION])
    yield from _steps([one for one in written if one.kind == STEP], began)
    for case in touched:
        found = compared(case, at)
        if found is None or found.outcome is not Outcome.SAME:
            yield f"诉件 {case} 的行与日志不符：{found}"


def _notes(touched: Sequence[UUID], written: Sequence[Written]) -> Iterator[str]:
    stored = Counter(text for case in Case.objects.filter(pk__in=touched) for _note, text in notes.read(case))
    yield from (f"诉件 {one.where} 的记录存了 {stored[one.mark]} 次" for one in written if stored[one.mark] != 1)


def _registrations(written: Sequence[Written]) -> Iterator[str]:
    titles = [one.mark for one in written]
    stored = Counter(CaseCard.objects.filter(title__in=titles).values_list("title", flat=True))
    yield from (f"诉件 {one.where} 登记了 {stored[one.mark]} 次" for one in written if stored[one.mark] != 1)


def _steps(written: Sequence[Written], began: datetime) -> Iterator[str]:
    """Two that were taken from the same version wrote over each other, save steps that commute by the policy; one
    without its event is lost."""
    versions = Counter((one.where, one.seen) for one in written if not _commutes(one))
    yield from (f"诉件 {case} 的第 {seen} 版被改了 {count} 次" for (case, seen), count in versions.items() if count > 1)
    acknowledged = Counter((one.where, one.mark) for one in written)
    for (case, step), count in acknowledged.items():
        stored = CaseEvent.objects.filter(case_id=case, step=step, recorded_at__gte=began, seq__gt=1)
        taken = stored.values("recorded_at").distinct().count()
        if taken != count:
            yield f"诉件 {case} 的步骤 {step}：办成 {count} 次，存了 {taken} 次"


def _commutes(written: Written) -> bool:
    case = Case.objects.get(pk=written.where)
    return kind_of(case.policy_version_id, case.kind).steps[written.mark].commutes
