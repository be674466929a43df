"""Search: which cases of the reader's scope hold all words, each in some column that he may read.

The one way in for lists and pickers. A column out of reach is not asked: it can neither match, nor count, nor rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from kesu.access.actor import Actor
from kesu.access.cases import in_scope
from kesu.access.permissions import Permission
from kesu.casefile.search_text import phone_token
from kesu.core.pages import Leaf, leaf
from kesu.core.searching import Search, first_gram, is_phone, is_typed
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
    hits = CaseSearch.objects.filter(in_scope(actor), *(_holding(actor, word, word) for word in search.words))
    few = list(hits.values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return Found(cards.filter(case__pk__any=few), len(few))
    # Grams of one word go together, which the planner does not know: from the first alone it sees how frequent it is.
    frequent = CaseSearch.objects.filter(*(_holding(actor, word, first_gram(word)) for word in search.words))
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


def _holding(actor: Actor, word: str, part: str) -> Q:
    """`part` of the word: whose grams are asked for; the whole is looked up where they do not say it all."""
    found = Q(internal_grams__holds=part) & _whole(word, "internal", "notes")
    within = Q()
    for path in actor.reach(Permission.PERSONAL_READ):
        within |= Q(unit_path__startswith=path)
    if not within:
        return found
    personal = Q(personal_grams__holds=part) & _whole(word, "personal")
    personal |= Q(restricted_grams__holds=part) & _whole(word, "restricted")
    if is_phone(word):
        personal |= Q(phones__contains=[phone_token(word)])
    return found | within & personal


def _whole(word: str, *columns: str) -> Q:
    whole = Q()
    if first_gram(word) != word:
        for column in columns:
            whole |= Q(GreaterThan(StrIndex(F(column), Value(word)), 0))
    return whole
