"""Each moment of a rule opens one linked case, however its events are dated and whatever is stated afterwards."""

from __future__ import annotations

from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.facts import FactType, Value
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.rules import Guard, Need, NeedKind
from kesu.policy.standing import EffectKind, void_event
from kesu.policy.standing.links import heard_event, linked_in, opened_event
from tests.policy.standing.kinds import (
    CLAUSE,
    Log,
    at,
    at_least,
    coded,
    duty,
    event_moment,
    fact,
    is_,
    kind,
    moment,
    step,
)
from tests.policy.standing.test_levels import levels

FACTS = coded(
    fact("media", FactType.FLAG),
    fact("people", FactType.NUMBER),
    fact("visit_on", FactType.DATE),
    fact("revisit_on", FactType.DATE),
    fact("units", FactType.UNITS),
)
MAJOR = moment(MomentNoun.LEVEL, "major")
VISITS = (moment(MomentNoun.FACT, "visit_on"), moment(MomentNoun.FACT, "revisit_on"))
OVERDUE = moment(MomentNoun.DUTY, "rectify", "overdue")


class Parent:
    """A case whose linked cases are opened as the program opens them: as soon as they are owed."""

    def __init__(self, *starts: Moment) -> None:
        crisis = LinkedCase("crisis", "危机", CLAUSE, starts, "crisis")
        closed_first = Guard(
            "hold", "先办结危机", CLAUSE, steps=("close",), needs=(Need(NeedKind.LINKS_CLOSED, ("crisis",)),)
        )
        rules = kind(
            facts=FACTS,
            steps=coded(step("tell", event="facts.stated", may_state=tuple(FACTS))),
            levels=levels(("major", at_least("people", 10)), ("hot", is_("media", True))),
            duties=coded(duty("rectify", "facts.stated", "facts.corrected", "1天", per="units")),
            opens=coded(crisis),
            guards=coded(closed_first),
        )
        self.log = Log(rules).add("2026-07-06 09:00", "case.received")

    def tell(self, when: str, recorded: str | None = None, **facts: Value) -> Parent:
        """What somebody states at `recorded` of `when`."""
        self.log.add(when, "facts.stated", **facts)
        return self.wait(recorded or when)

    def wait(self, until: str) -> Parent:
        while owed := [one for one in self.log.at(until).effects if one.kind is EffectKind.LINK]:
            seq = len(self.log.events) + 1
            self.log.events.append(opened_event(seq, owed[0], f"第{seq}件", at(until)))
        return self

    def end_all(self, when: str) -> Parent:
        for one in linked_in(self.log.events):
            seq = len(self.log.events) + 1
            ended = type(one)(one.case, one.code, has_ended=True)
            self.log.events.append(heard_event(seq, ended, {}, at(when), at(when)))
        return self

    def opened(self) -> int:
        return len(linked_in(self.log.events))

    def may_close(self, when: str) -> bool:
        return next(one for one in self.log.at(when).steps if one.code == "close").is_allowed


def test_a_level_opens_one_also_when_another_level_turns_out_to_have_come_before_it() -> None:
    case = Parent(MAJOR).tell("2026-07-07 10:00", people=12)
    assert case.opened() == 1
    assert case.tell("2026-07-06 15:00", "2026-07-08 10:00", media=True).opened() == 1


def test_a_level_opens_one_also_when_it_turns_out_to_have_been_reached_earlier() -> None:
    case = Parent(MAJOR).tell("2026-07-07 10:00", people=12)
    assert case.tell("2026-07-06 15:00", "2026-07-08 10:00", people=11).opened() == 1


def test_each_date_that_one_event_states_opens_one() -> None:
    case = Parent(*VISITS).tell("2026-07-06 10:00", visit_on=at("2026-07-07 00:00"), revisit_on=at("2026-07-09 00:00"))
    assert case.wait("2026-07-07 12:00").opened() == 1
    assert case.wait("2026-07-09 12:00").opened() == 2


def test_each_unit_that_is_overdue_opens_one() -> None:
    assert Parent(OVERDUE).tell("2026-07-06 10:00", units=("u1", "u2")).wait("2026-07-09 12:00").opened() == 2


def test_it_waits_for_one_that_is_owed_also_while_another_is_open_that_is_not() -> None:
    """The event that opened the first was taken back, and stated anew where the second cannot be opened."""
    case = Parent(event_moment("facts.stated")).tell("2026-07-06 10:00")
    case.log.events.append(void_event(case.log.events, 2, "甲", "specialist", at("2026-07-06 11:00")))
    case.log.add("2026-07-06 12:00", "facts.stated")
    assert not case.may_close("2026-07-06 12:30")
    assert not case.end_all("2026-07-06 13:00").may_close("2026-07-06 13:30")
    assert case.wait("2026-07-06 14:00").opened() == 2
