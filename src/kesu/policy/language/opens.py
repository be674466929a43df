"""Section `opens`: cases of another kind that the program opens out of this one. With the checks that need both kinds:
whatever the program opens by itself, it must be able to open, and nothing may lead to a sealed case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from kesu.policy.language.cases import read_kind_word
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.publications import linked_words
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.language.sections import COMMON
from kesu.policy.language.steps import read_target
from kesu.policy.language.tables import table_of
from kesu.policy.model.conditions import Condition, MomentNoun, Table
from kesu.policy.model.facts import GRADED, CaseKind, DataClass, Fact, FactType
from kesu.policy.model.opens import STAGE_WORD, LinkedCase
from kesu.policy.model.pack import Kind, takes_cases
from kesu.policy.values import ValueUnreadable, check_length, parse

_KEYS: Final = (*COMMON, "starts", "when", "kind", "place", "carries", "states", "brings", "closed_to")
_STAY: Final = {
    FactType.FILE: "文件留在本件里",
    FactType.GROUP: "小组是按本件的岗位组成的",
}


def read_linked_case(place: Place, scope: Scope) -> LinkedCase:
    fields = Fields(place, scope, _KEYS)
    when: Condition | None = fields.read("when", read_condition, None)
    closed_to: Table[str | None] | None = fields.read("closed_to", table_of(read_target), None)
    kind: CaseKind = fields.need("kind", read_kind_word, CaseKind(""))
    return LinkedCase(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        starts=fields.need("starts", read_moments, ()),
        kind=kind.code,
        kind_name=kind.name,
        is_served=kind.is_served,
        when=when,
        place=fields.read("place", _read_place, None),
        carries=fields.read("carries", _read_carries, {}),
        states=fields.read("states", _read_states, {}),
        brings=fields.read("brings", _read_brings, {}),
        closed_to=closed_to,
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_place(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.UNIT:
        raise place.flaw(f"{fact.code}（{fact.name}）不是单位（unit）类型的事实，不能说明在哪里开立。")
    return fact.code


def _read_carries(place: Place, scope: Scope) -> Mapping[str, str]:
    """`[person, content]` for facts that both have, or `{content: finding_text}`: theirs, then ours."""
    if isinstance(place.node, Map):
        return {entry.key: scope.named("fact", entry) for entry in place.codes()}
    return {code: code for code in scope.each("fact", place)}


def _read_states(place: Place, _: Scope) -> Mapping[str, str]:
    return {entry.key: entry.text() for entry in place.codes()}


def _read_brings(place: Place, scope: Scope) -> Mapping[str, str]:
    found = {}
    for entry in place.codes():
        fact = scope.names.facts[scope.named("fact", entry, entry.key)]
        if fact.is_derived:
            raise entry.flaw(f"{fact.code}（{fact.name}）是推算的事实，不能带回。", at_key=True)
        found[fact.code] = entry.text()
    return found


def check_linked_cases(kinds: Mapping[str, Kind], trees: Map, scopes: Mapping[str, Scope]) -> None:
    """Notes what is wrong with links between the kinds of a pack."""
    for code, kind in kinds.items():
        for link in kind.opens.values():
            place = Place(trees.map(code), "").child("opens").child(link.code, is_code=True)
            for flaw in _flaws(place, kind, link, kinds):
                scopes[code].note(flaw)
    for code in _opening_for_ever(kinds):
        first = next(iter(kinds[code].opens))
        place = Place(trees.map(code), "").child("opens").child(first, is_code=True)
        scopes[code].note(
            place.flaw(
                "一开立就又开立，绕一圈没有尽头。", expected="请让其中一个从开立以后的时刻起，或写 when（条件）。"
            )
        )


def with_names(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds with the names of those that they open, for whoever reads what a rule says."""
    names = {code: kind.name for code, kind in kinds.items()}
    found = {}
    for code, kind in kinds.items():
        opens = {
            each: replace(one, kind_name=one.kind_name or names.get(one.kind, "")) for each, one in kind.opens.items()
        }
        found[code] = replace(kind, opens=opens) if opens else kind
    return found


def _flaws(place: Place, kind: Kind, link: LinkedCase, kinds: Mapping[str, Kind]) -> Iterator[Flaw]:
    if link.is_served:
        if kind.is_sealed:
            yield place.child("kind").flaw(
                "密封的案件不能开出别的制度的案件：那一件会指回来，看得到它的人就知道有这一件。",
                expected="请写本制度里也密封的一种案件。",
            )
        yield from linked_words(place, kind, link, None)
        return
    other = kinds.get(link.kind)
    if other is None:
        if link.kind:
            yield place.child("kind").flaw(
                f"本制度没有案件种类 {link.kind}。",
                expected=f"可用：{'、'.join(kinds)}；要开当地施行的另一部制度的，写 {{served: {link.kind}}}。",
            )
        return
    if kind.is_sealed != other.is_sealed:
        yield place.child("kind").flaw(_why_apart(kind, other), expected="只有密封的案件可以开出密封的案件。")
    if kind.is_sealed and other.is_sealed:
        yield from _hiding_flaws(place, kind, link, other)
    yield from _opening_flaws(place, kind, link, other)
    yield from _brought_flaws(place, kind, link, other)
    yield from linked_words(place, kind, link, other)


def why_not_opened(kind: Kind, link: LinkedCase, other: Kind) -> Iterator[str]:
    """Why a case of a kind that another policy rules could never be opened so: the two are seen together only where it
    is in force. Facts that it does not have are no hindrance: they stay behind."""
    if other.is_sealed:
        yield _why_apart(kind, other)
    for code in other.asked(other.opening) if other.opening is not None else ():
        fact = other.facts.get(code)
        why = _why_unlike(kind, link.carries.get(code, ""), other, code, is_one_pack=False)
        if why or _is_lacking(fact, link):
            yield why or f"开立{other.name}必须填{code}（{fact.name if fact else ''}），程序填不出。"


def _why_apart(kind: Kind, other: Kind) -> str:
    """Why a sealed kind and an open one cannot be linked: each names the other."""
    if other.is_sealed:
        return f"{other.name}是密封的：本件会记下它的代号，看得到本件的人就知道有那一件。"
    return f"{kind.name}是密封的：开出来的{other.name}会指回来，看得到它的人就知道有这一件。"


def _hiding_flaws(place: Place, kind: Kind, link: LinkedCase, other: Kind) -> Iterator[Flaw]:
    """From whom the one is kept, the other must be kept too."""
    hidden = kind.secrecy.hidden_from if kind.secrecy is not None else None
    theirs = other.secrecy.hidden_from if other.secrecy is not None else None
    if hidden is None or (theirs is not None and link.carries.get(theirs) == hidden):
        return
    yield place.flaw(
        f"本件对 {hidden}（{kind.facts[hidden].name}）里的人保密，开出来的{other.name}他们却看得到。",
        expected=f"请在 carries（带去的事实）写 {theirs}: {hidden}。"
        if theirs
        else f"请给{other.name}写 secrecy（保密）的 hidden_from（回避），并把 {hidden} 带去。",
    )


def _opening_flaws(place: Place, kind: Kind, link: LinkedCase, other: Kind) -> Iterator[Flaw]:
    opening = other.opening
    if opening is None:
        return
    asked = other.asked(opening)
    yield from _given_flaws(place, kind, link, other, {*asked, *opening.may_state})
    lacking = [code for code in asked if _is_lacking(other.facts.get(code), link)]
    if lacking:
        named = "、".join(f"{code}（{other.facts[code].name}）" for code in lacking)
        yield place.flaw(
            f"开立{other.name}必须填{named}，程序填不出。",
            expected="请写进 carries（带去的事实）或 states（代填）。",
        )


def _is_lacking(fact: Fact | None, link: LinkedCase) -> bool:
    if fact is None or fact.code in {*link.carries, *link.states}:
        return False
    return fact.default is None and fact.derive is None


def _given_flaws(place: Place, kind: Kind, link: LinkedCase, other: Kind, allowed: set[str]) -> Iterator[Flaw]:
    """`allowed`: what may be stated with the first step of the other kind."""
    for key, given in (("carries", link.carries), ("states", link.states)):
        for code in given:
            why = _why_unknown(other, code, allowed)
            if why:
                yield place.child(key).flaw(why, expected=f"可用：{'、'.join(sorted(allowed))}")
    for code, own in link.carries.items():
        why = _why_unlike(kind, own, other, code)
        if why:
            yield place.child("carries").flaw(why)
        if code in link.states:
            yield place.child("states").flaw(f"{code} 已经从 {own} 带去，不能再代填。")
    for code, text in link.states.items():
        if code in allowed and code in other.facts:
            yield from _stated_flaws(place.child("states"), other.facts[code], text)


def _why_unknown(other: Kind, code: str, allowed: set[str]) -> str:
    if code not in other.facts:
        return f"{other.name}没有事实 {code}。"
    return "" if code in allowed else f"开立{other.name}的步骤不填 {code}（{other.facts[code].name}）。"


def _hides(kind: Kind, code: str) -> bool:
    """Whether cases of the kind are kept from those whom a group fact names."""
    return kind.secrecy is not None and kind.secrecy.hidden_from == code


def _why_unlike(kind: Kind, code: str, other: Kind, other_code: str, *, is_one_pack: bool = True) -> str:
    """Why the value of the one fact cannot be a value of the other."""
    own, theirs = kind.facts.get(code), other.facts.get(other_code)
    is_hidden = is_one_pack and _hides(kind, code) and _hides(other, other_code)
    if own is None or theirs is None:
        return ""
    said = f"{own.code}（{own.name}）带不到 {theirs.code}（{theirs.name}）："
    if own.type is not theirs.type:
        return f"{said}一个是 {own.type.value}，一个是 {theirs.type.value}。"
    is_sealed_group = own.type is FactType.GROUP and own.data is theirs.data is DataClass.SEALED
    if own.type in _STAY and not (is_sealed_group or is_hidden):
        return f"{said}{_STAY[own.type]}。"
    if own.type is FactType.CASE and not takes_cases(kind, own, other, theirs, is_one_pack=is_one_pack):
        return f"{said}那边能填的不是同样几种案件。"
    for one in (own, theirs):
        if one.data is DataClass.RESERVED:
            return f"{said}{one.name}只给写明的岗位看，不从一件带到另一件。"
    if GRADED.index(theirs.data) < GRADED.index(own.data):
        return f"{said}那边的数据级别更低，看不到这边的人会看到它。"
    if theirs.at_least > own.at_least:
        return f"{said}那边至少要 {theirs.at_least} 字。"
    left = [value for value in own.values if value not in theirs.values]
    return f"{said}那边没有“{'”“'.join(left)}”。" if left else ""


def _stated_flaws(place: Place, fact: Fact, text: str) -> Iterator[Flaw]:
    if fact.type in {FactType.PERSON, FactType.FILE, FactType.GROUP, FactType.UNIT, FactType.UNITS, FactType.CASE}:
        yield place.flaw(f"{fact.code}（{fact.name}）是 {fact.type.value} 类型，制度里写不出它的值。")
        return
    try:
        if fact.type is FactType.TEXT:
            check_length(fact, text)
        else:
            parse(fact, text)
    except ValueUnreadable as unreadable:
        values = f"可选：{'、'.join(fact.values)}" if fact.values else ""
        yield place.flaw(f"{fact.code}（{fact.name}）读不懂“{text}”：{unreadable}", expected=values)


def _brought_flaws(place: Place, kind: Kind, link: LinkedCase, other: Kind) -> Iterator[Flaw]:
    for code, theirs in link.brings.items():
        own = kind.facts.get(code)
        if own is None:
            continue
        if theirs == STAGE_WORD:
            yield from _stage_flaws(place.child("brings"), own, other)
        elif theirs not in other.facts:
            yield place.child("brings").flaw(
                f"{other.name}没有事实 {theirs}。", expected=f"写 {STAGE_WORD} 带回它在哪个阶段结束。"
            )
        else:
            why = _why_unlike(other, theirs, kind, code)
            if why:
                yield place.child("brings").flaw(why)


def _stage_flaws(place: Place, own: Fact, other: Kind) -> Iterator[Flaw]:
    ends = [stage.name for stage in other.stages.values() if stage.final]
    if own.type is not FactType.CHOICE or set(ends) - set(own.values):
        yield place.flaw(
            f"{own.code}（{own.name}）装不下{other.name}结束的阶段。",
            expected=f"请写成单选（choice），可选值有：{'、'.join(ends)}。",
        )


def _opening_for_ever(kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Kinds that, as soon as they are opened, lead back to themselves."""
    follows = {
        code: {link.kind for link in kind.opens.values() if _at_once(kind, link)} for code, kind in kinds.items()
    }
    for code in kinds:
        seen: set[str] = set()
        waiting = list(follows[code])
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                waiting.extend(follows.get(each, ()))
        if code in seen:
            yield code


def _at_once(kind: Kind, link: LinkedCase) -> bool:
    events = {step.event for step in kind.steps.values() if step.starts_case}
    starts = (one for one in link.starts if one.noun is MomentNoun.EVENT and one.where is None)
    at_start = any(one.subject in events for one in starts)
    return not link.is_served and link.when is None and at_start
