"""Which policy serves where, since when, and who signed for it there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.commands.policies.withdraw_adoption import withdraw_adoption
from kesu.core import clock
from kesu.core.errors import NotFound
from kesu.store.models import Adoption, HouseChange
from tests import desk
from tests.proposing import SIGNERS, propose, sign
from tests.world import World

pytestmark = pytest.mark.django_db


def adopted(world: World, *, since: str = "", approved_by: str = "songwei") -> None:
    at = clock.now()
    proposal = propose(world, at, signers=SIGNERS | {"approved_by": approved_by}, since=since)
    for login in ("zhouyining", "linsheng", approved_by):
        sign(world, proposal, login, at)


def test_the_same_text_is_signed_by_others_elsewhere_and_both_are_shown() -> None:
    world, _now = desk.opened()
    adopted(world)
    page = desk.client_of("admin").get("/policies/adoptions").content.decode()
    assert "批准 宋未" in page
    assert "批准 顾岚" in page
    assert "系统管理员" in page
    assert "提出" in page


def test_what_has_not_begun_is_withdrawn_and_what_has_begun_is_not() -> None:
    world, now = desk.opened()
    adopted(world, since=f"{now.date() + timedelta(days=30)}")
    later = Adoption.objects.get(effective_from__gt=clock.now())
    page = desk.client_of("admin").get("/policies/adoptions").content.decode()
    assert "将施行" in page
    withdraw_adoption(actor=world.actor("admin"), at=now, adoption_id=later.pk)
    assert not Adoption.objects.filter(pk=later.pk).exists()
    assert HouseChange.objects.latest("seq").act == "policy.withdrawn"
    begun = Adoption.objects.filter(effective_from__lte=now).latest("effective_from")
    with pytest.raises(NotFound):
        withdraw_adoption(actor=world.actor("admin"), at=now, adoption_id=begun.pk)
    changes = desk.client_of("admin").get("/organisation/changes").content.decode()
    assert "收回未施行的制度" in changes
    assert "+00:00" not in changes
    assert "compiled_by" not in changes


def test_everything_that_stands_in_the_way_is_said_at_once() -> None:
    world, _now = desk.opened()
    form = {
        "unit": world.units["east_co"].hex,
        "figure.focus_supporters": "很多",
        "periods": "九点到六点",
        "workdays": ["1", "2"],
        "since": "2020-01-01",
        "signature.compiled_by": world.people["zhouyining"].hex,
    }
    answer = desk.client_of("admin").post("/policies/offers/suggestion", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "请写一个数，只用阿拉伯数字，不超出写明的范围",
        "不小于 2",
        "工作时间写得不对",
        "要填今天以后的日子",
        "还没有选由谁签“审核”",
        "还没有选由谁签“批准”",
    ):
        assert said in page
    assert "九点到六点" in page, "what was typed stays"


def test_those_of_another_company_are_not_offered_to_sign() -> None:
    world, _now = desk.opened()
    offer = "/policies/offers/suggestion"
    page = desk.client_of("admin").get(offer, {"unit": world.units["east_co"].hex}).content.decode()
    for login in ("gulan", "zhouyining", "songwei"):
        assert f"（{login}）" in page, "of the company, of its estates and of the group over it"
    for login in ("zhaolang", "jiangyu"):
        assert f"（{login}）" not in page
    whole = desk.client_of("admin").get(offer, {"unit": world.units["group"].hex}).content.decode()
    assert "（jiangyu）" in whole


def test_texts_lists_and_choices_are_set_on_the_page_and_told_when_they_are_wrong() -> None:
    world, _now = desk.opened()
    admin = desk.client_of("admin")
    page = admin.get("/policies/offers/p01").content.decode()
    assert "从收到投诉起" in page
    assert 'value="工程质量、售后服务、其他"' in page
    assert "几项用顿号隔开" in page
    form = {
        "unit": world.units["east_co"].hex,
        "figure.categories": "工程质量、停车",
        "figure.result_start": "case.closed",
        "figure.accept_limit": "1个工作日",
    }
    answer = admin.post("/policies/offers/p01", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这几项写得不对。每一项只写一次，原来规则要用的不能少" in page
    assert "请从列出的里面选" in page
    assert 'value="工程质量、停车"' in page
    assert "这个数写得不对" not in page


def test_a_text_that_fits_into_no_sentence_is_told_at_its_field() -> None:
    world, _now = desk.opened()
    form = {"unit": world.units["east_co"].hex, "figure.hotline": "拨 {title}"}
    page = desk.client_of("admin").post("/policies/offers/p07", form).content.decode()
    assert "写不进句子里。只写一行，最多 200 字，不用大括号" in page
    assert "“来信地址”还没有定" in page
