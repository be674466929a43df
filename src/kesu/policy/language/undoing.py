"""`merges` and `undo` of a step: into which case it merges this one, and who may take it back how long."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.calendar import Duration
from kesu.policy.language.labels import labelled
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.nodes import Map, Text
from kesu.policy.language.people import read_who
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import AUTHOR, NeedKind, Step, Undo, Who


def read_merges(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.CASE:
        raise place.flaw(f"{fact.code}（{fact.name}）不是另一件诉件（case）类型的事实，不知道并入哪一件。")
    return fact.code


def read_undo(place: Place, scope: Scope) -> tuple[Undo, ...]:
    """`{by: author, within: 24小时}`, or a list of such: each says who, and how long."""
    return tuple(found for item in place.items() if (found := scope.attempt(_read_row, item, None)) is not None)


def _read_row(place: Place, scope: Scope) -> Undo:
    fields = Fields(place, scope, ("by", "within", "clause"))
    within: Duration | None = fields.read("within", read_duration, None)
    return Undo(fields.need("by", _read_people, ()), within, fields.clauses())


def _read_people(place: Place, scope: Scope) -> tuple[Who, ...]:
    return tuple(
        Who(AUTHOR) if isinstance(item.node, Text) and item.text() == AUTHOR else read_who(item, scope)
        for item in place.items()
    )


def check_merging(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A merged case is over, and says where it goes on."""
    for code, step in kind.steps.items():
        if step.merges is None:
            continue
        place = _step(tree, code).child("merges")
        to = step.to.only if step.to is not None else None
        if kind.is_sealed:
            yield place.flaw("密封的案件不能并案：并入的那一件会写明有它。", at_key=True)
        elif step.starts_case:
            yield place.flaw("开立案件的那一步不能并案。", at_key=True)
        elif to is None or not kind.stages[to].final:
            yield place.flaw(
                "并入别的案件以后，这一件就不再另办。", expected="请把 to 写成一个结束的阶段（final: 是）。"
            )
        elif step.merges not in kind.asked(step):
            yield place.flaw(f"这一步不填 {step.merges}，不知道并入哪一件。", expected="请写进 asks（必填事实）。")


def check_named(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """No guard of a sealed case waits for named ones: none can be named there."""
    for code, guard in kind.guards.items():
        if kind.is_sealed and any(need.kind is NeedKind.NAMED_CLOSED for need in guard.needs):
            place = Place(tree, "").child("guards").child(code, is_code=True).child("needs")
            yield place.flaw("密封的案件不能指到别的案件，等不到它结束。", at_key=True)


def check_undoing(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """What the program did on the strength of a step must be undone with it."""
    entered = {
        moment.subject
        for ledger in kind.ledgers.values()
        for moment in (*ledger.plus, *ledger.minus)
        if moment.noun is MomentNoun.EVENT
    }
    for code, step in kind.steps.items():
        why = _why_for_good(kind, step, entered) if step.undo else ""
        if why:
            expected = f"请去掉 {labelled('undo')}，另写一步改正。"
            yield _step(tree, code).child("undo").flaw(f"这一步不能撤销：{why}", expected=expected, at_key=True)


def _why_for_good(kind: Kind, step: Step, entered: set[str]) -> str:
    if kind.is_sealed:
        return "密封的案件没有撤销，写错的另写一条更正。"
    if step.starts_case:
        return "案件由它开立。"
    if step.moves_to is not None:
        return "案件已经移交。"
    if step.hands_over is not None:
        return "文书已经交给客户。"
    return "它记了账。" if step.event in entered else ""


def _step(tree: Map, code: str) -> Place:
    return Place(tree, "").child("steps").child(code, is_code=True)
