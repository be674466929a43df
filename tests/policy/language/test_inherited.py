"""What a pack takes over from the common steps: rules without ground are left out, events get the clause that asks."""

from __future__ import annotations

from kesu.policy.coverage import coverage
from kesu.policy.ruleset import rules_of, without
from kesu.policy.telling.rules import told_rules
from tests.own_packs import changed


def test_a_notice_of_levels_is_left_out_where_there_are_none() -> None:
    assert "raised" not in changed("p12", "complaint.yaml").kinds["complaint"].notices
    assert told_rules(changed("p01", "complaint.yaml").kinds["complaint"])["notices.raised"] == (
        "“级别上升”：级别上升后，告知承办人，写明主题。"
    )


def test_a_notice_of_levels_is_changed_like_any_other() -> None:
    notices = changed("p10", "complaint.yaml").kinds["complaint"].notices
    assert [who.role for who in notices["raised"].to.rows[0].use] == ["cs_dept", "holder"]
    assert notices["raised"].clauses == ("D1e",)


def test_an_event_whose_name_has_a_dot_is_kept_with_its_clause() -> None:
    pack = changed("p08", "complaint.yaml")
    kind = pack.kinds["complaint"]
    assert kind.events["repeat.found"].clauses == ("5a",)
    rule = next(rule for rule in rules_of(kind) if rule.address == "events.repeat.found")
    assert "repeat.found" not in without(kind, rule).events
    assert told_rules(kind)["events.repeat.found"] == "由系统记下“查出是二次投诉”，写明二次投诉的原件。"
    line = next(line for line in coverage(pack, {}).clauses if line.clause.id == "5a")
    assert "complaint/events.repeat.found" in line.rules


def test_an_event_without_a_clause_is_no_rule() -> None:
    kind = changed("p10", "complaint.yaml").kinds["complaint"]
    assert [rule.address for rule in rules_of(kind) if rule.address.startswith("events.")] == ["events.case.repeated"]
