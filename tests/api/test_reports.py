"""A program outside hands in a report at the signed door."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kesu.core import clock
from kesu.store.models import Account, Case, HouseChange, InboundDelivery, InboundSource, OutboxMessage
from tests import desk
from tests.api.sending import FACTS, Sender
from tests.world import World

pytestmark = pytest.mark.django_db
SOURCES = "/organisation/sources"


def made(world: World, name: str = "市热线平台", unit: str = "qingtang", delivers: str = "reports") -> Sender:
    """By the page, as an administrator makes it; the secret is on the page that answers."""
    kind = "complaint" if delivers == "reports" else ""
    said = {"name": name, "delivers": delivers, "unit": world.units[unit].hex, "kind": kind}
    page = desk.client_of("admin").post(SOURCES, said)
    assert page.status_code == 200, page.content.decode()
    found = re.search(r"whsec_[\w+/=]+", page.content.decode())
    assert found is not None
    return Sender(InboundSource.objects.get(name=name).pk, found[0], delivers)


def changed(sender: Sender, **said: Any) -> None:
    source = InboundSource.objects.get(pk=sender.source_id)
    form = {"name": source.name, "facts": source.facts, "number_fact": source.number_fact, **said}
    page = desk.client_of("admin").post(f"{SOURCES}/{sender.source_id}", form)
    assert page.status_code == 302, page.content.decode()


def test_a_report_becomes_a_case_as_one_that_was_taken_down_at_the_desk() -> None:
    world, _now = desk.opened()
    sender = made(world)

    answer = sender.send("k-1")

    assert answer.status_code == 201, answer.content.decode()
    said = answer.json()
    case = Case.objects.get(number=said["number"])
    assert said == {"number": case.number, "link": f"http://testserver/cases/{case.pk}", "opened": True}
    assert (case.unit.code, case.channel, case.card.title) == ("qingtang", "sent_in", "外墙渗水")
    page = desk.client_of("zhouyining").get(f"/cases/{case.pk}").content.decode()
    assert "由 市热线平台 送来" in page
    assert "首问" not in page, "nobody of the house has heard it yet"


def test_the_same_delivery_again_is_answered_as_the_first_time() -> None:
    world, _now = desk.opened()
    sender = made(world)
    first = sender.send("k-1").json()
    changed(sender, facts=["title"])  # what it may state by now does not matter

    again = sender.send("k-1")
    other = sender.stating(title="别的事").send("k-1")

    assert (again.status_code, again.json()) == (200, {**first, "opened": False})
    assert (other.status_code, other.json()["type"]) == (422, "urn:kesu:problem:key_used_before")
    assert Case.objects.count() == 1


def test_a_number_that_is_known_outside_names_one_case_under_whatever_key() -> None:
    world, _now = desk.opened()
    sender = made(world)
    changed(sender, number_fact="title")

    first = sender.stating(title="SZ-2026 001").send("k-1")
    second = sender.stating(title="ｓｚ-2026001", content="又来一次").send("k-2")
    third = sender.stating(title="SZ-2026 002").send("k-3")

    assert [one.status_code for one in (first, second, third)] == [201, 200, 201]
    assert second.json()["number"] == first.json()["number"] != third.json()["number"]
    assert Case.objects.count() == 2
    page = desk.client_of("admin").get(f"{SOURCES}/{sender.source_id}").content.decode()
    assert f"登记为 {first.json()['number']}" in page
    assert f"已有 {first.json()['number']}" in page


def test_a_number_is_told_to_whoever_types_it_at_the_desk_before_he_registers() -> None:
    world, _now = desk.opened()
    sender = made(world)
    changed(sender, number_fact="title")
    known = sender.stating(title="SZ-2026 001").send("k-1").json()["number"]
    agent = desk.client_of("zhouyining")

    asked = agent.post("/cases/new", desk_form(world, title="sz-2026001"))
    looked = re.findall(r'name="looked" value="([^"]+)"', asked.content.decode())
    live = agent.post("/intake/preview", desk_form(world, title="sz-2026001")).content.decode()

    assert asked.status_code == 200
    assert known in asked.content.decode()
    assert "这个编号已经登记过" in live
    assert Case.objects.count() == 1
    again = agent.post("/cases/new", desk_form(world, title="sz-2026001", looked=looked[0]))
    assert (again.status_code, Case.objects.count()) == (302, 2), "another one after all"


def test_a_number_that_was_typed_at_the_desk_is_known_to_programs_and_a_form_sent_twice_asks_nothing() -> None:
    world, _now = desk.opened()
    sender = made(world)
    changed(sender, number_fact="title")
    agent, typed = desk.client_of("zhouyining"), desk_form(world, title="SZ-2026 007", looked="-")

    answers = [agent.post("/cases/new", typed) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    case = Case.objects.get()
    assert sender.stating(title="SZ-2026007").send("k-9").json()["number"] == case.number


def desk_form(world: World, **changes: str) -> dict[str, str]:
    heard = clock.now() - timedelta(hours=1)
    return {
        **{name: str(text) for name, text in FACTS.items() if name != "person"},
        "person.name": "苏女士",
        "person.phone": "13800002016",
        "token": "t-7",
        "kind": "complaint",
        "unit": world.units["qingtang"].hex,
        "happened_at": f"{heard + timedelta(hours=8):%Y-%m-%dT%H:%M}",
        **changes,
    }


def test_nothing_that_is_not_signed_or_not_new_comes_in() -> None:
    world, _now = desk.opened()
    sender, other = made(world), made(world, "舆情监测")
    body, now = b'{"facts": {}}', str(int(desk.clock.now().timestamp()))
    foreign = Sender(sender.source_id, other.secret)
    answers = {
        "another's secret": foreign.post(body, "k", now),
        "another body": sender.post(body, "k", now, signed=b"{}"),
        "an old time": sender.send(ago=timedelta(minutes=6)),
        "a time to come": sender.send(ago=timedelta(minutes=-6)),
        "no time": sender.post(body, "k", "soon"),
        "no key": sender.post(body, "", now),
        "no source": Sender(UUID(int=1), sender.secret).post(body, "k", now),
        "unsigned": Client().post(f"/api/v1/reports?source={sender.source_id.hex}", b"{}", "application/json"),
    }
    desk.client_of("admin").post(f"{SOURCES}/{other.source_id}/open", {"to": "shut"})
    answers["shut"] = other.send()

    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 401)
    assert all(one["Content-Type"] == "application/problem+json" for one in answers.values())
    assert answers["shut"].json() == answers["no source"].json() == answers["unsigned"].json()
    assert not Case.objects.exists()
    assert not InboundDelivery.objects.exists()
    page = desk.client_of("admin").get(f"{SOURCES}/{sender.source_id}").content.decode()
    assert "次签名不对" in page


def test_a_new_secret_takes_the_place_of_the_old_one() -> None:
    world, _now = desk.opened()
    sender = made(world)

    page = desk.client_of("admin").post(f"{SOURCES}/{sender.source_id}/secret")
    fresh = re.search(r"whsec_[\w+/=]+", page.content.decode())

    assert fresh is not None
    assert sender.send().status_code == 401
    assert Sender(sender.source_id, fresh[0]).send().status_code == 201
    again = desk.client_of("admin").get(f"{SOURCES}/{sender.source_id}").content.decode()
    assert "whsec_" not in again, "shown once"
    kept = InboundSource.objects.get(pk=sender.source_id)
    assert base64.b64decode(fresh[0].removeprefix("whsec_")) not in bytes(kept.secret)
    acts = list(HouseChange.objects.filter(act__startswith="source.").order_by("pk").values_list("act", flat=True))
    assert acts == ["source.created", "source.renewed"]


def test_the_secret_before_lives_on_for_as_long_as_was_said_unless_it_is_ended() -> None:
    world, _now = desk.opened()
    sender, admin = made(world), desk.client_of("admin")
    address = f"{SOURCES}/{sender.source_id}"

    page = admin.post(f"{address}/secret", {"keeps": "hour"}).content.decode()
    fresh = re.search(r"whsec_[\w+/=]+", page)

    assert fresh is not None
    assert sender.send("k-1").status_code == 201
    assert Sender(sender.source_id, fresh[0]).send("k-2").status_code == 201
    assert "还能用" in page
    InboundSource.objects.update(earlier_until=clock.now())
    assert sender.send("k-3").status_code == 401, "its hour is over"
    InboundSource.objects.update(earlier_until=clock.now() + timedelta(hours=1))
    admin.post(f"{address}/secret", {"to": "end"})
    assert sender.send("k-4").status_code == 401
    assert Sender(sender.source_id, fresh[0]).send("k-5").status_code == 201
    assert "还能用" not in admin.get(address).content.decode()
    assert HouseChange.objects.filter(act="source.earlier_ended").count() == 1


def test_what_is_wrong_is_named_with_its_field_and_nothing_is_written() -> None:
    world, _now = desk.opened()
    sender = made(world)
    changed(sender, facts=["channel", "title", "content", "person", "room"])

    answers = {
        "missing": Sender(sender.source_id, sender.secret, facts={"channel": "电话", "title": "x"}).send(),
        "unreadable": sender.stating(channel="烟囱", person={"name": "苏女士", "phone": "不是电话"}).send(),
        "not its": sender.send(),
        "another unit": sender.send(unit="east_engineering"),
        "a member": sender.send(surprise=1),
        "no json": sender.send(body=b"{"),
        "no object": sender.send(body=b"[]"),
        "deep": sender.send(body=b"[" * 200_000),
        "not a number": sender.send(body=b'{"facts": {"title": NaN}}'),
        "a time": sender.send(happened_at="gestern"),
        "a file": sender.send(files=[{"fact": "photos", "name": "a.png", "content": "!"}]),
        "long ago": sender.stating(promised_feedback_at="").send(happened_at="2020-01-01T00:00:00+08:00"),
    }

    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 422)
    said = {name: one.json() for name, one in answers.items()}
    missing = {one["field"]: one for one in said["missing"]["errors"] if "field" in one}
    assert missing["person"]["detail"] == "还没有填投诉人"
    assert {one["field"] for one in said["unreadable"]["errors"]} >= {"promised_feedback_at"}
    assert said["not its"]["errors"][0]["field"] == "promised_feedback_at"
    assert said["no json"]["type"] == "urn:kesu:problem:not_json"
    assert not Case.objects.exists()
    assert not OutboxMessage.objects.exists()
    page = desk.client_of("admin").get(f"{SOURCES}/{sender.source_id}").content.decode()
    assert "投诉人" in page
    assert "烟囱" not in page


def test_words_from_outside_stay_words() -> None:
    world, _now = desk.opened()
    sender = made(world).stating(title="<script>alert(1)</script>", content="http://169.254.169.254/ {{ 7*7 }}")

    answer = sender.send()

    assert answer.status_code == 201
    page = desk.client_of("zhouyining").get(answer.json()["link"]).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_picture_comes_with_it_and_a_bad_one_keeps_all_of_it_out() -> None:
    from tests.access.sample import picture

    world, _now = desk.opened()
    sender = made(world)
    source = InboundSource.objects.get(pk=sender.source_id)
    changed(sender, facts=[*source.facts, "photos"])
    good = {"fact": "photos", "name": "墙面.jpg", "content": base64.b64encode(picture()).decode()}

    bad = sender.send(files=[{**good, "content": base64.b64encode(b"MZ...").decode()}])
    answer = sender.send(files=[good])

    assert (bad.status_code, Case.objects.count()) == (422, 1)
    assert answer.status_code == 201
    assert Case.objects.get().files.count() == 1


def test_the_customers_link_is_told_to_whoever_may_pass_it_on() -> None:
    world, _now = desk.opened()
    sender = made(world)
    changed(sender, gives_link="yes")

    first, again = sender.send("k-1").json(), sender.send("k-1").json()

    assert first["customer_link"] == again["customer_link"]
    assert Client().get(first["customer_link"]).status_code == 200


def test_its_keeper_settles_what_is_stated_for_it() -> None:
    world, _now = desk.opened()
    sender = made(world, unit="east")
    facts = [one for one in InboundSource.objects.get(pk=sender.source_id).facts if one != "channel"]
    changed(sender, facts=facts, **{"fixed.channel": "来访"})
    without = {code: value for code, value in sender.facts.items() if code != "channel"}

    answer = Sender(sender.source_id, sender.secret, facts=without).send(unit="qingtang")

    assert answer.status_code == 201, answer.content.decode()
    case = Case.objects.get(number=answer.json()["number"])
    assert case.unit.code == "qingtang"
    assert sender.send(unit="qingtang").status_code == 422, "it may not say so itself"


def test_a_source_that_sends_too_often_is_told_to_wait(settings: Any) -> None:
    world, _now = desk.opened()
    sender = made(world)
    settings.KESU_SOURCE_LIMIT = "2/hour"

    answers = [sender.send("k") for _ in range(3)]

    assert [one.status_code for one in answers] == [201, 200, 429]
    assert answers[2]["Retry-After"]
    assert answers[2].json()["advice"]


def test_a_program_is_never_answered_with_a_page() -> None:
    desk.opened()
    client = Client()
    answers = [
        client.get("/api/v1/reports"),
        client.post("/api/v1/nothing", b"{}", "application/json"),
        client.post("/api/v1/reports", {"a": "b"}),
        client.post("/api/v1/reports", b"x" * (16 * 1024 * 1024 + 1), "application/json"),
    ]

    assert [one.status_code for one in answers] == [405, 404, 415, 413]
    assert all(one["Content-Type"] == "application/problem+json" and one.json()["title"] for one in answers)


def test_only_whoever_keeps_sources_sees_or_makes_them() -> None:
    world, _now = desk.opened()
    sender = made(world)

    for login in ("zhouyining", "wutong"):
        client = desk.client_of(login)
        assert client.get(SOURCES).status_code == 403
        assert client.post(f"{SOURCES}/{sender.source_id}/secret").status_code == 403
    wrong = desk.client_of("admin").post(SOURCES, {"name": "市热线平台", "delivers": "x", "unit": "y", "kind": ""})
    assert wrong.status_code == 422
    assert "已经有这个名称" in wrong.content.decode()
    assert Account.objects.get(login="admin").is_active
