"""The page on which staff register a case: where, what kind, and the opening step of the policy in force there."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.openings import IntakePage, OpeningForm, form_of, may_open, page_of, places_within
from kesu.access.permissions import Permission
from kesu.casefile.books import UNITS
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.model.pack import Kind
from kesu.store.models import Unit
from kesu.store.models.organisation import UnitKind


def intake_page(
    *,
    actor: Actor,
    at: datetime,
    unit: str = "",
    kind: str = "",
    subject: str | None = None,
    is_sent: bool = False,
) -> IntakePage:
    """`unit` (hex) and `kind` as chosen; the first of each when empty. `subject` None: none was chosen. `is_sent`: a
    form that was sent and is drawn again, whatever subject it named. Raises `Forbidden` for somebody who may register
    nowhere, `NotFound` for a place, kind or subject that is not offered to him."""
    actor.require(Permission.CASE_REGISTER)
    places = _places(actor)
    if not places:
        raise Forbidden("permission_missing", data={"permission": Permission.CASE_REGISTER.value})

    return page_of(actor, at, places, partial(_opens, actor), unit=unit, kind=kind, subject=subject, is_sent=is_sent)


def opening_form(*, actor: Actor, at: datetime, unit: str, kind: str, subject: str | None = None) -> OpeningForm:
    """The form alone, for whoever sends it. Raises what `intake_page` raises for the same place and kind; of a subject
    that is not offered it says so itself, so that what was typed is kept."""
    actor.require(Permission.CASE_REGISTER)
    try:
        place = UNITS.one(UUID(unit))
    except ValueError:
        raise NotFound from None
    if place is None or not actor.may_at(Permission.CASE_REGISTER, place.path) or not _is_offered(actor, place):
        raise NotFound
    return form_of(actor, at, place, partial(_opens, actor), kind=kind, subject=subject)


def _opens(actor: Actor, place: Unit, rules: Kind) -> bool:
    """Sealed kinds never."""
    return not rules.is_sealed and may_open(actor, place, rules)


def _is_offered(actor: Actor, place: Unit) -> bool:
    if place.closed_on is not None:
        return False
    return place.kind == UnitKind.PROJECT or any(one.pk == place.pk for one in _places(actor))


def _places(actor: Actor) -> list[Unit]:
    """Over which the actor may register."""
    return places_within(actor.reach(Permission.CASE_REGISTER))
