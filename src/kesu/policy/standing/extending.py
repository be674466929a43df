"""What makes the limit of a duty longer: an event, or the approval of what an event asked for."""

from __future__ import annotations

from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.stretching import Extension
from kesu.policy.standing.moments import EVENT, History, Key, Mark, key_of


def extended_by(rule: Extension) -> Key:
    """The moment from which on the limit is longer."""
    if rule.approval is None:
        return (EVENT, rule.event, "")
    return key_of(Moment(MomentNoun.APPROVAL, rule.approval, "granted"))


def asked_for(rule: Extension, mark: Mark, history: History, begun: Mark) -> Mark | None:
    """What was asked for, where `mark` grants it: the mark itself without an approval, otherwise the last request
    before it. None where that was for another limit, before this one had `begun`."""
    if rule.approval is None:
        return mark
    before = (each for each in reversed(history.of_event(rule.event)) if each.index < mark.index)
    asked = next(before, None)
    return asked if asked is not None and asked.index >= begun.index else None
