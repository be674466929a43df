"""Two people, or two tabs of one, change the same customer or room."""

from __future__ import annotations

from uuid import UUID

import pytest

from kesu.store.models import CustomerReading
from tests import desk
from tests.access import house_samples
from tests.web.customers import forms
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> tuple[World, UUID, UUID]:
    """A world with a room and a customer of it."""
    world, now = desk.opened()
    return world, house_samples.room(world, now), house_samples.customer(world, now)


def test_the_second_tab_of_a_customer_loses_nothing(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    client = desk.client_of("zhouyining")
    address = f"/customers/{customer}/change"
    both = {**house_samples.PERSON, "seen_version": forms.customer_seen(client, customer)}
    assert client.post(address, {**both, "occupation": "医生"}).status_code == 302
    late = client.post(address, {**both, "contact": "听松路 8 号"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "别人已经改过这里" in page
    assert "职业：教师 → 医生" in page
    assert 'value="听松路 8 号"' in page
    assert 'value="医生"' in page
    assert CustomerReading.objects.filter(customer_id=customer, what="shown").count() == 2
    again = {**both, "occupation": "医生", "contact": "听松路 8 号", "seen_version": forms.version(page)}
    assert client.post(address, again).status_code == 302
    shown = client.post(f"/customers/{customer}/shown").content.decode()
    assert "医生" in shown
    assert "听松路 8 号" in shown


def test_what_both_wrote_into_one_field_stays_as_typed(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    client = desk.client_of("zhouyining")
    address = f"/customers/{customer}/change"
    both = {**house_samples.PERSON, "seen_version": forms.customer_seen(client, customer)}
    client.post(address, {**both, "occupation": "医生"})
    page = client.post(address, {**both, "occupation": "律师"}).content.decode()
    assert 'value="律师"' in page
    assert "职业：教师 → 医生" in page


def test_a_room_linked_meanwhile_is_in_nobodys_way(house: tuple[World, UUID, UUID]) -> None:
    world, _room, customer = house
    client = desk.client_of("zhouyining")
    seen = forms.customer_seen(client, customer)
    project = world.units["qingtang"].hex
    client.post(f"/customers/{customer}/rooms", {"project": project, "room": "3-1-1702", "relation": "owner"})
    given = {**house_samples.PERSON, "occupation": "医生", "seen_version": seen}
    assert client.post(f"/customers/{customer}/change", given).status_code == 302


def test_a_refused_form_still_knows_what_it_had_seen(house: tuple[World, UUID, UUID]) -> None:
    _world, _room, customer = house
    client = desk.client_of("zhouyining")
    address = f"/customers/{customer}/change"
    both = {**house_samples.PERSON, "seen_version": forms.customer_seen(client, customer)}
    client.post(address, {**both, "occupation": "医生"})
    refused = client.post(address, {**both, "phones": "12"})
    assert refused.status_code == 422
    assert forms.version(refused.content.decode()) == both["seen_version"]


def test_the_second_tab_of_a_room_loses_nothing(house: tuple[World, UUID, UUID]) -> None:
    world, room, _customer = house
    client = desk.client_of("zhouyining")
    seen = forms.room_seen(client, room)
    both = {"project": world.units["qingtang"].hex, **house_samples.ROOM, "seen_version": seen}
    assert client.post(f"/rooms/{room}", {**both, "occupancy": "let"}).status_code == 302
    late = client.post(f"/rooms/{room}", {**both, "phase": "二期"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "使用情况：自住 → 出租" in page
    assert 'value="二期"' in page
    again = {**both, "occupancy": "let", "phase": "二期", "seen_version": forms.version(page)}
    assert client.post(f"/rooms/{room}", again).status_code == 302
    kept = client.get(f"/rooms/{room}").content.decode()
    assert "二期" in kept
    assert "出租" in kept
