"""施行: what stands in the way of a policy, and the one place that puts it in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kesu.casefile import adoption, house
from kesu.casefile.books import adoptions_for, calendar_of
from kesu.casefile.overlays import Hindrance
from kesu.core.errors import Unacceptable
from kesu.policy.calendar import Calendar, Source, Year
from kesu.policy.model.pack import Pack
from kesu.store.models import PolicyProposal, Unit


@dataclass(frozen=True, slots=True)
class Enactment:
    """What is put in force: where, for which matters, counted with which calendar, from when on. `signed`: slot and
    name, as they stand beside the policy; `proposal`: where those named have signed themselves."""

    unit: Unit
    pack: Pack
    subject: str
    calendar: Calendar
    effective_from: datetime
    signed: Sequence[str]
    proposal: PolicyProposal | None = None


def hindrances(pack: Pack, unit: Unit) -> list[Hindrance]:
    """Everything of the policy and the place themselves; what is missing of signatures is found where they are made."""
    found: list[Hindrance] = [("unit_closed", unit.name, ())] if unit.closed_on is not None else []
    found += [("slot_empty", name, clauses) for _, name, clauses in adoption.empty_slots(pack, unit)]
    found += [("figure_unset", p.name, p.clauses) for p in pack.parameters.values() if p.value is None]
    return found


def missing_signatures(pack: Pack, given: Mapping[str, str]) -> list[Hindrance]:
    """`given`: by slot who signs or is to sign, empty for nobody. Two slots may not have the same."""
    names = [given.get(slot, "").strip() for slot in pack.signatures]
    found: list[Hindrance] = [
        ("signature_missing", slot, ()) for slot, name in zip(pack.signatures, names, strict=True) if not name
    ]
    said = [name for name in names if name]
    if len(set(said)) < len(said):
        found.append(("signed_twice", "、".join(names), ()))
    return found


def stop_at(problems: Iterable[Hindrance], wrong: Mapping[str, str]) -> None:
    """Raises `Unacceptable` with all of them and their clauses, if there is anything; `wrong` by field."""
    found = tuple(problems)
    if found or wrong:
        clauses = [clause for _, _, cited in found for clause in cited]
        data = {"problems": list(found), "fields": dict(wrong), "refusals": ()}
        raise Unacceptable("not_adoptable" if found else "unreadable", clauses=clauses, data=data)


def with_days_in_force(calendar: Calendar, unit: Unit, pack: Pack, at: datetime) -> Calendar:
    """Whoever puts a policy in force says how the office works. What was said of it before stays: posts go on working
    as they did, the company's own days off are off, an official plan that was brought in is known."""
    rows = (one for one in adoptions_for(unit, at) if one.kind in pack.kinds)
    before = [calendar_of(version) for version in dict.fromkeys(one.calendar_version_id for one in rows)]
    posts = {post.slot: post for one in (*before, calendar) for post in one.posts}
    closures = {day.date: day for one in (*before, calendar) for day in one.closures}
    official = {year.number: year for one in before for year in one.years if year.source is Source.OFFICIAL}
    own = {year.number: year for year in calendar.years}
    news = {number: year for number, year in official.items() if own and not _is_official(own.get(number))}
    return replace(
        calendar,
        posts=tuple(posts.values()),
        closures=tuple(closures.values()),
        years=tuple({**own, **news}.values()),
    )


def _is_official(year: Year | None) -> bool:
    return year is not None and year.source is Source.OFFICIAL


def enact(
    wanted: Enactment,
    *,
    at: datetime,
    by: UUID | None,
    decided_by: UUID | None,
    grants: Mapping[str, Sequence[str]],
    more: Mapping[str, Any] | None = None,
) -> str:
    """Into the books and into force. `decided_by`: whose decision it is, `by`: whose act brings it about; None: the
    installation itself. `grants`: rights by slot. `more`: what else the record of changes says. Returns the digest."""
    pack = wanted.pack
    policy = adoption.store_policy(pack, at=at, adopted_by=decided_by, signatures=wanted.signed)
    calendar = with_days_in_force(wanted.calendar, wanted.unit, pack, wanted.effective_from)
    book = adoption.store_calendar(calendar, at=at)
    adoption.grant_slots(grants)
    adoption.adopt(
        wanted.unit,
        pack,
        policy,
        book,
        wanted.effective_from,
        wanted.signed,
        wanted.subject,
        proposal=wanted.proposal,
    )
    house.record(
        "policy.adopted",
        at=at,
        by=by,
        subject=policy.hash,
        name=f"{pack.title} {pack.version}",
        after={
            "unit": wanted.unit.name,
            **({"limited_to": wanted.subject} if wanted.subject else {}),
            "signatures": list(wanted.signed),
            "calendar": book.version,
            "from": wanted.effective_from.isoformat(),
            **(more or {}),
        },
    )
    return policy.hash
