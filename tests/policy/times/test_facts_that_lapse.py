"""Facts that are no longer when something happens: a case opened again does not keep what was found the first time."""

from __future__ import annotations

from datetime import date

from kesu.casefile.shown import latest
from tests.policy.standing.kinds import Log
from tests.policy.times.desk import desk, happens, mistakes, moves, told, wish

FACTS = """
pleased: {name: 满意, type: flag, lapses: wish.reopened, clause: "1"}
mood: {name: 心情, type: choice, values: [好, 坏], default: 好, lapses: [wish.reopened, wish.checked], clause: "1"}
"""
STEPS = 'say: {name: 回访, by: clerk, event: wish.said, may: [pleased, mood, promised_on], clause: "1"}'
SAID = "{at: 2026-07-02 10:00, step: say, facts: {pleased: 否, mood: 坏}}"
AGAIN = ("{at: 2026-07-03 10:00, step: close}", "{at: 2026-07-04 10:00, step: again}")


def test_it_is_unstated_again_and_a_default_is_back() -> None:
    happens(
        desk(facts=FACTS, steps=STEPS),
        SAID,
        *AGAIN,
        expect="{at: 2026-07-03 10:00, facts: {pleased: 否, mood: 坏}},"
        "{at: 2026-07-04 10:00, facts: {pleased: none, mood: 好}}",
    )


def test_what_was_stated_then_stays_in_the_log() -> None:
    log = Log(wish(facts=FACTS, steps=STEPS)).add("2026-07-01 10:00", "wish.heard")
    log.add("2026-07-02 10:00", "wish.said", pleased=False).add("2026-07-03 10:00", "wish.closed")
    log.add("2026-07-04 10:00", "wish.reopened")
    assert log.at("2026-07-03 12:00").facts["pleased"] is False
    assert "pleased" not in log.at("2026-07-04 12:00").facts
    assert "pleased" not in log.at("2026-07-04 12:00").fact_seqs


def test_rules_that_read_it_follow() -> None:
    guard = (
        'reason: {steps: [close], when: {pleased: 否}, needs: {facts: [promised_on]}, says: 须约定日期, clause: "2"}'
    )
    happens(
        desk(facts=FACTS, steps=STEPS, guards=guard),
        "{at: 2026-07-01 11:00, step: close}",
        "{at: 2026-07-01 12:00, step: again}",
        SAID,
        '{at: 2026-07-02 11:00, step: close, refused: "2"}',
        "{at: 2026-07-02 12:00, step: drop}",
        "{at: 2026-07-02 13:00, step: again}",
        "{at: 2026-07-02 14:00, step: close}",
        expect="{stage: closed}",
    )


def test_the_same_date_stated_again_is_a_moment_again() -> None:
    facts = 'seen_on: {name: 查看日期, type: date, lapses: wish.reopened, clause: "1"}'
    duty = 'look: {name: 复看, starts: fact.seen_on, owner: clerk, within: 1天, met_by: wish.answered, clause: "2"}'
    steps = 'say: {name: 回访, by: clerk, event: wish.said, may: [seen_on], clause: "1"}'
    log = Log(wish(facts=facts, duties=duty, steps=steps)).add("2026-07-01 10:00", "wish.heard")
    for when in ("2026-07-05 10:00", "2026-07-07 10:00"):
        log.add(when, "wish.said", seen_on=date(2026, 7, 5))
        log.add(when.replace("10:00", "11:00"), "wish.closed").add(when.replace("10:00", "12:00"), "wish.reopened")
    assert [one.key for one in log.at("2026-07-08 10:00").obligations] == ["look@2", "look@5"]


def test_only_what_somebody_states_can_lapse_and_only_at_an_event_of_the_policy() -> None:
    derived = 'times: {name: 次数, type: number, derive: {count: wish.set}, lapses: wish.reopened, clause: "1"}'
    assert "自己会变，不用作废" in mistakes(facts=derived)
    assert "没有事件 wish.reopend" in mistakes(facts=FACTS.replace("lapses: wish.reopened", "lapses: wish.reopend"))


def test_the_printed_policy_says_when_and_the_proof_takes_it_away() -> None:
    assert told("facts.pleased", facts=FACTS).endswith("；重开时作废。")
    assert moves("facts.mood", facts=FACTS)[:2] == ["重开时不再作废", "核对时不再作废"]


ONLY_THEN = FACTS.replace("lapses: wish.reopened, clause", "lapses: {event: wish.said, where: {mood: 坏}}, clause")
GOOD = "{at: 2026-07-02 10:00, step: say, facts: {pleased: 是, mood: 好}}"


def test_it_lapses_only_with_an_event_that_says_so() -> None:
    happens(
        desk(facts=ONLY_THEN, steps=STEPS),
        GOOD,
        "{at: 2026-07-03 10:00, step: say, facts: {mood: 好}}",
        "{at: 2026-07-04 10:00, step: say, facts: {mood: 坏}}",
        expect="{at: 2026-07-03 10:00, facts: {pleased: 是}}, {at: 2026-07-04 10:00, facts: {pleased: none}}",
    )


def test_what_the_event_itself_states_anew_holds() -> None:
    happens(desk(facts=ONLY_THEN, steps=STEPS), GOOD, SAID.replace("07-02", "07-03"), expect="{facts: {pleased: 否}}")


def test_the_condition_may_only_look_at_what_the_event_says() -> None:
    asked = mistakes(
        facts=FACTS.replace("lapses: wish.reopened,", "lapses: {event: wish.reopened, where: {mood: 坏}},")
    )
    assert "满意作废的条件只能看 wish.reopened 那一步自己填的，mood（心情）不是它填的。" in asked
    other = ONLY_THEN.replace("{mood: 坏}", "{stage: heard}")
    assert "这里写了别的" in mistakes(facts=other, steps=STEPS)
    assert "作废的时刻只能写步骤的事件或外部事件" in mistakes(
        facts=FACTS.replace("lapses: wish.reopened,", "lapses: stage.closed,")
    )


def test_the_condition_is_printed_and_tried() -> None:
    assert told("facts.pleased", facts=ONLY_THEN, steps=STEPS).endswith("；回访（心情为坏）时作废。")
    tried = moves("facts.pleased", facts=ONLY_THEN, steps=STEPS)
    assert tried[:2] == ["回访（心情为坏）时不再作废", "回访时一律作废"]


def test_its_text_is_gone_from_the_page_by_the_same_rule() -> None:
    why = 'why: {name: 理由, type: text, lapses: {event: wish.said, where: {pleased: 否}}, clause: "1"}'
    kind = wish(facts=FACTS + why, steps=STEPS.replace("may: [", "may: [why, "))
    log = Log(kind).add("2026-07-01 10:00", "wish.heard").add("2026-07-02 10:00", "wish.said", why="已填", pleased=True)
    bodies = {2: {"why": "灯太暗"}}
    assert latest(kind, bodies, log.events) == {"why": "灯太暗"}
    log.add("2026-07-03 10:00", "wish.said", pleased=False)
    assert latest(kind, bodies, log.events) == {}
