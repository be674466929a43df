"""How far a case is, in the plain words of its policy, for whoever bears its follow link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from kesu.access.cases import case_by_secret
from kesu.access.publications import are_there, to_residents
from kesu.access.sight.gone_on import GoesOnThere, gone_on
from kesu.access.sight.outside import OutsideStep, Shut, outside_steps, shut_to_outsiders
from kesu.access.sight.stage_line import public_line, public_words
from kesu.access.takers import complainant_taker
from kesu.casefile import notes
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_log
from kesu.casefile.shown import latest_texts
from kesu.core.errors import NotFound, NotNow
from kesu.policy.asking import public_fields_of
from kesu.policy.events import Event
from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT
from kesu.policy.model.writing import Writing
from kesu.policy.standing import said, standing
from kesu.policy.standing.results import Standing
from kesu.store.models import Case, Note, StoredFile


class EntryKind(StrEnum):
    STAGE = "stage"
    SENT = "sent"
    OWN_WORDS = "own_words"
    OWN_STEP = "own_step"
    OWN_FILES = "own_files"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the customer may know of. `files` counts what he added himself."""

    at: datetime
    kind: EntryKind
    text: str
    files: int = 0


@dataclass(frozen=True, slots=True)
class Promised:
    """`text` holds ``{due}`` and ``{case}``; for an answer that is due by the policy it is the notice's name alone."""

    text: str
    due_at: datetime | None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class PublicStage:
    """`state` is done, current or empty."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class FollowPage:
    """`answers` are answers that the policy makes due to him, with their dates; newest entries first. `own_steps`: the
    codes of all steps that the policy leaves to him, now or ever; `has_publications`: whether something is shown to the
    customers of the place. `holder`: who has it in hand; `answer_by`: the day of the last message that promised one,
    `today` in the same calendar."""

    number: str
    kind: str
    title: str
    unit: str
    received_at: datetime
    stage: str
    is_final: bool
    stages: tuple[PublicStage, ...]
    promises: tuple[Promised, ...]
    answers: tuple[Promised, ...]
    entries: tuple[Entry, ...]
    steps: tuple[OutsideStep, ...]
    shut: tuple[Shut, ...]
    own_steps: frozenset[str]
    has_publications: bool
    goes_on: GoesOnThere | None = None
    holder: str = ""
    answer_by: date | None = None
    today: date | None = None


def follow_page(*, at: datetime, secret: str) -> FollowPage:
    """Raises `NotFound` for a link that fits nothing. A fixed number of queries."""
    case = case_by_secret(secret)
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    words = public_words(kind)
    # Turned round after sorting: of two things at one instant the later one stands on top.
    written = notes.read(case)
    entries = tuple(sorted(_entries(case, kind, log, current, words, written), key=lambda entry: entry.at))[::-1]
    told = [entry.text for entry in entries if entry.kind is EntryKind.SENT]
    title = str(latest_texts(case, kind, log).get(kind.title_fact, ""))
    return FollowPage(
        number=case.number,
        kind=kind.name,
        title=title,
        unit=case.unit.name,
        received_at=case.received_at,
        stage=words[current.stage],
        is_final=current.is_final,
        stages=tuple(PublicStage(word, state) for word, state in public_line(kind, current)),
        promises=tuple(_promises(kind, current)),
        answers=tuple(_answers(kind, current)),
        entries=entries,
        shut=shut_to_outsiders(current, Writing.WORDS),
        steps=tuple(outside_steps(kind, current, complainant_taker(), COMPLAINANT, public_fields_of, told)),
        own_steps=frozenset(one.code for one in current.steps if any(who.role == COMPLAINANT for who in one.by)),
        has_publications=are_there(to_residents(case.unit.path), at),
        goes_on=gone_on(case, current, title, at) if current.merged_into is not None else None,
        holder="" if current.is_final else _holder(case),
        answer_by=None if current.is_final else _answer_by(written),
        today=calendar.local(at).date(),
    )


def _holder(case: Case) -> str:
    """Of a confidential case nobody is named."""
    card = case.card
    return card.holder.name if card.holder is not None and not card.confidential else ""


def _answer_by(written: Sequence[tuple[Note, str]]) -> date | None:
    """What was promised last stands; messages without a day leave it standing."""
    said = [note.answer_by for note, _text in written if note.visibility == notes.SENT and note.answer_by is not None]
    return said[-1] if said else None


def public_step(*, at: datetime, secret: str, step: str) -> OutsideStep:
    """One of the steps that he may take now. Raises `NotNow` for one that he has taken, or may take at another time,
    and `NotFound` for any other."""
    page = follow_page(at=at, secret=secret)
    found = next((one for one in page.steps if one.code == step), None)
    if found is None:
        raise NotNow("step_gone") if step in page.own_steps else NotFound
    return found


def _promises(kind: Kind, current: Standing) -> Iterator[Promised]:
    for promise in said.promises(kind, current):
        due = said.next_due(current, promise.duty) if promise.duty else None
        if due is not None:
            yield Promised(promise.text, due.due_at, due.is_provisional)


def _answers(kind: Kind, current: Standing) -> Iterator[Promised]:
    """Open duties that are met by something of which the policy itself tells the customer."""
    for one in sorted(current.open_obligations, key=lambda o: (o.due_at is None, o.due_at or o.starts_at)):
        duty = kind.duties.get(one.duty)
        if duty is None or one.due_at is None:
            continue
        met = {moment.subject for moment in duty.met_by if moment.noun is MomentNoun.EVENT}
        for notice in kind.notices.values():
            is_his = notice.may_reach(COMPLAINANT)
            if is_his and any(_is_event(moment, met) for moment in notice.starts):
                yield Promised(notice.name, one.due_at, one.is_provisional)


def _is_event(moment: Moment, kinds: set[str]) -> bool:
    return moment.noun is MomentNoun.EVENT and moment.subject in kinds


def _entries(
    case: Case,
    kind: Kind,
    log: Sequence[Event],
    current: Standing,
    words: dict[str, str],
    written: Sequence[tuple[Note, str]],
) -> Iterator[Entry]:
    """Changes of the public word, messages both ways, and his own steps. One query."""
    word = words[kind.start_stage]
    yield Entry(case.received_at, EntryKind.STAGE, word)
    for change in current.stage_changes:
        if words[change.after] != word:
            word = words[change.after]
            yield Entry(change.at, EntryKind.STAGE, word)
    for note, text in written:
        if note.visibility in _TALK:
            yield Entry(note.at, _TALK[note.visibility], text)
    yield from _own_acts(case, kind, log)


_TALK: Final = {notes.SENT: EntryKind.SENT, notes.RECEIVED: EntryKind.OWN_WORDS}


def _own_acts(case: Case, kind: Kind, log: Sequence[Event]) -> Iterator[Entry]:
    files: dict[int | None, int] = {}
    for seq in StoredFile.objects.filter(case=case).values_list("event_seq", flat=True):
        files[seq] = files.get(seq, 0) + 1
    for event in log:
        step = kind.steps.get(event.step or "")
        if event.by != COMPLAINANT or step is None:
            continue
        if not step.starts_case:
            yield Entry(event.at, EntryKind.OWN_STEP, step.name, files.get(event.seq, 0))
        elif event.seq in files:
            yield Entry(event.at, EntryKind.OWN_FILES, "", files[event.seq])
