"""Where cases can go: which stages follow on a moment, who can be found to take a step, what anybody can state."""

from __future__ import annotations

from kesu.policy.language.paths import closure, sources_of, targets_of, ways
from kesu.policy.language.satisfying import facts_stated
from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, WORLD, Step, Who


def stages_from(kind: Kind, moment: Moment) -> set[str]:
    """Every stage in which a case can be at that moment or afterwards."""
    if moment.noun is MomentNoun.STAGE and not moment.became:
        return closure(ways(kind), (moment.subject,))
    if moment.noun is MomentNoun.EVENT and moment.subject not in kind.events:
        steps = [step for step in kind.steps.values() if step.event == moment.subject]
        if steps:
            return closure(ways(kind), [stage for step in steps for stage in _left_in(kind, step)])
    return set(kind.stages)


def _left_in(kind: Kind, step: Step) -> tuple[str, ...]:
    """Where the step leaves the case: at its target, or (where a row of it says so) where it was."""
    if step.to is not None and all(row.use for row in step.to.rows):
        return targets_of(step.to)
    return (*sources_of(kind, step), *targets_of(step.to))


def can_happen(kind: Kind, moment: Moment, stages: set[str], without: set[str]) -> bool:
    """Whether such a moment can still come while the case is in one of these stages. `without`: steps that nobody can
    take."""
    if moment.noun is MomentNoun.STAGE:
        return moment.subject in stages
    if moment.noun is not MomentNoun.EVENT or moment.subject in kind.events:
        return True
    steps = [step for step in kind.steps.values() if step.event == moment.subject]
    if not steps:
        return True  # an event of the engine
    return any(
        step.code not in without and not step.starts_case and stages & set(sources_of(kind, step)) for step in steps
    )


def steps_of_nobody(kind: Kind, *, is_linked: bool = False) -> dict[str, str]:
    """Steps that no one can be found for → the fact that would say who, or the empty text where only the program may
    take it and nothing makes it do so. `is_linked`: another kind opens cases of this one."""
    stated = facts_stated(kind)
    driven = {each.step for duty in kind.duties.values() for each in duty.overdue}
    driven |= {each.step for approval in kind.approvals.values() for each in approval.overdue}
    found: dict[str, str] = {}
    for code, step in kind.steps.items():
        takers = [who for row in step.by.rows for who in row.use]
        named = [_named_by(who) for who in takers]
        if takers and all(fact and fact not in stated for fact in named):
            found[code] = named[0]
        elif step.answers is not None:
            continue
        elif takers and all(who.role in {SYSTEM, WORLD} and not who.group for who in takers):
            is_opened = step.starts_case and (is_linked or kind.schedule is not None)
            if not is_opened and code not in driven:
                found[code] = ""
    return found


def _named_by(who: Who) -> str:
    """The fact without which nobody can be found; the empty text where the role alone says it."""
    return who.group or who.of or ""
