"""The page on which staff register a case: where, what kind, and the opening step of the policy in force there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kesu.access import mails
from kesu.access.actor import Actor
from kesu.access.openings import (
    IntakePage,
    OpeningForm,
    form_of,
    is_usual,
    may_open,
    page_of,
    places_within,
    served,
    unit_kinds_for,
)
from kesu.access.permissions import Permission
from kesu.casefile import tokens
from kesu.casefile.books import UNITS
from kesu.casefile.mail_files import with_attachments
from kesu.casefile.statement import Given
from kesu.core.errors import Forbidden, NotFound
from kesu.core.uploads import Upload
from kesu.policy.asking import opening_step
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
    places = _places(actor, at)
    if not places:
        raise Forbidden("permission_missing", data={"permission": Permission.CASE_REGISTER.value})

    def opens(place: Unit, rules: Kind) -> bool:
        return _opens(actor, place, rules, usual=is_usual(place, places))

    return page_of(actor, at, places, opens, unit=unit, kind=kind, subject=subject, is_sent=is_sent)


def opening_form(*, actor: Actor, at: datetime, unit: str, kind: str, subject: str | None = None) -> OpeningForm:
    """The form alone, for whoever sends it. Raises what `intake_page` raises for the same place and kind; of a subject
    that is not offered it says so itself, so that what was typed is kept."""
    actor.require(Permission.CASE_REGISTER)
    try:
        place = UNITS.one(UUID(unit))
    except ValueError:
        raise NotFound from None
    if place is None or place.closed_on is not None or not actor.may_at(Permission.CASE_REGISTER, place.path):
        raise NotFound
    # A project is offered to everybody whose posts reach there, whatever else is.
    places = [place] if place.kind == UnitKind.PROJECT else _places(actor, at)
    if place not in places:
        raise NotFound

    def opens(where: Unit, rules: Kind) -> bool:
        return _opens(actor, where, rules, usual=is_usual(where, places))

    return form_of(actor, at, place, opens, kind=kind, subject=subject)


def is_registered(
    *,
    actor: Actor,
    at: datetime,
    happened_at: datetime,
    unit_id: UUID,
    kind: str,
    given: Given,
    uploads: Sequence[Upload],
    token: str,
    subject: str | None = None,
    mail_id: UUID | None = None,
) -> bool:
    """Whether this very form has made a case before: then nothing is to be asked of whoever sends it again. Raises what
    `register_case` raises for the place and kind."""
    unit, adoption, rules = served(actor, unit_id=unit_id, kind=kind, subject=subject, happened_at=happened_at, at=at)
    mail = mails.mail_for(actor, mail_id) if mail_id else None
    uploads = mails.with_mail(mail, rules, given, with_attachments(uploads, rules, opening_step(rules)))
    sent = tokens.of_opening(token, f"{kind}/{unit.pk.hex}/{adoption.subject}", given, uploads)
    return bool(tokens.taken([sent]))


def _opens(actor: Actor, place: Unit, rules: Kind, *, usual: bool) -> bool:
    """Sealed kinds never; those that say where they lie, there only (`page_of` asks that), and all others at the usual
    places."""
    return not rules.is_sealed and (usual or bool(rules.lies_in)) and may_open(actor, place, rules)


def _places(actor: Actor, at: datetime) -> list[Unit]:
    """Over which the actor may register."""
    return places_within(actor.reach(Permission.CASE_REGISTER), unit_kinds_for(actor, at))
