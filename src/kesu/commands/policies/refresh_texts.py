"""The library's words in other languages are put beside the policies that were adopted from it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from kesu.casefile import adoption
from kesu.casefile.books import pack_of
from kesu.store.models import PolicyVersion


@transaction.atomic
def refresh_texts(texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
    """`texts`: by pack code, then as `Pack.texts`. The adopted text itself stays as it was signed: a word that it does
    not hold gets none."""
    for policy in PolicyVersion.objects.filter(Q(pack__in=texts) | Q(parent__isnull=False)):
        laid = pack_of(policy.hash).charter.overlays if policy.parent_id else ()
        for code in (*(one.code for one in laid), policy.pack):  # the policy's own words come last, and stay
            adoption.store_texts(policy, texts.get(code, {}))
