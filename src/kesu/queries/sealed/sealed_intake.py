"""The page on which a report that came by letter, visit or telephone is taken in, for those whom a policy names."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from kesu.access.actor import Actor
from kesu.access.openings import (
    IntakePage,
    OpeningForm,
    form_of,
    may_take_in,
    page_of,
    places_within,
    policies_by,
    sealed_kinds,
    takers_in,
)
from kesu.core.errors import NotFound
from kesu.policy.asking import once_for_all
from kesu.policy.model.facts import FactType
from kesu.store.models import Unit


def sealed_intake(
    *,
    actor: Actor,
    at: datetime,
    unit: str = "",
    kind: str = "",
    subject: str | None = None,
    is_sent: bool = False,
) -> IntakePage:
    """As of ordinary cases (`kesu.access.openings.page_of`). Raises `NotFound` for whoever no adopted policy names: for
    him there is no such page, whether or not there is a case. No table of sealed cases is read."""
    places = _places(actor, at)
    if not places:
        raise NotFound

    opens = partial(may_take_in, actor)
    page = page_of(actor, at, places, opens, unit=unit, kind=kind, subject=subject, is_sent=is_sent)
    return replace(page, form=_without_cases(page.form)) if page.form else page


def sealed_opening(*, actor: Actor, at: datetime, unit: str, kind: str, subject: str | None = None) -> OpeningForm:
    """The form alone, for whoever sends it. Raises `NotFound` like `sealed_intake`."""
    place = next((one for one in _places(actor, at) if one.pk.hex == unit), None)
    if place is None:
        raise NotFound
    return _without_cases(form_of(actor, at, place, partial(may_take_in, actor), kind=kind, subject=subject))


def _without_cases(form: OpeningForm) -> OpeningForm:
    """Other cases are never offered under seal. Its page asks the server for nothing while somebody types."""
    fields = once_for_all(form.fields, {})
    return replace(form, fields=tuple(field for field in fields if field.type is not FactType.CASE))


def _places(actor: Actor, at: datetime) -> list[Unit]:
    """Under the posts through which he takes reports in."""
    slots = {slot for rules in sealed_kinds(policies_by(at)) for slot in takers_in(rules)}
    paths = {post.scope_path for post in actor.posts if post.slots & slots}
    return places_within(sorted(paths)) if paths else []
