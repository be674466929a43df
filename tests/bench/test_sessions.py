"""Fifty people at once: what a browser would send is read from the page, and every change is looked for afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from kesu.commands.cases.add_note import add_note
from kesu.config.bench.crowd import NOTE, REGISTRATION, STEP, Written
from kesu.config.bench.kept import breaches
from kesu.config.bench.meeting import Meetings
from kesu.config.bench.pages import Page
from kesu.core import clock
from kesu.store.models import Case
from tests import desk
from tests.bench.conftest import Measured
from tests.full import only_in_full

PAGE = """
<a href="/cases/1">一</a><a href="/cases/1">一</a><a href="/rooms">房产</a>
<form method="post" action="/cases/1/steps/inform">
  <input type="hidden" name="seen_version" value="4"><input type="hidden" name="token" value="t">
  <input name="person.name"><input name="sum" inputmode="decimal"><input type="file" name="photos">
  <textarea name="note"></textarea><select name="track"><option value=""></option><option>质量类</option></select>
  <input type="radio" name="agreed" value="是"><input type="radio" name="agreed" value="否" checked>
</form>
"""


def test_a_form_is_sent_as_a_browser_would_with_nothing_left_empty() -> None:
    page = Page(PAGE.encode())

    sent = page.filled("/cases/1/steps/inform", {"person.name": "苏女士"})

    assert page.links("/cases/") == ["/cases/1"]
    assert sent is not None
    assert {**sent, "note": bool(sent["note"])} == {
        "seen_version": "4",
        "token": "t",
        "person.name": "苏女士",
        "sum": "1",
        "note": True,
        "track": "质量类",
        "agreed": "否",
    }
    assert page.filled("/cases/2/steps/inform", {}) is None


def test_two_are_brought_before_the_same_form_and_counted_when_both_were_answered() -> None:
    meetings = Meetings()
    called = meetings.call("/cases/1", "/cases/1/steps/inform", "zhouyining")

    assert meetings.find({"/cases/2"}, "heqing") is None, "who has not seen the case does not come"
    assert meetings.find({"/cases/1"}, "heqing") is called
    assert meetings.find({"/cases/1"}, "linsheng") is None, "one comes"
    called.joined.set()
    assert called.wait()
    meetings.answer(called, "zhouyining", 302)
    assert meetings.held == []
    meetings.answer(called, "heqing", 409)
    assert meetings.held == [called]


@pytest.mark.django_db
def test_a_change_that_was_acknowledged_and_is_not_there_is_told() -> None:
    world, now = desk.opened()
    began = now - timedelta(hours=2)
    case = Case.objects.get(pk=world.register(at=now - timedelta(hours=1), promised_feedback_at=desk.PROMISED))
    add_note(actor=desk.actor("zhouyining"), case_id=case.pk, text="回访记录 a1", at=now, visibility="internal")
    seen = case.version
    desk.take(case.pk, "inform", "zhouyining")
    where, title = str(case.pk), case.card.title

    kept = [
        Written(NOTE, where, "回访记录 a1"),
        Written(REGISTRATION, where, title),
        Written(STEP, where, "inform", seen),
    ]
    assert list(breaches(kept, began, clock.now())) == []

    twice = Written(STEP, where, "inform", seen)
    found = list(breaches([*kept, Written(NOTE, where, "回访记录 b2"), twice], began, clock.now()))
    assert found == [
        f"诉件 {where} 的记录存了 0 次",
        f"诉件 {where} 的第 {seen} 版被改了 2 次",
        f"诉件 {where} 的步骤 inform：办成 2 次，存了 1 次",
    ]


@only_in_full
def test_it_runs_from_end_to_end(bench: Callable[..., tuple[str, Measured]], tmp_path: Path) -> None:
    data = tmp_path / "data"
    printed, _lines = bench("sessions", "--cases", "200", "--people", "12", "--seconds", "40", "--data", str(data))
    found = {one["name"]: one for one in json.loads((tmp_path / "bench.json").read_text())["singles"]}

    assert "| 没有答好的请求 | 0 次 |" in printed
    assert found["办成的修改"]["value"] >= 1
    assert found["丢失、重复或互相覆盖的修改"]["value"] == 0
    assert found["两人同时送出同一件的同一步"]["value"] >= found["其中一人办成、另一人得知别人先办了"]["value"]
    assert found["其中写好的字全都留着"]["value"] == found["别人先办了（409）"]["value"]
    assert any(name.startswith("诉件页 p95") for name in found)
