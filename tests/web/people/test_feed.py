"""One's own deadlines in a calendar program: behind a secret link, no more than he may see, and for no longer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from icalendar import Calendar

from kesu.commands.people.reopen_account import reopen_account
from kesu.commands.people.reset_factors import reset_factors
from kesu.commands.people.shut_account import shut_account
from kesu.store.models import Account, CalendarFeed, HouseChange, Obligation
from kesu.web import visitors
from tests import confidential, desk

pytestmark = pytest.mark.django_db
NOBODY = Client()


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    visitors._COUNTED.storage.reset()


def made(client: Client) -> str:
    """The path of the link that the page shows once."""
    page = client.post("/account/feed").content.decode()
    found = re.search(r'value="https?://[^/"]+(/feed/[^"]+)"', page)
    assert found is not None
    return found[1]


def events(address: str) -> dict[str, dict[str, object]]:
    """By summary: what a calendar program reads."""
    calendar = Calendar.from_ical(NOBODY.get(address).content)
    assert isinstance(calendar, Calendar)
    return {
        str(one["SUMMARY"]): {"uid": str(one["UID"]), "end": one["DTEND"].dt, "status": str(one["STATUS"]),
                              "sequence": int(one["SEQUENCE"])}
        for one in calendar.walk("VEVENT")
    }  # fmt: skip


def owed(case: UUID) -> tuple[str, datetime]:
    """Summary and due instant of what 周以宁 owes there."""
    mine = Obligation.objects.filter(case_id=case, is_open=True, owners__account__login="zhouyining")
    first = mine.select_related("case").filter(due_at__isnull=False).order_by("due_at").first()
    assert first is not None
    assert first.due_at is not None
    return f"{first.name} · {first.case.number}", first.due_at


def test_it_names_what_is_owed_in_its_zone_and_calls_off_what_is_met() -> None:
    world, now = desk.opened()
    case = world.register(at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)
    address = made(desk.client_of("zhouyining"))
    summary, due_at = owed(case)

    first = events(address)[summary]
    assert (first["end"], first["status"]) == (due_at, "CONFIRMED")
    assert first["end"].utcoffset() == timedelta()
    answer = NOBODY.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert NOBODY.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for word in ("外墙渗水", "苏女士", "3-1-1702"):
        assert word not in answer.content.decode()

    world.take(case, "inform", "zhouyining", now - timedelta(minutes=30))
    later = events(address)
    over = later[f"已办：{summary}"]
    assert (over["uid"], over["status"]) == (first["uid"], "CANCELLED")
    assert over["sequence"] > first["sequence"]
    assert summary not in later


def test_a_link_that_was_made_anew_or_taken_back_opens_nothing_any_more() -> None:
    desk.opened()
    client = desk.client_of("zhouyining")
    first = made(client)
    assert NOBODY.get(first).status_code == 200
    second = made(client)
    assert (NOBODY.get(first).status_code, NOBODY.get(second).status_code) == (404, 200)
    assert first.partition("/feed/")[2].removesuffix(".ics") not in str(CalendarFeed.objects.values())
    assert "日历订阅" in client.get("/account/security").content.decode()
    client.post("/account/feed/end")
    assert NOBODY.get(second).status_code == 404
    assert [one.act for one in HouseChange.objects.order_by("-seq")[:2]] == ["factor.removed", "factor.added"]


def test_an_account_that_is_shut_has_no_calendar() -> None:
    desk.opened()
    address = made(desk.client_of("zhouyining"))
    Account.objects.filter(login="zhouyining").update(is_active=False)
    assert NOBODY.get(address).status_code == 404


def test_the_link_goes_with_a_lost_telephone_and_does_not_come_back_with_the_account() -> None:
    world, now = desk.opened()
    who = {"actor": desk.actor("admin"), "at": now, "account_id": world.people["zhouyining"]}
    address = made(desk.client_of("zhouyining"))
    reset_factors(**who)
    assert NOBODY.get(address).status_code == 404

    address = made(desk.client_of("zhouyining"))
    shut_account(**who, on=now.date(), reason="离职")
    reopen_account(**who, on=now.date())
    assert NOBODY.get(address).status_code == 404


def test_a_confidential_case_is_not_in_it_and_goes_without_a_word_when_it_becomes_one() -> None:
    world, now = desk.opened()
    confidential.adopt(world, at=now - timedelta(days=20))
    at = now - timedelta(hours=2)
    case = world.register(at=at, promised_feedback_at=desk.PROMISED)
    hidden = world.register(at=at, promised_feedback_at=desk.PROMISED, legal_support="是")
    number = Obligation.objects.filter(case_id=hidden).values_list("case__number", flat=True)[0]
    address = made(desk.client_of("zhouyining"))

    text = NOBODY.get(address).content.decode()
    assert owed(case)[0] in text
    assert number not in text


def test_a_program_that_looks_all_the_time_is_told_to_wait() -> None:
    desk.opened()
    address = made(desk.client_of("zhouyining"))
    answers = [NOBODY.get(address) for _look in range(61)]
    assert (answers[59].status_code, answers[60].status_code) == (200, 429)
    assert answers[60]["Retry-After"] == "900"
