"""Search: which cases of the reader's scope hold all words, each in some column that he may read.

The one way in for lists and pickers. A column out of reach is not asked: it can neither match, nor count, nor rank.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.search_text import phone_token
from kesu.core.searching import Search, is_phone
from kesu.store.models import CaseCard, CaseSearch

_SHORT = 2
"""Up to here the pairs say it all; longer words are looked up again as a whole."""


def found_by(cards: QuerySet[CaseCard], actor: Actor, search: Search) -> QuerySet[CaseCard]:
    """`cards` come from `cards_for`. All of them where nothing is sought, none where the search was refused."""
    if search.refusal:
        return cards.none()
    if not search.words:
        return cards
    rows = CaseSearch.objects.filter(*(_holding(actor, word) for word in search.words))
    return cards.filter(pk__in=rows.values("pk"))


def _holding(actor: Actor, word: str) -> Q:
    return Q(internal_grams__holds=word) & _whole(word, "internal", "notes") | _personal(actor, word)


def _personal(actor: Actor, word: str) -> Q:
    """Personal and restricted columns, each within the paths over which the reader may see them."""
    within = Q()
    for path in actor.reach(Permission.PERSONAL_READ):
        within |= Q(unit_path__startswith=path)
    if not within:
        return Q()
    found = Q(personal_grams__holds=word) & _whole(word, "personal")
    found |= Q(restricted_grams__holds=word) & _whole(word, "restricted")
    if is_phone(word):
        found |= Q(phones__contains=[phone_token(word)])
    return within & found


def _whole(word: str, *columns: str) -> Q:
    whole = Q()
    if len(word) > _SHORT:
        for column in columns:
            whole |= Q(**{f"{column}__contains": word})
    return whole
