"""Search: which cases of the reader's scope hold all words, each in some column that he may read.

The one way in for lists and pickers. A column out of reach is not asked: it can neither match, nor count, nor rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from kesu.access.actor import Actor
from kesu.access.cases import in_scope
from kesu.access.permissions import Permission
from kesu.casefile.search_text import phone_token
from kesu.core.searching import Search, first_gram, is_phone
from kesu.store.models import CaseCard, CaseSearch

Row = TypeVar("Row", bound=Model)
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
        return Found(cards.filter(pk__in=few), len(few))
    # Grams of one word go together, which the planner does not know: from the first alone it sees how frequent it is.
    frequent = CaseSearch.objects.filter(*(_holding(actor, word, first_gram(word)) for word in search.words))
    return Found(cards.filter(pk__in=frequent.values("pk")), len(few))


def narrowed(hits: QuerySet[Row], reach: QuerySet[Row], most: int) -> tuple[QuerySet[Row], int]:
    """The rows that a search found and how many, at most `most` + 1. Few are taken by their keys from the whole
    `reach`, which is quickest; many are gone through."""
    keys = list(hits.values_list("pk", flat=True)[: most + 1])
    return (reach.filter(pk__any=keys) if len(keys) <= most else hits), len(keys)


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
