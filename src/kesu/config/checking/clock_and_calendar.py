"""Time: the two clocks, the zones, and whether the adopted calendars know the year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection

from kesu.config.checking.finding import Finding, Said, failure, fine, said, warning
from kesu.policy.calendar import Calendar, CalendarUnreadable, Source
from kesu.policy.calendar.official import official_years
from kesu.store.models import Adoption, CalendarVersion

LARGEST_DIFFERENCE = timedelta(seconds=5)
_DECEMBER = 12


def clock_is_real(ahead: timedelta | None) -> Finding:
    """`ahead`: by how much the program's clock was moved; None where nothing can move it."""
    name = "clock.moved"
    if ahead is None:
        return fine(name, said("程序用真实的时间"))
    return failure(
        name,
        said(
            "程序的时钟可以拨快，现在快 %(seconds)s 秒，记下的时间都不是真的；只许试用，请去掉环境变量 KESU_CLOCK_FILE",
            seconds=round(ahead.total_seconds()),
        ),
    )


def clocks_agree(now: Callable[[], datetime]) -> Finding:
    """`now` is this machine's clock; it is read just before and just after the database's."""
    name = "clock"
    before = now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    after = now()
    assert row is not None
    theirs: datetime = row[0]
    # Within the question's own duration nobody can say who is right.
    apart = max(before - theirs, theirs - after, timedelta())
    if apart > LARGEST_DIFFERENCE:
        seconds = round(apart.total_seconds())
        return failure(
            name,
            said(
                "本机时钟与数据库相差 %(seconds)s 秒，时限会算错；请让两边都用 NTP 对时（本机 %(before)s UTC）",
                seconds=seconds,
                before=f"{before:%F %T}",
            ),
        )
    return fine(name, said("本机时钟与数据库一致"))


def time_zones(names: tuple[str, ...]) -> Finding:
    name = "time-zones"
    for zone in names:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            return failure(
                name, said("没有时区 %(zone)s 的数据，时间会错；请安装操作系统或 Python 的 tzdata", zone=zone)
            )
    return fine(name, said("时区数据齐全"))


def calendars(at: datetime, zone: ZoneInfo) -> Finding:
    """The calendars of the adoptions in force at `at`. From December on they should know the coming year too: what is
    received then is due in it, and its dates are provisional until the calendar knows. A calendar that was adopted
    without public holidays owes none."""
    name = "calendar"
    today = at.astimezone(zone)
    years = (today.year, today.year + 1) if today.month == _DECEMBER else (today.year,)
    known = _in_force(at)
    if not known:
        return _without_adoption(name, today.year)
    late: Finding | None = None
    for row in known:
        try:
            calendar = Calendar.from_document(row.document)
        except CalendarUnreadable as fault:
            return failure(
                name,
                said("日历「%(name)s」读不懂（%(fault)s），时限算不出；请重新采用制度", name=row.name, fault=fault),
            )
        official = {year.number for year in calendar.years if year.source is Source.OFFICIAL}
        for year in years if calendar.years else ():
            if year in official:
                continue
            found = {"name": row.name, "year": year, "advice": _advice(year)}
            if year == today.year:
                wrong = said("日历「%(name)s」没有 %(year)s 年的官方放假安排，时限会算错；%(advice)s", **found)
                return failure(name, wrong)
            late = warning(
                name, said("日历「%(name)s」没有 %(year)s 年的官方放假安排，跨年的时限是暂定的；%(advice)s", **found)
            )
    known_years = said("采用的日历有 %(years)s 年的官方放假安排", years="、".join(map(str, years)))
    return late or fine(name, known_years)


def _in_force(at: datetime) -> list[CalendarVersion]:
    """One row for each calendar that some part of the organisation counts with at `at`."""
    latest: dict[tuple[object, str, str], CalendarVersion] = {}
    rows = Adoption.objects.filter(effective_from__lte=at).select_related("calendar_version")
    for adoption in rows.order_by("effective_from", "id"):
        latest[adoption.unit_id, adoption.kind, adoption.subject] = adoption.calendar_version
    return list({row.version: row for row in latest.values()}.values())


def _without_adoption(name: str, year: int) -> Finding:
    if year not in official_years():
        wrong = said(
            "程序里没有 %(year)s 年的官方放假安排，采用的日历会算错；%(advice)s", year=year, advice=_advice(year)
        )
        return failure(name, wrong)
    return warning(name, said("还没有采用任何制度，投诉收不进来；请写入组织与制度（kesu organisation）"))


def _advice(year: int) -> Said:
    if year in official_years():
        return said("程序里已有这一年的安排，请用 kesu calendar renew 让新日历生效")
    return said("请升级到带有这一年安排的 Kesu，或把官方安排写成文件，再用 kesu calendar renew 让新日历生效")
