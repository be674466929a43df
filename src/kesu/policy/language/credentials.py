"""`credential` of a step: a paper of whoever takes it, which the records of the house know as well."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.stepping import Credential

_LONGEST = 40


def read_credential(place: Place, scope: Scope) -> Credential:
    """`{kind: 执法证件, number: credential_number, until: credential_until}`."""
    fields = Fields(place, scope, ("kind", "number", "until"))
    kind = fields.need_text("kind")
    if len(kind) > _LONGEST:
        scope.note(place.child("kind").flaw(f"证件的名称最多 {_LONGEST} 字。"))
    number = fields.need("number", lambda at, on: _fact(at, on, FactType.TEXT, "文字（text）"), "")
    until = fields.need("until", lambda at, on: _fact(at, on, FactType.DATE, "日期（date）"), "")
    return Credential(kind, number, until)


def _fact(place: Place, scope: Scope, wanted: FactType, called: str) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not wanted:
        raise place.flaw(f"{fact.code}（{fact.name}）不是{called}类型的事实。")
    return fact.code


def check_credentials(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """The program states it for the members of one group when they are named: it must be known which."""
    for step in kind.steps.values():
        if step.credential is None:
            continue
        place = Place(tree, "").child("steps").child(step.code, is_code=True).child("credential")
        groups = {who.group for row in step.by.rows for who in row.use}
        if len(groups) != 1 or None in groups:
            yield place.flaw(
                f"写了 {labelled('credential')} 的步骤由一个小组的人各自办。", expected="请写 by: {group: 小组}。"
            )
        for code in (step.credential.number, step.credential.until):
            if code not in step.asks:
                yield place.flaw(
                    f"这一步不填 {code}（{kind.facts[code].name}）。", expected="请写进 asks（必填事实）。"
                )
        if kind.is_sealed:
            yield place.flaw("密封的案件不查证件：查的时候会露出指派了谁。")
