"""Check of the ways between stages: none that nobody reaches, none from which no end can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kesu.policy.model.conditions import Moment, MomentNoun, Table
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Step

Ways = dict[str, set[str]]


def unreachable_stages(kind: Kind) -> tuple[str, ...]:
    """Stages to which no step and no approval leads, in the order of the pack."""
    reached = closure(ways(kind), (kind.start_stage, *_openings(kind)))
    return tuple(code for code in kind.stages if code not in reached)


def dead_ends(kind: Kind) -> tuple[str, ...]:
    """Stages that are no end and from which no end can be reached."""
    known = ways(kind)
    final = {code for code, stage in kind.stages.items() if stage.final}
    return tuple(code for code in kind.stages if not closure(known, (code,)) & final)


def _openings(kind: Kind) -> tuple[str, ...]:
    """Where the steps that start a case lead."""
    return tuple(target for step in kind.steps.values() if step.starts_case for target in targets_of(step.to))


def targets_of(to: Table[str | None] | None) -> tuple[str, ...]:
    """The stages to which a step may lead."""
    return tuple(row.use for row in to.rows if row.use) if to is not None else ()


def _open_stages(kind: Kind) -> tuple[str, ...]:
    return tuple(code for code, stage in kind.stages.items() if not stage.final)


def sources_of(kind: Kind, step: Step) -> tuple[str, ...]:
    """The stages from which it may be taken."""
    if step.starts_case:
        return ()
    return step.from_stages or _open_stages(kind)


def ways(kind: Kind) -> Ways:
    """Stage → the stages to which a step, an approval or the end of a linked case leads from it."""
    found: Ways = {code: set() for code in kind.stages}
    for step in kind.steps.values():
        _join(found, sources_of(kind, step), targets_of(step.to))
    for approval in kind.approvals.values():
        sources = _stages_of_approval(kind, approval)
        if approval.opened_to is not None:
            _join(found, sources, (approval.opened_to,))
            sources = (approval.opened_to,)
        _join(found, sources, [to for to in (approval.granted_to, approval.refused_to) if to is not None])
    for link in kind.opens.values():
        _join(found, _open_stages(kind), targets_of(link.closed_to))
    return found


def _join(ways: Ways, sources: Iterable[str], targets: Iterable[str]) -> None:
    for source in sources:
        ways.setdefault(source, set()).update(targets)


def _stages_of_approval(kind: Kind, approval: Approval) -> tuple[str, ...]:
    """Stages in which the approval may open: where its moment leaves the case."""
    found: list[str] = []
    for moment in approval.of:
        found.extend(_stages_of_moment(kind, moment))
    return tuple(found)


def _stages_of_moment(kind: Kind, moment: Moment) -> tuple[str, ...]:
    if moment.noun is MomentNoun.STAGE and not moment.became:
        return (moment.subject,)
    if moment.noun is MomentNoun.APPROVAL:
        before = kind.approvals.get(moment.subject)
        if before is not None and before.opened_to is not None:
            return (before.opened_to,)
        return _open_stages(kind)
    if moment.noun is not MomentNoun.EVENT:
        return _open_stages(kind)
    steps = [step for step in kind.steps.values() if step.event == moment.subject]
    return tuple(stage for step in steps for stage in (*sources_of(kind, step), *targets_of(step.to))) or _open_stages(
        kind
    )


def closure(ways: Mapping[str, set[str]], begin: Iterable[str]) -> set[str]:
    """Every stage that can be reached from those, they themselves included."""
    reached: set[str] = set()
    waiting = list(begin)
    while waiting:
        stage = waiting.pop()
        if stage not in reached:
            reached.add(stage)
            waiting.extend(ways.get(stage, ()))
    return reached
