"""`ways` and `written` of a notice: by what it goes to the customer beside standing on his case, and whether that must
count as writing; `written_by` of a kind: what counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Flaw, Place
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT

WAYS: Final = ("sms", "mail", "paper")
"""Short message to his telephone, mail, a letter on paper that somebody hands over or posts."""


def with_ways(kind: Kind) -> Kind:
    """What must be in writing goes by what counts as writing: by the stated ways of these, or by all of them."""
    found = dict(kind.notices)
    for code, notice in kind.notices.items():
        if notice.written:
            stated = notice.ways or kind.written_by
            found[code] = replace(notice, ways=tuple(way for way in stated if way in kind.written_by))
    return replace(kind, notices=found)


def check_ways(kind: Kind, tree: Map) -> Iterator[Flaw]:
    for code, notice in kind.notices.items():
        if not notice.ways and not notice.written:
            continue
        place = Place(tree, "").child("notices").child(code, is_code=True)
        at = place.child("written" if notice.written else "ways")
        if not notice.may_reach(COMPLAINANT):
            yield at.flaw("只有给客户的告知才写送达途径。", expected="to: complainant；给同事的，各人自己选收在哪里。")
        elif kind.is_sealed:
            yield at.flaw("密封的案件不往外发：举报人在自己的链接里看。")
        elif notice.written and not notice.ways:
            yield at.flaw(
                "要书面告知，却没有一个途径算书面。",
                expected=f"种类的 {labelled('written_by')} 里写哪些算，{labelled('ways')} 只写其中：{'、'.join(WAYS)}",
            )
