"""A reward of a company: nobody outside stands behind it, and it is for its people, wherever they work."""

from __future__ import annotations

from datetime import timedelta

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.store.models import Case, Post, PostHolding
from tests.web.cases.conftest import NOW, SignIn
from tests.world import World, calendar, pack

SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def test_its_page_has_nothing_for_a_customer_and_its_form_offers_the_people_of_the_projects(
    here: World, sign_in: SignIn
) -> None:
    place, began = here.units["east_co"], NOW - timedelta(days=29)
    leader = Post.objects.create(unit_id=place, role="reward_leader", name="负责人")
    for slot in ("handling_team", "dept_handler", "management", "publication_reviewer"):
        leader.fills.create(slot=slot)
    PostHolding.objects.create(post=leader, account_id=here.people["gulan"], from_on=began.date())
    adopt_pack(actor=None, at=began, unit_id=place, pack=pack("p11"), calendar=calendar(), signatures=SIGNED)
    client, where = sign_in("linsheng"), f"unit={place.hex}&kind=staff_reward"

    form = client.get(f"/cases/new?{where}").content.decode()

    agent, stranger = here.member("cs_specialist", "zhouyining"), here.member("cs_specialist", "zhaolang")
    assert agent in form
    assert stranger not in form, "he works for another company"
    said = {"title": "停电夜逐户上门", "merit": "每户都说明了", "reward_form": "表扬", "nominees": agent}
    sent = {"unit": place.hex, "kind": "staff_reward", "form_token": "reward-1", **said}
    assert client.post("/cases/new", sent).status_code == 302
    client.post("/cases/new", {**sent, "form_token": "reward-2", "merit": "又一次，每户都说明了"})
    assert Case.objects.filter(kind="staff_reward").count() == 2

    page = client.get(f"/cases/{Case.objects.filter(kind='staff_reward').latest('number').pk}").content.decode()

    assert "停电夜逐户上门" in page
    assert "/follow/" not in page
    assert "可能是同一件事" not in page
    assert "给客户发消息" not in page
    assert "内部记录" in page
