"""What the customer and the house have said to each other on one case, for whoever bears its link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kesu.access.cases import case_by_secret
from kesu.access.sight.outside import Shut, shut_to_outsiders
from kesu.access.sight.stage_line import public_words
from kesu.casefile import notes
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_bodies, read_log
from kesu.policy.asking import opening_step, words_of
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.model.writing import Writing
from kesu.policy.standing import said, standing
from kesu.policy.standing.results import Standing
from kesu.store.models import Case


@dataclass(frozen=True, slots=True)
class Said:
    """`is_own`: by the customer; `is_by_program`: a notice that the policy sends by itself."""

    at: datetime
    text: str
    is_own: bool
    is_by_program: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """`text` holds ``{due}`` and ``{case}``."""

    text: str
    due_at: datetime
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class ChatPage:
    """`said`: oldest first, the words with which the case was opened at the head; `shut`: why nothing may be written
    any more; `promises`: what the policy promises whoever has just written, while nobody of the house has
    answered."""

    number: str
    unit: str
    kind: str
    stage: str
    said: tuple[Said, ...]
    shut: tuple[Shut, ...]
    promises: tuple[Promised, ...]
    is_answered: bool


def chat_page(*, at: datetime, secret: str) -> ChatPage:
    """Raises `NotFound` for a link that fits nothing. A fixed number of queries."""
    case = case_by_secret(secret)
    kind = kind_of(case.policy_version_id, case.kind)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar_of(case.calendar_version_id))
    lines = tuple(sorted(_said(case, kind, log), key=lambda one: one.at))
    is_answered = any(not one.is_own and not one.is_by_program for one in lines)
    return ChatPage(
        number=case.number,
        unit=case.unit.name,
        kind=kind.name,
        stage=public_words(kind)[current.stage],
        said=lines,
        shut=shut_to_outsiders(current, Writing.WORDS),
        promises=() if is_answered else tuple(_promises(kind, current)),
        is_answered=is_answered,
    )


def _said(case: Case, kind: Kind, log: Sequence[Event]) -> Iterator[Said]:
    first = log[0]
    if first.by == COMPLAINANT:  # what somebody of the house took down are not his words
        bodies = read_bodies(case, [DataClass.INTERNAL.value, DataClass.PERSONAL.value])
        text = bodies.get(first.seq, {}).get(words_of(kind, opening_step(kind)), "")
        if text:
            yield Said(case.received_at, str(text), is_own=True)
    for note, text in notes.read(case):
        if note.visibility in (notes.SENT, notes.RECEIVED):
            is_own = note.visibility == notes.RECEIVED
            yield Said(note.at, text, is_own, is_by_program=not is_own and note.author_id is None)


def _promises(kind: Kind, current: Standing) -> Iterator[Promised]:
    for promise in said.promises(kind, current):
        due = said.next_due(current, promise.duty) if promise.duty else None
        if due is not None and due.due_at is not None:
            yield Promised(promise.text, due.due_at, due.is_provisional)
