"""Section `levels`: an order, rules of which the first that holds wins, and who may raise or lower a level by
hand."""

from __future__ import annotations

from typing import Final

from kesu.policy.events import LEVEL_LOWERED, LEVEL_RAISED
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.names import (
    GENERATED_LEVEL,
    GENERATED_REASON,
    GENERATED_RISE,
    GENERATED_RISE_REASON,
    LOWER,
    RAISE,
)
from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.people import read_people
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, note_bad_code, one_of, read_flag
from kesu.policy.language.sections import COMMON
from kesu.policy.model.conditions import Always, Condition, Table
from kesu.policy.model.parts import parts_of, tells_time
from kesu.policy.model.rules import GENERIC, Level, LevelRule, Levels, Step, Who

_FALLS: Final = ("by_hand", "by_itself")


def read_levels(kind: Map, scope: Scope) -> tuple[Levels | None, tuple[Step, ...]]:
    """The levels of a kind and the generated steps by which a level is moved by hand, where the pack has any."""
    if "levels" not in kind.entries:
        return None, ()
    place = Place(kind, "").child("levels")
    fields = Fields(place, scope, ("order", "falls", "lowered_by", "raised_by", "rules", "clause", "note"))
    order = fields.need("order", _read_order, ())
    rules = fields.need("rules", _read_rules, ())
    lowering: Step | None = fields.read("lowered_by", _read_lowering, None)
    raising: Step | None = fields.read("raised_by", _read_raising, None)
    falls = fields.read("falls", one_of(_FALLS), _FALLS[0])
    levels = Levels(
        order=order,
        rules=rules,
        falls_by_itself=falls == "by_itself",
        lowered_by=lowering.by.rows[0].use[0].role if lowering is not None else None,
        raised_by=raising.by.rows[0].use if raising is not None else (),
    )
    return levels, tuple(step for step in (raising, lowering) if step is not None)


def _read_order(place: Place, scope: Scope) -> tuple[Level, ...]:
    found = []
    for item in place.codes():
        note_bad_code(item, scope)
        found.append(Level(item.key, scope.attempt(lambda at, _: at.text(), item, "")))
    return tuple(found)


def _read_rules(place: Place, scope: Scope) -> tuple[LevelRule, ...]:
    if not isinstance(place.node, Seq) or not place.node.items:
        raise place.flaw(
            "级别规则应是列表，先写的先判：[{level: major, when: …, clause: …}, …, {level: general, else: 是}]。"
        )
    found: list[LevelRule] = []
    has_else = False
    for item in place.items():
        if has_else:
            scope.note(item.flaw("else（其余）后面还有一行，永远轮不到。", expected="请把 else 那一行放在最后。"))
            break
        has_else = isinstance(item.node, Map) and "else" in item.node.entries
        try:
            found.append(_read_rule(item, scope, is_else=has_else))
        except Flaw as flaw:
            scope.note(flaw)
    if not has_else:
        scope.note(
            place.flaw("没有兜底的级别。", expected="请补最后一行 - {level: …, else: 是, clause: …}", at_key=True)
        )
    return tuple(found)


def _read_rule(place: Place, scope: Scope, *, is_else: bool) -> LevelRule:
    fields = Fields(place, scope, (*COMMON, "level", *(("else",) if is_else else ("when", "survives"))))
    when: Condition | None = Always()
    if is_else:
        fields.read("else", read_flag, True)
    else:
        when = fields.need("when", read_condition, None)
    if fields.has("survives") and when is not None and not any(map(tells_time, parts_of(when))):
        scope.note(
            place.child("survives").flaw(
                "这条规则不看时间，案件了结与否都一样。",
                expected="survives（结案后仍有效）只写在有 elapsed（历时）或与今天比的规则上。",
                at_key=True,
            )
        )
    return LevelRule(
        level=fields.need("level", lambda at, on: on.named("level", at), ""),
        when=when or Always(False),
        clauses=fields.clauses(),
        name=fields.maybe_text("name"),
        survives=not is_else and fields.flag("survives"),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_lowering(place: Place, scope: Scope) -> Step:
    fields = Fields(place, scope, ("who", "reason", "clause"))
    role = fields.need("who", lambda at, on: on.named("role", at), "")
    fields.read("reason", one_of(["必填"]), "")
    return Step(
        code=LOWER,
        name="降低级别",
        by=Table.of((Who(role),)),
        event=LEVEL_LOWERED,
        clauses=fields.clauses() or (GENERIC,),
        asks=(GENERATED_LEVEL, GENERATED_REASON),
    )


def _read_raising(place: Place, scope: Scope) -> Step:
    fields = Fields(place, scope, ("who", "reason", "clause"))
    who: tuple[Who, ...] = fields.need("who", read_people, ())
    fields.read("reason", one_of(["必填"]), "")
    return Step(
        code=RAISE,
        name="升高级别",
        by=Table.of(who),
        event=LEVEL_RAISED,
        clauses=fields.clauses() or (GENERIC,),
        asks=(GENERATED_RISE, GENERATED_RISE_REASON),
    )
