"""Checks every log of one family of tables: each event against its hash, its neighbours, its texts, the head of its
case, the files that it names and the heads that were signed in the nights.

Four sorted readings run side by side (heads, events, listed heads, files), so that memory does not grow with the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag

from kesu.casefile.books import kind_of
from kesu.casefile.chain import body_digest, event_hash, row_document
from kesu.casefile.log import body_context, data_key
from kesu.casefile.named_files import files_in
from kesu.casefile.proof.findings import Finding, Found
from kesu.casefile.proof.night import identity_of
from kesu.casefile.proof.stored_files import Named, wrong_files
from kesu.casefile.proof.streaming import CHUNK, ByCase, chunks
from kesu.casefile.statement import data_class_of
from kesu.casefile.streams import MATTERS, ORDINARY, Head, Stream
from kesu.core.keyring import unseal
from kesu.policy.model.facts import DataClass, FactType
from kesu.store.models import Case, PolicyVersion, StoredFile
from kesu.store.models.proof import HeadRow
from kesu.store.models.streams import BodyRow, EventRow

WithBodies = tuple[Any, Sequence[Any]]
"""An event and its bodies."""


@dataclass(slots=True)
class Counts:
    cases: int = 0
    events: int = 0
    destroyed: int = 0


def check_logs(stream: Stream, counts: Counts) -> Iterator[Finding]:
    """Everything that is wrong with the logs of a family, in the order of the cases. `counts` grows as it goes."""
    heads = ByCase[Any](stream.heads.order_by("pk").iterator(CHUNK), lambda row: row.pk)
    events = ByCase[WithBodies](_with_bodies(stream), lambda pair: _owner_of(pair[0], stream))
    stored = ByCase[StoredFile](_stored(stream), lambda row: row.case_id)
    listed = ByCase[Any](stream.listed.order_by("case_id", "night_id").iterator(CHUNK), lambda row: row.case_id)
    while True:
        waiting = [one.case_id for one in (heads, events, listed, stored) if one.case_id is not None]
        if not waiting:
            return
        case_id = min(waiting)
        head = next(iter(list(heads.take(case_id))), None)
        log = _Log(case_id, head, list(listed.take(case_id)), list(stored.take(case_id)), counts)
        counts.cases += stream is not MATTERS
        yield from log.check(events.take(case_id))


def _owner_of(row: Any, stream: Stream) -> UUID:
    owner: UUID = getattr(row, f"{stream.owner}_id")
    return owner


def _with_bodies(stream: Stream) -> Iterator[WithBodies]:
    for part in chunks(stream.events.order_by(f"{stream.owner}_id", "seq").iterator(CHUNK)):
        held: dict[int, list[Any]] = {}
        for body in stream.bodies.filter(event_id__in=[row.pk for row in part]):
            held.setdefault(body.event_id, []).append(body)
        yield from ((row, held.get(row.pk, ())) for row in part)


def _stored(stream: Stream) -> Iterator[StoredFile]:
    """Of ordinary cases alone: those of sealed ones lie in rows of their own (`check_sealed_files`)."""
    if stream is ORDINARY:
        yield from StoredFile.objects.order_by("case_id", "added_at", "pk").iterator(CHUNK)


@dataclass(slots=True)
class _Log:
    """One log while it is read. What goes on from one event to the next is told once."""

    case_id: UUID
    head: Head | None
    listed: Sequence[HeadRow]
    stored: Sequence[StoredFile]
    counts: Counts
    _named: list[Named] = field(default_factory=list)
    _unread: set[int] = field(default_factory=set)
    _expected: dict[int, set[str]] = field(default_factory=dict)
    _key: bytes | None = None

    def check(self, events: Iterable[WithBodies]) -> Iterator[Finding]:
        for signed in self.listed:
            self._expected.setdefault(signed.version, set()).add(signed.head)
        if self.head is not None and {row.identity for row in self.listed} - {identity_of(self.head)}:
            yield self._finding(Found.IDENTITY_CHANGED)
        yield from self._open_key()
        seq, last, is_rewritten = 0, "", False
        for row, bodies in events:
            self.counts.events += 1
            if row.seq != seq + 1:
                yield self._finding(Found.EVENT_MISSING, seq + 1)
            elif row.previous != last:
                yield self._finding(Found.LINK_BROKEN, row.seq)
            if event_hash(row_document(row, self.case_id)) != row.hash:
                yield self._finding(Found.EVENT_CHANGED, row.seq)
            if not is_rewritten and self._expected.get(row.seq, {row.hash}) != {row.hash}:
                is_rewritten = True
                yield self._finding(Found.REWRITTEN, row.seq)
            yield from self._check_bodies(row, bodies)
            seq, last = row.seq, row.hash
        yield from self._check_end(seq, last)
        yield from self._check_files()

    def _check_files(self) -> Iterator[Finding]:
        if not isinstance(self.head, Case) or self._key is None:
            return
        for wrong in wrong_files(self.head, self._named, self.stored, self._unread):
            yield Finding(wrong.found, self._name(), wrong.seq, file=wrong.id.hex)

    def _check_end(self, seq: int, last: str) -> Iterator[Finding]:
        signed = max(self._expected, default=0)
        if self.head is None:
            yield self._finding(Found.CASE_WITHOUT_HEAD if seq else Found.CASE_MISSING)
        elif max(signed, self.head.version) > seq:
            yield self._finding(Found.LOG_CUT, seq + 1)
        elif (self.head.version, self.head.head) != (seq, last):
            yield self._finding(Found.EVENTS_BEYOND_HEAD, self.head.version + 1)
        if self.head is None and seq and signed > seq:
            yield self._finding(Found.LOG_CUT, seq + 1)

    def _open_key(self) -> Iterator[Finding]:
        """A case whose key was destroyed has none; its texts are then gone for good."""
        if self.head is None or not self.head.data_key:
            return
        try:
            self._key = data_key(self.head)
        except (KeyError, InvalidTag):
            yield self._finding(Found.KEY_MISSING)

    def _check_bodies(self, row: EventRow, bodies: Sequence[BodyRow]) -> Iterator[Finding]:
        if self.head is None:
            return
        if not row.body_digest:
            if bodies:
                yield self._finding(Found.BODY_UNPROVEN, row.seq)
            return
        if not bodies or not self.head.data_key:
            yield self._destroyed(row.seq)
            return
        if self._key is None:
            return
        try:
            texts = {body.data_class: self._text(row.seq, body) for body in bodies}
        except (InvalidTag, ValueError):
            self._unread.add(row.seq)
            yield self._finding(Found.BODY_CHANGED, row.seq)
            return
        self._name_files(row.seq, texts)
        if body_digest(texts) != row.body_digest:
            self._unread.add(row.seq)
            is_part = bool(_wanted(self.head, row) - texts.keys())
            yield self._destroyed(row.seq) if is_part else self._finding(Found.BODY_CHANGED, row.seq)

    def _name_files(self, seq: int, texts: Mapping[str, Mapping[str, Any]]) -> None:
        assert self.head is not None
        try:
            facts = kind_of(self.head.policy_version_id, self.head.kind).facts
        except (PolicyVersion.DoesNotExist, KeyError):
            self._unread.add(seq)
            return
        there = {code: one for part in texts.values() for code, one in part.items()}
        self._named += (Named(seq, code, ref) for code, ref in files_in(facts, there))

    def _text(self, seq: int, body: BodyRow) -> Mapping[str, Any]:
        assert self.head is not None
        assert self._key is not None
        plain = unseal(self._key, bytes(body.sealed), body_context(self.head, seq, body.data_class))
        texts: Mapping[str, Any] = json.loads(plain)
        return texts

    def _destroyed(self, seq: int) -> Finding:
        self._unread.add(seq)
        self.counts.destroyed += 1
        return self._finding(Found.BODY_DESTROYED, seq)

    def _finding(self, found: Found, seq: int | None = None) -> Finding:
        return Finding(found, self._name(), seq)

    def _name(self) -> str:
        if isinstance(self.head, Case):
            return self.head.number
        numbers = (getattr(row, "number", "") for row in reversed(self.listed))
        return next(filter(None, numbers), str(self.case_id))


def _wanted(head: Head, row: EventRow) -> set[str]:
    """Data classes of which this event had a text, as far as its marks tell. One that is not there was destroyed alone,
    and the digest over all of them proves nothing any more; what is left is proved by its own encryption."""
    try:
        marked, hidden = _classes(head.policy_version_id, head.kind)
    except (PolicyVersion.DoesNotExist, KeyError):
        return set()
    return {marked[code] for code in row.facts if code in marked} | hidden


@lru_cache(maxsize=256)
def _classes(policy: str, kind: str) -> tuple[dict[str, str], frozenset[str]]:
    facts = kind_of(policy, kind).facts.values()
    marked = {fact.code: data_class_of(fact).value for fact in facts if fact.type.is_marked}
    groups = (fact for fact in facts if fact.type is FactType.GROUP and fact.data is DataClass.SEALED)
    return marked, frozenset(fact.data.value for fact in groups)
