"""Section `steps`: what a person may do, from which stages, what it asks for and where it leads."""

from __future__ import annotations

from typing import Final

from kesu.policy.calendar import Duration, Measure
from kesu.policy.language.credentials import read_credential
from kesu.policy.language.issuing import read_issue
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.moments import read_moment
from kesu.policy.language.nodes import Map
from kesu.policy.language.people import WORDS, read_people
from kesu.policy.language.reading import Fields, Place, Scope, is_event_code, one_of, read_count
from kesu.policy.language.sections import COMMON
from kesu.policy.language.tables import table_of
from kesu.policy.language.undoing import read_merges, read_undo
from kesu.policy.model.conditions import MomentNoun, Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import EVERYONE, Step, Who
from kesu.policy.model.stepping import Handover, Opening

START: Final = "start"
"""The stage before the log has begun: a step `from: [start]` opens the case."""
UNCHANGED: Final = "未变"
_SIGHTS: Final = ("kept", "lost")
"""Whether those who took part before a case moves keep sight of it."""

_KEYS: Final = (
    *COMMON, "by", "from", "to", "moves_to", "event", "asks", "may", "forms", "open_for", "primary", "commutes", "help",
    "hands_over", "merges", "undo", "credential", "issues", "answers",
)  # fmt: skip


def read_step(place: Place, scope: Scope) -> Step:
    fields = Fields(place, scope, _KEYS)
    stages = fields.read("from", _read_stages, ())
    by: Table[tuple[Who, ...]] = fields.need("by", table_of(read_people), Table.of((Who(EVERYONE),)))
    to: Table[str | None] | None = fields.read("to", table_of(read_target), None)
    return Step(
        code=place.key,
        name=fields.need_text("name"),
        by=by,
        event=fields.need("event", _read_event, ""),
        clauses=fields.clauses(),
        from_stages=tuple(stage for stage in stages if stage != START),
        to=to,
        asks=fields.read("asks", _read_stated, ()),
        may_state=fields.read("may", _read_stated, ()),
        forms=fields.each("document", "forms"),
        opening=fields.read("open_for", _read_opening, None),
        starts_case=START in stages,
        primary=fields.flag("primary"),
        help=fields.worded("help"),
        moves_to=fields.read("moves_to", _read_handover, None),
        hands_over=fields.read("hands_over", _document_fact, None),
        commutes=_read_commutes(fields),
        merges=fields.read("merges", read_merges, None),
        undo=fields.read("undo", read_undo, ()),
        credential=fields.read("credential", read_credential, None),
        issues=fields.read("issues", read_issue, None),
        answers=fields.read("answers", _read_event, None),
    )


def _document_fact(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.CHOICE:
        raise place.flaw(f"{fact.code}（{fact.name}）不是单选（choice）类型的事实，不知道交给客户的是哪一份文书。")
    return fact.code


def _read_commutes(fields: Fields) -> bool:
    """Whether several may take the step at once, each without having seen what the others did."""
    commutes = fields.flag("commutes")
    if commutes and (fields.has("to") or fields.has("moves_to") or fields.has("open_for")):
        fields.scope.note(
            fields.place.child("commutes").flaw(
                "换阶段、移交、有次数或时限的步骤，先办后办结果不同，不能几个人同时办。",
                expected="请去掉 commutes，或去掉 to、moves_to、open_for。",
            )
        )
    return commutes


def _read_handover(place: Place, scope: Scope) -> Handover:
    """`receiving_unit`, or `{fact: receiving_unit, sight: lost}`."""
    if not isinstance(place.node, Map):
        return Handover(_unit_fact(place, scope))
    fields = Fields(place, scope, ("fact", "sight"))
    sight = fields.read("sight", one_of(_SIGHTS), _SIGHTS[0])
    return Handover(fields.need("fact", _unit_fact, ""), keeps_sight=sight == _SIGHTS[0])


def _unit_fact(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.UNIT:
        raise place.flaw(f"{fact.code}（{fact.name}）不是单位（unit）类型的事实，不知道移交到哪里。")
    return fact.code


def _read_stages(place: Place, scope: Scope) -> tuple[str, ...]:
    found = [
        scope.attempt(lambda item, _: scope.named("stage", item, also=(START,)), item, "") for item in place.items()
    ]
    if START in found and len(found) > 1:
        scope.note(place.flaw("start 只能单独写：这一步开立案件，之前没有别的阶段。"))
    return tuple(stage for stage in found if stage)


def read_target(place: Place, scope: Scope) -> str | None:
    word = place.text()
    return None if word == UNCHANGED else scope.named("stage", place, also=(UNCHANGED,))


def _read_event(place: Place, _: Scope) -> str:
    word = place.text()
    if not is_event_code(word):
        raise place.flaw(f"事件 {word} 不合规则。", expected="事件写成「名词.过去分词」，如 case.received。")
    return word


def _read_stated(place: Place, scope: Scope) -> tuple[str, ...]:
    """Facts that somebody states: a derived one cannot be among them."""
    codes = scope.each("fact", place)
    for code in codes:
        fact = scope.names.facts[code]
        if fact.is_derived:
            scope.note(place.flaw(f"{code}（{fact.name}）是推算出来的，不能由人填写。"))
    return codes


def _read_opening(place: Place, scope: Scope) -> Opening | None:
    fields = Fields(place, scope, ("since", "after", "within", "times", "late"))
    since = fields.need("since", read_moment, None)
    if since is None:
        return None
    opening = Opening(
        since,
        fields.read("within", read_duration, None),
        fields.read("times", read_count, None),
        fields.read("late", _read_late, None),
        fields.read("after", _read_wait, None),
    )
    if not (fields.has("within") or fields.has("after") or since.noun is MomentNoun.FACT):
        raise place.flaw(
            "不知道开放多久，也不知道要等多久。",
            expected="请写 within（时限），如 15天；要等过多久才可以办的写 after（之后），如 24小时。",
        )
    if fields.has("late") and not fields.has("within"):
        raise place.child("late").flaw("没有 within（时限），就没有逾期。", at_key=True)
    return opening


def _read_wait(place: Place, scope: Scope) -> Duration:
    length = read_duration(place, scope)
    if not length.amount or length.measure is Measure.FIXED:
        raise place.flaw(f'"{length}"不是要等过的时间。', expected="如 24小时、3天、2个工作日。")
    return length


def _read_late(place: Place, scope: Scope) -> str | None:
    if isinstance(place.node, Map):
        fields = Fields(place, scope, ("by",))
        return fields.need("by", lambda at, on: on.named("role", at, also=WORDS), "")
    one_of(["refuse"])(place, scope)
    return None
