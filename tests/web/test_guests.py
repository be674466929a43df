"""Outside parties: a link to one's own part of one case, and nothing else of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from kesu.access.guests import secret_for
from kesu.commands.cases.invite_guest import invite_guest
from kesu.commands.cases.withdraw_guest import withdraw_guest
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.store.models import Case, CaseGuest, Note
from tests import desk
from tests.world import World

pytestmark = pytest.mark.django_db


def invited(world: World, case_id: UUID, now: datetime, *, slot: str = "", sees: bool = False, days: int = 7) -> str:
    """The secret of the link."""
    invite_guest(
        actor=world.actor("zhouyining", now.date()),
        at=now,
        case_id=case_id,
        name="某防水公司",
        slot=slot,
        task="请周三前到现场查看",
        ends_at=now + timedelta(days=days),
        sees_person=sees,
        for_customer=False,
    )
    return secret_for(CaseGuest.objects.latest("invited_at").pk)


def opened() -> tuple[World, datetime, UUID]:
    world, now = desk.opened()
    return world, now, world.register(at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED)


def test_he_sees_what_is_asked_of_him_and_nothing_of_the_customer() -> None:
    world, now, case_id = opened()
    page = Client().get(f"/part/{invited(world, case_id, now)}").content.decode()

    assert "请周三前到现场查看" in page
    assert Case.objects.get(pk=case_id).number in page
    for hidden in ("苏女士", "13800002016", "3-1-1702", "客厅东墙发霉"):
        assert hidden not in page


def test_he_sees_name_number_and_room_where_the_customer_agreed() -> None:
    world, now, case_id = opened()
    page = Client().get(f"/part/{invited(world, case_id, now, sees=True)}").content.decode()
    for shown in ("苏女士", "13800002016", "3-1-1702"):
        assert shown in page


def test_both_sides_write_and_the_case_tells_who_said_what() -> None:
    world, now, case_id = opened()
    secret = invited(world, case_id, now)
    answer = Client().post(f"/part/{secret}/words", {"text": "周二下午到"}, follow=True)
    assert "周二下午到" in answer.content.decode()
    guest = CaseGuest.objects.get()
    desk.client_of("zhouyining").post(f"/cases/{case_id}/guests/{guest.pk}/words", {"text": "门卫已登记"})

    assert "门卫已登记" in Client().get(f"/part/{secret}").content.decode()
    timeline = desk.client_of("zhouyining").get(f"/cases/{case_id}").content.decode()
    for said in ("某防水公司", "周二下午到", "致某防水公司：门卫已登记"):
        assert said in timeline


def test_the_customer_reads_nothing_of_it() -> None:
    world, now = desk.opened()
    sent = world.submit(at=now - timedelta(hours=1))
    case_id = Case.objects.get().pk
    secret = invited(world, case_id, now)
    Client().post(f"/part/{secret}/words", {"text": "周二下午到"})
    page = Client().get(f"/follow/{sent.secret}").content.decode()
    for hidden in ("周二下午到", "请周三前到现场查看", "某防水公司"):
        assert hidden not in page


def test_the_same_words_sent_twice_are_kept_once() -> None:
    world, now, case_id = opened()
    secret = invited(world, case_id, now)
    for _ in range(2):
        Client().post(f"/part/{secret}/words", {"text": "周二下午到", "form_token": "same"})
    assert Note.objects.filter(visibility="from_guest").count() == 1


def test_he_takes_the_step_that_the_policy_leaves_to_his_role_in_his_own_name() -> None:
    world, now = desk.opened()
    case_id = world.planned(now - timedelta(hours=5))
    at = now - timedelta(hours=3)
    world.take(case_id, "state_facts", "zhouyining", at, other_company_help="是")
    signed = {"verdict": "同意", "opinion": "同意"}
    world.take(case_id, "sign_joint_review", "chenmuzhi", at + timedelta(minutes=5), **signed)
    secret = invited(world, case_id, now, slot="other_company")

    page = Client().get(f"/part/{secret}").content.decode()
    links = [part.split('"')[0] for part in page.split(f'href="/part/{secret}/steps/')[1:]]
    assert links, "the joint review waits for the other company"
    form = Client().get(f"/part/{secret}/steps/{links[0]}")
    assert form.status_code == 200
    refused = Client().post(f"/part/{secret}/steps/{links[0]}", {})
    assert refused.status_code == 422
    done = Client().post(f"/part/{secret}/steps/{links[0]}", signed, follow=True)

    assert "已提交" in done.content.decode(), done.content.decode()
    assert "某防水公司" in desk.client_of("heqing").get(f"/cases/{case_id}").content.decode()
    assert Client().get(f"/part/{secret}/steps/close").status_code in {302, 404}


def test_a_role_that_the_policy_keeps_in_the_house_is_given_to_nobody_outside() -> None:
    world, now, case_id = opened()
    for slot in ("vp_in_charge", "cs_specialist", "nothing"):
        with pytest.raises(Unacceptable) as refused:
            invited(world, case_id, now, slot=slot)
        assert refused.value.data["fields"] == {"slot": "unknown_row"}


def test_a_link_that_is_over_says_so_and_takes_nothing() -> None:
    world, now, case_id = opened()
    secret = invited(world, case_id, now)
    guest = CaseGuest.objects.get()
    withdraw_guest(actor=world.actor("zhouyining", now.date()), at=now, case_id=case_id, guest_id=guest.pk)

    page = Client().get(f"/part/{secret}")
    assert page.status_code == 409
    assert page.content.decode().count("已经过期或被收回") == 1
    assert Client().post(f"/part/{secret}/words", {"text": "还在吗"}).status_code == 409
    assert not Note.objects.filter(visibility="from_guest").exists()


def test_only_who_may_write_from_the_case_invites() -> None:
    world, now, case_id = opened()
    for login, refusal in (("zhaolang", NotFound), ("gulan", Forbidden)):
        with pytest.raises(refusal):
            invite_guest(
                actor=world.actor(login, now.date()),
                at=now,
                case_id=case_id,
                name="某",
                slot="",
                task="看",
                ends_at=now + timedelta(days=1),
                sees_person=False,
                for_customer=False,
            )


def test_the_page_of_links_gives_one_that_opens() -> None:
    _world, _now, case_id = opened()
    client = desk.client_of("zhouyining")
    day = "2099-01-01"
    sent = {"name": "某防水公司", "slot": "", "task": "请看", "ends": day, "for_customer": "no"}
    assert client.post(f"/cases/{case_id}/guests", sent).status_code == 302
    page = client.get(f"/cases/{case_id}/guests").content.decode()
    link = page.split("http://testserver")[1].split('"')[0]
    assert Client().get(link).status_code == 200
    refused = client.post(f"/cases/{case_id}/guests", {**sent, "ends": "whenever", "name": ""})
    assert refused.status_code == 422
    assert client.post(f"/cases/{case_id}/guests", {**sent, "for_customer": ""}).status_code == 422
