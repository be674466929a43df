"""Section `secrecy`: who may know that a case exists. A sealed kind opens to roles; an ordinary case is confidential
while a condition holds, and opens to people as the rest of the policy names them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.language.asked import facts_in
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import read_people
from kesu.policy.language.reading import Fields, Place, Scope
from kesu.policy.language.tables import table_of
from kesu.policy.model.conditions import Condition, Table
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import FIRST_CONTACT, HOLDER, Who
from kesu.policy.model.secrecy import Secrecy

_KEYS: Final = ("sealed", "when", "opened_to", "hidden_from", "told", "says", "clause", "unclear", "reading", "note")


def read_secrecy(kind: Map, scope: Scope) -> Secrecy | None:
    if "secrecy" not in kind.entries:
        return None
    fields = Fields(Place(kind, "").child("secrecy"), scope, _KEYS)
    when: Condition | None = fields.read("when", read_condition, None)
    opened_to: Table[tuple[Who, ...]] = fields.read("opened_to", table_of(read_people), Table.of(()))
    secrecy = Secrecy(
        sealed=fields.flag("sealed"),
        opened_to=opened_to,
        hidden_from=fields.read("hidden_from", _read_group, None),
        clauses=fields.clauses(),
        when=when,
        says=fields.text("says"),
        told=fields.read("told", _read_texts, ()),
    )
    _note_shape(fields, sealed=secrecy.sealed)
    for who in _everybody(secrecy):
        _note_stranger(who, fields.place.child("opened_to"), scope, sealed=secrecy.sealed)
    return secrecy


def _note_shape(fields: Fields, *, sealed: bool) -> None:
    """Either sealed, or confidential while something holds; each with what it needs."""
    note, place = fields.scope.note, fields.place
    if sealed == fields.has("when"):
        said = (
            "sealed（密封）和 when（条件）只能写一个：密封的案件从头到尾都是密封的。"
            if sealed
            else "没有写什么时候保密。"
        )
        note(
            place.flaw(
                said,
                expected="整种案件都密封的写 sealed: 是；符合条件才保密的写 when（条件）和 says（说明）。",
                at_key=True,
            )
        )
    elif fields.has("when") and not fields.has("says"):
        note(place.flaw(f"缺少 {labelled('says')}：看得到的人要知道为什么保密。", at_key=True))
    if fields.has("told") and not sealed:
        note(place.flaw("told（告诉举报人）只用于密封的案件，普通案件请写告知（notices）。", at_key=True))
    if not fields.has("opened_to"):
        kept = "密封" if sealed else "保密"
        note(place.flaw(f"{kept}的案件要写 opened_to（开启给谁），否则没有人能看。", at_key=True))


def _everybody(secrecy: Secrecy) -> tuple[Who, ...]:
    return tuple(dict.fromkeys(who for row in secrecy.opened_to.rows for who in row.use))


def _note_stranger(who: Who, place: Place, scope: Scope, *, sealed: bool) -> None:
    if sealed and (who.group or who.of or who.role not in scope.names.known("role")):
        shown = who.group or who.role
        scope.note(place.flaw(f"密封的案件只能开启给角色，{shown} 不是。", expected="请写角色的代码。"))
    elif who.role and who.role not in scope.names.known("role") and who.role not in {HOLDER, FIRST_CONTACT}:
        said = f"{who.role} 不是本单位的岗位，保密的案件不能开启给它。"
        if who.role == "complainant":
            said = "投诉人用自己的链接看自己的案件，不用写在这里。"
        scope.note(place.flaw(said, expected="可以写角色、小组、first_contact（首接人）。"))


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


def idle_secrecy(kind: Kind, stated: set[str]) -> Iterator[tuple[str, str]]:
    """What could never work in the secrecy of an ordinary kind: why, and what to write instead. `stated`: facts that
    something states."""
    secrecy = kind.secrecy
    if secrecy is None or secrecy.when is None:
        return
    named = [who.group or who.of or "" for who in _everybody(secrecy)]
    for code in dict.fromkeys((*facts_in(secrecy.when), *filter(None, named), secrecy.hidden_from or "")):
        fact = kind.facts.get(code)
        if fact is None or fact.derive is not None:
            continue
        if code not in stated and not fact.adds:
            said = f"没有步骤填写 {code}（{fact.name}）。"
            yield said, f"请在一个步骤的 {labelled('asks')} 或 {labelled('may')} 里要它。"
        elif fact.type is FactType.GROUP and fact.data is DataClass.SEALED:
            yield f"{code}（{fact.name}）是密封的，案卷里没有其中的人。", "请换一个不密封的小组。"
