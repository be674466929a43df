"""Counts, after the storm, what stands in the database against what was acknowledged: nothing lost, nothing doubled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from kesu.casefile import files, notes
from kesu.casefile.log import read_bodies
from kesu.casefile.proof.rebuilding import Outcome
from kesu.core import clock
from kesu.core.codes import secret_digest
from kesu.policy.model.facts import DataClass
from kesu.queries.proof.rows_of_case import cases_to_compare, compared
from kesu.queries.proof.verify_log import verify_log
from kesu.store.models import (
    Case,
    CaseCard,
    CaseEvent,
    NumberSeries,
    OutboxMessage,
    RingingCall,
    SealedCase,
    StoredFile,
)
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.faults.people import PICTURE, Fact, Fate

_CLASSES = [one.value for one in DataClass]
_STUCK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'
"""
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def wrong(facts: Iterable[Fact]) -> list[str]:
    """Every breach in a sentence; empty when all is as it was acknowledged."""
    found = Counter(_markers())
    breaches = [line for fact in facts if (line := _breach(fact, found[fact.kind, fact.marker]))]
    for case in Case.objects.select_related("unit", "card"):
        breaches.extend(f"case {case.number}: {line}" for line in (*_order(case), *_effects(case)))
    breaches.extend(str(one) for one in verify_log(is_sealed=True).findings if one.is_fault)
    breaches.extend(_projections())
    breaches.extend(_numbers())
    breaches.extend(_reports(list(facts)))
    breaches.extend(_files())
    return breaches


def _breach(fact: Fact, count: int) -> str:
    if fact.kind == "report":
        return ""
    least = 1 if fact.fate is Fate.ACKNOWLEDGED else 0
    most = 0 if fact.fate is Fate.REFUSED else 1
    if least <= count <= most:
        return ""
    return f"{fact.kind} {fact.marker} {fact.fate}: {count} times, sent {fact.sent} times, answered {fact.answers}"


def _markers() -> Iterator[tuple[str, str]]:
    """Kind and marker of everything that is stored, by reading and decrypting all of it."""
    for case in Case.objects.select_related("unit", "card"):
        yield "case", case.card.title
        for seq, texts in sorted(read_bodies(case, _CLASSES).items()):
            if seq > 1 and isinstance(texts.get("person"), dict):
                yield "step", texts["person"]["name"]
            if isinstance(texts.get("gauged"), str):
                yield "gauged", texts["gauged"]
        for note, text in notes.read(case):
            yield ("words" if note.visibility == notes.RECEIVED else "note"), text
        for _ in StoredFile.objects.filter(case=case):
            yield "file", case.card.title
    yield from (("call", call) for call in RingingCall.objects.values_list("call", flat=True))


def _order(case: Case) -> Iterator[str]:
    moments = list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("recorded_at", flat=True))
    if moments != sorted(moments):
        yield "an event was recorded before the one in front of it"


def _effects(case: Case) -> Iterator[str]:
    """Each effect once, and each has its message: one that was acted on without telling anybody is lost."""
    done = CaseEvent.objects.filter(case=case, facts__has_key="effect").values_list("facts", flat=True)
    counted = Counter(facts["effect"] for facts in done)
    yield from (f"effect {key} happened {count} times" for key, count in counted.items() if count > 1)
    keys = set(OutboxMessage.objects.filter(case=case).values_list("key", flat=True))
    wanted = CaseEvent.objects.filter(case=case, kind__in=("duty.escalated", "duty.reminded"))
    for facts in wanted.values_list("facts", flat=True):
        if facts.get("instead") != "" and not any(key.startswith(f"{case.pk}/{facts['effect']}/") for key in keys):
            yield f"effect {facts['effect']} told nobody"


def _projections() -> Iterator[str]:
    """What lists read is what the log gives."""
    now = clock.now()
    for case_id in cases_to_compare(None, None, now.date()):
        found = compared(case_id, now)
        if found is None or found.outcome is not Outcome.SAME:
            yield f"case {case_id}: its rows are not those that its log gives: {found}"


def _numbers() -> Iterator[str]:
    counted = Counter(Case.objects.values_list("number", flat=True))
    yield from (f"number {number} was given {count} times" for number, count in counted.items() if count > 1)
    given = sum(NumberSeries.objects.values_list("last", flat=True))
    if given < len(counted):
        yield f"{len(counted)} numbers of series that gave {given}"


def _reports(facts: list[Fact]) -> Iterator[str]:
    sent = [fact for fact in facts if fact.kind == "report"]
    codes = [fact.answers[-1] for fact in sent if fact.fate is Fate.ACKNOWLEDGED]
    if len(set(codes)) != len(codes):
        yield "two reports were given one code"
    with transaction.atomic():
        read_as(SYSTEM)
        for code in codes:
            count = SealedCase.objects.filter(follow_digest=secret_digest(code)).count()
            if count != 1:
                yield f"a report that was acknowledged stands {count} times"
        open_ended = sum(fact.fate is Fate.UNKNOWN for fact in sent)
        if not len(codes) <= SealedCase.objects.count() <= len(codes) + open_ended:
            yield f"{SealedCase.objects.count()} reports, {len(codes)} acknowledged"


def _files() -> Iterator[str]:
    for file in StoredFile.objects.select_related("case"):
        try:
            if files.content(file) != PICTURE:
                yield f"file {file.pk} has other bytes than were sent"
        except OSError as gone:
            yield f"file {file.pk} has a row and no bytes: {gone}"


def is_at_rest() -> bool:
    """Nobody waits for a lock, no transaction stands open, nothing is due that was not done."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_STUCK)
        stuck = cursor.fetchone()[0]
        cursor.execute(_WAITING)
        waiting = cursor.fetchone()[0]
    due = CaseCard.objects.filter(wake_at__lte=now).exists()
    return not (stuck or waiting or due or OutboxMessage.objects.filter(state="due").exists())


def wait_for_rest(seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if is_at_rest():
            return True
        time.sleep(0.3)
    return False
