"""Where a search found its words, when they stand in no column of the list: a few signs around them.

Read from the case itself, from the texts that the reader may see there, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile import notes
from kesu.casefile.books import kind_of
from kesu.casefile.log import read_bodies_of
from kesu.casefile.search_text import SEARCHED, phone_token, pieces
from kesu.core.searching import fold, is_phone, marked, spans
from kesu.policy.model.facts import DataClass
from kesu.store.models import CaseCard

UNIT: Final = "unit"
FACT: Final = "fact"
_BEFORE, _LONGEST = 8, 56


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`source`: ``fact`` (then `name` is the pack's), ``unit``, or the visibility of a note."""

    source: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    source: str
    name: str
    text: str
    numbers: tuple[str, ...] = ()

    def holds(self, word: str) -> bool:
        if word in fold(self.text):
            return True
        return is_phone(word) and phone_token(word) in map(phone_token, self.numbers)


def excerpts(actor: Actor, cards: Sequence[CaseCard], words: Sequence[str]) -> dict[UUID, Excerpt]:
    """By case, for those whose columns do not show every word. Cards with their case and unit. Three queries at most,
    however many cards."""
    missing = {card.pk: tuple(word for word in words if word not in _columns(actor, card)) for card in cards}
    asked = [card for card in cards if missing[card.pk]]
    if not asked:
        return {}
    texts = _texts(actor, asked)
    found = {card.pk: _best(texts[card.pk], missing[card.pk]) for card in asked}
    return {pk: _cut(one, missing[pk]) for pk, one in found.items() if one is not None}


def _sees(actor: Actor, card: CaseCard) -> bool:
    return actor.may_at(Permission.PERSONAL_READ, card.unit_path)


def _columns(actor: Actor, card: CaseCard) -> str:
    shown = [card.number, card.title]
    if _sees(actor, card):
        shown += [card.room, card.person_name]
    return fold("\n".join(shown))


def _texts(actor: Actor, cards: Sequence[CaseCard]) -> dict[UUID, list[_Found]]:
    """What the reader may see of each case, the newest first."""
    open_to = {card.pk: SEARCHED if _sees(actor, card) else (DataClass.INTERNAL.value,) for card in cards}
    bodies = read_bodies_of({card.case: open_to[card.pk] for card in cards})
    written = notes.read_of([card.case for card in cards])
    found: dict[UUID, list[_Found]] = {}
    for card in cards:
        kind = kind_of(card.case.policy_version_id, card.kind)
        stated = [
            _Found(FACT, kind.facts[piece.code].name, piece.shown, piece.numbers)
            for piece in pieces(kind, bodies.get(card.pk, {}))
        ]
        said = [_Found(note.visibility, "", text) for note, text in written.get(card.pk, ())]
        columns = ((kind.facts[code].name, str(text)) for code, text in card.columns.items())
        found[card.pk] = [
            *reversed(stated),
            *reversed(said),
            *(_Found(FACT, name, text) for name, text in columns),
            _Found(UNIT, "", card.unit.name),
        ]
    return found


def _best(texts: Iterable[_Found], words: Sequence[str]) -> _Found | None:
    """The first of those that hold most of the words."""
    best, most = None, 0
    for text in texts:
        held = sum(text.holds(word) for word in words)
        if held > most:
            best, most = text, held
    return best


def _cut(found: _Found, words: Sequence[str]) -> Excerpt:
    text = " ".join(found.text.split())
    start = next((start for start, _ in spans(text, marked(words))), 0)
    first = start - _BEFORE if start > _BEFORE + 4 else 0  # the word must stand where a narrow column still shows it
    shown = text[first : first + _LONGEST]
    before, after = "…" if first else "", "…" if first + _LONGEST < len(text) else ""
    return Excerpt(found.source, found.name, f"{before}{shown}{after}")
