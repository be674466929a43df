"""常用语: what the reader keeps for his opinions, in the order in which he added it."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.access.actor import Actor
from kesu.store.models import Phrase


@dataclass(frozen=True, slots=True)
class PhraseLine:
    id: int
    text: str


def phrases(*, actor: Actor) -> tuple[PhraseLine, ...]:
    rows = Phrase.objects.filter(account_id=actor.account_id).order_by("pk").values_list("pk", "text")
    return tuple(PhraseLine(pk, text) for pk, text in rows)
