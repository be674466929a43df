"""The page on which staff register a case: where, what kind, and the opening step of the policy in force there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from kesu.access import choices
from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.takers import taker_for
from kesu.casefile.books import UNITS, adoptions_for, calendar_of, pack_of
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.asking import FieldView, Option, fields_of, opening_step
from kesu.policy.model.conditions import Table
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import Who
from kesu.policy.standing import holds, said
from kesu.store.models import Unit
from kesu.store.models.organisation import SERVING, UnitKind


@dataclass(frozen=True, slots=True)
class GuidanceLine:
    text: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """The form of the opening step of one kind at one place. `place_fact`: the one that says where, such as a room."""

    unit_id: UUID
    kind: str
    kind_name: str
    step: str
    step_name: str
    policy_hash: str
    policy_title: str
    fields: tuple[FieldView, ...]
    guidance: tuple[GuidanceLine, ...]
    backdate_days: int
    clause_names: Mapping[str, str]
    place_fact: str


@dataclass(frozen=True, slots=True)
class IntakePage:
    """`form` is None when no policy in force lets the actor register anything at the chosen place."""

    units: tuple[Option, ...]
    unit: str
    kinds: tuple[Option, ...]
    form: OpeningForm | None


def intake_page(*, actor: Actor, at: datetime, unit: str = "", kind: str = "") -> IntakePage:
    """`unit` (hex) and `kind` as chosen; the first of each when empty. Raises `Forbidden` for somebody who may
    register nowhere, `NotFound` for a place or kind that is not offered to him."""
    actor.require(Permission.CASE_REGISTER)
    places = _places(actor)
    if not places:
        raise Forbidden("permission_missing", data={"permission": Permission.CASE_REGISTER.value})
    place = next((p for p in places if p.pk.hex == unit), None) if unit else places[0]
    if place is None:
        raise NotFound
    rules = _rules_at(actor, place, at)
    if kind and kind not in rules:
        raise NotFound
    chosen = kind or next(iter(rules), "")
    return IntakePage(
        units=tuple(Option(p.pk.hex, p.name, p.parent.name if p.parent else "") for p in places),
        unit=place.pk.hex,
        kinds=tuple(Option(code, pack.kinds[code].name) for code, (pack, _) in rules.items()),
        form=_form(actor, at, place, chosen, rules[chosen]) if chosen else None,
    )


def opening_form(*, actor: Actor, at: datetime, unit: str, kind: str) -> OpeningForm:
    """The form alone, for whoever sends it. Raises what `intake_page` raises for the same place and kind."""
    actor.require(Permission.CASE_REGISTER)
    try:
        place = UNITS.one(UUID(unit))
    except ValueError:
        raise NotFound from None
    if place is None or not actor.may_at(Permission.CASE_REGISTER, place.path) or not _is_offered(actor, place):
        raise NotFound
    rules = _rules_at(actor, place, at, kind)
    if kind not in rules:
        raise NotFound
    return _form(actor, at, place, kind, rules[kind], is_sent=True)


def _is_offered(actor: Actor, place: Unit) -> bool:
    if place.closed_on is not None:
        return False
    return place.kind == UnitKind.PROJECT or any(one.pk == place.pk for one in _places(actor))


def _places(actor: Actor) -> list[Unit]:
    """Projects (or, where there are none, other places) over which the actor may register."""
    within = Q(pk__in=[])
    for path in actor.reach(Permission.CASE_REGISTER):
        within |= Q(path__startswith=path)
    offered = Unit.objects.filter(within, closed_on=None).exclude(kind__in=SERVING)
    rows = list(offered.select_related("parent").order_by("path"))
    projects = [row for row in rows if row.kind == UnitKind.PROJECT]
    return sorted(projects or rows, key=lambda row: row.name)


def _rules_at(actor: Actor, place: Unit, at: datetime, kind: str = "") -> dict[str, tuple[Pack, str]]:
    """Pack and calendar version by kind, for the kinds whose opening step the actor may take, or for one of them.
    Sealed kinds never."""
    found = {}
    for row in sorted(adoptions_for(place, at), key=lambda adoption: adoption.kind):
        if kind and row.kind != kind:
            continue
        pack = pack_of(row.policy_version_id)
        rules = pack.kinds[row.kind]
        if not rules.is_sealed and _may_open(actor, place, rules):
            found[row.kind] = (pack, row.calendar_version_id)
    return found


def _may_open(actor: Actor, place: Unit, rules: Kind) -> bool:
    taker = taker_for(actor, place.path, rules, ())
    return any(holds(taker, who, {}) for who in _anybody(opening_step(rules).by))


def _anybody(by: Table[tuple[Who, ...]]) -> Iterable[Who]:
    for row in by.rows:
        yield from row.use


def _form(
    actor: Actor, at: datetime, place: Unit, kind: str, found: tuple[Pack, str], *, is_sent: bool = False
) -> OpeningForm:
    """`is_sent`: for reading, not for drawing; nobody is guided any more."""
    pack, calendar_version = found
    rules = pack.kinds[kind]
    calendar = calendar_of(calendar_version)
    step = opening_step(rules)
    on: date = calendar.local(at).date()
    spoken = () if is_sent else said.guidance(rules, (), step.code, at, calendar)
    return OpeningForm(
        unit_id=place.pk,
        kind=kind,
        kind_name=rules.name,
        step=step.code,
        step_name=step.name,
        policy_hash=pack.hash,
        policy_title=pack.title,
        fields=choices.fill(fields_of(rules, step), actor, rules, place, on),
        guidance=tuple(GuidanceLine(one.text, clause_lines(pack, one.clauses)) for one in spoken),
        backdate_days=rules.backdate_days,
        clause_names={code: clause.printed for code, clause in pack.clauses.items()},
        place_fact=rules.place_fact or "",
    )
