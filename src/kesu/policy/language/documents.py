"""Sections `documents` and `secrecy`: named forms with their fields; who may know that a case exists."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_slots, read_slots_or_words
from kesu.policy.language.printing import read_layout
from kesu.policy.language.reading import Fields, Place, Scope
from kesu.policy.language.sections import COMMON
from kesu.policy.language.tables import table_of
from kesu.policy.model.conditions import Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Document, Secrecy

_SECRECY_KEYS: Final = ("sealed", "opened_to", "hidden_from", "told", "clause", "unclear", "reading", "note")


def read_document(place: Place, scope: Scope) -> Document:
    fields = Fields(place, scope, (*COMMON, "fields", "signatures", "print"))
    signatures: tuple[str, ...] = fields.read("signatures", read_slots_or_words, ())
    return Document(
        code=place.key,
        name=fields.need_text("name"),
        fields=fields.need("fields", lambda at, on: on.each("fact", at), ()),
        clauses=fields.clauses(),
        signatures=signatures,
        layout=fields.read("print", lambda at, on: read_layout(at, on, signatures), None),
    )


def read_secrecy(kind: Map, scope: Scope) -> Secrecy | None:
    if "secrecy" not in kind.entries:
        return None
    fields = Fields(Place(kind, "").child("secrecy"), scope, _SECRECY_KEYS)
    sealed = fields.flag("sealed")
    opened_to: Table[tuple[str, ...]] = fields.read("opened_to", table_of(read_slots), Table.of(()))
    if sealed and not fields.has("opened_to"):
        scope.note(fields.place.flaw("密封的案件要写 opened_to（开启给谁），否则没有人能看。", at_key=True))
    told: tuple[str, ...] = fields.read("told", _read_texts, ())
    if told and not sealed:
        scope.note(fields.place.flaw("told（告诉举报人）只用于密封的案件，普通案件请写告知（notices）。", at_key=True))
    return Secrecy(sealed, opened_to, fields.read("hidden_from", _read_group, None), told, fields.clauses())


def _read_texts(place: Place, scope: Scope) -> tuple[str, ...]:
    codes = scope.each("fact", place)
    for code in codes:
        fact = scope.names.facts[code]
        if fact.type is not FactType.TEXT:
            scope.note(place.flaw(f"{code}（{fact.name}）不是文字（text）类型的事实，举报人读不到。"))
    return codes


def _read_group(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.GROUP:
        raise place.flaw(f"{fact.code}（{fact.name}）不是小组（group）类型的事实。")
    return fact.code
