"""Representatives of those who complain together have what the policy tells the complainant, behind their own links."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from kesu.access.guests import secret_for
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.take_back import take_back
from kesu.commands.messages.send_one import send_one
from kesu.jobs import worker
from kesu.queries.cases.guest_list import guest_list
from kesu.store.models import CaseEvent, CaseGuest, Note, OutboxMessage
from tests import desk
from tests.commands.test_overlays import adopt
from tests.jobs.gateway import open_gateway
from tests.world import World

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
TOLD = "已有结果，请查看"


def grumble(world: World, at: datetime) -> UUID:
    """Three who complain together of something that is talked over with them."""
    case = world.register("wutong", at=at, promised_feedback_at=desk.PROMISED)
    world.take(case, "inform", "wutong", at + MINUTE)
    world.take(case, "register", "zhouyining", at + 2 * MINUTE, customer_type="业主", demand="修好并说明原因")
    for number in ("13800001001", "13800001002"):
        world.take(case, "join", "zhouyining", at + 3 * MINUTE, person__name="邻居", person__phone=number)
    how = {"talk_note": "已电话沟通", "track": "抱怨类", "category": "工程质量"}
    world.take(case, "classify", "zhouyining", at + 4 * MINUTE, **how)
    dept = world.units["east_engineering"].hex
    world.take(case, "assign", "heqing", at + 5 * MINUTE, responsible_dept=dept, task_via="邮件")
    world.take(case, "log_talk", "zhouyining", at + 6 * MINUTE, talk_note="再次说明")
    return case


def named(world: World, case: UUID, at: datetime, phone: str, name: str = "邻居甲") -> CaseGuest:
    """Whoever stands for the others, with the link that the policy gave him."""
    world.take(case, "name_representative", "zhouyining", at, representative__name=name, representative__phone=phone)
    return CaseGuest.objects.filter(case=case).latest("named_seq")


def page_of(guest: CaseGuest) -> str:
    return Client().get(f"/part/{secret_for(guest.pk)}").content.decode()


def test_representatives_have_what_the_policy_tells_the_complainant() -> None:
    world, now = desk.opened()
    adopt(world, "groups", at=now - timedelta(days=29))
    case = grumble(world, now - timedelta(hours=2))
    guest = named(world, case, now - timedelta(hours=1), "13800001001")
    named(world, case, now - timedelta(minutes=59), "13800001001")  # the same person once more
    assert CaseGuest.objects.filter(case=case).count() == 1
    assert TOLD not in page_of(guest)

    clerk, at = world.actor("zhouyining", now.date()), now - timedelta(minutes=30)
    add_note(actor=clerk, at=at, case_id=case, visibility="sent", text="请您本人补一张照片", is_interim=True)
    world.take(case, "explain", "zhouyining", now - timedelta(minutes=20), accepted_by_customer="是")

    page = page_of(guest)
    assert TOLD in page
    assert "邻居甲" in page
    for kept in ("请您本人补一张照片", "苏女士", "13800002016", "3-1-1702"):
        assert kept not in page

    staff = desk.client_of("zhouyining")
    assert "也给代表 1" in staff.get(f"/cases/{case}").content.decode()
    listed = staff.get(f"/cases/{case}/guests").content.decode()
    assert "收到对客户的告知" in listed
    assert f"/part/{secret_for(guest.pk)}" in listed
    (line,) = guest_list(actor=clerk, at=now, case_id=case).guests
    assert line.person.startswith("邻居甲")
    assert "13800001001" not in line.person


def test_whoever_was_named_by_mistake_loses_his_link_and_comes_later_hears_what_is_said_from_then_on() -> None:
    world, now = desk.opened()
    adopt(world, "groups", at=now - timedelta(days=29))
    case = grumble(world, now - timedelta(hours=2))
    wrong = named(world, case, now - timedelta(hours=1), "13800001001")
    seq = CaseEvent.objects.get(case=case, kind="representative.named").seq
    at = now - timedelta(minutes=50)
    take_back(actor=world.actor("zhouyining", now.date()), at=at, case_id=case, seq=seq, reason="记成了别人")
    assert Client().get(f"/part/{secret_for(wrong.pk)}").status_code == 409

    world.take(case, "explain", "zhouyining", now - timedelta(minutes=40), accepted_by_customer="是")
    late = named(world, case, now - timedelta(minutes=30), "13800001002", "邻居乙")
    assert TOLD not in page_of(late)
    assert CaseGuest.objects.get(pk=wrong.pk).withdrawn_at == at


def test_what_goes_to_the_customer_goes_to_his_representatives_too_each_with_his_own_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, now = desk.opened()
    adopt(world, "groups", at=now - timedelta(days=29))
    case = grumble(world, now - timedelta(hours=2))
    guest = named(world, case, now - timedelta(hours=1), "13800001001")
    note = Note.objects.filter(case=case, visibility="sent").latest("at")
    for number in range(2):  # the same reason, computed once more
        row = OutboxMessage(
            key=f"{case}/notice/result/customer",
            recipient="customer",
            case_id=case,
            note=note,
            template="to_customer",
            payload={"ways": ["sms"]},
            created_at=now,
            try_at=now,
        )
        OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
        with open_gateway(monkeypatch, "sms") as sms:
            while send_one(at=now, sender=worker.mail_sender()):
                pass
        assert len(sms.taken) == (0 if number else 2)
        if not number:
            links = {to: words.link for to, words, _key in sms.taken}
            assert links["+8613800001001"].endswith(f"/part/{secret_for(guest.pk)}")
            assert "/part/" not in links["+8613800002016"]
    told = OutboxMessage.objects.get(recipient="representative")
    assert (told.state, told.masked) == ("sent", "138****1001")
