"""Taking the acts of a scenario through the engine: who takes a step, what he states, and the log that results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from kesu.policy.calendar import Calendar
from kesu.policy.events import CASE_ABSORBED, LINKED_CASE, Event
from kesu.policy.heads import Head, counted_event, counted_facts, edges_of, last_counted, turn
from kesu.policy.model.facts import Fact, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import EVERYONE, FIRST_CONTACT, HOLDER, STARTER, WORLD, Step, Who
from kesu.policy.model.writing import Writing
from kesu.policy.persons import named_persons
from kesu.policy.scenarios.accounts import Opening, weighed
from kesu.policy.scenarios.doors import CUSTOMER, opened_as, stated_for_the_public
from kesu.policy.scenarios.linked import PROGRAM, brought, linked_now, named_now, open_as_asked
from kesu.policy.scenarios.sampling import drawn_as_asked, reckoned_as_asked
from kesu.policy.scenarios.script import Act, Impossible, Stated
from kesu.policy.scenarios.staffing import staffed_as_said
from kesu.policy.standing import (
    EffectKind,
    Missing,
    MissingKind,
    Refusal,
    Standing,
    StepRefused,
    Taker,
    attempt,
    attempt_warned,
    next_seq,
    standing,
    world_event,
    writing_refusals,
)
from kesu.policy.standing.answering import answers_to
from kesu.policy.standing.asked import is_asked
from kesu.policy.standing.links import heard_event, opened_event
from kesu.policy.standing.takers import in_charge
from kesu.policy.standing.taking_back import can_be_taken_back, taken_back
from kesu.policy.values import NotTheLastLevel, TextTooShort, ValueUnreadable, parse

_UNITS: Final = {FactType.UNIT, FactType.UNITS}
_AT_ONCE: Final = {EffectKind.LINK, EffectKind.DRAW, EffectKind.MEASURE}
STAFF = "staff"
"""The person who opens a case where a scenario names nobody."""
ABSORBED: Final = "another"
"""The case that goes into the one of a scenario."""


@dataclass(slots=True)
class Course:
    """The log of one scenario as it grows. `chosen` are the facts that the scenario itself gives for its path;
    `defaults` fill what steps ask for and nobody gives; `opening`: what accounts held before; `kinds`: those of the
    policy, which say whether a linked case can be opened; `found`: out of how many cases a sample is drawn, and what
    is worked out of other cases."""

    kind: Kind
    calendar: Calendar
    defaults: Mapping[str, Stated]
    chosen: Mapping[str, Stated] = field(default_factory=dict)
    opening: Opening = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    people: int = 0
    kinds: Mapping[str, Kind] = field(kw_only=True)
    found: Mapping[str, Decimal] = field(default_factory=dict)
    matter: list[Head] = field(default_factory=list)
    """Who else complained of the same matter, and when."""
    warnings: tuple[Refusal, ...] = ()
    """What spoke against the last step without refusing it."""

    def now(self, at: datetime) -> Standing:
        """The standing at `at`, from what had happened by then."""
        self._count(at)
        return standing(self.kind, [event for event in self.log if event.at <= at], at, self.calendar)

    def take(self, act: Act) -> None:
        """Append the event (or, for several people, the events) of an act. Raises `StepRefused` or `Impossible`."""
        self._do_owed(act.at)
        if act.writes is not None:
            self._write(act, act.writes)
        elif act.matter:
            self.matter += [(who, act.at) for who in act.matter]
        else:
            for _ in range(act.people):
                self.log.append(self._event(act))
                if act.world is not None:
                    self._answer(self.log[-1])
        self._do_owed(act.at)

    def _write(self, act: Act, writes: str) -> None:
        """What is written leaves nothing that a rule reads: it is refused, or it is not."""
        self.warnings = ()
        if writes not in set(Writing):
            raise Impossible(f"没有 {writes} 这种话；可用：{'、'.join(Writing)}")
        refusals = writing_refusals(self.now(act.at), Writing(writes))
        if refusals:
            raise StepRefused(refusals)

    def _event(self, act: Act) -> Event:
        if act.step is not None:
            return self._step(act)
        self.warnings = ()
        if act.world is not None:
            return self._world(act, act.world)
        if act.staffed is not None:
            return staffed_as_said(self.log, self.now(act.at), act)
        if act.take_back is not None:
            return self._taking_back(act, act.take_back)
        named = named_now(self.kind, self.log, act)
        if named is not None:
            return named
        moved = linked_now(self.log, act)
        facts = brought(self.kind, self.kinds, act) if act.ends is not None else {}
        values = {code: self._value(code, stated) for code, stated in facts.items()}
        return heard_event(next_seq(self.log), moved, values, act.at, act.at)

    def _count(self, at: datetime) -> None:
        """Say what the program would have said by now of the people behind the matter."""
        if not self.matter or not self.log:
            return
        own = [(who, event.at) for event, who in named_persons(self.log, self.kind)]
        for fact in counted_facts(self.kind):
            assert fact.counted is not None
            edges, known = edges_of(self.kind, fact.code), last_counted(self.log, fact.code)
            for reached in turn((*own, *self.matter), fact.counted.window, edges, known, at, self.calendar).crossed:
                self.log.append(counted_event(next_seq(self.log), fact.code, reached, None, reached.at or at))

    def _do_owed(self, at: datetime) -> None:
        """Open the linked cases and draw the samples that are owed by now, as the program does at once: each linked
        case must be such as its own policy takes."""
        while self.log and self._may_owe:
            current = self.now(at)
            effect = next((one for one in current.effects if one.kind in _AT_ONCE), None)
            if effect is None:
                return
            seq = next_seq(self.log)
            if effect.kind is EffectKind.DRAW:
                self.log.append(drawn_as_asked(self.kind, self.found, effect, seq, self.calendar))
            elif effect.kind is EffectKind.MEASURE:
                self.log.append(reckoned_as_asked(self.kind, self.kinds, self.found, effect, seq, self.calendar))
            else:
                open_as_asked(self.kind, self.kinds, effect, current, self.calendar)
                self.log.append(opened_event(seq, effect, effect.key, effect.at))

    @property
    def _may_owe(self) -> bool:
        return bool(self.kind.opens or self.kind.samples) or any(fact.measured for fact in self.kind.facts.values())

    def _world(self, act: Act, name: str) -> Event:
        if name == CASE_ABSORBED:
            return Event(next_seq(self.log), name, act.at, act.at, role=WORLD, facts={LINKED_CASE: ABSORBED})
        rule = self.kind.events.get(name)
        if rule is None:
            raise Impossible(f"没有外部事件 {name}")
        facts = {code: self._value(code, stated) for code, stated in act.facts.items()}
        for code in rule.facts:
            if code not in facts and self.kind.facts[code].type is FactType.PERSON:
                facts[code] = self._somebody()
        return world_event(self.kind, self.log, name, facts, act.at)

    def _answer(self, heard: Event) -> None:
        """Take the step by which the program answers what it has heard, as it does at once where nothing refuses it."""
        for code, stated in answers_to(self.kind, heard):
            with suppress(StepRefused):
                event = attempt(self.kind, self.log, code, PROGRAM, stated, heard.at, heard.at, self.calendar)
                self.log.append(event)
                return

    def _step(self, act: Act) -> Event:
        step = self.kind.steps.get(act.step or "")
        if step is None:
            raise Impossible(f"没有步骤 {act.step}")
        present = self.now(act.at) if self.log else None
        stated = self.stated(step, act, present)
        if step.starts_case:
            stated = {**opened_as(self.kind, step, act, self.calendar), **stated}
        event, self.warnings = attempt_warned(
            self.kind, self.log, step.code, self._taker(step, act, present), stated, act.at,
            act.recorded_at or act.at, self.calendar,
        )  # fmt: skip
        self.warnings += weighed(self.kind, self.calendar, self.log, event, self.opening)
        return event

    def _taking_back(self, act: Act, step: str) -> Event:
        """By the person and in the role that the scenario names; by whoever took the step where it names neither."""
        found = [event for event in can_be_taken_back(self.kind, self.log) if event.step == step]
        if not found:
            raise Impossible(f"没有可以撤销的步骤 {step}")
        event = found[-1]
        present = self.now(act.at)
        roles = {act.role, *self._units(act.role, present)} if act.role else set()
        by = act.by or act.role or event.by
        taker = Taker(by, frozenset(roles))
        return taken_back(self.kind, self.log, event.seq, taker, act.at, self.calendar)

    def stated(self, step: Step, act: Act, present: Standing | None) -> dict[str, Value]:
        """What is stated: the act's own facts, and what the program states for the public; for what the step asks, the
        scenario's choice or the defaults; people who are not named are somebody new each time."""
        own = {**act.facts, **(stated_for_the_public(self.kind, act) if step.starts_case else {})}
        found = {code: self._value(code, stated) for code, stated in own.items()}
        known = present.facts if present is not None else {}
        facts = self.kind.facts
        for code in sorted(self.kind.asked(step), key=lambda one: facts[one].asked_when is not None):
            if code in found or code in act.without or (code not in step.asks and code in known):
                continue
            if not is_asked(facts[code], {**known, **found}):
                continue
            if facts[code].type is FactType.PERSON:
                found[code] = self._somebody()
            elif code in self.chosen or code in self.defaults:
                found[code] = self._value(code, self.chosen.get(code, self.defaults.get(code, "")))
        return found

    def with_choices(self, step: Step) -> dict[str, Stated]:
        """The facts that the scenario chose and that the step may state: for the path to its starting stage."""
        return {code: self.chosen[code] for code in step.may_state if code in self.chosen}

    def _somebody(self) -> str:
        self.people += 1
        return f"person-{self.people}"

    def _value(self, code: str, stated: Stated) -> Value:
        fact = self.kind.facts.get(code)
        if fact is None:
            raise Impossible(f"没有事实 {code}")
        if fact.type is FactType.PERSON:
            return str(stated)
        if fact.type is FactType.CASE and not self._is_of_kind(fact, stated):
            raise _unusable(fact)
        try:
            return parse(fact, _members(fact, stated), ZoneInfo(self.calendar.zone))
        except (TextTooShort, NotTheLastLevel):
            raise _unusable(fact) from None
        except ValueUnreadable as unreadable:
            raise Impossible(f"事实 {code}（{fact.name}）读不懂“{stated}”：{unreadable}") from unreadable

    def _is_of_kind(self, fact: Fact, stated: Stated) -> bool:
        """Whether a case that a scenario calls ``complaint:WK-26-0012`` may be named there. One of no kind may."""
        code, colon, _ = str(stated).partition(":")
        return not colon or code in {one.code for one in self.kind.cases_of(fact)}

    def _taker(self, step: Step, act: Act, present: Standing | None) -> Taker:
        """Somebody whom the step means, or the role that the scenario names. A person is called after his role."""
        if step.starts_case and act.through is not None:
            return CUSTOMER
        if act.role is not None:
            name = self._opener() if act.role == FIRST_CONTACT else act.role
            return Taker(act.by or name, frozenset({act.role, *self._units(act.role, present)}))
        who = self._meant(step, present, act.by)
        if who is None:
            return Taker(act.by or STAFF, frozenset())
        if who.person is not None:
            return Taker(act.by or who.person, frozenset({who.role}))
        if who.group is not None:
            member = self._next_of(_group(present, who.group), step)
            return Taker(act.by or member.partition(":")[2], frozenset({member.partition(":")[0]}))
        named = in_charge(self.kind, present.facts) if present is not None and who.role == HOLDER else ()
        if named:
            return Taker(act.by or min(named), frozenset({self.kind.holder}))
        role = self.kind.holder if who.role == HOLDER else who.role
        roles = {who.role, role, *self._units(role, present)}
        names = {FIRST_CONTACT: self._opener(), STARTER: self._opener(), EVERYONE: STAFF}
        return Taker(act.by or names.get(role, role), frozenset(roles))

    def _meant(self, step: Step, present: Standing | None, by: str | None) -> Who | None:
        if present is None:
            rows = step.by.rows
            return rows[-1].use[0] if rows and rows[-1].use else None
        if step.signs is not None:
            waiting = [who for state in present.approvals if state.code == step.signs for who in state.waiting_for]
            if waiting:
                return next((who for who in waiting if by is not None and who.person == by), waiting[0])
        state = next((state for state in present.steps if state.code == step.code), None)
        return state.by[0] if state is not None and state.by else None

    def _units(self, role: str, present: Standing | None) -> set[str]:
        """The role in every unit that a fact of the case names: the scenario's people are never strangers to it."""
        if present is None:
            return set()
        units = (present.facts.get(code) for code, fact in self.kind.facts.items() if fact.type in _UNITS)
        return {f"{role}@{unit}" for held in units for unit in (held if isinstance(held, tuple) else (held,)) if unit}

    def _next_of(self, members: Sequence[str], step: Step) -> str:
        """Of a group whoever has taken the step least often, the first of several: each takes it in turn."""
        taken = Counter(event.by for event in self.log if event.step == step.code)
        return min(members, key=lambda member: taken[member.partition(":")[2]], default=STAFF)

    def _opener(self) -> str:
        return (self.log[0].by if self.log else None) or STAFF


def _unusable(fact: Fact) -> StepRefused:
    """What a form and the command would say of a value that is none of the fact."""
    return StepRefused((Refusal("value", "", fact.clauses, (Missing(MissingKind.VALUE, fact.code, fact.name),)),))


def _members(fact: Fact, stated: Stated) -> Stated:
    """A group member may be named by his role alone; he is then called after it."""
    if fact.type is not FactType.GROUP:
        return stated
    members: Sequence[str] = (stated,) if isinstance(stated, str) else stated
    return tuple(member if ":" in member else f"{member}:{member}" for member in members)


def _group(present: Standing | None, code: str) -> tuple[str, ...]:
    members = present.facts.get(code) if present is not None else None
    return members if isinstance(members, tuple) else ()
