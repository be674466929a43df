"""What was stated several times in the course of a case: the versions of a plan, the rounds of a negotiation."""

from __future__ import annotations

from collections.abc import Iterable

from kesu.access.sight.reading import CaseRead
from kesu.policy.events import Event
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.standing.corrections import standing_events


def stated_again(read: CaseRead) -> list[tuple[list[Step], list[Event]]]:
    """Steps that ask for something in common, as each side's offer, with what was stated by them, twice at least."""
    events = list(standing_events(read.log))
    found = []
    for group in _groups(read.kind):
        codes = {step.code for step in group}
        stated = [event for event in events if event.step in codes]
        if len(stated) > 1:
            found.append((group, stated))
    return found


def is_written_again(kind: Kind, steps: Iterable[Step]) -> bool:
    """Whether each time takes the place of the one before, as a version does, and not its place behind it in a list."""
    laid = {moment.subject for one in kind.approvals.values() for moment in one.of}
    return all(step.to is not None or step.event in laid for step in steps)


def _groups(kind: Kind) -> list[list[Step]]:
    groups: list[list[Step]] = []
    weighed = _weighed(kind)
    for step in kind.steps.values():
        if step.approval is not None or step.starts_case or (step.event not in weighed and step.to is None):
            continue
        asked = set(kind.asked(step))
        if any(kind.facts[code].type is FactType.PERSON for code in asked if code in kind.facts):
            continue  # people stand on a page of their own
        group = next((one for one in groups if any(asked & set(kind.asked(other)) for other in one)), None)
        if group is None:
            groups.append([step])
        else:
            group.append(step)
    return groups


def _weighed(kind: Kind) -> set[str]:
    """The events that are laid before signers, counted or added up: those that only write something down are not."""
    laid = (moment for one in kind.approvals.values() for moment in one.of)
    counted = (moment for fact in kind.facts.values() if fact.derive is not None for moment in fact.derive.of)
    return {moment.subject for moment in (*laid, *counted) if moment.noun is MomentNoun.EVENT}
