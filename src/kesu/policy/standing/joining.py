"""Who joins a group by himself: a role that a clause puts there while a condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kesu.policy.model.facts import GroupAddition, Value
from kesu.policy.standing.conditions import View, earliest, is_true, next_change
from kesu.policy.standing.facts import role_of
from kesu.policy.standing.reads import Reads, Watch

Joining = tuple[tuple[str, GroupAddition], ...]


def with_additions(additions: Joining, view: View) -> Mapping[str, Value]:
    """The facts with the roles that join a group by themselves now."""
    joined = _joined(additions, view)
    return {**view.facts, **joined} if joined else view.facts


def _joined(additions: Joining, view: View) -> dict[str, Value]:
    """The groups that somebody joins by himself, with him. A role that already has a member does not join."""
    groups: dict[str, Value] = {}
    for code, addition in additions:
        present = groups.get(code, view.facts.get(code, ()))
        members = present if isinstance(present, tuple) else ()
        if any(role_of(member) == addition.role for member in members) or not is_true(addition.when, view):
            continue
        groups[code] = (*members, f"{addition.role}:")
    return groups


class Additions:
    """Those who join groups by themselves while the log is walked."""

    def __init__(self, additions: Joining, reads: Reads) -> None:
        self._additions = additions
        self._joined: dict[str, Value] = {}
        self._watch, self._times = Watch(reads, reads_ahead=True), Watch(reads)

    def recount(self) -> None:
        """Another calendar counts."""
        self._watch.recount()
        self._times.recount()

    def settle(self, view: View) -> Mapping[str, Value]:
        """The facts of the view with them; the groups that look otherwise than before join what has moved."""
        if self._watch.has_moved(view):
            self._watch.is_unread = False
            joined = _joined(self._additions, view)
            view.history.moved.update(
                code for code in {**self._joined, **joined} if self._joined.get(code) != joined.get(code)
            )
            self._joined = joined
        return {**view.facts, **self._joined} if self._joined else view.facts

    def next_change(self, view: View) -> datetime | None:
        """When time alone lets somebody join or leave."""
        if self._additions and self._times.has_moved(view):
            self._times.is_unread = False
            changes = (next_change(addition.when, view) for _, addition in self._additions)
            self._times.until = self._watch.until = earliest(changes)
        return self._times.until
