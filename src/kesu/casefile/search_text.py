"""What a search finds of a case: what its list row and its page show, by data class, and whole telephone numbers.

Texts stand here as pages show them, so that a search can never tell what a mask hides: of a number only the last four
figures. A whole number is found by its blind token. Sealed cases have no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kesu.casefile import notes, search_row
from kesu.casefile.statement import data_class_of, normal_phone
from kesu.core.masking import hidden_numbers, masked_numbers, masked_phone
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.store.keys import ring
from kesu.store.models import CaseCard, CaseSearch, Note

LONGEST: Final = {
    DataClass.INTERNAL: search_row.MOST_SIGNS,
    DataClass.PERSONAL: search_row.MOST_SIGNS // 2,
    DataClass.RESTRICTED: search_row.MOST_SIGNS // 2,
}
"""Signs kept of each class: the earliest."""

SEARCHED: Final = tuple(one.value for one in LONGEST)
_LAST_FIGURES: Final = 4

Told = tuple[Note, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a case that pages show under the name of a fact; `shown` as they show it to whoever may read its
    class, `sought` as a search reads it. `numbers`: whole telephone numbers behind it."""

    code: str
    data: DataClass
    shown: str
    sought: str
    numbers: tuple[str, ...] = ()


def pieces(kind: Kind, bodies: Mapping[int, Mapping[str, Any]]) -> Iterator[Piece]:
    """The texts of the events in their order, also those that were stated anew or are void: the page shows them all."""
    for seq in sorted(bodies):
        for code, stored in bodies[seq].items():
            fact = kind.facts.get(code)
            if fact is None:
                continue
            data = data_class_of(fact)
            if isinstance(stored, dict):
                yield _person(code, data, stored)
            elif isinstance(stored, str) and data is DataClass.INTERNAL:
                yield Piece(code, data, stored, stored)
            elif isinstance(stored, str):
                shown = masked_numbers(stored)
                yield Piece(code, data, shown, shown, tuple(hidden_numbers(stored)))


def _person(code: str, data: DataClass, stored: Mapping[str, Any]) -> Piece:
    name, phone = str(stored.get("name", "")), str(stored.get("phone", ""))
    masked = masked_phone(phone)
    last = re.sub(r"\D", "", masked)[-_LAST_FIGURES:]
    return Piece(
        code=code,
        data=data,
        shown=" ".join(part for part in (name, masked) if part),
        sought=f"{name} {last}",
        numbers=(phone,) if phone else (),
    )


def phone_token(number: str) -> str:
    """Equal for equal numbers, however they were typed; says nothing else."""
    return ring().derive("phone", normal_phone(number)).hex()[:32]


Searched = tuple[CaseCard, Kind, Mapping[int, Mapping[str, Any]]]
"""A case with its rules and its texts of the classes `SEARCHED`."""


def write(cases: Sequence[Searched]) -> None:
    """Brings the rows of ordinary cases in line. One statement; two more for each that had no row."""
    new = search_row.write({card.pk: sought(card, kind, bodies) for card, kind, bodies in cases})
    for card in (card for card, _, _ in cases if card.pk in new):
        search_row.add_notes(card.pk, [text for _, text in notes.read_of([card.case]).get(card.pk, ())])


def first(card: CaseCard, kind: Kind, bodies: Mapping[int, Mapping[str, Any]], told: Iterable[Told]) -> CaseSearch:
    """The row of a case that has none yet, not yet written. `told`: its notes with their words."""
    words = [notes.numbered(note, text, card.case) for note, text in told if note.visibility in notes.SHOWN]
    return search_row.first(card.pk, sought(card, kind, bodies), words)


def sought(card: CaseCard, kind: Kind, bodies: Mapping[int, Mapping[str, Any]]) -> search_row.Sought:
    """What a search finds of a case beside its notes."""
    found = tuple(pieces(kind, bodies))
    texts = {data: [piece.sought for piece in found if piece.data is data] for data in LONGEST}
    texts[DataClass.INTERNAL][:0] = [card.number, card.title, card.unit.name, *map(str, card.columns.values())]
    texts[DataClass.PERSONAL][:0] = [card.person_name, card.room]
    numbers = {n for piece in found if piece.data is DataClass.PERSONAL for n in piece.numbers}
    folded = {data: "".join(map(search_row.line, texts[data]))[:longest] for data, longest in LONGEST.items()}
    return search_row.Sought(
        unit_path=card.unit_path,
        confidential=card.confidential,
        internal=folded[DataClass.INTERNAL],
        personal=folded[DataClass.PERSONAL],
        restricted=folded[DataClass.RESTRICTED],
        phones=tuple(sorted(map(phone_token, numbers))),
    )
