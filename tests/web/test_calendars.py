"""The calendar on the screen: its month, a new version with what it moves, and the list of what moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kesu.access.redating import preview_of
from kesu.access.system import every_card
from kesu.casefile.books import calendar_of
from kesu.commands.clock.wake_one import wake_one
from kesu.policy.calendar import Calendar, DayKind, SpecialDay
from kesu.queries.calendars.month_page import month_page
from kesu.queries.calendars.next_year import next_year_unknown
from kesu.queries.work.workbench import workbench
from kesu.store.models import Adoption, CalendarChange, CaseCard, DeadlineMove, Obligation
from tests import desk
from tests.calendars import calendar_in_use
from tests.world import World

pytestmark = pytest.mark.django_db

PLAN = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:{year}0206
DTEND;VALUE=DATE:{year}0213
SUMMARY:春节（休）
END:VEVENT
END:VCALENDAR
"""


def planned() -> tuple[World, datetime, Obligation]:
    """A case of this morning, and what of it is due in working days."""
    world, now = desk.opened()
    case_id = world.planned(now - timedelta(hours=2))
    due = Obligation.objects.filter(case=case_id, is_open=True, due_at__isnull=False).latest("due_at")
    return world, now, due


def draft(html: str, **changes: str) -> dict[str, str]:
    """The form as the page draws it, with some of it written otherwise."""
    from lxml import html as read

    [form] = [one for one in read.fromstring(html).forms if "/edit" in (one.action or "")]
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"} | changes


def test_the_month_shows_what_is_off_and_what_falls_due_and_the_day_lists_it() -> None:
    _world, _now, due = planned()
    day = (due.due_at + timedelta(hours=8, microseconds=-1)).date()
    client = desk.client_of("heqing")
    page = client.get("/calendars", {"month": f"{day:%Y-%m}", "day": day.isoformat()}).content.decode()
    assert due.case.number in page
    assert due.name in page
    october = client.get("/calendars", {"month": "2026-10"}).content.decode()
    assert october.count("国庆节") >= 7
    assert "2199 年" not in client.get("/calendars", {"month": "nonsense", "day": "2026-02-31"}).content.decode()
    stranger = desk.client_of("zhaolang").get("/calendars", {"month": f"{day:%Y-%m}", "day": day.isoformat()})
    assert due.case.number not in stranger.content.decode()


def test_a_month_asks_the_same_however_much_falls_due() -> None:
    world, now, _due = planned()
    actor = desk.actor("heqing")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            month_page(actor=actor, at=now, day=f"{now:%Y-%m-%d}")
        return len(seen)

    before = asked()
    for minutes in range(3):
        world.planned(now - timedelta(hours=3, minutes=minutes))
    assert asked() == before


def test_days_off_are_written_looked_at_and_used_and_every_deadline_that_moved_is_listed() -> None:
    _world, now, due = planned()
    version, admin = calendar_in_use(), desk.client_of("admin")
    first = (now + timedelta(hours=8)).date()
    off = f"{first} 至 {first + timedelta(days=6)} 停电"
    address = f"/calendars/{version}/edit"
    written = draft(admin.get(address).content.decode(), closures=off, reason="园区停电", do="preview")

    seen = admin.post(address, written)
    assert "停电" in seen.content.decode()
    counted = seen.content.decode().partition("可能变的，按单位和类别")[2]
    assert "青棠湾一期" in counted, "he sees no case, and still where and of what kind they are"
    assert due.case.number not in counted
    assert CalendarChange.objects.count() == 0
    assert "请写改的理由" in admin.post(address, written | {"reason": ""}).content.decode()

    made = admin.post(f"/calendars/{version}/save", written)
    change = CalendarChange.objects.get()
    assert made.headers["Location"] == f"/calendars/changes/{change.pk}"
    assert CaseCard.objects.get(pk=due.case_id).counted_with_id == version
    while wake_one(at=desk.clock.now()):
        pass
    move = DeadlineMove.objects.filter(change=change, case=due.case_id, key=due.key).get()
    assert move.due_before == due.due_at < move.due_after
    listed = desk.client_of("heqing").get(f"/calendars/changes/{change.pk}").content.decode()
    assert due.case.number in listed
    assert "园区停电" in listed
    assert move.name in listed
    assert move.name not in _in_english("heqing", f"/calendars/changes/{change.pk}")
    assert due.case.number not in desk.client_of("zhaolang").get(f"/calendars/changes/{change.pk}").content.decode()
    history = desk.client_of("heqing").get(f"/cases/{due.case_id}").content.decode()
    assert "时限改按新日历计算" in history
    assert "原期限" in history
    assert admin.get(f"/calendars/{version}").status_code == 200  # the old version is still there to be read
    assert admin.get(address).status_code == 404  # and no longer to be changed


def _in_english(login: str, address: str) -> str:
    reader = desk.client_of(login)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return reader.get(address).content.decode()


def test_a_file_is_read_into_the_fields_or_refused_with_its_line() -> None:
    planned()
    admin, year = desk.client_of("admin"), desk.clock.now().year + 1
    address = f"/calendars/{calendar_in_use()}/edit"
    written = draft(admin.get(address).content.decode(), do="file")

    def sent(content: str) -> str:
        file = SimpleUploadedFile("a.ics", content.encode())
        return str(admin.post(address, {**written, "file": file}).content.decode())

    assert f"{year}-02-06 至 {year}-02-12 休 春节" in sent(PLAN.format(year=year))
    assert "第 3 行：日期看不懂" in sent(PLAN.format(year=f"{year}-"))
    assert "请选择文件" in admin.post(address, written).content.decode()


def test_from_december_on_whoever_may_adopt_is_told_that_the_next_year_is_unknown() -> None:
    planned()
    december = datetime(2027, 12, 1, tzinfo=UTC)
    assert next_year_unknown(actor=desk.actor("admin"), at=december) == ("工作日历",)
    assert next_year_unknown(actor=desk.actor("admin"), at=december - timedelta(days=3)) == ()
    assert next_year_unknown(actor=desk.actor("heqing"), at=december) == ()


def brought_over() -> None:
    while wake_one(at=desk.clock.now()):
        pass


def test_a_post_that_works_in_shifts_has_its_own_hours_month_and_receipts() -> None:
    world, now, due = planned()
    version, admin, slot = calendar_in_use(), desk.client_of("admin"), due.owner_role
    address = f"/calendars/{version}/edit"
    asked = draft(admin.get(address).content.decode(), post=slot, do="post")
    added = admin.post(address, asked).content.decode()
    weekday = (now + timedelta(hours=8)).strftime("%a").lower()  # of today nobody of it works

    written = draft(added, do="preview", reason="前台轮班") | {f"post.{slot}": "每天 09:00-08:00x"}
    assert "第 1 行：工作时段看不懂" in admin.post(address, written).content.decode()
    written[f"post.{slot}"] = f"{weekday} 00:00-00:01"
    written[f"through.{slot}"] = "yes"
    seen = admin.post(address, written).content.decode()
    assert "岗位自己的工作时间改了" in seen

    admin.post(f"/calendars/{version}/save", written)
    brought_over()
    change = CalendarChange.objects.get()
    moved = Obligation.objects.get(case=due.case_id, key=due.key)
    assert moved.due_at != due.due_at
    keys = set(DeadlineMove.objects.filter(change=change, case=due.case_id).values_list("key", flat=True))
    others = Obligation.objects.filter(case=due.case_id, key__in=keys).exclude(owner_role=slot)
    assert keys
    assert not others.exists()
    login = moved.owners.values_list("account__login", flat=True)[0]
    board = workbench(actor=world.actor(login), at=desk.clock.now())
    line = next(line for group in board.groups for line in group.lines if line.id == moved.pk)
    assert line.calendar.version == calendar_of(change.after_id).of_post(slot).version, "as its receipt does"
    case = desk.client_of("heqing").get(f"/cases/{due.case_id}").content.decode()
    name = calendar_of(change.after_id).posts[0].name
    assert f"：工作日历 · {name}" in case
    month = admin.get(f"/calendars/{change.after_id}", {"post": slot}).content.decode()
    assert f"工作日历 · {name}" in month
    assert "放假也上班" in admin.get(f"/calendars/{change.after_id}").content.decode()

    again = draft(admin.get(f"/calendars/{change.after_id}/edit").content.decode(), do="preview", reason="不轮班了")
    assert again[f"post.{slot}"].endswith("00:00-00:01")
    admin.post(f"/calendars/{change.after_id}/save", again | {f"post.{slot}": ""})
    brought_over()
    assert (calendar_in_use() != change.after_id, calendar_of(calendar_in_use()).posts) == (True, ())


def test_a_calendar_of_one_kind_leaves_the_others_as_they_were() -> None:
    _world, now, due = planned()
    version, admin = calendar_in_use(), desk.client_of("admin")
    kinds = set(Adoption.objects.filter(calendar_version=version).values_list("kind", flat=True))
    other = sorted(kinds - {"complaint"})[0]
    first = (now + timedelta(hours=8)).date()
    off = f"{first} 至 {first + timedelta(days=6)} 停电"
    written = draft(admin.get(f"/calendars/{version}/edit").content.decode(), closures=off, reason="只改一类")
    assert "没有这一类诉件" in admin.post(f"/calendars/{version}/save", written | {"kind": "none"}).content.decode()

    admin.post(f"/calendars/{version}/save", written | {"kind": other})
    brought_over()
    change = CalendarChange.objects.get()
    assert change.kind == other
    assert CaseCard.objects.get(pk=due.case_id).counted_with_id == version == calendar_in_use()
    after = Adoption.objects.filter(calendar_version=change.after_id)
    assert set(after.values_list("kind", flat=True)) == {other}
    assert "只改一类" in admin.get(f"/calendars/changes/{change.pk}").content.decode()

    admin.post(f"/calendars/{version}/save", written | {"kind": "complaint", "reason": "投诉也改"})
    brought_over()
    assert CaseCard.objects.get(pk=due.case_id).counted_with_id == change.after_id == calendar_in_use()


def test_a_preview_opens_no_more_cases_than_it_says_and_counts_them_all() -> None:
    world, now, due = planned()
    world.planned(now - timedelta(hours=1))
    first = (now + timedelta(hours=8)).date()
    shut = tuple(SpecialDay(first + timedelta(days=day), DayKind.CLOSURE, "停电") for day in range(7))

    def preview(most: int) -> tuple[int, int, int]:
        def change(one: Calendar) -> Calendar:
            return replace(one, closures=shut) if one.version == due.case.card.counted_with_id else one

        with transaction.atomic():
            seen = preview_of(change, None, every_card(), now, most=most)
            opened = len({move.case_id for move in seen.moves})
        return opened, seen.in_sight, sum(one.cases for one in seen.touched)

    assert preview(5) == (2, 2, 2)
    assert preview(1) == (1, 2, 2)
