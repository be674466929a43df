"""The library: what may be adopted, and what stands in the way under which clause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.charter_reading import CharterPart, charter_part
from kesu.access.house import PersonChoice, held_on, people_about
from kesu.access.permissions import Permission
from kesu.casefile import kept_figures
from kesu.casefile.adoption import slots_of
from kesu.casefile.library import offered
from kesu.core.errors import NotFound
from kesu.policy.language.wording import UNSET
from kesu.policy.model.facts import Value
from kesu.policy.model.pack import Pack
from kesu.store.models import Adoption, PostHolding, Unit
from kesu.store.models.organisation import SERVING


@dataclass(frozen=True, slots=True)
class OfferLine:
    """`kinds` are the names of the kinds of case that it rules, or (`is_overlay`) on whose policies it lies."""

    code: str
    title: str
    version: str
    document_number: str
    kinds: tuple[str, ...]
    clauses: int
    is_overlay: bool


@dataclass(frozen=True, slots=True)
class OptionLine:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """What the company may set. `value` as written, several of a list joined by ``、``, empty where it must be set;
    `options`: what can be chosen, each with its words; `unclear`: what the document left open; `least` and `most`: the
    bounds of a figure as written, empty where there are none. `kept_over`: the value is the one that serves now, and
    this is what the version on offer says; `lost`: what serves now and cannot be set so any more."""

    code: str
    name: str
    type: str
    value: str
    options: tuple[OptionLine, ...]
    clauses: tuple[tuple[str, str], ...]
    unclear: str
    least: str = ""
    most: str = ""
    kept_over: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A role of the policy, and who fills it where it is adopted. `clauses`: printed number and text."""

    role: str
    name: str
    clauses: tuple[tuple[str, str], ...]
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferPage:
    """`places`: the units where the reader may adopt, with the chosen one first told apart by `unit`; `subjects`: those
    to which some adoption is limited already; `people`: who may be named to
    sign: those of the company that adopts, and those over it."""

    code: str
    title: str
    version: str
    document_number: str
    places: tuple[tuple[UUID, str], ...]
    unit: UUID
    figures: tuple[FigureLine, ...]
    slots: tuple[SlotLine, ...]
    signatures: tuple[str, ...]
    subjects: tuple[str, ...]
    charter: CharterPart
    people: tuple[PersonChoice, ...]


def may_adopt(*, actor: Actor) -> bool:
    return actor.may(Permission.POLICY_ADOPT)


def offers(*, actor: Actor) -> tuple[OfferLine, ...]:
    """By code. Raises `Forbidden`."""
    actor.require(Permission.POLICY_ADOPT)
    return tuple(_line(pack) for pack in offered().values())


def _line(pack: Pack) -> OfferLine:
    kinds = tuple(kind.name for kind in pack.kinds.values())
    return OfferLine(
        pack.code,
        pack.title,
        pack.version,
        pack.document_number or "",
        kinds,
        len(pack.clauses),
        pack.charter.is_overlay,
    )


def offer_page(*, actor: Actor, at: datetime, on: date, pack_code: str, unit_id: UUID | None = None) -> OfferPage:
    """`unit_id`: where it is to be adopted; the first of the places where none is chosen; `on`: the day of `at` there.
    Raises `Forbidden`, and `NotFound` for a pack or a place that is not offered."""
    actor.require(Permission.POLICY_ADOPT)
    pack = offered().get(pack_code)
    if pack is None:
        raise NotFound
    places = _places(actor)
    chosen = next((place for place in places if place.pk == unit_id), None) if unit_id else next(iter(places), None)
    if chosen is None:
        raise NotFound
    return OfferPage(
        code=pack.code,
        title=pack.title,
        version=pack.version,
        document_number=pack.document_number or "",
        places=tuple((place.pk, place.name) for place in places),
        unit=chosen.pk,
        figures=_figures(pack, chosen, at),
        slots=_slots(pack, chosen, on),
        signatures=tuple(pack.signatures),
        subjects=tuple(
            Adoption.objects.exclude(subject="").order_by("subject").values_list("subject", flat=True).distinct()
        ),
        charter=charter_part(pack, ""),
        people=people_about(chosen, on) if pack.signatures else (),
    )


def _figures(pack: Pack, unit: Unit, at: datetime) -> tuple[FigureLine, ...]:
    """As they stand in the version that serves there now, where the one on offer still lets them be set so."""
    serving = kept_figures.in_force(pack, unit, at)
    kept = kept_figures.kept(serving, pack) if serving is not None else {}
    lost = kept_figures.lost(serving, pack) if serving is not None else {}
    return tuple(
        FigureLine(
            one.code,
            one.name,
            one.type,
            kept.get(one.code, kept_figures.as_written(one.value)),
            tuple(OptionLine(value, label) for value, label in one.values.items()),
            _cited(pack, one.clauses),
            one.unclear or "",
            _bound(one.at_least),
            _bound(one.at_most),
            kept_over=kept_figures.as_written(one.shown) or UNSET if one.code in kept else "",
            lost=lost.get(one.code, ""),
        )
        for one in pack.parameters.values()
    )


def _bound(value: Value | None) -> str:
    return str(value) if isinstance(value, int | Decimal) else ""


def _places(actor: Actor) -> list[Unit]:
    within = Q(pk__in=[])
    for path in actor.reach(Permission.POLICY_ADOPT):
        within |= Q(path__startswith=path)
    return list(Unit.objects.filter(within, closed_on=None).exclude(kind__in=SERVING).order_by("path"))


def _slots(pack: Pack, unit: Unit, on: date) -> tuple[SlotLine, ...]:
    roles = slots_of(pack)
    root = unit.path.split("/")[1]
    held = PostHolding.objects.filter(held_on(on), from_on__lte=on, post__fills__slot__in=roles)
    held = held.filter(post__unit__path__startswith=f"/{root}/")
    names: dict[str, list[str]] = {}
    for role, name in held.order_by("from_on", "pk").values_list("post__fills__slot", "account__name"):
        names.setdefault(role, []).append(name)
    return tuple(
        SlotLine(code, name, _cited(pack, clauses), tuple(dict.fromkeys(names.get(code, ()))))
        for code, (name, clauses) in roles.items()
    )


def _cited(pack: Pack, ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((pack.clauses[one].printed, pack.clauses[one].text) for one in ids if one in pack.clauses)
