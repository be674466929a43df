"""The record of changes as its readers see it."""

from __future__ import annotations

import pytest

from kesu.commands.organisation.add_unit import add_unit
from kesu.commands.people.add_account import add_account
from tests import desk

pytestmark = pytest.mark.django_db


def test_it_says_who_changed_what_and_finds_it_again() -> None:
    world, now = desk.opened()
    admin = world.actor("admin")
    add_unit(actor=admin, at=now, inside=world.units["qingtang"], kind="department", name="工程部")
    add_account(actor=admin, at=now, login="xin", name="辛某 <b>")

    page = desk.client_of("admin").get("/organisation/changes").content.decode()
    assert page.index("辛某 &lt;b&gt;") < page.index("工程部"), "the newest first"
    assert "种类 部门" in page
    assert admin.name in page

    found = desk.client_of("admin").get("/organisation/changes?q=工程").content.decode()
    assert "工程部" in found
    assert "辛某" not in found
    assert "没有这样的记录" in desk.client_of("admin").get("/organisation/changes?q=没有的").content.decode()
