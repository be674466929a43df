"""Moments: a noun and what became of it, as `case.received`, `level.hot`, `duty.survey.met`, `fact.delivered_on`,
`link.finding.closed`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kesu.policy.errors import nearest
from kesu.policy.language.names import ENGINE_EVENTS
from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.conditions import Condition, Moment, MomentNoun
from kesu.policy.model.facts import FactType

BECAME: Final[dict[MomentNoun, tuple[str, ...]]] = {
    MomentNoun.STAGE: ("", "left"),
    MomentNoun.DUTY: ("met", "due", "overdue", "lapsed"),
    MomentNoun.APPROVAL: ("opened", "granted", "refused"),
    MomentNoun.NOTICE: ("sent",),
    MomentNoun.LINK: ("opened", "closed", "reopened"),
    MomentNoun.DRAW: ("made", "done"),
}
"""What may become of what a moment names, as it is written after the last dot; nothing stands for having begun."""
_LEVEL_MOVES: Final = ("raised", "lowered")

ConditionReader = Callable[[Place, Scope], Condition]


def read_moment(place: Place, scope: Scope) -> Moment:
    """`case.received`, or with a filter `{event: case.dispatched, where: {…}}`."""
    if is_parameter(place):
        return _chosen_moment(place, scope)
    if not isinstance(place.node, Map):
        return _plain_moment(place, place.text(), scope)
    fields = Fields(place, scope, ("event", "where"))
    event = fields.get("event")
    if event is None:
        raise place.flaw("缺少 event（事件）。")
    moment = _chosen_moment(event, scope) if is_parameter(event) else _plain_moment(event, event.text(), scope)
    return with_filter(moment, fields.read("where", _condition(), None))


def _chosen_moment(place: Place, scope: Scope) -> Moment:
    """The moment that a parameter holds; all those that could be chosen must exist here."""
    value = parameter_place(place, scope)
    for word in scope.names.parameters[place.child("param").text()].values:
        _plain_moment(place, word, scope)
    return _plain_moment(value, value.text(), scope)


def _condition() -> ConditionReader:
    # Conditions speak of moments and moments of conditions; the import waits until both modules are there.
    from kesu.policy.language.conditions import read_condition

    return read_condition


def with_filter(moment: Moment, where: Condition | None) -> Moment:
    return moment if where is None else Moment(moment.noun, moment.subject, moment.became, where)


def read_moments(place: Place, scope: Scope) -> tuple[Moment, ...]:
    """One moment or a list of moments; also `{any: […]}`."""
    if isinstance(place.node, Map) and tuple(place.node.entries) == ("any",):
        place = place.child("any")
    found: list[Moment] = []
    for item in place.items():
        try:
            found.append(read_moment(item, scope))
        except Flaw as flaw:
            scope.note(flaw)
    if not found and isinstance(place.node, Seq) and not place.node.items:
        raise place.flaw("这里至少要一个时刻，如 case.received。")
    return tuple(found)


def _plain_moment(place: Place, word: str, scope: Scope) -> Moment:
    noun, _, rest = word.partition(".")
    if word in ENGINE_EVENTS or noun not in set(MomentNoun) - {MomentNoun.EVENT}:
        return Moment(MomentNoun.EVENT, scope.named("event", place, word))
    known = MomentNoun(noun)
    if known is MomentNoun.LEVEL:
        return _level_moment(place, rest, scope)
    if known is MomentNoun.FACT:
        return _fact_moment(place, rest, scope)
    subject, _, became = rest.partition(".")
    scope.named(noun, place, subject)
    allowed = BECAME[known]
    if became not in allowed:
        words = [f"{noun}.{subject}.{each}" if each else f"{noun}.{subject}" for each in allowed]
        raise place.flaw(f"没有时刻 {word}。", near=nearest(word, words), expected=f"可用：{'、'.join(words)}")
    return Moment(known, subject, became)


def _level_moment(place: Place, rest: str, scope: Scope) -> Moment:
    if rest in _LEVEL_MOVES:
        return Moment(MomentNoun.LEVEL, "", rest)
    return Moment(MomentNoun.LEVEL, scope.named("level", place, rest, also=_LEVEL_MOVES))


def _fact_moment(place: Place, rest: str, scope: Scope) -> Moment:
    fact = scope.names.facts[scope.named("fact", place, rest)]
    if fact.type not in {FactType.DATE, FactType.TIME}:
        raise place.flaw(f"{fact.code}（{fact.name}）不是日期或时间，不能当时刻用。")
    return Moment(MomentNoun.FACT, fact.code)
