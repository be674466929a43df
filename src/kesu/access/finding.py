"""Search: which cases of the reader's scope hold all words, each in some column that he may read.

The one way in for lists and pickers. A column out of reach is not asked: it can neither match, nor count, nor rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.scope import InSight, Scope, patterns
from kesu.casefile.search_text import phone_token
from kesu.core.pages import Leaf, leaf
from kesu.core.searching import Search, first_gram, grams_query, is_phone, is_typed
from kesu.store.fixed import Fixed, Slot
from kesu.store.models import CaseCard, CaseSearch
from kesu.store.walking import among_first, by_index, seen

Row = TypeVar("Row", bound=Model)
_NEAR: Final = 8_000
_NEAR_A_PAGE: Final = 2_000
"""So many rows are gone through for a page of a frequent word, and so many more for each page: going through five takes
as long as fetching one by the index of words, wherever that one lies."""
_SORTED: Final = 1_000
"""So many hits of a sound are put in order here before the rows are gone through, which would seldom meet them."""
FEW: Final = 500
"""Up to here the hits are fetched by the index of grams, and lists sort and filter those cards. Beyond, a word is
frequent: the newest hits come quickest by going through the newest cards, and the planner is left to see that."""


@dataclass(frozen=True, slots=True)
class Found:
    """`count`: how many there are in the reader's scope, where that is known by now; at most `FEW` + 1."""

    cards: QuerySet[CaseCard]
    count: int | None = None


def found_by(cards: QuerySet[CaseCard], actor: Actor, search: Search) -> Found:
    """`cards` come from `cards_for`. All of them where nothing is sought, none where the search was refused. Asks
    once for the hits."""
    if search.refusal:
        return Found(cards.none(), 0)
    if not search.words:
        return Found(cards)
    few = _few(actor, search.words)
    if len(few) <= FEW:
        return Found(cards.filter(case__pk__any=few), len(few))
    # Grams of one word go together, which the planner does not know: from the first alone it sees how frequent it is.
    reach = patterns(actor, Permission.PERSONAL_READ)
    firsts = (_Word.of(word, first_gram(word)) for word in search.words)
    frequent = CaseSearch.objects.filter(*(_holding(reach, word) for word in firsts))
    return Found(cards.filter(pk__in=frequent.values("pk")), len(few))


def found_page(
    hits: QuerySet[Row], rows: QuerySet[Row], search: Search, most: int, size: int, wanted: int
) -> tuple[list[Any], int, Leaf]:
    """Keys on the page `wanted` of what a search found among `rows`, by place; how many were found, at most `most` + 1;
    and which page that is. One query, two or three for frequent words.

    What is shown costs, not what is found: few rows come from the index of words and are put in order here. Those of a
    frequent word are met by whoever goes through the rows in order. Whether a word is frequent the planner knows of
    most, and of sounds not."""
    sought = hits.values_list("place", "pk")
    is_typed_in = any(map(is_typed, search.words))
    few = max(most, _SORTED) if is_typed_in else most
    is_indexed = is_typed_in or all(map(_is_gram, search.words))
    found = by_index(sought, few + 1) if is_indexed else seen(sought[: few + 1])
    total = min(len(found), most + 1)
    shown = leaf(min(total, most), size, wanted)
    if len(found) <= few:
        return [pk for _place, pk in sorted(found)[shown.rows]], total, shown
    page = hits.order_by("place", "pk").values_list("place", "pk")[shown.rows]
    if not is_typed_in:
        keys = seen(page)
    else:
        keys = among_first(page, rows.order_by("place", "pk"), _NEAR + _NEAR_A_PAGE * shown.number)
        if len(keys) < size:
            keys = by_index(sought, size, shown.rows.start)
    return [pk for _place, pk in keys], total, shown


def _is_gram(word: str) -> bool:
    return len(word) > 1 and first_gram(word) == word


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is asked for: its grams; `whole` where they do not say it all; `phone`: its token, where it may be a
    telephone number. In a query of a fixed shape each of them is a slot."""

    grams: Any
    whole: Any = None
    phone: Any = None

    @classmethod
    def of(cls, word: str, part: str) -> _Word:
        """`part` of the word: whose grams are asked for."""
        whole = None if first_gram(word) == word else word
        return cls(part, whole, [phone_token(word)] if is_phone(word) else None)

    @property
    def shape(self) -> tuple[bool, bool]:
        return self.whole is not None, self.phone is not None

    @property
    def values(self) -> tuple[Any, ...]:
        return (grams_query(self.grams), *(value for value in (self.whole, self.phone) if value is not None))


def _few(actor: Actor, words: Iterable[str]) -> list[UUID]:
    sought = [_Word.of(word, word) for word in words]
    reach = patterns(actor, Permission.PERSONAL_READ)
    asked = _asked(len(reach), tuple(word.shape for word in sought), FEW + 1)
    return [pk for (pk,) in asked(actor, *reach, *(value for word in sought for value in word.values))]


@lru_cache(maxsize=64)
def _asked(paths: int, words: tuple[tuple[bool, bool], ...], most: int) -> InSight[tuple[Any, ...]]:
    def build(scope: Scope, *slots: Slot) -> QuerySet[Any, Any]:
        given = iter(slots)
        reach = tuple(islice(given, paths))
        sought = [
            _Word(next(given), next(given) if has_whole else None, next(given) if has_phone else None)
            for has_whole, has_phone in words
        ]
        hits = CaseSearch.objects.filter(scope.of_cases(), *(_holding(reach, word) for word in sought))
        return hits.values_list("pk")[:most]

    return InSight(Fixed, build)


def _holding(reach: Sequence[Any], word: _Word) -> Q:
    """`reach`: patterns of the paths where personal words may be sought."""
    found = Q(internal_grams__holds=word.grams) & _whole(word, "internal", "notes")
    within = Q()
    for pattern in reach:
        within |= Q(unit_path__like=pattern)
    if not within:
        return found
    personal = Q(personal_grams__holds=word.grams) & _whole(word, "personal")
    personal |= Q(restricted_grams__holds=word.grams) & _whole(word, "restricted")
    if word.phone is not None:
        personal |= Q(phones__contains=word.phone)
    return found | within & personal


def _whole(word: _Word, *columns: str) -> Q:
    whole = Q()
    if word.whole is not None:
        for column in columns:
            sought = word.whole if isinstance(word.whole, Slot) else Value(word.whole)
            whole |= Q(GreaterThan(StrIndex(F(column), sought), 0))
    return whole
