"""Who a person is for a case, and whether that makes him the one a rule speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kesu.policy.model.facts import Fact, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, EVERYONE, FIRST_CONTACT, HOLDER, Step, Who
from kesu.policy.standing.facts import members_of, person_of, role_of


@dataclass(frozen=True, slots=True)
class Taker:
    """A person (or the program: `by` None) with the roles that the access layer found him to hold for this case.

    `roles` holds slot codes, ``slot@unit-id`` for a role inside a unit, and `holder`, `first_contact`, `complainant`,
    `starter`, `system`, `world` as they apply. `stands_for`: persons in whose stead he may act today; what he does, he
    does in his own name."""

    by: str | None
    roles: frozenset[str]
    stands_for: frozenset[str] = frozenset()


def in_charge(kind: Kind, facts: Mapping[str, Value]) -> frozenset[str]:
    """The person who was named to hold the case; nobody while whoever is in the holder's slot does."""
    code = kind.in_charge
    return frozenset() if code is None else members_of(facts.get(code))


def as_holder(kind: Kind, facts: Mapping[str, Value], taker: Taker) -> Taker:
    """The taker as he stands in this case: once somebody was named to hold it, he does, and those in the holder's slot
    do no more. `facts` as they stand before the step."""
    named = in_charge(kind, facts)
    if not named:
        return taker
    is_he = not named.isdisjoint({taker.by or "", *taker.stands_for})
    return replace(taker, roles=taker.roles | {HOLDER} if is_he else taker.roles - {HOLDER})


def holds(taker: Taker, who: Who, facts: Mapping[str, Value]) -> bool:
    """Whether the taker is (one of) those meant. `facts` name the unit of ``of`` and the members of a group."""
    return acts_as(taker, who, facts) is not None


def acts_as(taker: Taker, who: Who, facts: Mapping[str, Value]) -> str | None:
    """The slot in which the taker would act as `who`; None when he is not meant."""
    if who.person is not None:
        return who.role if who.person in {taker.by, *taker.stands_for} else None
    if who.group is not None:
        return _acts_in_group(taker, named_in(who, facts))
    if who.role == EVERYONE:  # of the house: where the complainant may too, the policy names him
        return None if COMPLAINANT in taker.roles else EVERYONE
    return who.role if held_slot(taker, who, facts) is not None else None


def named_in(who: Who, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """The members of a group who are meant, as the log names them; nobody where nobody is named."""
    named = facts.get(who.group or "") if who.members is None else who.members
    return named if isinstance(named, tuple) else ()


def may_state(fact: Fact, step: Step, taker: Taker) -> bool:
    """Whether he may say what the fact asks, where the policy keeps it to somebody."""
    # What only the person who complains knows, whoever takes his report writes down for him.
    if not fact.by or COMPLAINANT in fact.by:
        return True
    slots = {role.partition("@")[0] for role in taker.roles}
    if step.starts_case and COMPLAINANT not in slots:
        slots.add(FIRST_CONTACT)  # whoever of the house opens a case is its first contact from that moment on
    return any(role in slots for role in fact.by)


def held_slot(taker: Taker, who: Who, facts: Mapping[str, Value]) -> str | None:
    """The slot through which the taker is meant; None when he is not."""
    return next((slot for slot in slots_of(who, facts) if slot in taker.roles), None)


def slots_of(who: Who, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """The slots as takers hold them: ``slot@unit`` for every unit that is meant."""
    if who.of is None:
        return (who.role,)
    return tuple(f"{who.role}@{unit}" for unit in units_of(who, facts))


def units_of(who: Who, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """The units in one of which the role is meant; none while nobody has said which."""
    if who.unit is not None:
        return (who.unit,)
    units = facts.get(who.of) if who.of is not None else None
    return units if isinstance(units, tuple) else (units,) if isinstance(units, str) else ()


def _acts_in_group(taker: Taker, members: tuple[str, ...]) -> str | None:
    for member in members:
        person, role = person_of(member), role_of(member)
        if (person and person in {taker.by, *taker.stands_for}) or (not person and role in taker.roles):
            return role
    return None
