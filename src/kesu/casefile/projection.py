"""Brings the rows that lists read in line with the standing. Everything written here can be rebuilt from the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from kesu.casefile import coded, confidants, mentions, obligation_rows, registers, search_text
from kesu.casefile.books import pack_of
from kesu.casefile.log import read_bodies
from kesu.casefile.obligation_rows import Owing, owner_rows
from kesu.casefile.people import People, Person, holder_of, resolve
from kesu.casefile.shown import latest, shown
from kesu.casefile.streams import Head
from kesu.policy.calendar import Calendar
from kesu.policy.coded import coded_slots
from kesu.policy.events import COPIED, Event, subject_of
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.meanings import PREFIX, meant
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import HOLDER
from kesu.policy.model.separations import Part
from kesu.policy.persons import named_persons
from kesu.policy.standing import units_of
from kesu.policy.standing.facts import left_behind, sight_lost_at
from kesu.policy.standing.results import Obligation as EngineObligation
from kesu.policy.standing.results import Standing
from kesu.store.inserting import Together, insert, put
from kesu.store.models import (
    Case,
    CaseCard,
    CaseParty,
    CodedSample,
    Obligation,
    RegisterEntry,
    SealedCase,
)

_TITLE_LENGTH = 60
_ROOM_LENGTH = 80
CARD_FIELDS: Final = [f.name for f in CaseCard._meta.concrete_fields if f.name != "case"]


@dataclass(frozen=True, slots=True)
class Projected:
    """The rows of one case as they follow from its log at one moment. `owners` by key of obligation; `parties` are
    account and part, `mentions` the cases that it names, `bodies` the texts that were read for it; `coded` are the rows
    of those who work blind, who are neither owners nor parties, `papers` those of registers. Nothing of it is
    written yet."""

    card: CaseCard
    obligations: Sequence[Obligation]
    owners: Mapping[str, Sequence[Person]]
    parties: frozenset[tuple[UUID, str]]
    mentions: frozenset[mentions.Mention]
    bodies: Mapping[int, Mapping[str, Any]]
    coded: Sequence[CodedSample]
    papers: Sequence[RegisterEntry]


@dataclass(frozen=True, slots=True)
class Rest:
    """A case whose log has come to rest: what its projections follow from."""

    head: Head
    kind: Kind
    calendar: Calendar
    people: People
    events: Sequence[Event]
    current: Standing
    now: datetime


def project(rest: Rest) -> None:
    if isinstance(rest.head, SealedCase):
        _project_sealed(rest.head, rest.kind, rest.calendar, rest.current, rest.now)
    else:
        project_ordinary([rest])


def project_ordinary(rests: Sequence[Rest]) -> None:
    """Of ordinary cases, which the caller holds: with the same statements for all of them, as far as every case has
    such rows. Cards are written in one order, so that no two who write several wait for each other."""
    found = sorted(((_case(rest), rest, _rows_at(rest)) for rest in rests), key=lambda one: one[0].pk)
    obligation_rows.write([Owing(head.pk, rows.obligations, rows.owners) for head, _, rows in found])
    put([rows.card for _, _, rows in found], unique=("case",), fields=tuple(CARD_FIELDS))
    search_text.write([(rows.card, rest.kind, rows.bodies) for _, rest, rows in found])
    for head, rest, rows in found:
        if rest.kind.secrecy is not None:
            _close_to_others(head, rows)
    insert([row for head, _, rows in found for row in _party_rows(head, rows)], or_keep=True)
    for head, rest, rows in found:
        mentions.write(head, rest.events, rows.mentions)
        coded.write(head, rows.coded, is_asked=bool(coded_slots(rest.kind)))
        registers.write(head, rows.papers, is_asked=bool(registers.issuing(rest.kind)))


def _case(rest: Rest) -> Case:
    assert isinstance(rest.head, Case)
    return rest.head


def _rows_at(rest: Rest) -> Projected:
    return rows_of(_case(rest), rest.kind, rest.people, rest.events, rest.current, rest.now)


def _close_to_others(head: Case, rows: Projected) -> None:
    """Parts are kept for ever, but not in a case that is confidential: there, who is let in follows the policy, and
    whoever was let in through a slot or in somebody's place has no part once it is open again."""
    kept = CaseParty.objects.filter(case=head)
    if not rows.card.confidential:
        for_a_time = Q(part__startswith=confidants.THROUGH) | Q(part__startswith=confidants.IN_PLACE_OF)
        kept.filter(for_a_time).delete()
        return
    gone = [
        pk for pk, account, part in kept.values_list("pk", "account_id", "part") if (account, part) not in rows.parties
    ]
    kept.filter(pk__in=gone).delete()


def write_first(head: Case, rows: Projected, rest: Together) -> None:
    """Writes what no row is there of yet; all but the card, which waits for the number of the case. `rest` takes what
    nobody waits for."""
    insert(rows.obligations)
    ids = {row.key: row.pk for row in rows.obligations}
    pairs = {(ids[key], p.account_id) for key, persons in rows.owners.items() for p in persons}
    rest.insert(owner_rows(pairs), or_keep=True)
    rest.insert(_party_rows(head, rows), or_keep=True)
    rest.insert(mentions.rows(head, rows.mentions), or_keep=True)
    rest.insert(rows.coded, or_keep=True)
    rest.insert(rows.papers, or_keep=True)


def _party_rows(head: Case, rows: Projected) -> list[CaseParty]:
    return [CaseParty(case=head, account_id=a, part=p) for a, p in sorted(rows.parties, key=str)]


def rows_of(
    head: Case, kind: Kind, people: People, log: Sequence[Event], current: Standing, now: datetime
) -> Projected:
    """`people`: who holds the slots on the day that the rows are meant for."""
    holder = holder_of(kind, log, people, current.facts)
    let_in = confidants.let_in(kind, log, people, current, holder)
    if let_in is not None and holder is not None and holder.account_id not in let_in.told:
        holder = None
    blind = coded.Blind.on(kind, log, current, people)
    owing = {
        o.key: [
            person
            for person in resolve(o.owner, people, kind, log, current.facts, o.started_seq, _part(o))
            if let_in is None or person.account_id in let_in.told
        ]
        for o in current.open_obligations
    }
    owners = {o.key: _with_sight(blind, o, owing[o.key]) for o in current.open_obligations}
    bodies = read_bodies(head, search_text.SEARCHED)
    texts = latest(kind, _open(kind, bodies), log)
    card = _card(head, kind, log, current, owing, holder, now, texts)
    card.confidential = let_in is not None
    return Projected(
        card=card,
        obligations=[_row(head, o, owing.get(o.key, []), kind, current, people) for o in current.obligations],
        owners=owners,
        parties=_parties(blind, owners) if let_in is None else let_in.parts,
        mentions=frozenset(mentions.mentions_in(kind, log)),
        bodies=bodies,
        coded=coded.rows_of(head, blind, texts),
        papers=registers.rows_of(head, kind, log, _open(kind, bodies)),
    )


def _with_sight(blind: coded.Blind, o: EngineObligation, persons: Sequence[Person]) -> list[Person]:
    """Those for whom the case stands among what they owe. Who works blind finds his part under its code."""
    apart = blind.among(o.owner, persons, o.started_seq)
    return [person for person in persons if person.account_id not in apart]


def _part(o: EngineObligation) -> Part:
    return Part.SIGNERS if o.approval is not None else Part.HOLDER


def _project_sealed(head: SealedCase, kind: Kind, calendar: Calendar, current: Standing, now: datetime) -> None:
    """Posts change hands by the day: a sealed case wakes each morning, and its allow list follows."""
    morning = calendar.instant(calendar.local(now).date() + timedelta(days=1), time.min)
    due = _earliest(current.open_obligations)
    head.stage, head.stage_name = current.stage, kind.stages[current.stage].name
    head.is_final, head.wake_at = current.is_final, min(morning, current.wake_at or morning)
    head.next_due_at, head.next_duty = (due.due_at, due.name) if due else (None, "")
    counted = current.walk.calendar.version
    head.counted_with_id = None if counted == head.calendar_version_id else counted
    fields = ["stage", "stage_name", "is_final", "wake_at", "next_due_at", "next_duty", "counted_with"]
    head.save(update_fields=fields)


def _earliest(obligations: Sequence[EngineObligation]) -> EngineObligation | None:
    """The next one due; one without a limit only when nothing else is open."""
    if not obligations:
        return None
    return min(obligations, key=lambda o: (o.due_at is None, o.due_at or o.starts_at, o.key))


def _card(
    head: Case,
    kind: Kind,
    log: Sequence[Event],
    current: Standing,
    owners: dict[str, list[Person]],
    holder: Person | None,
    now: datetime,
    texts: Mapping[str, Any],
) -> CaseCard:
    due = _earliest(current.open_obligations)
    levels = kind.levels
    level = next((x for x in levels.order if x.code == current.level), None) if levels else None
    return CaseCard(
        case=head,
        number=head.number,
        kind=head.kind,
        subject=subject_of(log),
        pack=pack_of(head.policy_version_id).code,
        unit=head.unit,
        unit_path=head.unit.path,
        title=_title(texts.get(kind.title_fact), kind),
        person_name=_person_name(kind, texts),
        room=_one_line(texts.get(kind.place_fact or ""), _ROOM_LENGTH),
        channel=head.channel,
        stage=current.stage,
        stage_name=kind.stages[current.stage].name,
        is_final=current.is_final,
        level=current.level or "",
        level_name=level.name if level else "",
        level_rank=levels.rank(level.code) + 1 if levels and level else 0,
        level_of=len(levels.order) if levels else 0,
        level_clauses=list(current.level_clauses),
        columns={
            **{code: shown(kind, code, current.facts.get(code)) for code in kind.list_facts},
            **{f"{PREFIX}{meaning}": "、".join(words) for meaning, words in meant(kind, current.facts).items()},
        },
        people_count=_people_count(log, kind),
        holder_id=holder.account_id if holder else None,
        next_due_at=due.due_at if due else None,
        next_duty=due.name if due else "",
        next_owner=_owner_names(owners.get(due.key, [])) if due else "",
        received_at=head.received_at,
        closed_at=_closed_at(kind, current),
        late_from=_late_from(current),
        changed_at=now,
        wake_at=current.wake_at,
        urgent=is_urgent(kind, current),
        counted_with_id=current.walk.calendar.version,
    )


def is_urgent(kind: Kind, current: Standing) -> bool:
    """At the highest level, or while it owes what the policy calls urgent."""
    is_highest = kind.levels is not None and current.level == kind.levels.order[-1].code
    duties = (kind.duties.get(one.duty) for one in current.open_obligations)
    return is_highest or any(duty.urgent for duty in duties if duty is not None)


def _open(kind: Kind, bodies: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, Any]]:
    """Without the restricted texts: the card stands before everybody who may see the case."""
    open_to_all = {code for code, fact in kind.facts.items() if fact.data is not DataClass.RESTRICTED}
    return {seq: {code: text for code, text in texts.items() if code in open_to_all} for seq, texts in bodies.items()}


def _closed_at(kind: Kind, current: Standing) -> datetime | None:
    """When it last came from an open stage to a final one; what moves on from there (to the archive) stays closed."""
    final = {stage.code for stage in kind.stages.values() if stage.final}
    ends = (change.at for change in reversed(current.stage_changes) if change.before not in final)
    return next(ends, None) if current.is_final else None


def _late_from(current: Standing) -> datetime | None:
    """The first limit that was passed, or that will be unless its duty is met."""
    missed = (o.due_at for o in current.obligations if o.due_at and (o.ended_at is None or o.ended_at > o.due_at))
    return min(missed, default=None)


def _title(text: Any, kind: Kind) -> str:
    return _one_line(text, _TITLE_LENGTH) or kind.name


def _one_line(text: Any, longest: int) -> str:
    """The first line. Signs that turn round or hide what stands beside them would do so in every list and mail."""
    first = next(iter(str(text or "").strip().splitlines()), "")
    return "".join(sign for sign in first if sign.isprintable())[:longest].strip()


def _person_name(kind: Kind, texts: Mapping[str, Any]) -> str:
    persons = (text for code, text in texts.items() if isinstance(text, dict) and kind.facts[code].is_counted)
    return str(next(persons, {}).get("name", ""))


def _people_count(log: Sequence[Event], kind: Kind) -> int:
    """How many different persons the log names."""
    persons = {person for _, person in named_persons(log, kind)}
    return max(1, len(persons))


def _owner_names(persons: Sequence[Person]) -> str:
    names = [p.name for p in persons[:2]]
    return "、".join(names) + (f" 等 {len(persons)} 人" if len(persons) > 2 else "")


def _row(
    head: Case, o: EngineObligation, persons: Sequence[Person], kind: Kind, current: Standing, people: People
) -> Obligation:
    slot = kind.holder if o.owner.role == HOLDER else o.owner.role or o.owner.group or ""
    role = kind.roles.get(slot)
    units = units_of(o.owner, current.facts)
    unit = units[0] if units else None
    return Obligation(
        case=head,
        key=o.key,
        duty=o.duty,
        name=o.name,
        owner_role=slot,
        owner_unit_id=unit,
        department_id=unit or next((p.unit_id for p in people.of_role(slot)), None),
        owner_name=_owner_names(persons) or (role.name if role else ""),
        starts_at=o.starts_at,
        due_at=o.due_at,
        state=o.state.value,
        is_open=o.is_open,
        met_at=o.met_at,
        ended_at=o.ended_at,
        paused_since=o.paused_since,
        is_provisional=o.is_provisional,
        severity=o.severity.value,
        clauses=list(o.clauses),
        step=o.step or "",
        approval=o.approval or "",
        receipt=o.receipt.to_document() if o.receipt else None,
    )


def _parties(blind: coded.Blind, owners: Mapping[str, Sequence[Person]]) -> frozenset[tuple[UUID, str]]:
    """Parts only ever grow: whoever once took part keeps sight of the case, unless it was moved away from it. Whoever
    works blind never has one."""
    kind, log, current = blind.kind, blind.log, blind.current
    lost = sight_lost_at(kind, log)
    parts = {(person.account_id, "owner") for persons in owners.values() for person in persons}
    for code, fact in kind.facts.items():
        if fact.type is FactType.GROUP:
            from_group = current.facts.get(code)
            members = from_group if isinstance(from_group, tuple) and current.fact_seqs.get(code, 0) >= lost else ()
            pairs = (str(member).rpartition(":") for member in members)
            parts.update((UUID(one), code) for slot, _, one in pairs if len(one) == 32 and slot not in blind.slots)
    copied = (one for event in log if event.seq >= lost for one in _copied(event))
    parts.update((UUID(one), "copied") for one in copied)
    seen = [event for event in log if not coded.taken_blind(kind, event)] if blind.slots else log
    parts.update((UUID(by), "handed_on") for by in left_behind(kind, seen) if len(by) == 32)
    if log and not lost and log[0].by and len(log[0].by) == 32:
        parts.add((UUID(log[0].by), "first_contact"))
    return frozenset(parts)


def _copied(event: Event) -> tuple[str, ...]:
    """The accounts who were copied on an approval by this event."""
    members = event.facts.get(COPIED)
    return members if isinstance(members, tuple) else ()
