"""Coverage and changes of a policy, as somebody who keeps policies sees them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from kesu.casefile.library import read_library
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.loader import load_pack
from kesu.policy.model.pack import Pack
from kesu.policy.telling.changes import PART_NAMES
from kesu.web.policies.reading import SECTIONS
from tests import desk
from tests.world import calendar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_was_played(settings: LazySettings, tmp_path: Path) -> None:
    settings.KESU_COMPILED_PACKS = tmp_path


def test_every_policy_on_offer_stands_in_the_overview_with_what_becomes_of_its_clauses() -> None:
    desk.opened()
    page = desk.client_of("admin").get("/policies/coverage").content.decode()
    for code in read_library().codes:
        pack = read_library().load(code)
        assert (pack.title in page) == bool(pack.clauses)
    assert "还没有演算" in page
    assert "由程序执行" in page


def test_the_parts_of_a_policy_are_called_on_pages_as_they_are_where_two_are_compared() -> None:
    assert {code: str(SECTIONS[code]) for code in PART_NAMES.keys() & SECTIONS.keys()} == {
        code: name for code, name in PART_NAMES.items() if code in SECTIONS
    }


def test_a_policy_is_shown_both_ways_and_proved_once_somebody_has_its_scenarios_played() -> None:
    desk.opened()
    client = desk.client_of("admin")
    page = client.get("/policies/coverage/suggestion").content.decode()
    assert "场景还没有演算" in page
    assert "附议够二十人列为重点" not in page

    answer = client.post("/policies/coverage/suggestion", follow=True)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "场景还没有演算" not in page
    assert "再演算一次" in page
    assert page.count("附议够二十人列为重点") > 1  # under its clause and under its rule
    assert "已整件跑通" in page
    assert 'href="#c-4.1a"' in page


def test_nobody_finds_a_policy_that_is_not_on_offer() -> None:
    desk.opened()
    client = desk.client_of("admin")
    assert client.get("/policies/coverage/base").status_code == 404
    assert client.post("/policies/coverage/base").status_code == 404
    assert client.get("/policies/offers/base/changes").status_code == 404


def test_reading_policies_is_not_enough_to_have_scenarios_played() -> None:
    desk.opened()
    reader = desk.client_of("zhouyining")
    assert "演算场景" not in reader.get("/policies/coverage/suggestion").content.decode()
    assert reader.post("/policies/coverage/suggestion").status_code == 403


def test_the_version_in_force_changes_nothing() -> None:
    desk.opened()
    page = desk.client_of("admin").get("/policies/offers/suggestion/changes").content.decode()
    assert "施行中的就是这一版，什么也不变" in page


def test_a_policy_that_was_never_in_force_changes_nothing_that_could_be_named() -> None:
    desk.opened()
    page = desk.client_of("admin").get("/policies/offers/p02/changes").content.decode()
    assert "这部制度还没有施行过" in page


def test_whoever_serves_by_an_older_version_reads_what_the_one_on_offer_changes_for_whom() -> None:
    found, now = desk.opened()
    pack = older("p10")
    adopt_pack(
        actor=None,
        at=now - timedelta(minutes=1),
        unit_id=found.units["group"],
        pack=pack,
        calendar=calendar(),
        signatures=dict(zip(pack.signatures, ("周以宁", "林声", "顾岚"), strict=True)),
    )
    page = desk.client_of("admin").get("/policies/offers/p10/changes").content.decode()
    assert "义务“回访验证”的责任人由客户服务部经理改为客户服务部" in page
    assert '<h3 class="t13 mute">义务</h3>' in page
    assert "谁多了什么，少了什么" in page
    assert "− 义务“回访验证”" in page


def older(code: str) -> Pack:
    texts = read_library().texts
    files = {path: text for path, text in texts[code].items() if not path.startswith("texts/")}
    line = next(line for line in files["complaint.yaml"].splitlines() if line.startswith("  callback: {name: 回访验证"))
    files["complaint.yaml"] = files["complaint.yaml"].replace(line, line.replace("owner: cs_dept", "owner: cs_manager"))
    return load_pack({**texts, code: files}, code)
