"""Section `separations`: the members of a group fact are kept from taking steps, from being given the work, from
signing. With the checks that tell a separation which could never refuse anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.language.labels import labelled
from kesu.policy.language.reading import Fields, Place, Scope, each_of
from kesu.policy.language.sections import COMMON
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, SYSTEM, WORLD, NeedKind
from kesu.policy.model.separations import Part, Separation

_KEYS: Final = (*COMMON, "of", "apart", "steps", "says")
_PARTS: Final = tuple(each.value for each in Part)
_NOT_OF_THE_HOUSE: Final = {COMPLAINANT, SYSTEM, WORLD}


def read_separation(place: Place, scope: Scope) -> Separation:
    fields = Fields(place, scope, _KEYS)
    apart = tuple(Part(word) for word in fields.need("apart", each_of(_PARTS), ()))
    steps = fields.each("step", "steps")
    if steps and not {Part.TAKER, Part.SIGNERS} & set(apart):
        scope.note(place.flaw("steps（步骤）只管谁来办，apart（互不重合）里却没有 taker 或 signers。"))
    return Separation(
        code=place.key,
        says=fields.need_text("says"),
        clauses=fields.clauses(),
        of=fields.need("of", _read_groups, ()),
        apart=apart,
        steps=steps,
    )


def _read_groups(place: Place, scope: Scope) -> tuple[str, ...]:
    codes = scope.each("fact", place)
    for code in codes:
        fact = scope.names.facts[code]
        if fact.type is not FactType.GROUP:
            scope.note(
                place.flaw(
                    f"{code}（{fact.name}）不是小组（group）类型的事实，认不出是本单位的哪一个人。",
                    expected="请写一个由人选出本单位人员的小组。",
                )
            )
    return codes


def idle_separations(kind: Kind, stated: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """Separations and guards `apart` that can never refuse anybody: section, code, why, and what to write instead.
    `stated`: facts that something states."""
    for code, one in kind.separations.items():
        why = _why_idle(kind, one, stated)
        if why:
            yield "separations", code, *why
    for code, guard in kind.guards.items():
        for need in guard.needs:
            why = _why_alike(kind, need.codes) if need.kind is NeedKind.APART else None
            if why:
                yield "guards", code, *why


def _why_idle(kind: Kind, one: Separation, stated: set[str]) -> tuple[str, str] | None:
    for code in one.of:
        if code in kind.facts and code not in stated:
            return f"没有步骤填写 {code}（{kind.facts[code].name}）。", f"请在一个步骤的 {labelled('asks')} 里要它。"
    sealed = _sealed(kind, one.of)
    if sealed is not None:
        return sealed
    if Part.SIGNERS in one.apart and not kind.approvals:
        return "这种案件没有审批，没有人签。", "请去掉 signers。"
    if Part.TAKER in one.apart and one.steps and not any(_is_of_the_house(kind, code) for code in one.steps):
        return "所列步骤都不由本单位的人办。", f"请改 {labelled('steps')}。"
    return _why_no_opener(kind, one) if Part.OPENER in one.apart else None


def _why_no_opener(kind: Kind, one: Separation) -> tuple[str, str] | None:
    """Whoever opens a case is kept from it by what he states there."""
    for step in (step for step in kind.steps.values() if step.starts_case):
        if not {*kind.asked(step), *step.may_state} & set(one.of):
            names = "、".join(f"{code}（{kind.facts[code].name}）" for code in one.of if code in kind.facts)
            said = f"开立的步骤“{step.name}”不填 {names}，开立的时候不知道是谁。"
            return said, f"请在它的 {labelled('asks')} 里要它，或去掉 opener。"
        if not _is_of_the_house(kind, step.code):
            return f"开立的步骤“{step.name}”不由本单位的人办。", "请去掉 opener。"
    return None


def _why_alike(kind: Kind, codes: tuple[str, ...]) -> tuple[str, str] | None:
    sealed = _sealed(kind, codes)
    if sealed is not None:
        return sealed
    if len({kind.facts[code].type for code in codes if code in kind.facts}) > 1:
        return "客户（person）和本单位的人（group）从来不是同一个代号，比不出来。", "请比较两个同类的事实。"
    return None


def _sealed(kind: Kind, codes: tuple[str, ...]) -> tuple[str, str] | None:
    for code in codes:
        fact = kind.facts.get(code)
        if fact is not None and fact.data is DataClass.SEALED:
            return (
                f"{code}（{fact.name}）是密封的，案卷里没有其中的人，比不出来。",
                f"密封案件请写 secrecy 的 {labelled('hidden_from')}：名单里的人看不到，也办不了。",
            )
    return None


def _is_of_the_house(kind: Kind, code: str) -> bool:
    step = kind.steps.get(code)
    people = {who.role for row in step.by.rows for who in row.use} if step is not None else set()
    return step is None or step.approval is not None or bool(people - _NOT_OF_THE_HOUSE)
