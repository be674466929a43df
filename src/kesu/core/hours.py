"""Hours of the day that come round: until when somebody is left alone, and when what may wait reaches him."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo


def left_alone_until(at: datetime, first: time | None, last: time | None, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours in which `at` lies; None outside of them. They may run over midnight."""
    if first is None or last is None or first == last:
        return None
    local = at.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    is_over_midnight = first > last
    is_quiet = clock >= first or clock < last if is_over_midnight else first <= clock < last
    if not is_quiet:
        return None
    on = local.date() + timedelta(days=1) if is_over_midnight and clock >= first else local.date()
    return datetime.combine(on, last, zone)


def next_at(at: datetime, hour: time, zone: tzinfo) -> datetime:
    """The next instant after `at` at which clocks in `zone` show `hour`."""
    local = at.astimezone(zone)
    today = datetime.combine(local.date(), hour, zone)
    return today if today > at else datetime.combine(local.date() + timedelta(days=1), hour, zone)


def end_of_minute(at: datetime) -> datetime:
    """The full minute that `at` is, or that comes next."""
    full = at.replace(second=0, microsecond=0)
    return full if full == at else full + timedelta(minutes=1)
