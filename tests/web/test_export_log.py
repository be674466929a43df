"""The record of files that left the house, as its readers see it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.queries.organisation.exports import export_log
from kesu.store.models import Unit
from tests import desk

pytestmark = pytest.mark.django_db


def test_it_says_who_took_which_list_and_how_much_of_it() -> None:
    world, now = desk.opened()
    world.register(at=now, promised_feedback_at=desk.PROMISED)
    unit = world.units["qingtang"].hex
    assert "还没有记录" in desk.client_of("admin").get("/organisation/exports").content.decode()
    taken = desk.client_of("zhouyining").get(f"/cases.xlsx?kind=complaint&state=open&unit={unit}&q=苏女士")
    assert taken.status_code == 200

    page = desk.client_of("admin").get("/organisation/exports").content.decode()
    assert world.actor("zhouyining").name in page
    assert "诉件列表" in page
    assert "1 行，1 行有个人信息" in page
    assert f"种类 投诉；办理 在办；单位 {Unit.objects.get(code='qingtang').name}" in page
    assert "苏女士" not in page, "words of a search may be a name"
    assert "没有这样的记录" in desk.client_of("admin").get("/organisation/exports?q=没有的").content.decode()


def test_it_asks_as_often_for_many_as_for_one() -> None:
    world, now = desk.opened()
    world.register(at=now, promised_feedback_at=desk.PROMISED)
    client = desk.client_of("zhouyining")
    units = [unit.hex for unit in world.units.values()]

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            export_log(actor=world.actor("admin"))
        return len(caught)

    client.get(f"/cases.xlsx?unit={world.units['qingtang'].hex}&kind=complaint")
    one = asked()
    for unit in units * 3:
        client.get(f"/cases.xlsx?unit={unit}&state=open")
    assert asked() <= one
    assert export_log(actor=world.actor("admin")).total == 4
