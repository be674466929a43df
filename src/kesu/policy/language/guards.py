"""Section `guards`: why a step, a notice or something written is refused, as a list of what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kesu.policy.language.conditions import read_condition
from kesu.policy.language.moments import read_moment, read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import WORDS
from kesu.policy.language.reading import Fields, Place, Scope, each_of, one_of, read_count
from kesu.policy.language.sections import COMMON
from kesu.policy.model.conditions import Condition, Moment, MomentNoun
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Guard, GuardMode, Need, NeedKind
from kesu.policy.model.writing import Writing

_KEYS: Final = (*COMMON, "steps", "notices", "writes", "when", "needs", "unless", "mode", "says")


def read_guard(place: Place, scope: Scope) -> Guard:
    fields = Fields(place, scope, _KEYS)
    if not any(fields.has(what) for what in ("steps", "notices", "writes")):
        said = "关卡要写明管哪一步：steps（步骤）、notices（告知）或 writes（不办步骤写的话）。"
        scope.note(place.flaw(said, at_key=True))
    if not (fields.has("needs") or fields.has("unless")):
        scope.note(
            place.flaw("关卡没有要求，什么也拦不住。", expected="请写 needs（须具备）或 unless（除非）。", at_key=True)
        )
    when: Condition | None = fields.read("when", read_condition, None)
    unless: Condition | None = fields.read("unless", read_condition, None)
    mode = GuardMode(fields.read("mode", one_of(tuple(GuardMode)), GuardMode.BLOCK.value))
    if fields.has("writes") and mode is not GuardMode.BLOCK:
        scope.note(place.child("mode").flaw("管 writes（不办步骤写的话）的关卡只能拦住（block），没有地方写理由。"))
    return Guard(
        code=place.key,
        says=fields.need_text("says"),
        clauses=fields.clauses(),
        steps=fields.each("step", "steps"),
        notices=fields.each("notice", "notices"),
        writes=tuple(Writing(one) for one in fields.read("writes", each_of(tuple(Writing)), ())),
        when=when,
        needs=fields.read("needs", _read_needs, ()),
        unless=unless,
        mode=mode,
    )


def _read_needs(place: Place, scope: Scope) -> tuple[Need, ...]:
    fields = Fields(place, scope, tuple(NeedKind))
    found: list[Need] = []
    for kind in NeedKind:
        found.extend(fields.read(kind.value, _NEEDS[kind], ()))
    return tuple(found)


def _codes_of(kind: NeedKind, noun: str) -> Callable[[Place, Scope], tuple[Need, ...]]:
    def read(place: Place, scope: Scope) -> tuple[Need, ...]:
        return (Need(kind, scope.each(noun, place)),)

    return read


def _read_evidence(place: Place, scope: Scope) -> tuple[Need, ...]:
    """`1`, or `{at_least: 1, of: [photos]}` where only certain facts count."""
    if not isinstance(place.node, Map):
        return (Need(NeedKind.EVIDENCE, count=read_count(place, scope)),)
    fields = Fields(place, scope, ("at_least", "of"))
    codes = fields.each("fact", "of")
    for code in codes:
        fact = scope.names.facts[code]
        if fact.type is not FactType.FILE:
            scope.note(place.child("of").flaw(f"{code}（{fact.name}）不是文件（file）类型的事实。"))
    return (Need(NeedKind.EVIDENCE, codes, count=fields.need("at_least", read_count, 1)),)


def _read_each(place: Place, scope: Scope) -> tuple[Need, ...]:
    """`{group: investigators, event: credential.shown, since: team.formed, holds: {…}}`."""
    fields = Fields(place, scope, ("group", "event", "since", "holds"))
    group = fields.need("group", _read_group, "")
    moment: Moment | None = fields.need("event", read_moment, None)
    holds: Condition | None = fields.read("holds", read_condition, None)
    if moment is None or not group:
        return ()
    if moment.noun is not MomentNoun.EVENT:
        raise place.child("event").flaw("这里要写一个步骤产生的事件：才知道是谁做的。")
    since: Moment | None = fields.read("since", read_moment, None)
    return (Need(NeedKind.EACH, group=group, moments=(moment,), holds=holds, since=since),)


def _read_group(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.GROUP:
        raise place.flaw(f"{fact.code}（{fact.name}）不是小组（group）类型的事实。")
    return fact.code


def _read_named(place: Place, scope: Scope) -> tuple[Need, ...]:
    codes = scope.each("fact", place)
    for code in codes:
        fact = scope.names.facts[code]
        if fact.type is not FactType.CASE:
            scope.note(place.flaw(f"{code}（{fact.name}）不是另一件诉件（case）类型的事实，没有点名哪一件。"))
    return (Need(NeedKind.NAMED_CLOSED, codes),)


def _read_happened(place: Place, scope: Scope) -> tuple[Need, ...]:
    return (Need(NeedKind.HAPPENED, moments=read_moments(place, scope)),)


def _read_people(place: Place, scope: Scope) -> tuple[Need, ...]:
    """`{team: [role, …]}`, or `{testers: {at_least: 2, role: tester}}`."""
    found = []
    for entry in place.codes():
        group = scope.names.facts[scope.named("fact", entry, entry.key)]
        if group.type is not FactType.GROUP:
            scope.note(entry.flaw(f"{group.code}（{group.name}）不是小组（group）类型的事实。", at_key=True))
        if isinstance(entry.node, Map):
            fields = Fields(entry, scope, ("at_least", "role"))
            role = fields.read("role", lambda at, on: on.named("role", at, also=WORDS), "")
            count = fields.need("at_least", read_count, 1)
            found.append(Need(NeedKind.PEOPLE, (role,) if role else (), group.code, count))
        else:
            found.append(Need(NeedKind.PEOPLE, scope.each("role", entry), group.code))
    return tuple(found)


def _read_apart(place: Place, scope: Scope) -> tuple[Need, ...]:
    codes = scope.each("fact", place)
    for code in codes:
        if scope.names.facts[code].type not in {FactType.GROUP, FactType.PERSON}:
            scope.note(place.flaw(f"{code}（{scope.names.facts[code].name}）不是人员或小组，不能比较是否重合。"))
    if len(codes) < 2:
        scope.note(place.flaw("apart（互不重合）要写两个事实。"))
    return (Need(NeedKind.APART, codes),)


_NEEDS: Final[dict[NeedKind, Callable[[Place, Scope], tuple[Need, ...]]]] = {
    NeedKind.FACTS: _codes_of(NeedKind.FACTS, "fact"),
    NeedKind.FORMS: _codes_of(NeedKind.FORMS, "document"),
    NeedKind.EVIDENCE: _read_evidence,
    NeedKind.PEOPLE: _read_people,
    NeedKind.APPROVED: _codes_of(NeedKind.APPROVED, "approval"),
    NeedKind.HAPPENED: _read_happened,
    NeedKind.MET: _codes_of(NeedKind.MET, "duty"),
    NeedKind.HANDED_OVER: _codes_of(NeedKind.HANDED_OVER, "document"),
    NeedKind.SENT: _codes_of(NeedKind.SENT, "notice"),
    NeedKind.LINKS_CLOSED: _codes_of(NeedKind.LINKS_CLOSED, "link"),
    NeedKind.NAMED_CLOSED: _read_named,
    NeedKind.SAMPLED: _codes_of(NeedKind.SAMPLED, "draw"),
    NeedKind.APART: _read_apart,
    NeedKind.EACH: _read_each,
}
