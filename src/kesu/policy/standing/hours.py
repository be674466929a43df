"""By whose hours something owed is counted: a post may work otherwise than the office."""

from __future__ import annotations

from kesu.policy.calendar import Calendar
from kesu.policy.model.rules import Duty, Who
from kesu.policy.standing.conditions import View, choose
from kesu.policy.standing.grounds import Moved


def hours_of(who: Who, calendar: Calendar) -> Calendar:
    """The calendar of the slot that owes it."""
    return calendar.of_post(who.role) if calendar.posts else calendar


def hours_now(duty: Duty, owner: Who, view: View) -> Calendar:
    """That of the slot which the table of owners names now. What is handed over because it ran over stays as it was
    counted."""
    calendar = view.calendar
    return hours_of(choose(duty.owner, view) or owner, calendar) if calendar.posts else calendar


def why_counted_anew(before: Calendar, whole: Calendar) -> Moved:
    """Another version counts, or another post owes it, whose hours stand in the same one."""
    return Moved.OWNER if any(before is one for one in whole.with_posts()) else Moved.CALENDAR
