"""Reads a case's log for the engine and appends to it: two parts, one chain."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile.books import calendar_of, kind_of
from kesu.casefile.chain import body_digest, canonical, event_hash, row_document
from kesu.casefile.streams import RECORDED, Head, stream_of
from kesu.core.keyring import seal, unseal
from kesu.policy.events import (
    CALENDAR_RENEWED,
    COUNTED_WITH,
    LEVELS_RENAMED,
    POLICY_RENEWED,
    RULED_BEFORE,
    RULED_BY,
    STAGES_RENAMED,
    Event,
)
from kesu.policy.model.facts import DataClass, Fact, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.renewal import Renewal, renamed
from kesu.policy.values import from_document, to_document
from kesu.store.fixed import Fixed
from kesu.store.inserting import insert
from kesu.store.keys import ring
from kesu.store.models import Case, CaseEvent, EventBody
from kesu.store.models.streams import EventRow

SCHEMA = 1


def data_key(head: Head) -> bytes:
    return ring().unwrap(head.key_id, bytes(head.data_key))


def read_log(head: Head, kind: Kind) -> list[Event]:
    """All events of the case in order, as rules see them. One query."""
    return [_event(kind, *columns) for columns in stream_of(head).log(head.pk)]


def read_logs(heads: Sequence[tuple[Case, Kind]]) -> dict[UUID, list[Event]]:
    """The same of several ordinary cases. One query."""
    rules = {head.pk: kind for head, kind in heads}
    logs: dict[UUID, list[Event]] = {pk: [] for pk in rules}
    for pk, *columns in _LOGS(list(rules)):
        logs[pk].append(_event(rules[pk], *columns))
    return logs


_LOGS: Final = Fixed(
    lambda cases: (
        CaseEvent.objects.filter(case__pk__any=cases).order_by("case_id", "seq").values_list("case_id", *RECORDED)
    )
)


def rows_by_case(ids: Collection[UUID]) -> dict[UUID, list[EventRow]]:
    """The events of several ordinary cases, each in order. One query, none for no case."""
    logs: dict[UUID, list[EventRow]] = {pk: [] for pk in ids}
    for row in CaseEvent.objects.filter(case_id__in=logs).order_by("seq") if logs else ():
        logs[row.case_id].append(row)
    return logs


def to_event(row: EventRow, kind: Kind) -> Event:
    return _event(kind, *(getattr(row, column) for column in RECORDED))


def _event(
    rules: Kind,
    seq: int,
    kind: str,
    at: datetime,
    recorded_at: datetime,
    actor: str,
    role: str,
    step: str,
    facts: Mapping[str, Any],
    forms: Iterable[str],
) -> Event:
    """Of the columns `RECORDED`."""
    return Event(
        seq=seq,
        kind=kind,
        at=at,
        recorded_at=recorded_at,
        by=actor or None,
        role=role or None,
        step=step or None,
        facts={
            code: from_document(rules.facts.get(code) or _unknown(code, value), value) for code, value in facts.items()
        },
        forms=tuple(forms),
        calendar=calendar_of(str(facts[COUNTED_WITH])) if kind == CALENDAR_RENEWED else None,
        renewal=_renewal(rules.code, facts) if kind == POLICY_RENEWED else None,
    )


def _renewal(code: str, facts: Mapping[str, Any]) -> Renewal:
    return Renewal(
        kind_of(str(facts[RULED_BEFORE]), code),
        kind_of(str(facts[RULED_BY]), code),
        renamed(facts.get(STAGES_RENAMED, ())),
        renamed(facts.get(LEVELS_RENAMED, ())),
    )


def _unknown(code: str, value: object) -> Fact:
    """The engine's own facts (approval, verdict, effect…) stand in no pack: short text or a number."""
    return Fact(code=code, name=code, type=FactType.NUMBER if isinstance(value, int) else FactType.CHOICE)


def append(head: Head, event: Event, bodies: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes the event after the last one and moves the head, which the caller saves; he holds the lock on its row."""
    row = event_row(head, event, bodies)
    insert([row])
    insert(body_rows(head, row, bodies))


def event_row(head: Head, event: Event, bodies: Mapping[str, Mapping[str, Any]]) -> Any:
    """The row of the event after the last one, not yet written; moves the head."""
    stream = stream_of(head)
    facts = {code: to_document(value) for code, value in event.facts.items()}
    digest = body_digest(bodies)
    row = stream.events.model(
        case=head,
        seq=event.seq,
        kind=event.kind,
        schema=SCHEMA,
        at=event.at,
        recorded_at=event.recorded_at,
        actor=event.by or "",
        role=event.role or "",
        step=event.step or "",
        facts=facts,
        forms=list(event.forms),
        body_digest=digest,
        previous=head.head,
    )
    row.hash = event_hash(row_document(row, head.pk))
    head.version, head.head = event.seq, row.hash
    for data_class, texts in bodies.items():
        if data_class in head.known_texts:
            head.known_texts[data_class][event.seq] = dict(sorted(texts.items()))  # in the order that is stored
    return row


def body_rows(head: Head, row: Any, bodies: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """The rows of an event's texts, not yet written: one a data class."""
    if not bodies:
        return []
    key, model = data_key(head), stream_of(head).bodies.model
    return [
        model(event=row, data_class=code, sealed=seal(key, canonical(texts), body_context(head, row.seq, code)))
        for code, texts in bodies.items()
    ]


def read_bodies(head: Head, data_classes: Iterable[str]) -> dict[int, dict[str, Any]]:
    """Texts by event seq, only of the data classes that the reader may see. One query and one key for a head, however
    often it is asked."""
    wanted = list(data_classes)
    unknown = [code for code in wanted if code not in head.known_texts]
    if unknown:
        key = data_key(head)
        head.known_texts.update({code: {} for code in unknown})
        for seq, code, sealed in stream_of(head).texts(head.pk, unknown):
            plain = unseal(key, bytes(sealed), body_context(head, seq, code))
            head.known_texts[code][seq] = json.loads(plain)
    texts: dict[int, dict[str, Any]] = {}
    for code in wanted:
        for seq, known in head.known_texts[code].items():
            texts.setdefault(seq, {}).update(known)
    return texts


def read_ahead(heads: Sequence[Case], data_classes: Sequence[str]) -> None:
    """Reads the texts of several ordinary cases, so that `read_bodies` asks for none of them. One query."""
    keys = {head.pk: (head, data_key(head)) for head in heads}
    for head in heads:
        head.known_texts.update({code: {} for code in data_classes})
    for pk, seq, code, sealed in _TEXTS(list(keys)):
        head, key = keys[pk]
        if code in data_classes:
            head.known_texts[code][seq] = json.loads(unseal(key, bytes(sealed), body_context(head, seq, code)))


def read_bodies_by_class(head: Head) -> dict[int, dict[str, Any]]:
    """All texts by event seq and data class, as the digest of an event covers them."""
    texts: dict[int, dict[str, Any]] = {}
    read_bodies(head, [one.value for one in DataClass])
    for code, by_seq in head.known_texts.items():
        for seq, known in by_seq.items():
            texts.setdefault(seq, {})[code] = known
    return texts


def has_no_texts_yet(head: Head) -> None:
    """Says of a new head that there is nothing to read."""
    head.known_texts = {data_class.value: {} for data_class in DataClass}


def read_bodies_of(wanted: Mapping[Case, Iterable[str]]) -> dict[UUID, dict[int, dict[str, Any]]]:
    """The same of several ordinary cases, each with the data classes that the reader may see of it. One query."""
    keys = {case.pk: (case, data_key(case), frozenset(classes)) for case, classes in wanted.items()}
    texts: dict[UUID, dict[int, dict[str, Any]]] = {}
    for case_id, seq, data_class, sealed in _TEXTS(list(keys)):
        case, key, classes = keys[case_id]
        if data_class in classes:
            plain = unseal(key, bytes(sealed), body_context(case, seq, data_class))
            texts.setdefault(case_id, {}).setdefault(seq, {}).update(json.loads(plain))
    return texts


_TEXTS: Final = Fixed(
    lambda cases: (
        EventBody.objects.filter(event__case__pk__any=cases)
        .order_by("id")
        .values_list("event__case_id", "event__seq", "data_class", "sealed")
    )
)


def body_context(head: Head, seq: int, data_class: str) -> bytes:
    return f"{head.pk}/{seq}/{data_class}".encode()
