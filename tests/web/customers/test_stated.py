"""What is stated of customers, and what of it is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.core import clock
from kesu.store.models import Consent, Customer
from kesu.web import when
from tests import desk
from tests.access import house_samples
from tests.web.customers import forms
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> tuple[World, UUID]:
    """A world with a customer."""
    world, now = desk.opened()
    return world, house_samples.customer(world, now)


def test_a_consent_is_given_today_at_the_latest(known: tuple[World, UUID]) -> None:
    _world, customer = known
    client, today = desk.client_of("zhouyining"), when.local(clock.now()).date()
    given = {"purpose": "给装修公司联系方式", "how": "书面"}
    ahead = client.post(
        f"/customers/{customer}/consents", {**given, "given_on": (today + timedelta(days=1)).isoformat()}
    )
    assert ahead.status_code == 422
    assert "不能晚于今天" in ahead.content.decode()
    assert not Consent.objects.exists()
    told = client.post(f"/customers/{customer}/consents", {**given, "given_on": today.isoformat()})
    assert told.status_code == 302


@pytest.mark.parametrize("number", ["12345", "95588", "110", "+86 12345", "123"])
def test_a_short_number_is_no_telephone_of_a_customer(known: tuple[World, UUID], number: str) -> None:
    world, _customer = known
    given = {"project": world.units["qingtang"].hex, **house_samples.PERSON, "phones": number}
    refused = desk.client_of("zhouyining").post("/customers/new", given)
    assert refused.status_code == 422
    assert "不像电话号码" in refused.content.decode()


@pytest.mark.parametrize("number", ["13900001111", "0571-85551234", "85551234", "400 800 1234", "0571-85551234转8"])
def test_a_number_that_is_taken_is_found_again(known: tuple[World, UUID], number: str) -> None:
    world, _customer = known
    client = desk.client_of("zhouyining")
    given = {"project": world.units["qingtang"].hex, **house_samples.PERSON, "name": "白露", "phones": number}
    assert client.post("/customers/new", given).status_code == 302
    sought = number.partition("转")[0].replace(" ", "")
    assert Customer.objects.count() == 2
    if "转" not in number:
        assert "白露" in client.get("/customers", {"q": sought}).content.decode()


def test_quiet_hours_are_kept_in_one_way(known: tuple[World, UUID]) -> None:
    _world, customer = known
    client = desk.client_of("zhouyining")
    seen = forms.customer_seen(client, customer)
    given = {**house_samples.PERSON, "seen_version": seen, "quiet_from": "２１：００", "quiet_until": "9:00"}
    assert client.post(f"/customers/{customer}/change", given).status_code == 302
    assert "21:00 至 09:00" in client.get(f"/customers/{customer}").content.decode()
    wrong = client.post(f"/customers/{customer}/change", {**given, "quiet_until": "9点"})
    assert "时间写得不对" in wrong.content.decode()


def test_somebody_known_by_his_telephone_is_shown_before_he_is_kept_twice(known: tuple[World, UUID]) -> None:
    world, customer = known
    client = desk.client_of("zhouyining")
    phones = f"13900001111，{house_samples.PERSON['phones']}"
    given = {"project": world.units["qingtang"].hex, **house_samples.PERSON, "name": "苏小姐", "phones": phones}
    asked = client.post("/customers/new", given)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert f'href="/customers/{customer}"' in page
    assert "仍然新建" in page
    assert 'value="苏小姐"' in page
    assert Customer.objects.count() == 1
    assert client.post("/customers/new", {**given, "is_another": "yes"}).status_code == 302
    assert Customer.objects.count() == 2


def test_somebody_of_another_project_is_not_told_of(known: tuple[World, UUID]) -> None:
    world, customer = known
    given = {"project": world.units["huaixu"].hex, **house_samples.PERSON}
    assert desk.client_of("xumingche").post("/customers/new", given).status_code == 302
    assert Customer.objects.exclude(pk=customer).exists()


def test_the_erased_stand_in_the_list_only_where_they_are_asked_for(known: tuple[World, UUID]) -> None:
    world, customer = known
    house_samples.customer(world, clock.now(), name="白露", phones="13900001111")
    client = desk.client_of("linsheng")
    assert client.post(f"/customers/{customer}/erase", {"certain": "yes"}).status_code == 302
    page = client.get("/customers").content.decode()
    assert "共 1 条" in page
    assert "白露" in page
    assert f"/customers/{customer}" not in page
    erased = client.get("/customers?erased=yes").content.decode()
    assert f"/customers/{customer}" in erased
    assert "白露" not in erased
