"""Opens the case that another one asks for: the kind that serves its place, what is carried over, its first step by
the program. In the same transaction as the event that names it, so that neither is there without the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from kesu.casefile.books import UNITS, Serving, calendar_of, kind_of, pack_of, subjects_for
from kesu.casefile.casefile import SYSTEM_TAKER, CaseFile
from kesu.casefile.confidants import named_in
from kesu.casefile.desk import Desk, FirstDesk
from kesu.casefile.log import read_bodies
from kesu.casefile.numbers import next_number
from kesu.casefile.opening import LINKED, desk_token, new_head, secret_of
from kesu.casefile.rest import put_off_waking
from kesu.casefile.shown import latest
from kesu.casefile.statement import Input, Statement, read_given, state
from kesu.casefile.where_cases_lie import may_lie, nearest
from kesu.core.errors import Refused, Unacceptable
from kesu.core.ids import uuid7
from kesu.policy.events import BY_LINK, LINK_DEPTH, PARENT, SUBJECT, counted_with, subject_of
from kesu.policy.model.facts import GRADED, DataClass, Fact, FactType, Value
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind, takes_cases
from kesu.policy.standing import kept_secret_from
from kesu.policy.standing.results import Effect, Standing
from kesu.policy.values import fits
from kesu.store.keys import ring
from kesu.store.models import Case, SealedCase, Unit
from kesu.store.models.organisation import SERVING

DEEPEST: Final = 8
"""So many cases may stand in a row, each opened by the one before: two policies could chase each other for ever."""


def open_linked(parent: CaseFile, effect: Effect, current: Standing, now: datetime) -> UUID | None:
    """The identifier of the new case. None where it cannot be opened now: nobody serves the kind at the place, it is
    sealed and this one is not, its policy refuses what is carried over, or it would tell of this one, which is
    confidential. It stays owed and is tried again whenever the case moves."""
    link = parent.kind.opens[effect.code]
    depth = int(str(parent.log[0].facts.get(LINK_DEPTH, 0))) + 1
    found = _where(parent, link, _place(parent, link, current), now) if depth <= DEEPEST else None
    if found is None:
        return None
    unit, serving = found
    rules = kind_of(serving.policy_version_id, serving.kind)
    if rules.is_sealed != parent.kind.is_sealed:
        return None
    also: dict[str, Value] = {PARENT: parent.head.pk.hex, BY_LINK: link.code, LINK_DEPTH: depth}
    if serving.subject:
        also[SUBJECT] = serving.subject
    statement = carried(parent, link, rules, current)
    kept = kept_secret_from(parent.kind, current)
    return _open(rules, serving, unit, statement, also, now, lambda told: _tells(told, kept))


class _WouldTell(Exception):
    """The new case would be there for people who must not know of the one that it comes from."""


def _tells(told: Collection[UUID] | None, kept: frozenset[str] | None) -> bool:
    """Whether a case of which these people may know (None: all within reach) tells of a confidential one that is kept
    from `kept` (None: it is not confidential)."""
    return kept is not None and (told is None or any(account.hex in kept for account in told))


def _open(
    rules: Kind,
    serving: Serving,
    unit: Unit,
    statement: Statement,
    also: Mapping[str, Value],
    now: datetime,
    tells: Callable[[Collection[UUID] | None], bool],
) -> UUID | None:
    """An ordinary one is numbered at the end; a sealed one is let in on by the worker, which is woken for it."""
    case_id = uuid7()
    head = new_head(rules, serving, unit, LINKED, now, secret_of(rules, desk_token(case_id)))
    if isinstance(head, Case):
        head.pk = case_id
    first = FirstDesk()
    file = CaseFile(head, rules, calendar_of(serving.calendar_version_id), [], first)
    try:
        with transaction.atomic():
            if isinstance(head, SealedCase):
                head.save(force_insert=True)
                file.desk = Desk()
            file.open_with(SYSTEM_TAKER, statement, now, also)
            if isinstance(head, Case) and tells(file.told(now)):
                raise _WouldTell
    except (Refused, _WouldTell):
        return None
    if isinstance(head, Case):
        first.finish(head, next_number(rules.numbering, unit, file.calendar.local(now).year))
    else:
        put_off_waking(head.pk, is_sealed=True, until=now)
    return head.pk


def _place(parent: CaseFile, link: LinkedCase, current: Standing) -> Unit | None:
    named = current.facts.get(link.place) if link.place is not None else None
    if not isinstance(named, str):
        return parent.head.unit
    unit = UNITS.one(UUID(named))
    if unit is not None and unit.kind in SERVING:
        # No case lies in a department, whose posts reach over others: it lies where this one does, if they reach there.
        covers = parent.head.unit.path.startswith(unit.scope_path)
        unit = parent.head.unit if covers else unit.parent
    return unit if unit is not None and unit.closed_on is None else None


def _where(parent: CaseFile, link: LinkedCase, unit: Unit | None, now: datetime) -> tuple[Unit, Serving] | None:
    """The unit, or the nearest above it where cases of the kind lie, with the policy that rules the kind there."""
    for _ in range(2):
        serving = _serving(parent, link, unit, now) if unit is not None else None
        if unit is None or serving is None:
            return None
        rules = kind_of(serving.policy_version_id, serving.kind)
        if may_lie(unit, rules):
            return unit, serving
        unit = nearest(unit, rules)
    return None


def _serving(parent: CaseFile, link: LinkedCase, unit: Unit, now: datetime) -> Serving | None:
    """Of the same pack: the version in force there, else the one that this case goes by."""
    subject, mine = subject_of(parent.log), parent.head.policy_version_id
    found = subjects_for(unit, link.kind, now)
    served = found.get(subject) or found.get("") or (next(iter(found.values())) if len(found) == 1 else None)
    if link.is_served:
        return served
    if served is not None and pack_of(served.policy_version_id).code == pack_of(mine).code:
        return served
    return Serving(link.kind, subject, mine, counted_with(parent.log, parent.calendar).version)


def carried(parent: CaseFile, link: LinkedCase, rules: Kind, current: Standing) -> Statement:
    """What the first step of the other case states. What this one does not know, and what the other kind has no fact
    for, stays behind."""
    bodies = read_bodies(parent.head, [data.value for data in GRADED])
    texts = latest(parent.kind, bodies, parent.log)
    inputs = _fixed(link, rules, ZoneInfo(parent.calendar.zone))
    for code, own in link.carries.items():
        fact, value = rules.facts.get(code), current.facts.get(own)
        if fact is None or not _goes_along(parent.kind, parent.kind.facts[own], rules, fact, link):
            continue
        text = texts.get(own) if fact.keeps(parent.kind.facts[own]) else None
        if fact.type is FactType.GROUP and fact.data is DataClass.SEALED:
            inputs[code] = named_in(bodies.values(), own)
        elif fact.type.is_marked and text is not None:
            inputs[code] = text
        elif not fact.type.is_marked and value is not None and fits(fact, value):
            inputs[code] = value
    return state(rules.facts, inputs, ring())


def _fixed(link: LinkedCase, rules: Kind, zone: ZoneInfo) -> dict[str, Input]:
    """What the link itself states. Of a version or a policy that knows another value, it is left out: where it must be
    stated the opening step is refused, and the case stays owed."""
    inputs: dict[str, Input] = {}
    for code, text in link.states.items():
        if code in rules.facts:
            with suppress(Unacceptable):
                inputs |= read_given({code: rules.facts[code]}, {code: (text,)}, zone)
    return inputs


def _goes_along(kind: Kind, own: Fact, rules: Kind, theirs: Fact, link: LinkedCase) -> bool:
    """Whether a value of the one fact is one of the other. Files stay with the case that they were added to."""
    if own.type is not theirs.type or own.type is FactType.FILE:
        return False
    if own.type is FactType.CASE:
        return takes_cases(kind, own, rules, theirs, is_one_pack=not link.is_served)
    return True
