"""Who joins keeps his own room beside his name, however many join after him."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import desk

pytestmark = pytest.mark.django_db


def test_each_of_those_who_joined_keeps_his_room() -> None:
    world, now = desk.opened()
    at = now - timedelta(hours=1)
    case_id = world.register(at=at, promised_feedback_at=desk.PROMISED)
    for number, (name, room) in enumerate((("宁女士", "3-1-1802"), ("丁先生", "3-1-1902")), start=1):
        person = {"person__name": name, "person__phone": f"1380000{number:04d}"}
        world.take(case_id, "join", "zhouyining", at + timedelta(minutes=number), joiner_room=room, **person)

    page = desk.client_of("zhouyining").get(f"/cases/{case_id}").content.decode()
    people = page[page.index('id="people-title"') : page.index('id="facts-title"')]
    assert people.count("加入者房号</dt>") == 2
    assert people.index("1802") < people.index("1902")
