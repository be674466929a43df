"""What is owed to the world: the notices, and what the log says was carried out (also reminders and escalations).

That something was done is an event with the effect's key; what is in the log is not owed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kesu.policy.events import DRAW_MADE, DUTY_ESCALATED, DUTY_REMINDED, LINK_OPENED, MEASURE_TAKEN, NOTICE_SENT, Event
from kesu.policy.lasting import lasting
from kesu.policy.model.rules import Notice, Who
from kesu.policy.standing.apart import meant, members_about
from kesu.policy.standing.conditions import View, choose, is_true, matches
from kesu.policy.standing.moments import History, Mark
from kesu.policy.standing.results import Effect, EffectKind

_DONE = frozenset({NOTICE_SENT, DUTY_REMINDED, DUTY_ESCALATED, LINK_OPENED, DRAW_MADE, MEASURE_TAKEN})


@lasting
class OwedNotice:
    """A notice whose moment came: at which instant, and under which stable key."""

    key: str
    notice: Notice
    at: datetime
    to: tuple[Who, ...]


class NoticeBook:
    """The notices that became owed while the log was walked, whether sent since or not."""

    def __init__(self) -> None:
        self.owed: dict[str, OwedNotice] = {}

    def take_over(self, other: NoticeBook, notices: Mapping[str, Notice]) -> None:
        """What was owed under other rules and still is one of these."""
        self.owed = {
            key: replace(one, notice=notices[one.notice.code])
            for key, one in other.owed.items()
            if one.notice.code in notices
        }

    def settle(self, view: View) -> None:
        """The effects stratum of one instant."""
        history = view.history
        for mark in history.marks[history.settled :]:
            for notice, moment in mark.hearers.notices:
                key = f"notice/{notice.code}@{mark.origin}"
                if key in self.owed or not matches(mark, moment, view):
                    continue
                to = notice.to.only if notice.when is None else None
                if to is None:
                    view.start_at = mark.at
                    to = (choose(notice.to, view) or ()) if is_true(notice.when, view) else None
                    view.start_at = None
                    if to is None:
                        continue
                self.owed[key] = OwedNotice(key, notice, view.now, _meant(to, mark, history))


def _meant(to: tuple[Who, ...], mark: Mark, history: History) -> tuple[Who, ...]:
    """Of people who are named for each value of a fact, those of the one that the moment is about."""
    per = next((code for code in history.apart.facts if code in mark.own), None)
    if per is None:
        return to
    members = members_about((per, mark.own[per]), history)
    return tuple(meant(who, members) for who in to)


def keys_done(events: Sequence[Event]) -> frozenset[str]:
    """The keys of the effects that the log says were carried out."""
    return frozenset(str(event.facts["effect"]) for event in events if event.kind in _DONE and "effect" in event.facts)


def notice_effect(owed: OwedNotice) -> Effect:
    """An owed notice as an effect."""
    notice = owed.notice
    return Effect(
        key=owed.key,
        kind=EffectKind.NOTICE,
        code=notice.code,
        at=owed.at,
        to=owed.to,
        clauses=notice.clauses,
        urgent=notice.urgent,
    )
