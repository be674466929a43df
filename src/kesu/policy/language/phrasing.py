"""Section `wording`: words that must, and words that must not, stand in what is written to people."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.reading import Fields, Place, Scope, read_texts
from kesu.policy.language.sections import COMMON
from kesu.policy.model.facts import FactType
from kesu.policy.model.wording import Wording

_KEYS: Final = (*COMMON, "facts", "messages", "has", "lacks", "says")


def read_wording(place: Place, scope: Scope) -> Wording:
    fields = Fields(place, scope, _KEYS)
    facts = fields.each("fact", "facts")
    messages = fields.flag("messages")
    if not (facts or messages or fields.has("facts")):
        scope.note(
            place.flaw(
                "用语规则没有写看哪里。", expected="请写 facts（事实），或 messages: 是（给客户的消息）。", at_key=True
            )
        )
    for code in facts:
        if scope.names.facts[code].type is not FactType.TEXT:
            name = scope.names.facts[code].name
            scope.note(place.child("facts").flaw(f"{code}（{name}）不是文字（text）类型，没有用语可看。"))
    if not (fields.has("has") or fields.has("lacks")):
        scope.note(place.flaw("用语规则没有写要有或不要有哪些词。", expected="请写 has 或 lacks。", at_key=True))
    return Wording(
        code=place.key,
        says=fields.need_text("says"),
        clauses=fields.clauses(),
        facts=facts,
        has=fields.read("has", read_texts, ()),
        lacks=fields.read("lacks", read_texts, ()),
        messages=messages,
    )
