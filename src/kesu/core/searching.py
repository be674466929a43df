"""How texts are compared in a search: folded alike, cut into grams, found again where they stand.

Grams are pairs of signs and, of figures, fours as well: pairs of figures are everywhere. The database holds folded
texts and the grams of each (migration 0014); a word is found where all its grams are and, where these do not say it
all, where it stands as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MOST_SIGNS: Final = 60
MOST_WORDS: Final = 8
_LAST_FIGURES: Final = 4
_FOUR: Final = 4
_FOUR_FIGURES: Final = re.compile("[0-9]{4}")
_UNSEEN: Final = {"Cc", "Cf", "Cs"}
_MOBILE: Final = re.compile(r"(?:\+?86[\s-]*)?1\d(?:[\s-]*\d){9}")
_TYPED: Final = re.compile("[a-z]{2,60}")
_NEXT_PART: Final = re.compile(r"(?<=[栋幢座楼])(?=\d)|(?<=单元)(?=\d)")
_PHONE: Final = re.compile(r"\+?\d[\d-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Search:
    """`words`: folded, each once; all of them must be found. `refusal`: ``too_long`` or ``too_many``, and no words."""

    words: tuple[str, ...] = ()
    refusal: str = ""


class _Folds(dict[int, str]):
    """What each sign is folded to, worked out once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign == "\n":
            folded = "\n"
        elif sign.isspace():
            folded = " "
        elif unicodedata.category(sign) in _UNSEEN:
            folded = ""
        else:
            folded = unicodedata.normalize("NFKC", sign).lower()
        self[code] = folded
        return folded


_FOLDS: Final = _Folds()


def fold(text: str) -> str:
    """Full and half width, capitals and small letters are alike; signs that nobody sees are gone. Simplified and
    traditional characters stay different."""
    return unicodedata.normalize("NFC", text).translate(_FOLDS)


def read_search(text: str) -> Search:
    """Words are separated by spaces; a mobile number typed in groups is one. The parts of an address are words of their
    own, so that 3栋1702 is found where the entrance stands between them."""
    plain = text.strip()
    if len(plain) > MOST_SIGNS:
        return Search(refusal="too_long")
    folded = fold(plain)
    if _MOBILE.fullmatch(folded.strip()):
        folded = re.sub(r"[\s-]", "", folded)
    words = tuple(dict.fromkeys(parted(folded).split()))
    return Search(refusal="too_many") if len(words) > MOST_WORDS else Search(words)


def parted(text: str) -> str:
    """With a space where the next part of an address begins: 3栋 1单元 1702 for 3栋1单元1702."""
    return _NEXT_PART.sub(" ", text)


def is_phone(word: str) -> bool:
    """Seven figures or more, with hyphens at most."""
    return _PHONE.fullmatch(word) is not None and sum(sign.isdigit() for sign in word) > _LAST_FIGURES + 2


def whole_phones(numbers: Iterable[str]) -> list[str]:
    """Those of the numbers that are whole: of fewer figures, too many people have one."""
    return [number for number in numbers if is_phone(fold(number).strip().replace(" ", ""))]


def is_typed(word: str) -> bool:
    """Letters only: perhaps the sounds of a name, or their first letters."""
    return _TYPED.fullmatch(word) is not None


def grams(word: str) -> tuple[str, ...]:
    """What a folded word of two signs and more is found by: fours of its figures, pairs of its other signs."""
    found: dict[str, None] = {}
    for at in range(len(word) - 1):
        four = word[at : at + _FOUR]
        if _FOUR_FIGURES.fullmatch(four):
            found[four] = None
        elif not _FOUR_FIGURES.search(word, max(0, at - 2), at + _FOUR - 1):
            found[word[at : at + 2]] = None
    return tuple(found)


def first_gram(word: str) -> str:
    """The word itself where one gram says it all."""
    return grams(word)[0] if len(word) > 1 else word


def grams_query(word: str) -> str:
    """The grams of a folded word as PostgreSQL writes a query; of a single sign, whatever pair begins with it."""
    if len(word) == 1:
        return f"{_quoted(word)}:*"
    return " & ".join(map(_quoted, grams(word)))


def any_gram(sought: Sequence[str]) -> str:
    """A query for texts in which any of these grams stands."""
    return " | ".join(map(_quoted, sought))


def _quoted(gram: str) -> str:
    return "'" + gram.replace("\\", "\\\\").replace("'", "''") + "'"


def marked(words: Sequence[str]) -> tuple[str, ...]:
    """What is to be marked where texts are shown: the words, and of a phone number the figures that a mask leaves."""
    return (*words, *(word[-_LAST_FIGURES:] for word in words if is_phone(word)))


def spans(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand in a text as it is shown: start and end, in order, none touching another."""
    quick = text.translate(_FOLDS)
    if not any(word in quick for word in words):
        return ()  # most cells of a list
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for one in _FOLDS[ord(sign)]:
            signs.append(one)
            places.append(place)
    return tuple(_joined(sorted(_found("".join(signs), places, words))))


def _found(folded: str, places: Sequence[int], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = folded.find(word)
        while word and at >= 0:
            yield places[at], places[at + len(word) - 1] + 1
            at = folded.find(word, at + len(word))


def _joined(found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    held: tuple[int, int] | None = None
    for start, end in found:
        if held is None:
            held = start, end
        elif start <= held[1]:
            held = held[0], max(end, held[1])
        else:
            yield held
            held = start, end
    if held is not None:
        yield held
