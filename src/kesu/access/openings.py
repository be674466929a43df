"""What somebody of the house may open: at which places, of what kinds, with the form of the policy in force there.

Two doors lead here: the register of ordinary cases, and the desk that takes reports in under seal. They differ in who
may come in (`Opens`) and share everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from kesu.access import choices
from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.access.takers import taker_for
from kesu.casefile.books import (
    Serving,
    adoption_for,
    adoptions_for,
    before_policy,
    calendar_of,
    general_last,
    kind_of,
    open_unit,
    pack_of,
    unserved,
)
from kesu.casefile.where_cases_lie import may_lie
from kesu.core.errors import Forbidden, NotFound
from kesu.policy.asking import FieldView, Option, fields_of, opening_step
from kesu.policy.model.pack import Kind, Pack
from kesu.policy.model.rules import EVERYONE, Who
from kesu.policy.standing import holds, said
from kesu.store.models import Adoption, Unit
from kesu.store.models.organisation import SERVING, UnitKind

Opens = Callable[[Unit, Kind], bool]
"""Whether a kind may be opened at a place through a door."""


@dataclass(frozen=True, slots=True)
class GuidanceLine:
    text: str
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class OpeningForm:
    """The form of the opening step of one kind at one place. `place_fact`: the one that says where, such as a room;
    `title_fact`: what the case is called by. `subject`: whose policy draws it; `says_subject`: the form must name it
    when it is sent. `subjects`: those of which one has to be chosen first, because the form that was sent named none of
    them."""

    unit_id: UUID
    kind: str
    kind_name: str
    subject: str
    says_subject: bool
    subjects: tuple[str, ...]
    step: str
    step_name: str
    policy_hash: str
    policy_title: str
    fields: tuple[FieldView, ...]
    guidance: tuple[GuidanceLine, ...]
    backdate_days: int
    clause_names: Mapping[str, str]
    place_fact: str
    title_fact: str


@dataclass(frozen=True, slots=True)
class IntakePage:
    """`kind` is the chosen one. `subjects` are those that policies are limited to there (empty: all others), where
    there is a choice. `form` is None until one of them is chosen, and when no policy in force lets the actor open
    anything at the chosen place."""

    units: tuple[Option, ...]
    unit: str
    kinds: tuple[Option, ...]
    kind: str
    subjects: tuple[str, ...]
    form: OpeningForm | None


@dataclass(slots=True)
class _Offered:
    """Pack and calendar version of one kind by the subjects that the actor may open. `served`: how many the place has,
    whether he may or not."""

    by_subject: dict[str, tuple[Pack, str]] = field(default_factory=dict)
    served: int = 0

    def name_of(self, kind: str) -> str:
        pack, _calendar = self.by_subject[self.drawn_for(None)]
        return pack.kinds[kind].name

    def drawn_for(self, subject: str | None) -> str:
        """The subject itself; where none is settled the general one, or else the first."""
        if subject is not None:
            return subject
        return "" if "" in self.by_subject else next(iter(self.by_subject))

    def settles(self, subject: str | None) -> str | None:
        """Which subject a form is for that names this one; None where it must be asked."""
        if subject in self.by_subject:
            return subject
        return next(iter(self.by_subject)) if subject is None and len(self.by_subject) == 1 else None


def served(
    actor: Actor, *, unit_id: UUID, kind: str, subject: str | None, happened_at: datetime, at: datetime
) -> tuple[Unit, Serving, Kind]:
    """The place, the policy in force there when it happened, and its rules, for whoever registers. Raises `Forbidden`
    without the right, `NotFound` for what is not offered, `Unacceptable` for a time before the policy and for a subject
    that is not served."""
    unit = open_unit(unit_id)
    if not actor.may_at(Permission.CASE_REGISTER, unit.path):
        if not actor.may_at(Permission.CASE_READ, unit.path):
            raise NotFound
        raise Forbidden("permission_missing", data={"permission": Permission.CASE_REGISTER.value})
    adoption = adoption_for(unit, kind, happened_at, subject, now=at)
    if adoption is None:
        since = adoption_for(unit, kind, at, subject)
        raise NotFound if since is None or kind_of(since.policy_version_id, kind).is_sealed else before_policy()
    rules = kind_of(adoption.policy_version_id, kind)
    if not may_lie(unit, rules):
        raise NotFound
    if rules.is_sealed:
        raise NotFound if subject is None else unserved("subject_unknown")
    return unit, adoption, rules


def places_within(paths: Iterable[str], unit_kinds: Collection[str] = ()) -> list[Unit]:
    """Projects (or, where there are none, other places) within one of the paths, by name; behind them those of
    `unit_kinds`, where kinds of their own lie."""
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(path__startswith=path)
    offered = Unit.objects.filter(within, closed_on=None).exclude(kind__in=SERVING)
    rows = list(offered.select_related("parent").order_by("path"))
    usual = [row for row in rows if row.kind == UnitKind.PROJECT] or rows
    more = [row for row in rows if row.kind in unit_kinds and row not in usual]
    return sorted(usual, key=lambda row: row.name) + sorted(more, key=lambda row: row.name)


def is_usual(place: Unit, places: Iterable[Unit]) -> bool:
    """Whether cases lie there that say nothing of their place: at projects, where there are any."""
    return place.kind == UnitKind.PROJECT or all(one.kind != UnitKind.PROJECT for one in places)


def unit_kinds_for(actor: Actor, at: datetime) -> frozenset[str]:
    """Kinds of units at which lie what one of his posts may open, by any policy in force. One query."""
    rows = Adoption.objects.filter(effective_from__lte=at).values_list("policy_version_id", "kind").distinct()
    kinds = (pack_of(policy).kinds[kind] for policy, kind in rows)
    slots = {*actor.slots, EVERYONE}
    his = (rules for rules in kinds if any(who.role in slots for who in _anybody(rules)))
    return frozenset(unit_kind for rules in his for unit_kind in rules.lies_in)


def may_open(actor: Actor, place: Unit, rules: Kind) -> bool:
    """Whether the opening step may be taken by him there."""
    return _is_named(actor, place, rules, _anybody(rules))


def may_take_in(actor: Actor, place: Unit, rules: Kind) -> bool:
    """Whether the policy of a sealed kind names him among those who take reports in for others. A step open to everyone
    is open on the public page, where nobody signs in."""
    named = [who for who in _anybody(rules) if who.role != EVERYONE]
    return rules.is_sealed and _is_named(actor, place, rules, named)


def takers_in(rules: Kind) -> frozenset[str]:
    """The slots that the opening step of a sealed kind names; none for other kinds."""
    return frozenset(who.role for who in _anybody(rules) if who.role in rules.roles) if rules.is_sealed else frozenset()


def policies_by(at: datetime) -> list[str]:
    """The hashes of all policies that were adopted by then: cases go on under those that were replaced."""
    adopted = Adoption.objects.filter(effective_from__lte=at)
    return list(adopted.values_list("policy_version_id", flat=True).distinct())


def sealed_kinds(policies: Iterable[str]) -> list[Kind]:
    """The sealed kinds of policies (by their hashes), also those that only another one opens."""
    found = (pack_of(policy).kinds.values() for policy in dict.fromkeys(policies))
    return [kind for kinds in found for kind in kinds if kind.is_sealed]


def sees_reports(actor: Actor, sealed: Iterable[Kind]) -> bool:
    """Whether one of them opens to a slot of his, whether or not there is a case."""
    return any(actor.slots.intersection(kind.secrecy.slots) for kind in sealed if kind.secrecy)


def takes_reports(actor: Actor, sealed: Iterable[Kind]) -> bool:
    """Whether one of them names a slot of his among those who take reports in."""
    return any(actor.slots & takers_in(kind) for kind in sealed)


def _is_named(actor: Actor, place: Unit, rules: Kind, named: Iterable[Who]) -> bool:
    taker = taker_for(actor, place.path, rules, ())
    return any(holds(taker, who, {}) for who in named)


def _anybody(rules: Kind) -> Iterable[Who]:
    for row in opening_step(rules).by.rows:
        yield from row.use


def page_of(
    actor: Actor,
    at: datetime,
    places: Sequence[Unit],
    opens: Opens,
    *,
    unit: str,
    kind: str,
    subject: str | None,
    is_sent: bool,
) -> IntakePage:
    """`unit` (hex) and `kind` as chosen; the first of each when empty. `subject` None: none was chosen. `is_sent`: a
    form that was sent and is drawn again, whatever subject it named. `places`: at least one. Raises `NotFound` for a
    place, kind or subject that is not offered."""
    place = next((p for p in places if p.pk.hex == unit), None) if unit else places[0]
    if place is None:
        raise NotFound
    rules = _rules_at(place, at, opens)
    if kind and kind not in rules:
        raise NotFound
    chosen = kind or next(iter(rules), "")
    offered = rules.get(chosen, _Offered())
    if subject is not None and subject not in offered.by_subject and not is_sent:
        raise NotFound
    is_open = offered.settles(subject) is None and not is_sent
    return IntakePage(
        units=tuple(Option(p.pk.hex, p.name, p.parent.name if p.parent else "") for p in places),
        unit=place.pk.hex,
        kinds=tuple(Option(code, one.name_of(code)) for code, one in rules.items()),
        kind=chosen,
        subjects=tuple(offered.by_subject) if len(offered.by_subject) > 1 else (),
        form=_form(actor, at, place, chosen, offered, subject) if offered.by_subject and not is_open else None,
    )


def form_of(actor: Actor, at: datetime, place: Unit, opens: Opens, *, kind: str, subject: str | None) -> OpeningForm:
    """The form alone, for whoever sends it: of a subject that is not offered it says so itself, so that what was typed
    is kept. Raises `NotFound` for a kind that is not offered there."""
    rules = _rules_at(place, at, opens, kind)
    if kind not in rules:
        raise NotFound
    return _form(actor, at, place, kind, rules[kind], subject, is_sent=True)


def _rules_at(place: Unit, at: datetime, opens: Opens, kind: str = "") -> dict[str, _Offered]:
    """By kind, for the kinds that may be opened, or for one of them."""
    found: dict[str, _Offered] = {}
    for row in sorted(adoptions_for(place, at), key=lambda one: (one.kind, general_last(one.subject))):
        if kind and row.kind != kind:
            continue
        pack = pack_of(row.policy_version_id)
        offered = found.setdefault(row.kind, _Offered())
        offered.served += 1
        if may_lie(place, pack.kinds[row.kind]) and opens(place, pack.kinds[row.kind]):
            offered.by_subject[row.subject] = (pack, row.calendar_version_id)
    return {code: offered for code, offered in found.items() if offered.by_subject}


def _form(
    actor: Actor, at: datetime, place: Unit, kind: str, offered: _Offered, subject: str | None, *, is_sent: bool = False
) -> OpeningForm:
    """`is_sent`: for reading, not for drawing; nobody is guided any more."""
    settled = offered.settles(subject)
    drawn = offered.drawn_for(settled)
    pack, calendar_version = offered.by_subject[drawn]
    rules = pack.kinds[kind]
    calendar = calendar_of(calendar_version)
    step = opening_step(rules)
    on: date = calendar.local(at).date()
    spoken = () if is_sent else said.guidance(rules, (), step.code, at, calendar)
    return OpeningForm(
        unit_id=place.pk,
        kind=kind,
        kind_name=rules.name,
        subject=drawn,
        says_subject=offered.served > 1,
        subjects=tuple(offered.by_subject) if settled is None else (),
        step=step.code,
        step_name=step.name,
        policy_hash=pack.hash,
        policy_title=pack.title,
        fields=choices.fill(fields_of(rules, step), actor, rules, place, on),
        guidance=tuple(GuidanceLine(one.text, clause_lines(pack, one.clauses)) for one in spoken),
        backdate_days=rules.backdate_days,
        clause_names={code: clause.printed for code, clause in pack.clauses.items()},
        place_fact=rules.place_fact or "",
        title_fact=rules.title_fact,
    )


def kinds_registered(at: datetime) -> tuple[tuple[str, str], ...]:
    """Code and name of every open kind of which the house registers cases; with its policy where two are called the
    same. One query."""
    rows = Adoption.objects.filter(effective_from__lte=at).order_by("kind").distinct()
    found = {}
    for kind, policy, title in rows.values_list("kind", "policy_version_id", "policy_version__title"):
        rules = pack_of(policy).kinds[kind]
        if not rules.is_sealed and rules.schedule is None:
            found[kind] = (rules.name, title)
    names = Counter(name for name, _ in found.values())
    said = {kind: f"{name}（{title}）" if names[name] > 1 else name for kind, (name, title) in found.items()}
    return tuple(sorted(said.items()))
