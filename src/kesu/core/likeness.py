"""How alike texts are: by the pairs of signs that they share, rare ones counting more than frequent ones.

Nothing is learned beforehand. What a text is compared with is found by the index of grams, so that the next case is
compared with all that were written before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from math import log, sqrt
from operator import add
from typing import Final

from kesu.core.searching import fold

COMPARED: Final = 300
"""Signs of a text that are compared: what it is about is said at its beginning."""
_SOUGHT: Final = 48
_WORDS: Final = 3
_LONGEST_WORD: Final = 8
_SELDOM: Final = 0.002
_RARE: Final = log(_SELDOM) ** 2
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Shares of all texts in which grams stand; whatever is not among `known` is rarer than any of them."""

    known: Mapping[str, float] = field(default_factory=dict)

    def weight(self, gram: str) -> float:
        return -log(self.known.get(gram, _SELDOM))

    def size(self, grams: frozenset[str]) -> float:
        """Of many texts, most of whose grams are not known."""
        known = grams & self.known.keys()
        return (len(grams) - len(known)) * _RARE + sum(self.weight(gram) ** 2 for gram in known)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score`: from 0 (nothing shared) to 1 (the same grams); `grams`: the shared ones."""

    score: float
    grams: frozenset[str]


def told_grams(text: str, *, is_folded: bool = False) -> frozenset[str]:
    """Pairs of letters or characters; figures and signs tell nothing of what a text is about."""
    begun = text[:COMPARED]
    runs = _LETTERS.findall(begun if is_folded else fold(begun))
    return frozenset(pair for run in runs for pair in map(add, run, run[1:]))


def to_seek(grams: Iterable[str], frequencies: Frequencies, most: float) -> tuple[str, ...]:
    """The rarest, by which texts are looked for in the index; those whose frequency is known stand together in no more
    than a share `most` of all texts. Frequent ones say little, and cost much to look up."""
    ordered = sorted(grams, key=lambda one: (frequencies.known.get(one, 0.0), one))[:_SOUGHT]
    shares = accumulate(frequencies.known.get(gram, 0.0) for gram in ordered)
    return tuple(gram for gram, share in zip(ordered, shares, strict=True) if share <= most)


def likeness(one: frozenset[str], other: frozenset[str], frequencies: Frequencies) -> Likeness:
    shared = one & other
    if not shared:
        return Likeness(0.0, shared)
    return Likeness(frequencies.size(shared) / sqrt(frequencies.size(one) * frequencies.size(other)), shared)


def shared_words(text: str, grams: Iterable[str], frequencies: Frequencies) -> tuple[str, ...]:
    """What the shared grams read like in the text, the most telling first."""
    shared = frozenset(grams)
    weights: dict[str, float] = {}
    for word in _runs(fold(text[:COMPARED]), shared):
        weights[word] = sum(frequencies.weight(word[at : at + 2]) for at in range(len(word) - 1))
    return tuple(sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS])


def _runs(text: str, grams: frozenset[str]) -> Iterator[str]:
    start: int | None = None
    for at in range(len(text)):
        is_shared = text[at : at + 2] in grams
        if is_shared and start is None:
            start = at
        elif (start is not None and not is_shared) or (start is not None and at - start + 2 > _LONGEST_WORD):
            yield text[start : at + 1]
            start = None
