"""The record of changes as its readers see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.casefile.books import last_adopted
from kesu.commands.arrivals.change_mailbox import MailboxState, change_mailbox
from kesu.commands.arrivals.make_mailbox import make_mailbox
from kesu.commands.organisation.add_unit import add_unit
from kesu.commands.organisation.end_post import end_post
from kesu.commands.organisation.give_post import give_post
from kesu.commands.people.add_account import add_account
from kesu.store.models import Mailbox, PostHolding
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


def test_it_names_people_and_posts_and_is_found_by_them() -> None:
    world, now = desk.opened()
    admin = world.actor("admin", now.date())
    given = {"unit_id": world.units["wangting"], "role": "cs_specialist", "name": "客服专管员"}
    give_post(actor=admin, at=now, on=now.date(), account_id=world.people["heqing"], **given)
    held = PostHolding.objects.filter(account_id=world.people["heqing"]).latest("pk")
    end_post(actor=admin, at=now, on=now.date(), holding_id=held.pk)

    for sought in ("何青", "heqing"):
        page = desk.client_of("admin").get(f"/organisation/changes?q={sought}").content.decode()
        assert "何青 heqing" in page
        assert "cs_specialist" not in page
        assert page.count("单位 望汀") == 2, "given and laid down, and where"
    assert f"到 {now.date() - timedelta(days=1)}" not in page, "what never began has no end"


def test_it_names_the_kinds_and_facts_of_what_takes_cases_in_as_the_policy_does() -> None:
    world, now = desk.opened()
    admin, unit = world.actor("admin"), world.units["qingtang"]
    mailbox = make_mailbox(
        actor=admin, at=now, unit_id=unit, kind="complaint", name="投诉信箱", address="tousu@qingtang.example"
    )
    reads = Mailbox.objects.get(pk=mailbox).reads
    rules = last_adopted({"complaint"})["complaint"]
    facts, code = rules.facts, reads["subject"]
    other = MailboxState(name="投诉信箱", reads={**reads, "subject": ""}, fixed={"channel": "邮件"}, password="给人的")
    change_mailbox(actor=admin, at=now, mailbox_id=mailbox, wanted=other)

    page = desk.client_of("admin").get("/organisation/changes?q=投诉信箱").content.decode()
    assert f"种类 {rules.name}" in page
    assert f"主题填进 {facts[code].name}" in page
    assert f"{facts['channel'].name}：邮件" in page
    assert "密码 已改" in page
    assert "给人的" not in page
    for left in (code, "channel", "complaint", "subject", "password"):
        assert f" {left}" not in page.partition("<tbody>")[2].partition("</tbody>")[0], left
