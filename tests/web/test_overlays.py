"""What lies on a policy, and what it says of itself as a document, on its page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kesu.casefile.library import read_library
from kesu.commands.policies.adopt_pack import Offer, adopt_pack
from kesu.core import clock
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.loader import load_pack
from kesu.store.models import Adoption, HouseChange, OverlayAdoption
from tests import desk
from tests.world import World, pack

pytestmark = pytest.mark.django_db
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def adopted(world: World, code: str = "s14", unit: str = "group") -> str:
    return adopt_pack(
        actor=None,
        at=clock.now(),
        unit_id=world.units[unit],
        pack=Offer(code, {}),
        calendar=WorkingHours(),
        signatures=SIGNED,
    )


def page(address: str, login: str = "admin") -> str:
    return desk.client_of(login).get(address).content.decode()


def test_the_page_of_a_policy_shows_what_lies_on_it() -> None:
    world, _now = desk.opened()
    adopted(world)
    serving = Adoption.objects.filter(kind="complaint").latest("pk").policy_version_id

    shown = page(f"/policies/{serving}")

    assert "叠加《客服语言规范》1.0 版" in shown
    assert "只补充，不改动怎样办" in shown
    assert "客服语言规范 第五条2" in shown
    assert "＋ 客服语言规范" in page("/policies")
    assert "＋ 客服语言规范" in page("/policies/adoptions")


def test_an_overlay_shows_its_own_rules_where_it_lies_and_is_lifted_there() -> None:
    world, _now = desk.opened()
    overlay = adopted(world)

    shown = page(f"/policies/{overlay}")
    assert "叠加在各单位的主制度之上" in shown
    assert "通用规则" not in shown
    assert "不再叠加" not in page(f"/policies/{overlay}", "zhouyining")

    row = OverlayAdoption.objects.get()
    answer = desk.client_of("admin").post(f"/policies/overlays/{row.pk}/lift")
    assert answer.status_code == 302
    assert HouseChange.objects.latest("seq").act == "policy.lifted"
    assert "起不再叠加" in page(f"/policies/{overlay}")
    assert Adoption.objects.filter(kind="complaint").latest("pk").policy_version_id == pack("p10").hash


def test_an_overlay_is_offered_with_what_it_does_to_other_policies() -> None:
    desk.opened()
    shown = page("/policies/offers/s14")
    assert "叠加在各单位的主制度之上" in shown
    assert "客服专员" not in shown


def test_a_text_is_looked_at_for_its_words_while_it_is_typed() -> None:
    """A reminder beside the form; the step is taken all the same."""
    from kesu.queries.cases.preview import preview_step

    world, _now = desk.opened()
    adopted(world)
    now = clock.now()
    case = world.register(at=now)

    found = preview_step(
        actor=world.actor("zhouyining", now.date()),
        at=now,
        case_id=case,
        step="take_note",
        given={"reply_text": ("不归我们管",)},
    )

    said = [(one.says, one.mode.value, [clause.printed for clause in one.clauses]) for one in found.refusals]
    assert ("不说生硬、推责、怪客户的话", "warn", ["客服语言规范 第五条2"]) in said


def test_the_page_of_a_policy_keeps_its_record_of_revisions() -> None:
    """Date, version, what was changed, and the posts that modified, reviewed and approved it."""
    desk.opened()
    shown = page(f"/policies/{pack('p10').hash}")
    assert "修订记录" in shown
    for part in ("2026-01-05", "首次发布", "修改：客户服务部", "审核：客户服务部负责人", "批准：主管副总裁"):
        assert part in shown


def test_the_page_says_when_a_trial_is_looked_at_again_and_which_document_comes_first() -> None:
    world, _now = desk.opened()
    head = 'trial: {review_after: 12个月, clause: "0a"}\nyields_to: {packs: 全部, clause: "0d"}\n'
    texts = {code: dict(files) for code, files in read_library().texts.items()}
    texts["p10"]["pack.yaml"] += head
    began = datetime(2026, 3, 2, 2, tzinfo=UTC)
    tried = adopt_pack(
        actor=None,
        at=began,
        unit_id=world.units["east_co"],
        pack=load_pack(texts, "p10"),
        calendar=WorkingHours(),
        signatures=SIGNED,
    )

    shown = page(f"/policies/{tried}")

    assert "试行，施行满 12 个月（2027-03-02）后评估" in shown
    assert "规定不一致时，以公司其他制度为准" in shown


def test_the_page_says_what_the_policy_on_policies_misses() -> None:
    world, _now = desk.opened()
    assert "要求写明" not in page(f"/policies/{pack('p10').hash}")
    for role in ("supervision", "intake_head"):
        fill(world, role)

    adopted(world, "p03")

    assert "《地产公司投诉管理制度》二、2要求写明：投诉方式" in page(f"/policies/{pack('p10').hash}")


def fill(world: World, slot: str) -> None:
    from kesu.casefile.adoption import fill_slot

    fill_slot(slot, ["cs_manager"])
