"""The letters that a step would write, with what is typed, and what the policy says of their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.access.actor import Actor
from kesu.access.sight.paper import PaperLetter, letter_draft
from kesu.access.sight.reading import CaseRead, read_case
from kesu.access.sight.wording import WordingLine, wording_lines
from kesu.casefile.statement import Given
from kesu.core.errors import NotFound
from kesu.policy.letters import in_words
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.values import ValueUnreadable, parse
from kesu.policy.wording import remarks_on_letter


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
    return LetterDrafts(read.pack.hash, tuple(_drafts(read, rule.forms, given)))


def _drafts(read: CaseRead, forms: tuple[str, ...], given: Given) -> Iterator[LetterDraft]:
    for document in (read.kind.documents[form] for form in forms):
        if document.letter is None:
            continue
        named = (read.kind.facts[code] for code in (*document.fields, *document.letter.says))
        letter = letter_draft(read, document, {fact.code: _typed(read, fact, given) for fact in named})
        if letter is not None:
            said = remarks_on_letter(read.kind, letter.written.text)
            yield LetterDraft(document.name, letter, wording_lines(read.pack, said))


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
