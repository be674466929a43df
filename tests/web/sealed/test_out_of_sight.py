"""A step may take its taker off the list of a report: he is told so, and finds nothing at its address."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests import desk
from tests.web.sealed.test_reports import ANSWERS, address_of_the_case

pytestmark = pytest.mark.django_db


def test_whoever_is_named_by_himself_comes_back_to_the_list() -> None:
    here, _ = desk.opened()
    Client().post(f"/report/{here.units['qingtang']}/whistle_report", ANSWERS)
    address, client = address_of_the_case(), desk.client_of("qiubai")
    page = client.get(f"{address}/steps/supplement").content.decode()
    seen = re.search(r'name="seen_version" value="(\d+)"', page)
    assert seen
    sent = {"seen_version": seen[1], "circumstances": "就是我", "accused": here.member("discipline", "qiubai")}

    answer = client.post(f"{address}/steps/supplement", sent, follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain == [("/sealed", 302)]
    assert "您不再看得到" in answer.content.decode()
    assert client.get(address).status_code == 404
