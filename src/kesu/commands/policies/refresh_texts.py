"""The library's words in other languages are put beside the policies that were adopted from it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from kesu.casefile import adoption
from kesu.store.models import PolicyVersion


@transaction.atomic
def refresh_texts(texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
    """`texts`: by pack code, then as `Pack.texts`. The adopted text itself stays as it was signed: a word that it does
    not hold gets none."""
    for policy in PolicyVersion.objects.filter(pack__in=texts):
        adoption.store_texts(policy, texts[policy.pack])
