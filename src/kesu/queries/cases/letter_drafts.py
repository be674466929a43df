"""The letters that a step would write, with what is typed, and what the policy says of their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.access import choices
from kesu.access.actor import Actor
from kesu.access.sight.paper import PaperLetter, letter_draft
from kesu.access.sight.reading import CaseRead, read_case
from kesu.access.sight.wording import WordingLine, wording_lines
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound
from kesu.policy.asking import field_of
from kesu.policy.letters import in_words
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.values import ValueUnreadable, parse
from kesu.policy.wording import remarks_on_letter

_OF_ROWS: Final = {FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE}


@dataclass(frozen=True, slots=True)
class LetterDraft:
    name: str
    letter: PaperLetter
    wording: tuple[WordingLine, ...]


@dataclass(frozen=True, slots=True)
class LetterDrafts:
    policy_hash: str
    drafts: tuple[LetterDraft, ...]


def letter_drafts(*, actor: Actor, at: datetime, case_id: UUID, step: str, given: Given) -> LetterDrafts:
    """Nothing is written, and nothing is read for a step that writes no letter. Raises `NotFound` as the step's form
    does."""
    read = read_case(actor, at, case_id)
    rule = read.kind.steps.get(step)
    if rule is None:
        raise NotFound
    return LetterDrafts(read.pack.hash, tuple(_drafts(read, at, rule.forms, given)))


def _drafts(read: CaseRead, at: datetime, forms: tuple[str, ...], given: Given) -> Iterator[LetterDraft]:
    for document in (read.kind.documents[form] for form in forms):
        if document.letter is None:
            continue
        named = [read.kind.facts[code] for code in (*document.fields, *document.letter.says)]
        typed = {fact.code: _typed(read, fact, given) for fact in named if fact.type not in _OF_ROWS}
        letter = letter_draft(read, document, typed | _chosen(read, at, named, given))
        if letter is not None:
            said = remarks_on_letter(read.kind, letter.written.text)
            yield LetterDraft(document.name, letter, wording_lines(read.pack, said))


def _chosen(read: CaseRead, at: datetime, named: Sequence[Fact], given: Given) -> dict[str, str]:
    """Departments, people and cases by the names under which the form offers them; nothing is said of any other."""
    fields = [field_of(read.kind, fact.code, is_required=True) for fact in named if fact.type in _OF_ROWS]
    if not fields:
        return {}
    card, on = read.case.card, read.calendar.local(at).date()
    subject = choices.Subject(read.case.pk, card.room, card.person_name, read.pack.code)
    offered = choices.fill(fields, read.actor, read.kind, read.case.unit, on, subject, read.current.facts)
    return {
        field.code: "、".join(
            {one.value: one.label for one in field.options if one.value in given.get(field.code, ())}.values()
        )
        for field in offered
    }


def _typed(read: CaseRead, fact: Fact, given: Given) -> str:
    """What is typed, as the letter says it; empty where nothing is, or nothing that can be read."""
    texts = [text for text in given.get(fact.code, ()) if text.strip()]
    if fact.type is FactType.PERSON:
        return "".join(given.get(f"{fact.code}.name", ())).strip()
    if fact.type is FactType.TEXT or not texts:
        return "\n".join(texts)
    zone = ZoneInfo(read.calendar.zone)
    try:
        return in_words(parse(fact, texts if len(texts) > 1 else texts[0], zone), zone)
    except ValueUnreadable:
        return ""
