"""A call rings on the page of whoever has the line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.commands.nightly.clear_arrivals import clear_arrivals
from kesu.store.models import Account, HouseChange, InboundDelivery, RingingCall
from kesu.web.when import hour_minute
from tests import desk
from tests.api.sending import Sender
from tests.api.test_reports import SOURCES, made
from tests.world import World

pytestmark = pytest.mark.django_db
LIVE = "/calls/live"


def rings(sender: Sender, line: str = "8001", call: str = "c-1", caller: str = "13800001234", **more: str) -> int:
    said = {"event": "call.ringing", "call": call, "line": line, "caller": caller, **more}
    return int(sender.send(**said).status_code)


def given_line(world: World, login: str, line: str) -> int:
    account = Account.objects.get(login=login)
    form = {"name": account.name, "login": account.login, "email": account.email, "line": line}
    return int(desk.client_of("admin").post(f"/people/{account.pk}/change", form).status_code)


def test_whoever_has_the_line_sees_it_and_is_led_to_the_form_with_the_number() -> None:
    world, _now = desk.opened()
    assert given_line(world, "zhouyining", " 8001 ") == 302
    sender = made(world, "电话系统", "group", "calls")
    hers, other = desk.client_of("zhouyining"), desk.client_of("xumingche")
    quiet = hers.get("/work").content.decode()

    assert rings(sender) == 202

    shown = hers.get(LIVE).content.decode()
    call = RingingCall.objects.get()
    assert 'id="calls"' in quiet
    assert "电话 138****1234 来电" in shown
    assert "13800001234" not in shown
    assert shown.strip() in hers.get("/work").content.decode(), "without a script too"
    assert 'id="calls"' not in other.get("/work").content.decode(), "who has no line is asked nothing"
    assert "来电" not in other.get(LIVE).content.decode()
    assert 'value="13800001234"' not in other.get(f"/cases/new?call={call.pk.hex}").content.decode()
    assert b"13800001234" not in bytes(call.phone)

    form = hers.get(f"/cases/new?call={call.pk.hex}").content.decode()

    assert 'value="13800001234"' in form
    assert "来电" not in hers.get(LIVE).content.decode(), "she has taken it"


def test_it_is_put_aside_without_the_page_and_is_still_offered_where_cases_are_registered() -> None:
    world, now = desk.opened()
    given_line(world, "zhouyining", "8001")
    sender = made(world, "电话系统", "group", "calls")
    hers, other = desk.client_of("zhouyining"), desk.client_of("xumingche")
    rings(sender)
    call = RingingCall.objects.get()
    told = f'<span class="mute num">{hour_minute(call.at)}</span>'

    assert told in hers.get(LIVE).content.decode()
    other.post("/calls/aside", {"call": call.pk.hex})
    assert "来电" in hers.get(LIVE).content.decode(), "nobody puts aside what rings for another"
    assert call.pk.hex not in other.get("/cases/new").content.decode()
    strip = hers.post("/calls/aside", {"call": call.pk.hex}, headers={"HX-Request": "true"}).content.decode()

    assert 'id="calls"' in strip
    assert "来电" not in strip
    link = f"/cases/new?call={call.pk.hex}"
    page = hers.get("/cases/new").content.decode()
    assert link in page
    assert "13800001234" not in page
    assert 'value="13800001234"' in hers.get(link).content.decode()
    RingingCall.objects.update(at=now - timedelta(hours=1, minutes=1))
    assert link not in hers.get("/cases/new").content.decode()


def test_it_is_told_once_ends_with_the_call_and_is_gone_after_a_day() -> None:
    world, now = desk.opened()
    given_line(world, "zhouyining", "8001")
    sender = made(world, "电话系统", "group", "calls")
    hers = desk.client_of("zhouyining")
    body = {"event": "call.ringing", "call": "c-1", "line": "8001", "caller": ""}

    assert [sender.send("k", **body).status_code for _ in range(2)] == [202, 202]
    assert rings(sender, caller="13900009999") == 202  # the same call under another key
    assert hers.get(LIVE).content.decode().count("不显示号码的来电") == 1
    assert "139****9999" not in hers.get(LIVE).content.decode()
    assert sender.send(event="call.ended", call="c-1").status_code == 202
    assert "来电" not in hers.get(LIVE).content.decode()

    RingingCall.objects.update(at=now - timedelta(days=1), over_at=None)
    call = RingingCall.objects.get()
    assert 'value="13800001234"' not in hers.get(f"/cases/new?call={call.pk.hex}").content.decode()
    assert clear_arrivals(now.date(), now)["calls"] == 1
    assert InboundDelivery.objects.exists()
    assert clear_arrivals(now.date(), now + timedelta(days=91))["deliveries"] == 3
    assert not InboundDelivery.objects.exists()


def test_what_is_wrong_is_named_and_rings_nowhere() -> None:
    world, _now = desk.opened()
    given_line(world, "zhouyining", "8001")
    east = made(world, "电话系统", "group", "calls")
    far = made(world, "另一家的电话系统", "west", "calls")

    assert rings(east, line="9") == rings(far) == rings(east, caller="nobody") == rings(east, event="call.lost") == 422
    assert east.send(event="call.ringing", call="", line="").status_code == 422
    assert Sender(east.source_id, east.secret, "reports").send().status_code == 401, "it hands in no reports"
    assert not RingingCall.objects.exists()
    page = desk.client_of("admin").get(f"{SOURCES}/{east.source_id}").content.decode()
    assert "nobody" not in page


def test_a_line_is_of_one_person_and_ends_with_his_account() -> None:
    world, _now = desk.opened()
    assert given_line(world, "zhouyining", "8001") == 302
    assert given_line(world, "xumingche", "８００１") == 422
    assert given_line(world, "xumingche", "<b>") == 422
    told = HouseChange.objects.filter(act="account.changed").get()
    assert told.after == {"line": "8001"}

    account = Account.objects.get(login="zhouyining")
    desk.client_of("admin").post(f"/people/{account.pk}/shut", {"reason": "离职"})

    assert given_line(world, "xumingche", "8001") == 302
