"""What a form may offer to choose: departments, people by slot, earlier cases. Only what the actor may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.cases import cards_for
from kesu.access.estate import within
from kesu.access.permissions import Permission
from kesu.casefile.books import above
from kesu.casefile.handing_on import destinations
from kesu.casefile.people import People
from kesu.policy.asking import FieldView, Option, with_options
from kesu.policy.events import Event, subject_of
from kesu.policy.model.facts import CaseKind, FactType, Value
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step
from kesu.policy.standing.checking import LEVEL_TARGETS, reachable_levels
from kesu.store.models import Case, PostHolding, Unit
from kesu.store.models.organisation import SERVING

_CASES_OFFERED = 12
_PLACES_OFFERED = 3_000  # narrowed by typing; a native list of so many is 200 KB
_PEOPLE_OFFERED = 1_000


@dataclass(frozen=True, slots=True)
class Subject:
    """The case that a form is about, as far as it is known: what earlier cases are sought by. `pack`: the policy that
    it goes by."""

    case_id: UUID | None = None
    room: str = ""
    person_name: str = ""
    pack: str = ""


def fill(
    fields: Sequence[FieldView],
    actor: Actor,
    kind: Kind,
    place: Unit,
    on: date,
    subject: Subject | None = None,
    known: Mapping[str, Value] = MappingProxyType({}),
) -> tuple[FieldView, ...]:
    """The fields with their rows; asks the database only for the types that occur. `on`: whose posts count; `known`:
    what the case knows already. Where a case may move to is another question (`with_destinations`)."""
    types = {field.type for field in fields if field.among is None}
    about = subject or Subject()
    is_of_units = bool(types & {FactType.UNIT, FactType.UNITS})
    departments = departments_over(place.path) if is_of_units else ()
    filled = with_options(
        fields,
        units=departments,
        people=people_for(kind, place.path, on) if FactType.GROUP in types else (),
        cases={
            field.code: earlier_cases(actor, field.kinds, place, about)
            for field in fields
            if field.type is FactType.CASE
        },
    )
    filled = _with_people_of(filled, kind, place, on, departments, known)
    return _with_places(filled, kind, place)


def _with_people_of(
    fields: Sequence[FieldView],
    kind: Kind,
    place: Unit,
    on: date,
    departments: Sequence[Option],
    known: Mapping[str, Value],
) -> tuple[FieldView, ...]:
    """Where a group is chosen among the people of departments: of those that the same form offers, else of those that
    the case knows. One query, whatever the number of departments and fields."""
    asked = {field.code for field in fields if field.type in {FactType.UNIT, FactType.UNITS}}
    wanted: dict[str, list[str]] = {}
    for field in fields:
        if field.among is not None:
            is_asked = field.among.of in asked
            wanted[field.code] = [one.value for one in departments] if is_asked else _units(known.get(field.among.of))
    if not wanted:
        return tuple(fields)
    people = People(place.path, kind.roles, {unit for units in wanted.values() for unit in units}, on)
    names = {one.value: one.label for one in departments}
    return tuple(
        replace(
            field,
            follows=field.among.of if field.among.of in asked else "",
            options=tuple(_people_of(wanted[field.code], field.among.roles or tuple(kind.roles), people, names, kind)),
        )
        if field.among is not None
        else field
        for field in fields
    )


def _people_of(
    units: Sequence[str], roles: Sequence[str], people: People, names: Mapping[str, str], kind: Kind
) -> Iterator[Option]:
    """Everybody once in every department, in the first of the slots that he holds there."""
    for unit in units:
        seen: set[UUID] = set()
        for role in roles:
            for person in people.of_unit(role, unit):
                if person.account_id not in seen:
                    seen.add(person.account_id)
                    heading = names.get(unit) or kind.roles[role].name
                    yield Option(f"{role}:{person.account_id.hex}", person.name, heading, unit=unit)


def _units(value: Value | None) -> list[str]:
    return [str(one) for one in value] if isinstance(value, tuple) else [str(value)] if value else []


def _with_places(fields: Sequence[FieldView], kind: Kind, place: Unit) -> tuple[FieldView, ...]:
    """Where a fact says at which unit a linked case is to be opened, the places under the same root are offered too."""
    codes = {link.place for link in kind.opens.values()}
    if codes.isdisjoint(field.code for field in fields):
        return tuple(fields)
    rows = Unit.objects.filter(path__startswith=above(place.path)[0], closed_on=None).exclude(kind__in=SERVING)
    places = tuple(_option(unit) for unit in rows.select_related("parent").order_by("name")[:_PLACES_OFFERED])
    return tuple(replace(one, options=(*one.options, *places)) if one.code in codes else one for one in fields)


def departments_over(place_path: str) -> tuple[Option, ...]:
    """Departments whose reach covers the place, nearest first."""
    rows = Unit.objects.filter(kind__in=SERVING, closed_on=None, scope_path__in=above(place_path)).select_related(
        "parent"
    )
    nearest = sorted(rows, key=lambda unit: (-len(unit.path), unit.name))
    return tuple(_option(unit) for unit in nearest)


def _option(unit: Unit) -> Option:
    return Option(unit.pk.hex, unit.name, unit.parent.name if unit.parent else "")


def with_destinations(
    fields: Sequence[FieldView], step: Step, case: Case, log: Sequence[Event], at: datetime
) -> tuple[FieldView, ...]:
    """The fields of a step, with the units to which it may move the case where it moves it."""
    if step.moves_to is None:
        return tuple(fields)
    units = tuple(_option(unit) for unit in destinations(case, subject_of(log), at))
    return tuple(replace(field, options=units) if field.code == step.moves_to.to else field for field in fields)


def with_levels(fields: Sequence[FieldView], step: Step, kind: Kind, level: str | None) -> tuple[FieldView, ...]:
    """The fields of a step; where it moves the level by hand, with those levels only to which it may move it."""
    target = LEVEL_TARGETS.get(step.event)
    reachable = reachable_levels(step, kind, level) if target else ()
    return tuple(
        replace(field, options=tuple(one for one in field.options if one.value in reachable))
        if field.code == target
        else field
        for field in fields
    )


def people_at(kind: Kind, place_path: str, on: date) -> tuple[Option, ...]:
    """Holders of every slot of the kind at this place; a person in two slots is offered in both."""
    people = People(place_path, kind.roles, (), on)
    return tuple(
        Option(f"{role.code}:{person.account_id.hex}", person.name, role.name)
        for role in kind.roles.values()
        for person in people.of_role(role.code)
    )


def people_for(kind: Kind, place_path: str, on: date) -> tuple[Option, ...]:
    """And where the kind lies at a company or a group, those of the places under it: its people work there."""
    here = people_at(kind, place_path, on)
    if not kind.lies_in:
        return here
    held = PostHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        from_on__lte=on,
        account__is_active=True,
        post__unit__path__startswith=place_path,
        post__fills__slot__in=list(kind.roles),
    ).order_by("post__unit__name", "account__name", "pk")
    rows = held.values_list("post__fills__slot", "account_id", "account__name")[:_PEOPLE_OFFERED]
    below = [Option(f"{role}:{account.hex}", name, kind.roles[role].name) for role, account, name in rows]
    every = {one.value: one for one in (*here, *below)}
    slots = list(kind.roles)
    return tuple(sorted(every.values(), key=lambda one: slots.index(one.value.partition(":")[0])))


def earlier_cases(actor: Actor, kinds: Sequence[CaseKind], place: Unit, subject: Subject) -> tuple[Option, ...]:
    """Cases of these kinds and of the same room or person at the place, as far as the actor may see both the case and
    whose it is; newest first."""
    same = Q(pk__in=[])
    if subject.room:
        same |= Q(room__iexact=subject.room)
    if subject.person_name:
        same |= Q(person_name=subject.person_name)
    personal = within(actor, Permission.PERSONAL_READ, "unit_path")
    cards = cards_for(actor).filter(same, personal, of_kinds(kinds, subject.pack), unit_path__startswith=place.path)
    if subject.case_id is not None:
        cards = cards.exclude(pk=subject.case_id)
    return tuple(
        Option(card.pk.hex, f"{card.number} {card.title}", card.stage_name)
        for card in cards.order_by("-received_at")[:_CASES_OFFERED]
    )


def of_kinds(kinds: Sequence[CaseKind], pack: str) -> Q:
    """Of cards: those of kinds that may be named in a case that goes by the policy `pack`."""
    found = Q(pk__in=[])
    for one in kinds:
        found |= Q(kind=one.code) if one.is_served else Q(kind=one.code, pack=pack)
    return found


def case_by_number(actor: Actor, number: str) -> str:
    """The identifier of a case that the actor may see, by its printed number; empty when there is none."""
    card = cards_for(actor).filter(number__iexact=number.strip()).values_list("pk", flat=True).first()
    return card.hex if card else ""
