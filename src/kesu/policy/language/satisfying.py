"""Guards that no course of events could satisfy, as far as that can be seen without playing the case through."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.language.asked import leaves
from kesu.policy.model.conditions import Comparison, FactTest, Moment, MomentNoun
from kesu.policy.model.facts import Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Guard, Need, NeedKind


def guards_that_always_refuse(kind: Kind) -> Iterator[tuple[str, str]]:
    """Guard codes with the reason, in the order of the pack."""
    stated = facts_stated(kind)
    for code, guard in kind.guards.items():
        why = _hindrance(kind, guard, stated)
        if why:
            yield code, why


def facts_stated(kind: Kind) -> set[str]:
    """Facts for which some step, form or event of the world asks, those that come by themselves, and those that linked
    cases and samples bring."""
    found = {code for code, fact in kind.facts.items() if _comes_by_itself(fact)}
    for step in kind.steps.values():
        found.update((*kind.asked(step), *step.may_state))
    for event in kind.events.values():
        found.update(event.facts)
    for link in kind.opens.values():
        found.update(link.brings)
    for sample in kind.samples.values():
        found.update(sample.brings)
    return found


def _comes_by_itself(fact: Fact) -> bool:
    return bool(fact.is_worked_out or fact.adds) or fact.default is not None


def _hindrance(kind: Kind, guard: Guard, stated: set[str]) -> str:
    for leaf in leaves(guard.unless):
        if isinstance(leaf, FactTest) and leaf.fact not in stated and leaf.comparison is not Comparison.UNSTATED:
            return _nobody_states(kind, leaf.fact)
    for need in guard.needs:
        why = _missing(kind, guard, need, stated)
        if why:
            return why
    return ""


def _missing(kind: Kind, guard: Guard, need: Need, stated: set[str]) -> str:
    match need.kind:
        case NeedKind.FACTS | NeedKind.APART:
            return next((_nobody_states(kind, code) for code in need.codes if code not in stated), "")
        case NeedKind.PEOPLE | NeedKind.EACH if need.group is not None and need.group not in stated:
            return _nobody_states(kind, need.group)
        case NeedKind.FORMS:
            return next((_nobody_fills(kind, code) for code in need.codes if not _is_filled(kind, code)), "")
        case NeedKind.EVIDENCE if not any(_is_uploaded(kind, need, code) for code in stated & set(kind.facts)):
            return "没有步骤能上传文件。"
        case NeedKind.HAPPENED | NeedKind.EACH:
            return _waits_for_itself(kind, guard, need.moments)
        case NeedKind.APPROVED:
            opened_by = [moment for code in need.codes for moment in kind.approvals[code].of]
            return _waits_for_itself(kind, guard, tuple(opened_by))
        case _:
            return ""


def _is_uploaded(kind: Kind, need: Need, code: str) -> bool:
    return kind.facts[code].type is FactType.FILE and (not need.codes or code in need.codes)


def _nobody_states(kind: Kind, code: str) -> str:
    return f"没有步骤填写 {code}（{kind.facts[code].name}）。"


def _nobody_fills(kind: Kind, code: str) -> str:
    return f"没有步骤填写文书 {code}（{kind.documents[code].name}）。"


def _is_filled(kind: Kind, document: str) -> bool:
    return any(document in step.forms for step in kind.steps.values())


def _waits_for_itself(kind: Kind, guard: Guard, moments: tuple[Moment, ...]) -> str:
    """An event that only the guarded step itself yields cannot come first. With `when` the guard may come later."""
    if guard.when is not None:
        return ""
    for moment in moments:
        steps = {step.code for step in kind.steps.values() if step.event == moment.subject}
        is_world = moment.subject in kind.events
        if moment.noun is MomentNoun.EVENT and steps and steps <= set(guard.steps) and not is_world:
            return f"它等的 {moment.subject} 只能由它管的步骤自己产生。"
    return ""
