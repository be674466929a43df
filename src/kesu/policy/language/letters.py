"""The key `letter` of a document: prose to the customer with the words of the case in it."""

from __future__ import annotations

from collections.abc import Collection

from kesu.policy.language.notices import read_worded
from kesu.policy.language.reading import Fields, Place, Scope
from kesu.policy.model.facts import FactType
from kesu.policy.model.printing import LETTER_WORDS, Letter


def read_letter(place: Place, scope: Scope, stated: Collection[str]) -> Letter:
    """`stated`: the facts of its document."""
    fields = Fields(place, scope, ("subject", "dear", "text", "closing", "says", "interim"))
    says = fields.each("fact", "says")
    for code in (*stated, *says):
        if scope.names.facts[code].type is FactType.FILE:
            scope.note(place.flaw(f"{code}（{scope.names.facts[code].name}）是文件，写不进函件的文字里。"))
    words = (*LETTER_WORDS, *stated, *says)

    def one(at: Place, on: Scope) -> str:
        return read_worded(at, on, words)

    return Letter(
        subject=fields.need("subject", one, ""),
        dear=fields.need("dear", one, ""),
        text=fields.need("text", lambda at, on: tuple(on.attempt(one, item, "") for item in at.items()), ()),
        closing=fields.read("closing", one, ""),
        says=says,
        interim=fields.flag("interim"),
    )
