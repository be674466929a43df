"""A company puts a policy into force at one of its units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.rights import rights_of
from kesu.casefile import adoption, house, overlays
from kesu.casefile.library import PackUnknown, read_library
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.core.importing import read_day
from kesu.policy.calendar import Calendar, CalendarUnreadable
from kesu.policy.calendar.official import WorkingHours
from kesu.policy.errors import PackInvalid
from kesu.policy.model.pack import Pack
from kesu.store.models import Account, Unit
from kesu.store.models.policies import SUBJECT_LENGTH

_UNREADABLE: Final = {
    "text": "words_unreadable",
    "list": "list_unreadable",
    "choice": "not_offered",
    "moment": "not_offered",
}
"""Why what a company wrote for a parameter cannot be read, where it is no figure."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A pack of the library as a company adopts it: its code, and what the company sets itself by code, as written
    (several of one list separated by ``、``)."""

    code: str
    figures: Mapping[str, str]


@transaction.atomic
def adopt_pack(
    *,
    actor: Actor | None,
    at: datetime,
    unit_id: UUID,
    pack: Pack | Offer,
    calendar: Calendar | WorkingHours,
    signatures: Mapping[str, str],
    effective_from: datetime | None = None,
    since: str = "",
    subject: str = "",
) -> str:
    """`actor` None: the installation itself (first run). `signatures` maps the signature slots of the pack to names.
    `subject`: the matters to which it is limited, as the company calls them; empty: all that no other adoption there is
    limited to. `since`: the day that begins it, as typed; empty: `effective_from`, or at once. Returns the digest
    under which cases will name this text.

    Raises `Unacceptable` for a subject, figures, hours and a day that cannot be read (by field), and for an unfilled
    slot, a figure that the company has not set, a missing signature or one person signing twice: each with its clauses,
    all at once."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    if actor is not None and not actor.may_at(Permission.POLICY_ADOPT, unit.path):
        raise Forbidden("permission_missing", data={"permission": Permission.POLICY_ADOPT.value})
    wrong: dict[str, str] = {}
    subject = _named(subject, wrong)
    pack = _loaded(pack, wrong) if isinstance(pack, Offer) else pack
    calendar = _calendar(calendar, at, wrong) if isinstance(calendar, WorkingHours) else calendar
    effective_from = _first_day(since, calendar, at, wrong) if since.strip() else effective_from
    begins = effective_from or at
    problems = _problems(pack, unit, signatures)
    problems += overlays.hindrances(pack, unit, begins, calendar.local(begins).date())
    if actor is not None:
        problems += _strangers(signatures.get(slot, "").strip() for slot in pack.signatures)
    if problems or wrong:
        clauses = [clause for _, _, cited in problems for clause in cited]
        found = {"problems": problems, "fields": wrong, "refusals": ()}
        raise Unacceptable("not_adoptable" if problems else "unreadable", clauses=clauses, data=found)
    signed = [f"{slot}: {signatures[slot]}" for slot in pack.signatures]
    policy = adoption.store_policy(pack, at=at, adopted_by=actor.account_id if actor else None, signatures=signed)
    book = adoption.store_calendar(calendar, at=at)
    adoption.grant_slots(rights_of(pack))
    adoption.adopt(unit, pack, policy, book, effective_from or at, signed, subject)
    house.record(
        "policy.adopted",
        at=at,
        by=actor.account_id if actor else None,
        subject=policy.hash,
        name=f"{pack.title} {pack.version}",
        after={
            "unit": unit.name,
            **({"limited_to": subject} if subject else {}),
            "signatures": signed,
            "calendar": book.version,
            "from": (effective_from or at).isoformat(),
        },
    )
    return policy.hash


def _named(subject: str, wrong: dict[str, str]) -> str:
    """As it is kept: with single spaces, and with some letter or sign of writing in it, so that no address mistakes it
    for a mark of its own."""
    name = " ".join(subject.split())
    if name and (len(name) > SUBJECT_LENGTH or not name.isprintable() or not any(sign.isalnum() for sign in name)):
        wrong["subject"] = "subject_unreadable"
    return name


def _loaded(offer: Offer, wrong: dict[str, str]) -> Pack:
    """With the company's figures; without those that cannot be read."""
    library = read_library()
    try:
        code = library.code_of(offer.code)
    except PackUnknown:
        raise NotFound from None
    figures = {code: text for code, text in offer.figures.items() if text}
    try:
        return library.load(code, figures)
    except PackInvalid as invalid:
        said = "\n".join(problem.address for problem in invalid.problems)
        blamed = [code for code in figures if code in said] or list(figures)
        asked = library.load(code).parameters
        wrong |= {one: _UNREADABLE.get(asked[one].type, "figure_unreadable") if one in asked else "" for one in blamed}
        return library.load(code, {code: text for code, text in figures.items() if code not in wrong})


def _calendar(hours: WorkingHours, at: datetime, wrong: dict[str, str]) -> Calendar:
    try:
        return hours.calendar(at.year)
    except CalendarUnreadable:
        wrong["periods"] = "hours_unreadable"
        return WorkingHours().calendar(at.year)


def _first_day(typed: str, calendar: Calendar, at: datetime, wrong: dict[str, str]) -> datetime:
    day = read_day(typed)
    begins = calendar.instant(day, time(0)) if day is not None else at
    if begins <= at:
        wrong["since"] = "day_unreadable" if day is None else "day_not_ahead"
    return begins


def _strangers(names: Iterable[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Signers who are nobody of the house."""
    signed = [name for name in names if name]
    known = set(Account.objects.filter(name__in=signed, is_active=True).values_list("name", flat=True))
    return [("signer_unknown", name, ()) for name in dict.fromkeys(signed) if name not in known]


def _problems(pack: Pack, unit: Unit, signatures: Mapping[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """(what, name, clauses) for everything that stands in the way."""
    found = [("slot_empty", name, clauses) for _, name, clauses in adoption.empty_slots(pack, unit)]
    found += [("figure_unset", p.name, p.clauses) for p in pack.parameters.values() if p.value is None]
    names = [signatures.get(slot, "").strip() for slot in pack.signatures]
    found += [("signature_missing", slot, ()) for slot, name in zip(pack.signatures, names, strict=True) if not name]
    if len({n for n in names if n}) < len([n for n in names if n]):
        found.append(("signed_twice", "、".join(names), ()))
    return found
