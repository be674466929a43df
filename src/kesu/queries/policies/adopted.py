"""An adopted text by the first digits of its digest, for the command line: the program's own view, nobody's."""

from __future__ import annotations

from kesu.casefile.books import pack_of
from kesu.core.errors import NotFound
from kesu.policy.model.pack import Pack
from kesu.store.models import PolicyVersion


def adopted_pack(*, digest: str) -> Pack:
    """Raises `NotFound` where none, or more than one, begins so."""
    found = list(PolicyVersion.objects.filter(hash__startswith=digest).values_list("hash", flat=True)[:2])
    if len(found) != 1:
        raise NotFound
    return pack_of(found[0])
