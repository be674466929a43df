"""The policy pages: what was adopted, what becomes of each clause, who holds which slot."""

from __future__ import annotations

import pytest

from kesu.access.policy_reading import ClauseLine, PolicyReading
from kesu.core.errors import Forbidden, NotFound
from kesu.queries.policies.policy_list import policy_list
from kesu.queries.policies.policy_page import policy_page
from kesu.queries.public.places import places
from tests.world import MONDAY, World, pack

ON = MONDAY.date()


@pytest.fixture
def page(world: World) -> PolicyReading:
    return policy_page(actor=world.actor("zhouyining"), on=ON, policy_hash=pack("p10").hash).reading


def clause(page: PolicyReading, clause_id: str) -> ClauseLine:
    return next(line for line in page.clauses if line.id == clause_id)


def test_it_lists_every_adopted_version_and_where_it_serves(world: World) -> None:
    lines = policy_list(actor=world.actor("admin"))

    assert {line.document_number for line in lines} == {"QY-KH-LC001", "QY-KH-JY002", "QY-JC-JB003"}
    served = {serving.unit for line in lines for serving in line.serving}
    assert served == {"南岑置业集团"}


def test_it_is_read_by_right_only(world: World) -> None:
    for read in (
        lambda: policy_list(actor=world.actor("wutong")),
        lambda: policy_page(actor=world.actor("wutong"), on=ON, policy_hash=pack("p10").hash),
    ):
        with pytest.raises(Forbidden):
            read()


def test_it_knows_no_policy_that_was_never_adopted(world: World) -> None:
    with pytest.raises(NotFound):
        policy_page(actor=world.actor("admin"), on=ON, policy_hash="0" * 64)


def test_it_says_what_the_policy_is_for(page: PolicyReading) -> None:
    assert page.scope == pack("p10").scope_text
    assert page.scope.startswith("适用于")


def test_it_shows_each_clause_with_the_rules_that_carry_it_out(page: PolicyReading) -> None:
    line = clause(page, "1.2")

    assert line.citation.printed == "1.2"
    assert line.honoured == "enforced"
    found = {rule.section: (rule.name, rule.figures) for rule in line.rules}
    assert found["duties"] == ("知会客服专管员", ("1工作小时", "0分钟"))
    assert set(found) == {"duties", "promises"}


def test_it_shows_the_figures_of_a_level(page: PolicyReading) -> None:
    figures = [rule.figures for rule in clause(page, "3.4.1c").rules if rule.section == "levels"]

    assert figures == [("10",)]


def test_it_says_why_a_clause_has_no_rule(page: PolicyReading) -> None:
    later = clause(page, "0d")

    assert later.rules == ()
    assert later.honoured == "later"
    assert "统计" in later.reason


def test_it_counts_every_clause_once(page: PolicyReading) -> None:
    assert sum(page.counts.values()) == len(page.clauses) == len(pack("p10").clauses)


def test_it_marks_what_no_clause_asks_for(page: PolicyReading) -> None:
    assert ("steps", "归档") in {(rule.section, rule.name) for rule in page.generic}


def test_it_names_who_holds_each_slot_today(page: PolicyReading) -> None:
    slots = {slot.name: [holder.person for holder in slot.holders] for slot in page.slots}

    assert slots["项目客服专管员"] == ["赵朗", "许明澈", "周以宁"], "望汀, 槐序里, 青棠湾一期"
    assert slots["主管副总裁"] == ["宋未"]


def test_it_offers_the_public_ordinary_and_sealed_kinds_apart(world: World) -> None:
    ordinary, sealed = places(at=MONDAY, is_sealed=False), places(at=MONDAY, is_sealed=True)

    assert [place.name for place in ordinary] == ["望汀", "槐序里", "青棠湾一期"]
    assert {kind.code for kind in ordinary[0].kinds} == {"complaint", "suggestion"}
    assert {kind.code for kind in sealed[0].kinds} == {"whistle_report"}
