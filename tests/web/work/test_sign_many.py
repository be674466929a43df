"""等我签的: several signatures at once with one opinion; what cannot be signed so is named and left."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from kesu.casefile.log import read_bodies
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.model.facts import DataClass
from kesu.store.models import Case, CaseEvent
from tests import desk
from tests.own_packs import changed
from tests.world import calendar

pytestmark = pytest.mark.django_db

NEXT = "  leadership:\n    name: 领导批准\n"
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


@pytest.fixture
def cases() -> list[UUID]:
    world, now = desk.opened()
    return [world.planned(now - timedelta(hours=hours)) for hours in (5, 6, 7)]


def ticks(page: str) -> list[str]:
    return re.findall(r'name="ticked" value="([^"]+)"', page)


def shown(client: Client) -> str:
    return client.get("/approvals").content.decode()


def send(client: Client, page: str, verdict: str = "同意", opinion: str = "", ticked: list[str] | None = None):
    token = re.findall(r'name="form_token" value="([^"]+)"', page)[-1]
    chosen = ticks(page) if ticked is None else ticked
    given = {"ticked": chosen, "verdict": verdict, "opinion": opinion, "form_token": token}
    return client.post("/approvals/sign", given)


def test_what_was_typed_is_not_lost_where_one_could_not_be_signed(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    page = shown(client)
    moved, *_ = ticks(page)
    case, step, version = moved.split("/")

    answer = send(client, page, "退回", "请把工期写清楚", [f"{case}/{step}/{int(version) - 1}"]).content.decode()

    assert "请把工期写清楚" in answer
    assert "data-poll" not in answer.split('id="approvals"')[1].split(">")[0]


def signatures(case: UUID) -> int:
    return CaseEvent.objects.filter(case_id=case, kind="approval.signed").count()


def test_several_are_signed_with_one_opinion(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    page = shown(client)
    assert len(ticks(page)) == 3
    answer = send(client, page, opinion="同意按此办理")
    assert answer.status_code == 200
    assert "3 件已签" in answer.content.decode()
    assert [signatures(case) for case in cases] == [1, 1, 1]
    for case in cases:
        bodies = read_bodies(Case.objects.get(pk=case), [DataClass.INTERNAL.value])
        assert any(texts.get("opinion") == "同意按此办理" for texts in bodies.values())
    assert ticks(shown(client)) == []


def test_what_moved_meanwhile_is_left_and_the_rest_is_signed(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    page = shown(client)
    desk.take(cases[1], "join", "zhouyining", person__name="邻居", person__phone="13800001003")
    said = send(client, page).content.decode()
    assert "2 件已签" in said
    assert "1 件已变，请再看" in said
    number = Case.objects.get(pk=cases[1]).number
    assert f">{number}</a>" in said
    assert [signatures(case) for case in cases] == [1, 0, 1]


def test_the_same_form_sent_twice_signs_once(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    page = shown(client)
    send(client, page)
    assert "3 件已签" in send(client, page).content.decode()
    assert [signatures(case) for case in cases] == [1, 1, 1]


def test_sending_back_asks_for_an_opinion_and_keeps_what_was_ticked(cases: list[UUID]) -> None:
    client = desk.client_of("chenmuzhi")
    page = shown(client)
    answer = send(client, page, verdict="退回", ticked=ticks(page)[:1])
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "退回要写意见" in text
    assert len(re.findall(r'name="ticked"[^>]* checked', text)) == 1
    assert [signatures(case) for case in cases] == [0, 0, 0]


def test_nobody_signs_what_is_not_his_or_what_he_does_not_see(cases: list[UUID]) -> None:
    page = shown(desk.client_of("chenmuzhi"))
    other, stranger = desk.client_of("heqing"), desk.client_of("fangmu")
    assert "3 件现在不能签" in send(other, page).content.decode()
    said = send(stranger, page).content.decode()
    assert not any(Case.objects.get(pk=case).number in said for case in cases)
    assert [signatures(case) for case in cases] == [0, 0, 0]


def test_a_policy_may_want_each_by_itself() -> None:
    world, now = desk.opened()
    own = changed("p10", "complaint.yaml", (NEXT, f"    alone: 是\n{NEXT}"))
    began = now - timedelta(days=1)
    adopt_pack(actor=None, at=began, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)
    made = [world.planned(now - timedelta(hours=hours)) for hours in (5, 6)]
    client = desk.client_of("chenmuzhi")
    page = shown(client)
    assert ticks(page) == []
    sent = [f"{case}/sign_joint_review/{Case.objects.get(pk=case).version}" for case in made]
    answer = client.post("/approvals/sign", {"ticked": sent, "verdict": "同意", "form_token": "a"})
    assert "2 件须逐件签" in answer.content.decode()
    assert [signatures(case) for case in made] == [0, 0]


@pytest.mark.parametrize("sent", ["", "x", "x/y/z", "00000000-0000-0000-0000-000000000000/sign_joint_review/1"])
def test_what_no_list_has_drawn_is_answered_quietly(cases: list[UUID], sent: str) -> None:
    client = desk.client_of("chenmuzhi")
    answer = client.post("/approvals/sign", {"ticked": [sent], "verdict": "同意", "form_token": "a"})
    assert answer.status_code in {200, 422}
    assert [signatures(case) for case in cases] == [0, 0, 0]
