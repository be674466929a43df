"""Steps: who may take them when, and every reason why not, at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kesu.policy.asking import fields_for
from kesu.policy.calendar import parse_duration
from kesu.policy.model.conditions import Aggregate, Derivation, StartIn
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.rules import Document, Guard, GuardMode, Need, NeedKind, Stage, Who
from kesu.policy.model.stepping import Handover, Opening
from kesu.policy.standing import MissingKind, StepRefused, Taker, attempt, holds, preview, standing, world_event
from tests.policy.standing.kinds import (
    CALENDAR,
    CLAUSE,
    Log,
    at,
    coded,
    codes_missing,
    event_moment,
    fact,
    is_,
    kind,
    local,
    step,
    table,
)

FACTS = coded(
    fact("amount", FactType.MONEY),
    fact("colour", FactType.CHOICE, values=("红", "蓝")),
    fact("note", FactType.TEXT),
    fact("photos", FactType.FILE),
    fact("team", FactType.GROUP),
    fact("dept", FactType.UNIT),
    fact("others", FactType.GROUP),
    fact("severe", FactType.FLAG, by=("manager",)),
    fact("promised", FactType.TIME),
    fact(
        "tone",
        FactType.CHOICE,
        derive=Derivation(Aggregate.TABLE, table=table((is_("colour", "红"), "暖"), default=None)),
    ),
)


def guard(code: str, step_code: str = "act", **more) -> Guard:
    return Guard(code, f"句{code}", (f"g.{code}",), steps=(step_code,), **more)


def need(what: NeedKind, *codes: str, **more) -> tuple[Need, ...]:
    return (Need(what, codes, **more),)


def rules(*guards: Guard, **step_parts):
    parts = {"may_state": tuple(FACTS), **step_parts}
    by = parts.pop("by", "specialist")
    return kind(
        facts=FACTS,
        steps=coded(step("act", by, "act.done", **parts), step("other", event="other.done", may_state=("note",))),
        guards=coded(*guards),
        documents=coded(Document("form", "表", ("note", "colour"), CLAUSE)),
        stages=coded(Stage("open", "处理中")),
    )


def begun(*guards: Guard, **step_parts) -> Log:
    return Log(rules(*guards, **step_parts)).add("2026-07-02 09:00", "case.received")


def refused(log: Log, code: str = "act", when: str = "2026-07-02 10:00", roles=("specialist",), **facts: Value):
    with pytest.raises(StepRefused) as caught:
        log.take(when, code, roles, **facts)
    return caught.value.refusals


def reasons(found) -> set[str]:
    return {one.code for one in found}


def test_it_yields_the_next_event_with_everything_that_was_stated() -> None:
    log = begun().take("2026-07-02 10:00", "act", amount=5, note="已填")
    event = log.events[-1]
    assert (event.seq, event.kind, event.step, event.by, event.role) == (2, "act.done", "act", "甲", "specialist")
    assert event.facts == {"amount": 5, "note": "已填"}


def test_it_names_every_reason_at_once() -> None:
    log = begun(guard("g", needs=need(NeedKind.FACTS, "note")), asks=("colour",), from_stages=("closed",), may_state=())
    found = refused(log, roles=("stranger",), when="2026-07-02 10:00", amount="五元")
    assert reasons(found) == {"stage", "role", "value", "g"}
    assert codes_missing(found) == {"closed", "specialist", "amount", "colour", "note"}


@pytest.mark.parametrize(
    "stated",
    [
        {"colour": "绿"},
        {"amount": "5"},
        {"amount": True},
        {"note": "全文"},
        {"photos": 0},
        {"team": "甲"},
        {"promised": 1},
        {"nothing": 1},
    ],
)
def test_it_refuses_a_value_that_is_not_of_its_fact(stated: dict[str, Value]) -> None:
    (found,) = refused(begun(), **stated)
    assert (found.code, {one.kind for one in found.missing}) == ("value", {MissingKind.VALUE})


def test_it_refuses_a_step_that_does_not_exist() -> None:
    assert reasons(refused(begun(), "nothing")) == {"stage"}


def test_only_who_may_state_a_fact_is_asked_for_it_and_states_it() -> None:
    kind = rules()
    asked = {
        slot: {field.code for field in fields_for(kind, kind.steps["act"], Taker("甲", frozenset({slot})))}
        for slot in ("specialist", "manager")
    }
    assert asked["manager"] - asked["specialist"] == {"severe"}
    assert codes_missing(refused(begun(), severe=True)) == {"manager", "severe"}
    begun(by="manager").take("2026-07-02 10:00", "act", ("manager",), severe=True)


def test_it_begins_a_case_once_and_only_with_its_opening_step() -> None:
    log = Log(rules())
    assert reasons(refused(log)) == {"stage"}
    log.take("2026-07-02 09:00", "receive", ())
    assert reasons(refused(log, "receive")) == {"stage"}


def test_it_belongs_to_its_stages_and_to_none_that_is_final() -> None:
    log = begun().add("2026-07-02 10:00", "case.resolved")
    assert reasons(refused(log, when="2026-07-02 11:00")) == {"stage"}


def test_a_unit_and_a_group_say_whose_step_it_is() -> None:
    log = begun(by=(Who("head", of="dept"), Who("team", group="team")))
    log.add("2026-07-02 09:10", "other.done", dept="u1", team=("helper:丁", "vp:"))
    assert reasons(refused(log, roles=("head@u2", "head"))) == {"role"}
    log.take("2026-07-02 10:00", "act", ("head@u1",)).take("2026-07-02 10:01", "act", (), by="丁")
    log.take("2026-07-02 10:02", "act", ("vp",))
    assert [event.role for event in log.events[-3:]] == ["head", "helper", "vp"]


def test_everyone_means_everyone_of_the_house() -> None:
    assert holds(Taker(None, frozenset()), Who("everyone"), {})
    assert not holds(Taker("complainant", frozenset({"complainant"})), Who("everyone"), {})


@pytest.mark.parametrize(
    ("when", "recorded", "is_refused"),
    [
        ("2026-07-02 08:59", "2026-07-02 10:00", True),
        ("2026-07-02 10:01", "2026-07-02 10:00", True),
        ("2026-07-02 10:00", "2026-07-05 10:00", False),
        ("2026-07-02 10:00", "2026-07-05 10:01", True),
    ],
)
def test_it_checks_the_stated_time(when: str, recorded: str, is_refused: bool) -> None:
    log = begun()
    taker = Taker("甲", frozenset({"specialist"}))
    if is_refused:
        with pytest.raises(StepRefused) as caught:
            attempt(log.kind, log.events, "act", taker, {}, at(when), at(recorded), CALENDAR)
        assert "time" in reasons(caught.value.refusals)
    else:
        event = attempt(log.kind, log.events, "act", taker, {}, at(when), at(recorded), CALENDAR)
        assert (event.at, event.recorded_at) == (at(when), at(recorded))


def test_a_hand_over_cannot_be_dated_back_behind_a_later_one() -> None:
    log = begun(asks=("dept",), may_state=(), moves_to=Handover("dept")).take("2026-07-02 10:00", "act", dept="u1")
    log.take("2026-07-02 11:00:30", "act", dept="u2")
    (found,) = refused(log, when="2026-07-02 10:59", dept="u3")
    assert (found.code, [(one.kind, one.name) for one in found.missing]) == (
        "time",
        [(MissingKind.OPENS, "2026-07-02 11:01")],
    )
    now = log.take("2026-07-02 11:01", "act", dept="u3").at("2026-07-02 12:00")
    assert (now.moved_to, now.facts["dept"]) == ("u3", "u3")


def test_a_form_needs_its_fields_now_or_earlier() -> None:
    log = begun(forms=("form",))
    assert codes_missing(refused(log, colour="红")) == {"note"}
    log.add("2026-07-02 09:30", "other.done", note="已填").take("2026-07-02 10:00", "act", colour="红")
    assert log.at("2026-07-02 10:00").documents == ("form",)


@pytest.mark.parametrize(
    ("needs", "before", "with_it"),
    [
        (need(NeedKind.FACTS, "note"), {"note": "已填"}, {"note": "已填"}),
        (need(NeedKind.EVIDENCE, "photos", count=3), {"photos": 3}, {"photos": 3}),
        (
            need(NeedKind.PEOPLE, "vp", group="team", count=2),
            {"team": ("vp:丁", "vp:己", "staff:戊")},
            {"team": ("vp:丁", "vp:己")},
        ),
        (need(NeedKind.PEOPLE, group="team", count=2), {"team": ("a:甲", "b:乙")}, {"team": ("vp:丁", "staff:戊")}),
        (need(NeedKind.PEOPLE, "vp", group="team"), {"team": ("vp:丁",)}, {"team": ("vp:丁",)}),
        (need(NeedKind.HAPPENED, moments=(event_moment("other.done"),)), {}, None),
    ],
)
def test_a_guard_asks_for_what_is_stated_now_or_before(needs, before, with_it) -> None:
    log = begun(guard("g", needs=needs))
    (found,) = refused(log)
    assert (found.code, found.says, found.clauses) == ("g", "句g", ("g.g",))
    if with_it is not None:
        begun(guard("g", needs=needs)).take("2026-07-02 10:00", "act", **with_it)
    log.add("2026-07-02 09:30", "other.done", **before).take("2026-07-02 10:00", "act")


@pytest.mark.parametrize("team", [("vp:丁", "vp:丁"), ("vp:丁", "staff:戊")])
def test_the_same_person_twice_is_one_and_another_role_is_none(team: tuple[str, ...]) -> None:
    log = begun(guard("g", needs=need(NeedKind.PEOPLE, "vp", group="team", count=2)))
    assert codes_missing(refused(log, team=team)) == {"vp"}


def test_files_add_up_over_several_steps() -> None:
    log = begun(guard("g", needs=need(NeedKind.EVIDENCE, count=3))).add("2026-07-02 09:10", "other.done", photos=2)
    refused(log)
    log.take("2026-07-02 10:00", "act", photos=1)


def test_two_groups_may_have_to_be_apart() -> None:
    log = begun(guard("g", needs=need(NeedKind.APART, "team", "others")))
    log.add("2026-07-02 09:10", "other.done", others=("a:甲", "b:"))
    assert codes_missing(refused(log, team=("c:甲",))) == {"team"}
    log.take("2026-07-02 10:00", "act", team=("b:", "a:乙"))


def test_forms_and_sent_notices_can_be_asked_for() -> None:
    log = begun(guard("g", needs=(*need(NeedKind.FORMS, "form"), *need(NeedKind.SENT, "letter"))))
    assert codes_missing(refused(log)) == {"form", "letter"}
    log.add("2026-07-02 09:10", "document.filled", document="form").add(
        "2026-07-02 09:20", "notice.sent", notice="letter"
    )
    log.take("2026-07-02 10:00", "act")


def test_a_guard_applies_only_while_its_condition_holds() -> None:
    log = begun(guard("g", when=is_("colour", "红"), needs=need(NeedKind.FACTS, "note")))
    assert reasons(refused(log, colour="红")) == {"g"}
    log.take("2026-07-02 10:00", "act", colour="蓝")


def test_a_guard_sees_what_follows_from_the_values_stated_now() -> None:
    log = begun(guard("g", unless=is_("tone", "暖")))
    assert codes_missing(refused(log, colour="蓝")) == {"tone"}
    log.take("2026-07-02 10:00", "act", colour="红")


def test_a_guard_reads_the_time_of_the_step() -> None:
    log = begun(guard("g", when=StartIn(False), needs=need(NeedKind.FACTS, "promised")))
    refused(log, when="2026-07-02 20:00")
    log.take("2026-07-02 20:00", "act", promised=at("2026-07-03 10:00")).take("2026-07-03 10:00", "act")


def test_a_guard_that_asks_for_a_reason_passes_with_one_and_a_warning_never_blocks() -> None:
    log = begun(guard("g", mode=GuardMode.REASON, unless=is_("colour", "红")))
    assert [one.mode for one in refused(log)] == [GuardMode.REASON]
    log.take("2026-07-02 10:00", "act", guard_reason="已填")
    log = begun(guard("g", mode=GuardMode.WARN, unless=is_("colour", "红")))
    log.take("2026-07-02 10:00", "act")
    assert [one.code for one in preview(log.kind, log.events, "act", {}, at("2026-07-02 10:00"), CALENDAR)[1]] == ["g"]


def opening(**more) -> Opening:
    return Opening(event_moment("other.done"), parse_duration("15天"), **more)


def test_a_window_opens_with_its_moment_and_shuts_after_its_length() -> None:
    log = begun(opening=opening())
    assert reasons(refused(log)) == {"window"}
    log.add("2026-07-10 10:00", "other.done")
    assert local(log.at("2026-07-20 10:00").wake_at) == "2026-07-26 00:00"
    assert reasons(refused(log, when="2026-07-26 00:01")) == {"window"}
    log.take("2026-07-26 00:00", "act")


def test_a_window_counts_how_often_and_may_let_one_role_be_late() -> None:
    log = begun(opening=opening(times=1)).add("2026-07-10 10:00", "other.done").take("2026-07-11 10:00", "act")
    assert reasons(refused(log, when="2026-07-12 10:00")) == {"window"}
    log = begun(opening=opening(late_by="manager")).add("2026-07-10 10:00", "other.done")
    assert reasons(refused(log, when="2026-08-01 10:00")) == {"role"}
    log.take("2026-08-01 10:00", "act", ("manager",))


def state(log: Log, code: str = "act", when: str = "2026-07-02 10:00"):
    return next(one for one in log.at(when).steps if one.code == code)


def test_a_step_on_offer_does_not_complain_of_what_it_will_ask_itself() -> None:
    own = begun(guard("g", needs=need(NeedKind.FACTS, "note")), asks=("note",), may_state=())
    assert state(own).refusals == ()
    assert state(own).is_allowed
    follows = begun(guard("g", unless=is_("tone", "暖")), asks=("colour",), may_state=())
    assert state(follows).is_allowed
    foreign = begun(guard("g", needs=need(NeedKind.FACTS, "note")), may_state=())
    assert reasons(state(foreign).refusals) == {"g"}
    assert not state(foreign).is_allowed


def test_a_step_on_offer_says_whose_it_is_at_this_hour() -> None:
    log = begun(by=table((StartIn(False), (Who("night"),)), default=(Who("specialist"),)))
    assert state(log, when="2026-07-02 17:59").by == (Who("specialist"),)
    assert local(log.at("2026-07-02 17:59").wake_at) == "2026-07-02 18:00"
    assert state(log, when="2026-07-02 18:00").by == (Who("night"),)


def test_the_target_stage_may_depend_on_what_was_stated() -> None:
    log = begun(to=table((is_("colour", "红"), "closed"), default=None)).take("2026-07-02 10:00", "act", colour="蓝")
    assert log.at("2026-07-02 10:00").stage == "open"
    assert log.take("2026-07-02 11:00", "act", colour="红").at("2026-07-02 11:00").stage == "closed"


def test_a_preview_shows_the_case_after_the_step_and_what_is_still_missing() -> None:
    log = begun(asks=("note", "colour"), to="closed", may_state=())
    now = at("2026-07-02 10:00")
    after, still = preview(log.kind, log.events, "act", {"colour": "绿"}, now, CALENDAR)
    assert (after.stage, codes_missing(still)) == ("closed", {"note", "colour"})
    assert "colour" not in after.facts
    after, still = preview(log.kind, log.events, "act", {"colour": "红", "note": "已填"}, now, CALENDAR)
    log.take("2026-07-02 10:00", "act", colour="红", note="已填")
    assert still == ()
    taken = standing(log.kind, log.events, now, CALENDAR)
    assert replace(after, unread=taken.unread) == taken


def test_the_program_states_only_what_the_pack_lists() -> None:
    log = begun()
    event = world_event(log.kind, log.events, "matter.joined", {"person": "p1"}, at("2026-07-02 10:00"))
    assert (event.seq, event.role, event.by) == (2, "world", None)
    for wrong in (("matter.left", {}), ("matter.joined", {"note": "已填"}), ("matter.joined", {"person": ""})):
        with pytest.raises(StepRefused):
            world_event(log.kind, log.events, *wrong, at("2026-07-02 10:00"))
