"""Roles and their rights: read on a desk and on a telephone, in any language, and why a slot is still empty."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kesu.casefile.adoption import slots_offered
from kesu.commands.organisation.create_administrator import create_administrator
from kesu.core import clock
from kesu.store.models import Account
from tests import desk

pytestmark = pytest.mark.django_db
FIRST = {"login": "chen", "name": "陈立", "password": "kesu-first-2026", "organisation": "青棠集团"}


def first_day() -> Client:
    """Somebody has just set the program up; no policy was adopted."""
    create_administrator(at=clock.now(), code=None, **FIRST)
    return desk.client_of("chen")


def test_the_rights_of_a_role_are_written_out_for_telephones() -> None:
    desk.opened()
    page = desk.client_of("admin").get("/roles").content.decode()
    row = re.search(r'href="/roles/call_operator".*?</tr>', page, re.DOTALL)
    assert row
    cells = row[0].split('class="wide only-sm')
    assert len(cells) == 2
    assert "<b>诉件</b> 登记诉件" in cells[1]


def test_a_role_says_that_no_policy_is_in_force_yet_and_where_one_is_put_in_force() -> None:
    page = first_day().get("/roles/system_admin").content.decode()
    assert "还没有制度在施行" in page
    assert 'href="/policies/offers"' in page


def test_a_role_says_nothing_of_it_once_a_policy_is_adopted() -> None:
    desk.opened()
    admin = desk.client_of("admin")
    assert "还没有制度在施行" not in admin.get("/roles/call_operator").content.decode()
    made = admin.post("/roles", {"name": "档案员", "code": "hall_keeper"}, follow=True).content.decode()
    assert "还没有制度在施行" not in made
    assert "在“制度里的岗位”里定由哪些角色担任" in made


def test_the_first_administrators_role_is_named_in_the_readers_language() -> None:
    admin = first_day()
    own = f"/people/{Account.objects.get().pk}"
    for language, name in (("en", "System administrator"), ("zh-hant", "系統管理員"), ("zh-hans", "系统管理员")):
        admin.post("/language", {"language": language, "next": "/work"})
        for address in ("/roles", "/roles/system_admin", "/organisation", "/people", own, "/work"):
            page = admin.get(address).content.decode()
            assert name in page, (language, address)
            assert language == "zh-hans" or "系统管理员" not in page, (language, address)


def test_the_slots_of_all_policies_are_named_in_the_readers_language_adopted_or_not() -> None:
    desk.opened()
    admin = desk.client_of("admin")
    admin.post("/language", {"language": "en", "next": "/work"})
    roles, slots, organisation = (admin.get(one).content.decode() for one in ("/roles", "/slots", "/organisation"))
    offered = slots_offered()
    assert [name for name in offered.values() if f">{name}<" in roles or f">{name}<" in slots] == []
    options = dict(re.findall(r'<option value="(\w+)"[^>]*>([^<]*)', organisation))
    assert [name for code, name in offered.items() if name in options[code]] == []
