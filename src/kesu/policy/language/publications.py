"""Section `publishes`: what a step shows to the public, to the customers of a place, or to the staff. With the checks
that need the whole kind: nothing that says who somebody is, nothing of a case that is kept secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kesu.policy.calendar import Duration, Measure
from kesu.policy.language.asked import facts_behind
from kesu.policy.language.labels import labelled
from kesu.policy.language.lengths import read_date_fact, read_duration
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.model.conditions import Aggregate, FactRef, Moment, MomentNoun
from kesu.policy.model.facts import DataClass, Fact, FactType
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind
from kesu.policy.model.publications import Audience, Publication
from kesu.policy.model.rules import COMPLAINANT, Step

_KEYS: Final = (*COMMON, "starts", "title", "says", "seen_by", "until", "taken_back")
_SHOWABLE: Final = frozenset(
    {
        FactType.TEXT, FactType.NUMBER, FactType.MONEY, FactType.DATE, FactType.TIME, FactType.CHOICE, FactType.CHOICES,
        FactType.FLAG,
    }
)  # fmt: skip
_COUNTED: Final = frozenset({Aggregate.COUNT, Aggregate.DISTINCT, Aggregate.SUM})
"""What is left of a fact here is a figure, whatever the fact says."""
_INSTEAD: Final = "请另用一个事实，由本单位的人写隐去个人信息的内容。"


def read_publication(place: Place, scope: Scope) -> Publication:
    fields = Fields(place, scope, _KEYS)
    until: Duration | FactRef | None = fields.read("until", _read_until, None)
    seen_by = fields.need("seen_by", one_of(tuple(Audience)), Audience.STAFF.value)
    return Publication(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        starts=fields.need("starts", _read_events, ()),
        says=fields.need("says", _read_facts, ()),
        seen_by=Audience(seen_by),
        title=fields.read("title", _read_facts, ()),
        until=until,
        taken_back=fields.need("taken_back", _read_events, ()),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_until(place: Place, scope: Scope) -> Duration | FactRef:
    """`3个月`, `{param: shown_for}`, or `{fact: shown_until}`."""
    if isinstance(place.node, Map) and tuple(place.node.entries) == ("fact",):
        return read_date_fact(place.child("fact"), scope)
    length = read_duration(place, scope)
    if not length.amount or length.measure is Measure.FIXED:
        raise place.flaw(f'"{length}"不是公示的时间。', expected="如 30天、3个月，或 {fact: 日期事实}。")
    return length


def _read_events(place: Place, scope: Scope) -> tuple[Moment, ...]:
    moments = read_moments(place, scope)
    for moment, item in zip(moments, place.items(), strict=False):
        if moment.noun is not MomentNoun.EVENT:
            scope.note(item.flaw("公示和撤下都是一个步骤的事件，不是别的时刻。", expected="如 notice.posted。"))
    return moments


def _read_facts(place: Place, scope: Scope) -> tuple[str, ...]:
    codes = scope.each("fact", place)
    if len(set(codes)) < len(codes):
        scope.note(place.flaw("同一个事实写了两次。"))
    return tuple(dict.fromkeys(codes))


def check_publications(kind: Kind, tree: Map, stated: set[str]) -> Iterator[Flaw]:
    """Publications of what nobody outside may know, and those that nothing could ever show. `stated`: facts that
    something states."""
    for code, rule in kind.publishes.items():
        place = Place(tree, "").child("publishes").child(code, is_code=True)
        yield from _secret(kind, place)
        yield from _steps(kind, rule, place)
        for key, codes in (("title", rule.title), ("says", rule.says)):
            for fact in (kind.facts[one] for one in codes if one in kind.facts):
                yield from _fact(kind, fact, place.child(key), stated)
        if isinstance(rule.until, FactRef):
            yield from _unstated(kind.facts[rule.until.code], place.child("until"), stated)


def _secret(kind: Kind, place: Place) -> Iterator[Flaw]:
    if kind.is_sealed:
        yield place.flaw("密封的案件不能公示：一公示，就有人知道有这一件。", expected="请去掉这项公示。", at_key=True)
    elif kind.secrecy is not None:
        yield place.flaw(
            "会保密的案件不能公示：保密以后，公示出去的收不回来。",
            expected="请去掉这项公示，或用 opens（关联立案）开立一种不保密的案件来公示。",
            at_key=True,
        )


def _steps(kind: Kind, rule: Publication, place: Place) -> Iterator[Flaw]:
    """Only steps publish, and only those of the house."""
    for event in dict.fromkeys(moment.subject for moment in rule.starts if moment.noun is MomentNoun.EVENT):
        steps = [step for step in kind.steps.values() if step.event == event]
        if not steps:
            yield place.child("starts").flaw(f"{event} 不是步骤的事件，公示须由一个步骤来办。")
        for step in steps:
            if is_of_outsiders(kind, step):
                yield place.child("starts").flaw(
                    f"步骤 {step.code}（{step.name}）本单位以外的人也能办，公示须由本单位的人办。",
                    expected="请另写一个步骤。",
                )
    both = {moment.subject for moment in rule.starts if moment.where is None} & {
        moment.subject for moment in rule.taken_back if moment.where is None
    }
    for event in sorted(both):
        yield place.flaw(f"{event} 又公示又撤下，等于没有公示。", expected="请用 where（筛选）分开。")


def is_of_outsiders(kind: Kind, step: Step) -> bool:
    """Whether somebody who is no one of the house may take the step."""
    outside = {COMPLAINANT, *(code for code, role in kind.roles.items() if role.outside)}
    named = {who.role for row in step.by.rows for who in row.use}
    return bool(named & outside) or (step.starts_case and kind.portal)


def _fact(kind: Kind, fact: Fact, place: Place, stated: set[str]) -> Iterator[Flaw]:
    named = f"{fact.code}（{fact.name}）"
    if fact.type in {FactType.PERSON, FactType.GROUP}:
        yield place.flaw(f"{named}是人，不能公示。", expected=_INSTEAD)
    elif fact.type not in _SHOWABLE:
        yield place.flaw(
            f"{named}是 {fact.type.value} 类型，不能公示。",
            expected="可以公示文字、数字、金额、日期、时间、单选、多选、是否。",
        )
    elif fact.data is not DataClass.INTERNAL:
        yield place.flaw(f"{named}的数据级别是 {fact.data.value}，不能公示。", expected=_INSTEAD)
    elif fact.type is FactType.TEXT and fact.code in _written_by_outsiders(kind):
        yield place.flaw(f"{named}由本单位以外的人写，里面可能有个人信息，不能公示。", expected=_INSTEAD)
    else:
        kept = next(_kept_behind(kind, fact, set()), None)
        if kept is not None:
            yield place.flaw(
                f"{named}由 {kept.code}（{kept.name}）推算，它的数据级别是 {kept.data.value}，不能公示。",
                expected="可以公示次数、不同个数、合计。",
            )
        yield from _unstated(fact, place, stated)


def _unstated(fact: Fact, place: Place, stated: set[str]) -> Iterator[Flaw]:
    if fact.derive is None and fact.code not in stated:
        yield place.flaw(
            f"没有步骤填写 {fact.code}（{fact.name}），永远公示不出。",
            expected=f"请在一个步骤的 {labelled('asks')} 里要它。",
        )


def linked_words(place: Place, kind: Kind, link: LinkedCase, other: Kind | None) -> Iterator[Flaw]:
    """Why a text that a link carries or brings back cannot be published where it goes: outsiders write it where it
    comes from, or may do so where another policy serves (`other` is None)."""
    if other is not None:
        for code, own in link.carries.items():
            if code in _shown(other) and own in _written_by_outsiders(kind) and _is_text(kind, own):
                yield place.child("carries").flaw(
                    f"{kind.facts[own].name}由本单位以外的人写，带到{other.name}就会公示，里面可能有个人信息。",
                    expected=_INSTEAD,
                )
    for code, theirs in link.brings.items():
        may_be_theirs = other is None or theirs in _written_by_outsiders(other)
        if code in _shown(kind) and may_be_theirs and _is_text(kind, code):
            yield place.child("brings").flaw(
                f"{kind.facts[code].name}从另一件带回，可能由本单位以外的人写，不能公示。", expected=_INSTEAD
            )


def _shown(kind: Kind) -> set[str]:
    return {code for rule in kind.publishes.values() for code in (*rule.title, *rule.says)}


def _is_text(kind: Kind, code: str) -> bool:
    return code in kind.facts and kind.facts[code].type is FactType.TEXT


def _written_by_outsiders(kind: Kind) -> set[str]:
    found: set[str] = set()
    for step in kind.steps.values():
        if is_of_outsiders(kind, step):
            found.update((*kind.asked(step), *step.may_state))
    return found


def _kept_behind(kind: Kind, fact: Fact, seen: set[str]) -> Iterator[Fact]:
    """Facts that not everybody may see and that a derived one would give away."""
    if fact.derive is None or fact.derive.aggregate in _COUNTED or fact.code in seen:
        return
    seen.add(fact.code)
    for code in facts_behind(fact.derive):
        other = kind.facts.get(code)
        if other is not None and other.data is not DataClass.INTERNAL:
            yield other
        elif other is not None:
            yield from _kept_behind(kind, other, seen)
