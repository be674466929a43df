"""What an outside party sees behind his link: his part of one case, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from kesu.access.guests import guest_by_secret, guest_taker
from kesu.access.sight.outside import OutsideStep, ShownFact, Shut, outside_steps, shut_to_outsiders
from kesu.access.sight.stage_line import public_words
from kesu.casefile import notes
from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.log import read_bodies, read_log
from kesu.casefile.shown import latest_texts, shown
from kesu.casefile.spokesmen import name_in
from kesu.core.errors import NotFound, NotNow
from kesu.policy.asking import fields_for
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Role
from kesu.policy.model.writing import Writing
from kesu.policy.standing import standing
from kesu.policy.standing.results import Standing
from kesu.policy.standing.walking import rules_at
from kesu.store.models import CaseGuest


@dataclass(frozen=True, slots=True)
class GuestEntry:
    """`is_own`: he wrote or did it himself. `is_step`: `text` is the name of a step."""

    at: datetime
    text: str
    is_own: bool
    is_step: bool


@dataclass(frozen=True, slots=True)
class GuestPage:
    """`person` holds name and number where the customer agreed that he gets them; `room` too. Newest entries first.
    `hears`: he has what the policy tells the complainant. Where the policy limits what his role sees, title and stage
    are empty, and `shown` is what it shows instead."""

    name: str
    slot: str
    number: str
    kind: str
    title: str
    unit: str
    room: str
    person: str
    stage: str
    is_final: bool
    ends_at: datetime
    entries: tuple[GuestEntry, ...]
    steps: tuple[OutsideStep, ...]
    shut: tuple[Shut, ...]
    shown: tuple[ShownFact, ...] = ()
    hears: bool = False


def guest_page(*, at: datetime, secret: str) -> GuestPage:
    """Raises `NotFound` for a link that fits nothing, `NotNow` for one that is over. A fixed number of queries."""
    guest = guest_by_secret(secret, at)
    case = guest.case
    kind, calendar = kind_of(case.policy_version_id, case.kind), calendar_of(case.calendar_version_id)
    log = read_log(case, kind)
    current = standing(kind, log, at, calendar)
    texts = latest_texts(case, kind, log)
    taker = guest_taker(guest)
    done = [
        GuestEntry(event.at, rules_at(kind, log, event.seq).steps[event.step].name, is_own=True, is_step=True)
        for event in log
        if event.by == taker.by and event.step
    ]
    role = kind.roles.get(guest.slot)
    talk = [*_talk(guest)]
    limited = role is not None and role.limited
    told = [entry.text for entry in reversed(talk) if not entry.is_own]
    asked = partial(fields_for, taker=taker)
    return GuestPage(
        name=_name(guest, kind),
        slot=role.name if role else "",
        number=case.number,
        kind=kind.name,
        title="" if limited else str(texts.get(kind.title_fact, "")),
        unit=case.unit.name,
        room=str(texts.get(kind.place_fact or "", "")) if guest.sees_person else "",
        person=_person(kind, texts) if guest.sees_person else "",
        stage=_stage(guest, kind, current.stage, limited=limited),
        shown=tuple(_shown(kind, role, current, texts)) if role is not None and limited else (),
        is_final=current.is_final,
        ends_at=guest.ends_at,
        entries=tuple(sorted([*talk, *done], key=lambda entry: entry.at))[::-1],
        shut=shut_to_outsiders(current, Writing.GUEST_WORDS),
        steps=tuple(outside_steps(kind, current, taker, guest.slot, asked, told)),
        hears=guest.named_seq is not None,
    )


def guest_step(*, at: datetime, secret: str, step: str) -> OutsideStep:
    """Raises `NotNow` for a step that he has taken or that must wait, `NotFound` for one that is none of his."""
    page = guest_page(at=at, secret=secret)
    found = next((one for one in page.steps if one.code == step), None)
    if found is None:
        raise NotNow("step_gone") if any(entry.is_step for entry in page.entries) else NotFound
    return found


def _talk(guest: CaseGuest) -> Iterator[GuestEntry]:
    """What both sides wrote; to whoever was named to hear it also what the policy has told the complainant since."""
    for note, text in notes.read(guest.case):
        is_policys = note.visibility == notes.SENT and note.author is None
        if note.guest_id == guest.pk:
            yield GuestEntry(note.at, text, is_own=note.visibility == notes.FROM_GUEST, is_step=False)
        elif guest.named_seq is not None and is_policys and note.at >= guest.invited_at:
            yield GuestEntry(note.at, text, is_own=False, is_step=False)


def _stage(guest: CaseGuest, kind: Kind, stage: str, *, limited: bool) -> str:
    """In the customer's words for whoever stands beside him, in those of the policy for whoever works on it."""
    if limited:
        return ""
    return public_words(kind)[stage] if guest.named_seq is not None else kind.stages[stage].name


def _shown(kind: Kind, role: Role, current: Standing, texts: Mapping[str, Any]) -> Iterator[ShownFact]:
    """What is stated of the facts that the policy shows to his role."""
    for code in role.shows:
        fact = kind.facts[code]
        said = str(texts.get(code, "")) if fact.type.is_marked else shown(kind, code, current.facts.get(code))
        if said:
            yield ShownFact(fact.name, said)


def _name(guest: CaseGuest, kind: Kind) -> str:
    """Whoever was named in the case goes by the name that he has there."""
    if guest.named_seq is None:
        return guest.name
    return name_in(kind, read_bodies(guest.case, [DataClass.PERSONAL.value]), guest.named_seq) or guest.name


def _person(kind: Kind, texts: Mapping[str, Any]) -> str:
    """Name and number of the first person of the case, as last corrected."""
    first = next((text for code, text in texts.items() if isinstance(text, dict) and code in kind.facts), {})
    return " ".join(str(first[part]) for part in ("name", "phone") if first.get(part))
