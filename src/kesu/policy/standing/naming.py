"""What stands in the way, by kind, code and the name that the pack gives it."""

from __future__ import annotations

from collections.abc import Mapping

from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.standing.results import Missing, MissingKind


def missing(kind: Kind, what: MissingKind, code: str) -> Missing:
    """One missing thing with its Chinese name; the code stands in where the pack has none."""
    return Missing(what, code, _name(kind, what, code))


def missing_moment(kind: Kind, moment: Moment) -> Missing:
    """A moment that has not come: named by the event, duty, approval, notice, level or stage that it is about."""
    match moment.noun:
        case MomentNoun.DUTY:
            return missing(kind, MissingKind.DUTY, moment.subject)
        case MomentNoun.APPROVAL:
            return missing(kind, MissingKind.APPROVAL, moment.subject)
        case MomentNoun.NOTICE:
            return missing(kind, MissingKind.NOTICE, moment.subject)
        case MomentNoun.STAGE:
            return missing(kind, MissingKind.STAGE, moment.subject)
        case MomentNoun.LEVEL:
            return missing(kind, MissingKind.LEVEL, moment.subject)
        case MomentNoun.FACT:
            return missing(kind, MissingKind.FACT, moment.subject)
        case MomentNoun.LINK:
            return missing(kind, MissingKind.LINK, moment.subject)
        case MomentNoun.DRAW:
            return missing(kind, MissingKind.SAMPLE, moment.subject)
        case _:
            return missing(kind, MissingKind.EVENT, moment.subject)


def _name(kind: Kind, what: MissingKind, code: str) -> str:
    if what is MissingKind.EVENT:
        return _event_name(kind, code)
    if what is MissingKind.LEVEL:
        order = kind.levels.order if kind.levels else ()
        return next((level.name for level in order if level.code == code), code)
    named = _named(kind, what).get(code)
    return str(getattr(named, "name", code))


def _named(kind: Kind, what: MissingKind) -> Mapping[str, object]:
    match what:
        case MissingKind.FORM | MissingKind.HANDING_OVER:
            return kind.documents
        case MissingKind.PERSON | MissingKind.ROLE:
            return kind.roles
        case MissingKind.APPROVAL | MissingKind.CONFLICT:
            return kind.approvals
        case MissingKind.DUTY:
            return kind.duties
        case MissingKind.NOTICE:
            return kind.notices
        case MissingKind.STAGE:
            return kind.stages
        case MissingKind.LINK:
            return kind.opens
        case MissingKind.SAMPLE | MissingKind.DRAWN:
            return kind.samples
        case _:
            return kind.facts


def _event_name(kind: Kind, code: str) -> str:
    world = kind.events.get(code)
    if world is not None:
        return world.name
    return next((step.name for step in kind.steps.values() if step.event == code), code)
