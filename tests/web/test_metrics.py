"""What an operator's machines may know: how the program keeps up, and nothing of what people wrote or reported."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from kesu.commands.operation.beat import beat
from kesu.queries.operation.vital_signs import vital_signs
from kesu.store.models import OutboxMessage
from tests import desk
from tests.access import sample
from tests.web.public.test_submit import ANSWERS
from tests.world import MONDAY, World

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


def read(**more: str) -> str:
    return Client(**more).get("/metrics").content.decode()


def value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} ([\d.e+]+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_it_counts_what_is_open_due_and_late(world: World) -> None:
    world.register("wutong")
    before = vital_signs(at=MONDAY + timedelta(minutes=30))
    after = vital_signs(at=MONDAY + timedelta(hours=2))

    assert (before.open_cases, before.obligations, before.soon, before.late, before.waking) == (1, 1, 1, 0, 0)
    assert (after.late, after.soon, after.waking, after.waking_seconds) == (1, 0, 1, 3600.0)


def test_it_tells_the_age_of_the_oldest_message_in_each_lane(world: World) -> None:
    world.submit()
    signs = vital_signs(at=MONDAY + timedelta(minutes=5))

    lanes = {lane.name: (lane.waiting, lane.oldest_seconds) for lane in signs.lanes}
    assert lanes == {"urgent": (1, 300.0), "normal": (0, 0.0), "digest": (0, 0.0)}
    OutboxMessage.objects.update(state="failed")
    assert vital_signs(at=MONDAY + timedelta(minutes=5)).failed == 1


def test_it_knows_who_is_at_work_and_forgets_who_has_been_gone_for_a_week(world: World) -> None:
    beat(part="worker", process="a:1", started_at=MONDAY, at=MONDAY)
    beat(part="worker", process="a:1", started_at=MONDAY, at=MONDAY + timedelta(seconds=30), failures=2)
    signs = vital_signs(at=MONDAY + timedelta(seconds=40))
    assert [(p.name, p.silent_seconds, p.failures) for p in signs.processes] == [("a:1", 10.0, 2)]

    beat(part="worker", process="a:2", started_at=MONDAY, at=MONDAY + timedelta(days=8))
    assert [p.name for p in vital_signs(at=MONDAY + timedelta(days=8)).processes] == ["a:2"]


def test_it_asks_the_database_as_often_for_many_cases_as_for_one(
    world: World, django_assert_num_queries: object
) -> None:
    for count in (1, 6):
        for n in range(count):
            world.submit(title=f"{count} {n}", person__phone=f"1380000{count:02d}{n:02d}")
        with django_assert_num_queries(6):  # type: ignore[operator]
            vital_signs(at=MONDAY)


def test_it_counts_requests_by_the_name_of_their_address() -> None:
    desk.opened()
    line = 'kesu_requests_total{method="GET",route="front",status="200"}'
    before = value(read(), line)
    Client().get("/")
    assert value(read(), line) == before + 1


def test_it_leaves_no_count_and_no_line_of_a_report(caplog: pytest.LogCaptureFixture) -> None:
    found = sample.build()
    unit = found.world.units["qingtang"]

    def counts() -> list[str]:
        own = (line for line in read().splitlines() if 'route="metrics"' not in line)
        return [re.sub(r"((?:_seconds|oldest_seconds.lane=.\w+..) )[\d.e+-]+", r"\1", line) for line in own]

    before = counts()
    with caplog.at_level(logging.DEBUG):
        answer = Client().post(f"/report/{unit}/whistle_report", {**sample.REPORT, "form_token": "t"})
        Client().post("/report/status", {"code": "AAAA-BBBB"})
        desk.client_of("qiubai").get("/sealed")
        where = {"unit": unit.hex, "kind": "whistle_report", "channel": "来信", "token": "t"}
        taken = desk.client_of("wutong").post("/sealed/new", {**sample.REPORT, **where})
        desk.client_of("qiubai").get(f"/sealed/{uuid4()}/files/{uuid4()}")
    assert (answer.status_code, taken.status_code) == (200, 200)
    assert counts() == before
    assert not [record for record in caplog.records if record.name == "kesu.request"]


def test_it_writes_one_line_a_request_with_the_number_that_the_answer_carries(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world, _ = desk.opened()
    with caplog.at_level(logging.INFO, logger="kesu.request"):
        answer = Client().post(
            f"/submit/{world.units['qingtang']}/complaint", {**ANSWERS, "form_token": "one-time-token-of-a-form"}
        )
    (record,) = [one for one in caplog.records if one.name == "kesu.request"]
    line = str(record.msg)
    assert "public-form" in line
    assert answer.headers["X-Request-ID"] in line
    assert not [secret for secret in (*ANSWERS.values(), answer.headers["Location"]) if secret in line]


def test_it_answers_this_machine_or_whoever_shows_the_token(settings: SettingsWrapper) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 404

    settings.KESU_METRICS_TOKEN = "long-enough"
    assert Client().get("/metrics").status_code == 404
    shown = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer long-enough"}
    assert Client(**shown).get("/metrics").status_code == 200


def test_it_does_not_take_a_proxy_for_this_machine(settings: SettingsWrapper) -> None:
    settings.KESU_BEHIND_PROXY = True
    assert Client(HTTP_X_FORWARDED_FOR="192.0.2.7").get("/metrics").status_code == 404
