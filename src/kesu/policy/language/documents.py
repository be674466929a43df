"""Section `documents`: named forms with their fields."""

from __future__ import annotations

from kesu.policy.language.letters import read_letter
from kesu.policy.language.people import read_slots_or_words
from kesu.policy.language.printing import read_layout
from kesu.policy.language.reading import Fields, Place, Scope
from kesu.policy.language.sections import COMMON
from kesu.policy.model.rules import Document


def read_document(place: Place, scope: Scope) -> Document:
    fields = Fields(place, scope, (*COMMON, "fields", "signatures", "print", "letter"))
    signatures: tuple[str, ...] = fields.read("signatures", read_slots_or_words, ())
    stated: tuple[str, ...] = fields.need("fields", lambda at, on: on.each("fact", at), ())
    if fields.has("print") and fields.has("letter"):
        scope.note(place.child("letter").flaw("一份文书写 print（打印版式）或 letter（函件），二者取一。", at_key=True))
    return Document(
        code=place.key,
        name=fields.need_text("name"),
        fields=stated,
        clauses=fields.clauses(),
        signatures=signatures,
        layout=fields.read("print", lambda at, on: read_layout(at, on, signatures), None),
        letter=fields.read("letter", lambda at, on: read_letter(at, on, stated), None),
    )
