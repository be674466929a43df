"""抄送我的, 我发起的 and 常用语: who is told how an approval ended, who laid it before the signers, what they write."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.core import clock
from kesu.core.errors import NotNow
from kesu.store.models import Case, CaseParty, OutboxMessage
from tests import blind, desk
from tests.world import World

pytestmark = pytest.mark.django_db

COPIED, OWN, PHRASES = "/approvals/copied", "/approvals/submitted", "/approvals/phrases"


@pytest.fixture
def world() -> World:
    return desk.opened()[0]


def signed(client: Client, case: UUID, step: str, **given: str) -> int:
    form = {"seen_version": Case.objects.get(pk=case).version, "verdict": "同意", **given}
    return client.post(reverse("case-step", args=[case, step]), form, follow=True).status_code


def granted(world: World, hours: int = 5, copy: str = "") -> UUID:
    """A plan that the management granted just now. `copy`: who else is told, as the form offers him."""
    case, leader = world.planned(clock.now() - timedelta(hours=hours)), desk.client_of("gulan")
    assert signed(desk.client_of("chenmuzhi"), case, "sign_joint_review") == 200
    page = leader.get(reverse("case-step", args=[case, "sign_leadership"])).content.decode()
    chosen = {"copy_to_leadership": _offered(page, world, copy)} if copy else {}
    assert signed(leader, case, "sign_leadership", **chosen) == 200
    return case


def test_whoever_is_copied_hears_how_it_ended_and_finds_it_on_his_list_until_he_has_read_it(world: World) -> None:
    case = granted(world, copy="luqiao")
    copies = OutboxMessage.objects.filter(case=case, template="copy")
    assert {one.account_id for one in copies} == {world.people["linsheng"], world.people["luqiao"]}
    parts = CaseParty.objects.filter(case=case, account_id=world.people["luqiao"]).values_list("part", flat=True)
    assert "copied" in parts  # he sees it from now on, wherever his posts reach
    compared = compare_case(case, clock.now())
    assert compared is not None
    assert compared.outcome is Outcome.SAME

    number, client = Case.objects.get(pk=case).number, desk.client_of("luqiao")
    page = client.get(COPIED).content.decode()
    assert number in page
    assert "未看" in page
    assert number not in desk.client_of("zhouyining").get(COPIED).content.decode()
    (copy,) = copies.filter(account_id=world.people["luqiao"]).values_list("pk", flat=True)
    opened = client.post(reverse("approvals-copies-read"), {"copy": copy, "open": "1"})
    assert opened.headers["Location"] == reverse("case-page", args=[case])
    assert '<span class="tag br">' not in client.get(COPIED).content.decode()

    desk.client_of("gulan").post(reverse("approvals-copies-read"), {"copy": copies.exclude(pk=copy).get().pk})
    assert copies.exclude(pk=copy).get().seen_at is None  # somebody else's is left alone


def test_whoever_submits_names_who_is_told_and_nobody_who_works_blind(world: World) -> None:
    blinded = blind.adopt(world, clock.now() - timedelta(hours=9))["xiaowei"].hex
    case = world.planned(clock.now() - timedelta(hours=5))
    refused = {"verdict": "退回", "opinion": "费用不明"}
    assert signed(desk.client_of("chenmuzhi"), case, "sign_joint_review", **refused) == 200
    author, plan = desk.client_of("heqing"), {"plan_text": "写明费用"}
    page = author.get(reverse("case-step", args=[case, "submit_plan"])).content.decode()
    offered = page.partition('name="copy_with_leadership"')[2].partition("</fieldset>")[0]
    assert blinded not in offered
    told = _offered(offered, world, "luqiao")
    with pytest.raises(NotNow):
        desk.take(case, "submit_plan", "heqing", **plan, copy_with_leadership=f"gauger:{blinded}")
    assert signed(author, case, "submit_plan", **plan, copy_with_leadership=told) == 200

    leader = desk.client_of("gulan")
    assert signed(desk.client_of("chenmuzhi"), case, "sign_joint_review") == 200
    assert blinded not in leader.get(reverse("case-step", args=[case, "sign_leadership"])).content.decode()
    with pytest.raises(NotNow):
        desk.take(case, "sign_leadership", "gulan", verdict="同意", copy_to_leadership=f"gauger:{blinded}")
    assert signed(leader, case, "sign_leadership") == 200
    copied = OutboxMessage.objects.filter(case=case, template="copy").values_list("account_id", flat=True)
    assert set(copied) == {world.people["linsheng"], world.people["luqiao"]}


def _offered(page: str, world: World, login: str) -> str:
    """The value by which the page offers somebody."""
    at = page.index(world.people[login].hex)
    return page[page.rindex('"', 0, at) + 1 : at + 32]


def test_lists_ask_no_more_for_more_lines(world: World) -> None:
    granted(world)
    for login, url in (("linsheng", COPIED), ("heqing", OWN)):
        client = desk.client_of(login)

        def asked(url: str = url, client: Client = client) -> int:
            with CaptureQueriesContext(connection) as caught:
                client.get(url)
            return len(caught)

        asked()
        before = asked()
        granted(world, hours=6)
        assert asked() == before


def test_whoever_laid_it_before_the_signers_sees_who_has_it(world: World) -> None:
    case = world.planned(clock.now() - timedelta(hours=5))
    number, client = Case.objects.get(pk=case).number, desk.client_of("heqing")
    page = client.get(OWN).content.decode()
    assert number in page
    assert "等 陈牧之 签" in page
    assert number not in desk.client_of("chenmuzhi").get(OWN).content.decode()
    refused = {"verdict": "退回", "opinion": "费用不明"}
    assert signed(desk.client_of("chenmuzhi"), case, "sign_joint_review", **refused) == 200
    page = client.get(OWN).content.decode()
    assert "已退回" in page
    assert "等 陈牧之 签" not in page


def test_a_phrase_is_put_behind_what_was_written_and_is_nobody_elses(world: World) -> None:
    client = desk.client_of("chenmuzhi")
    assert client.post(PHRASES, {"text": " "}).status_code == 422
    assert client.post(PHRASES, {"text": "长" * 121}).status_code == 422
    assert client.post(PHRASES, {"text": "同意，请按期完成。"}).status_code == 302
    assert client.post(PHRASES, {"text": "同意，请按期完成。"}).status_code == 302  # it is there already
    assert client.get(PHRASES).content.decode().count('name="phrase"') == 1
    assert "请按期完成" not in desk.client_of("gulan").get(PHRASES).content.decode()

    case = world.planned(clock.now() - timedelta(hours=5))
    url = reverse("case-step", args=[case, "sign_joint_review"])
    page = client.get(url).content.decode()
    number = page.partition('value="phrase:')[2].partition('"')[0]
    sent = {"seen_version": Case.objects.get(pk=case).version, "opinion": "注意安全。", "part": f"phrase:{number}"}
    drawn = client.post(url, sent).content.decode()  # no script ran
    assert "注意安全。同意，请按期完成。" in drawn
    assert Case.objects.get(pk=case).version == sent["seen_version"]  # nothing was signed

    desk.client_of("gulan").post(reverse("approvals-phrase-drop"), {"phrase": number})
    assert client.get(PHRASES).content.decode().count('name="phrase"') == 1
    client.post(reverse("approvals-phrase-drop"), {"phrase": number})
    assert client.get(PHRASES).content.decode().count('name="phrase"') == 0
