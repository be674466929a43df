"""Posts change hands by the day: what lists show of their open cases follows in the morning."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kesu.casefile.rest import wake_under_moved_posts


@transaction.atomic
def hand_over(*, since: date, on: date, at: datetime) -> int:
    """Has the open cases woken that lie under a post which somebody took up or gave up between the days `since` and
    `on` (of the organisation's zone). Returns how many; safe to repeat."""
    return wake_under_moved_posts(since, on, at)
