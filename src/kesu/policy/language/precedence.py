"""Which of two documents stands where both rule one thing: `yields_to` and `prevails_over` of a pack, with a clause."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from kesu.policy.language.nodes import Map

ALL: Final = "全部"
"""In the place of pack codes: every other document of the company."""


class Rank(StrEnum):
    """Of the first of two packs. `contrary`: each says that it comes before the other."""

    PREVAILS = "prevails"
    YIELDS = "yields"
    CONTRARY = "contrary"
    NONE = "none"


def ranked(one: Map, other: Map) -> Rank:
    """`one` and `other`: the heads (`pack.yaml`) of two packs. To name the other one says more than to name all."""
    first = _claims(one, "prevails_over", other) or _claims(other, "yields_to", one)
    second = _claims(one, "yields_to", other) or _claims(other, "prevails_over", one)
    if first == second:
        return Rank.CONTRARY if first else Rank.NONE
    return Rank.PREVAILS if first > second else Rank.YIELDS


def _claims(one: Map, key: str, other: Map) -> int:
    """2: names the other pack; 1: names all packs; 0: neither."""
    packs = one.map(key).texts("packs")
    if (other.text("pack") or "") in packs:
        return 2
    return 1 if ALL in packs else 0
