"""What would follow: level with its reason, what is still missing, what would start, while somebody is typing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kesu.access.actor import Actor
from kesu.access.ledgers import MoveLine, move_lines, weighed_step
from kesu.access.likeness import AlikeCase, Described, LikelyValue, alike_cases, likely_values
from kesu.access.permissions import Permission
from kesu.access.sight.lines import (
    LevelLine,
    LevelMove,
    ObligationLine,
    RaiseLine,
    RefusalLine,
    by_urgency,
    level_line,
    level_moves,
    next_raises,
    obligation_line,
    refusal_lines,
)
from kesu.access.sight.publications import ToPublish, to_publish
from kesu.access.sight.reading import CaseRead, read_case
from kesu.access.takers import taker_for
from kesu.casefile.books import adoption_for, calendar_of, pack_of
from kesu.casefile.ledgers import Book, Weighed
from kesu.casefile.statement import Given, read_given, state
from kesu.core.errors import Forbidden, NotFound, Unacceptable
from kesu.policy.asking import fields_of, opening_step
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass, FactType, Value
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import GuardMode
from kesu.policy.standing import preview, separation_refusals
from kesu.policy.standing.results import EffectKind, Obligation, Refusal, Standing
from kesu.policy.wording import remarks
from kesu.store.keys import ring
from kesu.store.models import Unit

OwnerNames = Callable[[Obligation], str]


@dataclass(frozen=True, slots=True)
class Preview:
    """`move` is the last change of level, and `is_change` says whether the step would bring it. `stage` is the one
    entered, empty when it stays. `unreadable` names the fields that cannot be read yet. `same`: cases that may be about
    the same thing, `may_join`: he may say that this one is; `likely`: by fact what cases in like words have."""

    policy_hash: str
    level: LevelLine
    move: LevelMove | None
    is_change: bool
    raises: tuple[RaiseLine, ...]
    stage: str
    refusals: tuple[RefusalLine, ...]
    starts: tuple[ObligationLine, ...]
    approvals: tuple[str, ...]
    links: tuple[str, ...]
    publishes: tuple[ToPublish, ...]
    unreadable: tuple[str, ...]
    moves: tuple[MoveLine, ...]
    calendar: Calendar
    same: tuple[AlikeCase, ...] = ()
    may_join: bool = False
    likely: Mapping[str, tuple[LikelyValue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Tried:
    """The case as it would stand, what speaks against it, the fields that cannot be read, and what ledgers say."""

    after: Standing
    refusals: tuple[Refusal, ...]
    unreadable: tuple[str, ...]
    weighed: Weighed


def preview_step(*, actor: Actor, at: datetime, case_id: UUID, step: str, given: Given) -> Preview:
    """Nothing is written. Raises `NotFound` as the step's form does."""
    read = read_case(actor, at, case_id)
    if step not in read.kind.steps or read.kind.steps[step].starts_case:
        raise NotFound
    tried = _try(read.kind, read.calendar, read.log, step, given, at, Book.of(read.case))
    return _preview(read.pack, read.kind, read.calendar, read.current, tried, _owner_names(read))


def preview_opening(
    *,
    actor: Actor,
    at: datetime,
    happened_at: datetime,
    unit_id: UUID,
    kind: str,
    given: Given,
    subject: str | None = None,
) -> Preview:
    """The same for a case that is not registered yet, with earlier cases of the same room or person. `subject`: under
    which it would be opened, None where nobody has to say; raises `Unacceptable` for one that is not served there."""
    place = Unit.objects.filter(pk=unit_id).first()
    if place is None:
        raise NotFound
    if not actor.may_at(Permission.CASE_REGISTER, place.path):  # who answers the telephone reads no cases
        if not actor.may_at(Permission.CASE_READ, place.path):
            raise NotFound
        raise Forbidden("permission_missing", data={"permission": Permission.CASE_REGISTER.value})
    adoption = adoption_for(place, kind, happened_at, subject, now=at)
    if adoption is None:
        raise NotFound
    pack = pack_of(adoption.policy_version_id)
    rules = pack.kinds[kind]
    if rules.is_sealed:
        raise NotFound
    calendar = calendar_of(adoption.calendar_version_id)
    step = opening_step(rules)
    tried = _try(rules, calendar, (), step.code, given, happened_at, Book.at(place, pack.code))
    his = separation_refusals(rules, step, taker_for(actor, place.path, rules, ()), tried.after.facts)
    tried = replace(tried, refusals=(*tried.refusals, *his))
    about = _described(pack, rules, place, happened_at, given)
    asked = (rules.facts[one.code] for one in fields_of(rules, step))
    return replace(
        _preview(pack, rules, calendar, None, tried, _role_names(rules)),
        same=alike_cases(actor, about, rules.alike_days) if rules.has_complainant else (),
        may_join=actor.may_at(Permission.MATTER_JOIN, place.path),
        likely=likely_values(actor, about, (fact for fact in asked if fact.proposed)),
    )


def _try(
    kind: Kind, calendar: Calendar, log: Sequence[Event], step: str, given: Given, at: datetime, book: Book
) -> _Tried:
    stated, unreadable = _readable(kind, calendar, given)
    after, refusals = preview(kind, log, step, stated, at, calendar)
    weighed = weighed_step(book, kind, calendar, log, step, stated, at) if kind.ledgers else Weighed()
    told = {(lack.kind, lack.code) for one in refusals for lack in one.missing}
    more = (one for one in weighed.against if not told.issuperset((lack.kind, lack.code) for lack in one.missing))
    return _Tried(after, (*refusals, *more, *_reminders(kind, given)), unreadable, weighed)


def _reminders(kind: Kind, given: Given) -> tuple[Refusal, ...]:
    """What the policy says of the words in what is typed: the log holds none of them, so only here can it be told."""
    texts = {code: "\n".join(given[code]) for code in kind.facts if given.get(code)}
    found = remarks(kind, texts)
    return tuple(Refusal("wording", one.says, one.clauses, mode=GuardMode.WARN) for one in found)


def _readable(kind: Kind, calendar: Calendar, given: Given) -> tuple[Mapping[str, Value], tuple[str, ...]]:
    """What can be read of a half-filled form. Files are not sent while typing: their names stand for them."""
    unreadable: tuple[str, ...] = ()
    try:
        inputs = read_given(kind.facts, given, ZoneInfo(calendar.zone))
    except Unacceptable as refused:
        unreadable = tuple(str(code) for code in refused.data.get("fields", ()))
        rest = {name: texts for name, texts in given.items() if name.partition(".")[0] not in unreadable}
        inputs = read_given(kind.facts, rest, ZoneInfo(calendar.zone))
    return {**state(kind.facts, inputs, ring()).facts, **_files(kind, given)}, unreadable


def _files(kind: Kind, given: Given) -> dict[str, Value]:
    """How many, as the log says it."""
    return {
        code: sum(1 for text in given[code] if text)
        for code, fact in kind.facts.items()
        if fact.type is FactType.FILE and any(given.get(code, ()))
    }


def _described(pack: Pack, kind: Kind, place: Unit, at: datetime, given: Given) -> Described:
    """What was typed so far, the subject first."""
    texts = [
        code for code, fact in kind.facts.items() if fact.type is FactType.TEXT and fact.data is DataClass.INTERNAL
    ]
    ordered = sorted(texts, key=lambda code: code != kind.title_fact)
    names = (f"{code}.name" for code, fact in kind.facts.items() if fact.type is FactType.PERSON)
    person = next((text for name in names for text in given.get(name, ()) if text.strip()), "")
    return Described(
        text="\n".join(text for code in ordered for text in given.get(code, ()) if text),
        unit=place,
        kind=kind.code,
        pack=pack.code,
        received_at=at,
        room="".join(given.get(kind.place_fact or "", ())).strip(),
        person=person.strip(),
    )


def _owner_names(read: CaseRead) -> OwnerNames:
    return lambda obligation: read.who(obligation.owner, started_seq=obligation.started_seq)


def _role_names(kind: Kind) -> OwnerNames:
    def name(obligation: Obligation) -> str:
        role = kind.roles.get(obligation.owner.role)
        return role.name if role else ""

    return name


def _preview(
    pack: Pack,
    kind: Kind,
    calendar: Calendar,
    before: Standing | None,
    tried: _Tried,
    owner: OwnerNames,
) -> Preview:
    after = tried.after
    had = {o.key for o in before.obligations} if before else set()
    owed = before.effects if before else ()
    opened = {(a.code, a.opened_seq) for a in before.approvals} if before else set()
    moves = level_moves(pack, kind, after)
    starts = tuple(obligation_line(pack, o, owner(o)) for o in after.open_obligations if o.key not in had)
    return Preview(
        policy_hash=pack.hash,
        level=level_line(kind, after.level),
        move=moves[-1] if moves else None,
        is_change=len(moves) > (len(before.level_changes) if before else 0),
        raises=next_raises(pack, kind, after),
        stage=kind.stages[after.stage].name if before is None or before.stage != after.stage else "",
        refusals=refusal_lines(pack, kind, tried.refusals),
        starts=by_urgency(starts),
        approvals=tuple(a.name for a in after.approvals if (a.code, a.opened_seq) not in opened),
        links=tuple(
            kind.opens[one.code].name for one in after.effects if one.kind is EffectKind.LINK and one not in owed
        ),
        publishes=tuple(to_publish(pack, kind, before, after)),
        unreadable=tried.unreadable,
        moves=move_lines(pack, kind, tried.weighed),
        calendar=calendar,
    )
