"""The page of the organisation: every form says what became of it, and what was not chosen is asked for."""

from __future__ import annotations

import pytest
from django.test import Client

from kesu.core import clock
from kesu.store.models import Account, PostHolding, Role, Unit
from tests import desk

pytestmark = pytest.mark.django_db


def told(client: Client, address: str, **given: str) -> str:
    return client.post(address, given, follow=True).content.decode()


def test_every_form_of_the_organisation_says_what_became_of_it() -> None:
    world, _now = desk.opened()
    admin, unit = desk.client_of("admin"), world.units["qingtang"].hex
    account = Account.objects.get(login="linsheng").pk.hex
    assert "已新建" in told(admin, "/organisation/units", unit=unit, kind="department", name="新部")
    made = Unit.objects.get(name="新部")
    changed = {"name": "新部二", "code": made.code, "is_public": "no", "is_closed": "no"}
    assert "已保存" in told(admin, f"/organisation/units/{made.pk}", **changed)
    assert "已移动" in told(admin, f"/organisation/units/{made.pk}/move", inside=world.units["east_co"].hex)
    assert "已任职" in told(admin, "/organisation/posts", unit=made.pk.hex, role="cs_dept", account=account)
    held = PostHolding.objects.get(post__unit=made)
    assert "已卸任" in told(admin, f"/organisation/posts/{held.pk}/end", unit=made.pk.hex)
    assert "已新建" in told(admin, "/organisation/roots", kind="property", name="某物业")
    assert "已新建" in told(admin, "/roles", name="巡查员", code="ｐａｔｒｏｌ")
    assert Role.objects.get(name="巡查员").code == "patrol"
    assert "已保存" in told(admin, "/roles/patrol", rights="house:organisation:read")
    assert "已保存" in told(admin, "/slots/cs_specialist", roles="patrol")


def test_a_role_and_a_person_that_nobody_chose_are_asked_for() -> None:
    world, _now = desk.opened()
    page = told(desk.client_of("admin"), "/organisation/posts", unit=world.units["qingtang"].hex, role="", account="")
    assert "请选一项" in page
    assert "这里可以填的诉件" not in page


def test_a_slot_that_nobody_fills_leads_to_where_somebody_is_given_it() -> None:
    desk.opened()
    day = clock.now().date()
    PostHolding.objects.filter(post__fills__slot="cs_specialist").update(until_on=day.replace(year=day.year - 1))
    admin = desk.client_of("admin")
    offered = admin.get("/policies/offers/p10").content.decode()
    assert 'href="/slots?slot=cs_specialist#slot-title"' in offered
    page = admin.get("/slots?slot=cs_specialist").content.decode()
    assert "/organisation?role=cs_specialist#post-title" in page
    chosen = admin.get("/organisation?role=cs_specialist").content.decode()
    assert '<option value="cs_specialist" selected' in chosen
