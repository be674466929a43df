"""What somebody who reported sees with his receipt code: the progress in outline, and what he may add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from kesu.access.sealed import sealed_by_secret
from kesu.access.sight.stage_line import public_line, public_words
from kesu.access.takers import complainant_taker
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.statement import data_class_of
from kesu.policy.asking import FieldView, fields_for, once_for_all
from kesu.policy.events import Event
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.standing import holds, standing
from kesu.policy.standing.corrections import voided_seqs
from kesu.store.models import SealedCase

_NOT_HIS: Final = frozenset({FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE})


@dataclass(frozen=True, slots=True)
class ReportStep:
    code: str
    name: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class ReportWords:
    """One message between those on the list and the reporter. Who wrote of the house is not said to him; `files` were
    sent with it."""

    at: datetime
    is_own: bool
    text: str
    files: int


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """`words` are what the policy lets him read, oldest first. Of the steps, answering comes
    first. `said`: how many times the reporter himself has said
    something. `stages` are the plain words with their state (done, current, empty); `moves` when each word was
    reached."""

    kind: str
    stage: str
    is_final: bool
    received_at: datetime
    stages: tuple[tuple[str, str], ...]
    moves: tuple[tuple[str, datetime], ...]
    words: tuple[ReportWords, ...]
    steps: tuple[ReportStep, ...]
    said: int


@transaction.atomic
def report_status(*, at: datetime, code: str) -> ReportStatus:
    """Raises `NotFound` for a code that fits nothing."""
    case = sealed_by_secret(code)
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    words = public_words(kind)
    reached: dict[str, datetime] = {}
    for change in current.stage_changes:
        reached.setdefault(words[change.after], change.at)
    taker, told = complainant_taker(), frozenset(kind.secrecy.told if kind.secrecy else ())
    steps = []
    for state in current.steps:
        rule = kind.steps[state.code]
        if rule.starts_case or not state.is_allowed or not any(holds(taker, who, current.facts) for who in state.by):
            continue
        own = once_for_all(fields_for(kind, rule, taker), current.facts)
        asked = tuple(field for field in own if field.type not in _NOT_HIS)
        steps.append(ReportStep(rule.code, rule.name, asked))
    return ReportStatus(
        kind=kind.name,
        stage=words[current.stage],
        is_final=current.is_final,
        received_at=case.received_at,
        stages=public_line(kind, current),
        moves=tuple(reached.items()),
        words=tuple(_words(case, kind, log)),
        steps=tuple(sorted(steps, key=lambda one: not told.intersection(field.code for field in one.fields))),
        said=sum(event.by == taker.by for event in log),
    )


def _words(case: SealedCase, kind: Kind, log: Sequence[Event]) -> Iterator[ReportWords]:
    """Of the texts of the case, those alone that the policy tells him."""
    told = kind.secrecy.told if kind.secrecy else ()
    bodies = read_bodies(case, {data_class_of(kind.facts[code]).value for code in told}) if told else {}
    attached = [code for code, fact in kind.facts.items() if fact.type is FactType.FILE]
    voided = voided_seqs(log)
    for event in log:
        texts = bodies.get(event.seq, {})
        files = sum(int(str(event.facts.get(code, 0))) for code in attached)
        for code in told:
            if code in texts and event.seq not in voided:
                yield ReportWords(event.at, event.by == COMPLAINANT, str(texts[code]), files)
