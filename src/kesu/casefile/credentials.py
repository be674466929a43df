"""Credentials of those who are named: the policy says which paper they need, the records of the house whether they have
it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from kesu.casefile.statement import Statement, state
from kesu.casefile.streams import Head
from kesu.policy.events import CREDENTIAL_OF, Event, author
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM, Step
from kesu.policy.model.stepping import Credential
from kesu.policy.standing import next_seq
from kesu.policy.standing.corrections import standing_events
from kesu.policy.standing.facts import members_of
from kesu.policy.standing.results import Missing, MissingKind, Refusal
from kesu.store.keys import ring
from kesu.store.models import Account, AccountCredential, Case

_PURPOSE: Final = "credential"
_PROOF: Final = "credential-proof"
_LENGTH_OF_ID: Final = 32  # others are customers and outside parties


def sealed(account_id: UUID, number: str) -> tuple[str, bytes]:
    return ring().keep(_PURPOSE, account_id.bytes, number.encode())


def opened(row: AccountCredential) -> str:
    return ring().open(_PURPOSE, row.account_id.bytes, row.key_id, bytes(row.number)).decode()


def sealed_proof(account_id: UUID, content: bytes) -> bytes:
    return ring().keep(_PROOF, account_id.bytes, content)[1]


def opened_proof(row: AccountCredential) -> bytes:
    return ring().open(_PROOF, row.account_id.bytes, row.key_id, bytes(row.proof))


def _named(kind: Kind, event: Event) -> Iterator[tuple[Step, Credential, frozenset[str]]]:
    """The steps that state a credential of those whom this event names, with their accounts (hex)."""
    for step in kind.steps.values():
        if step.credential is None:
            continue
        for group in {who.group or "" for row in step.by.rows for who in row.use}:
            people = frozenset(one for one in members_of(event.facts.get(group)) if len(one) == _LENGTH_OF_ID)
            if people:
                yield step, step.credential, people


def _stated(log: Sequence[Event], step: Step, until: str) -> Mapping[str, date]:
    """Until when each has stated his own on this case, or the program for him."""
    found: dict[str, date] = {}
    for event in standing_events(log):
        told = event.facts.get(until)
        if event.kind == step.event and isinstance(told, date) and author(event):
            found[str(author(event))] = told
    return found


def _records(credential: Credential, people: Iterable[str], on: date) -> dict[str, AccountCredential]:
    """The best of each that is good on this day."""
    rows = AccountCredential.objects.filter(
        account_id__in=[UUID(one) for one in people], kind=credential.kind, valid_until__gte=on
    )
    return {row.account_id.hex: row for row in rows.order_by("valid_until")}


def _is_kept(head: Head, credential: Credential) -> bool:
    """Whether the house keeps records of this paper at all: of anybody in a post under the root of the case."""
    root = "/".join(head.unit.path.split("/")[:2])
    return AccountCredential.objects.filter(
        kind=credential.kind, account__holdings__post__unit__path__startswith=root
    ).exists()


def against(head: Head, kind: Kind, log: Sequence[Event], event: Event, on: date) -> tuple[Refusal, ...]:
    """Why those whom an event names cannot be: they have no credential that is good on this day (`on`, of the zone of
    the case), neither in the records nor stated by themselves. Where the house keeps no such records, each states his
    own later and the guards of the policy ask for it."""
    if not isinstance(head, Case):
        return ()
    found: list[Refusal] = []
    for step, credential, people in _named(kind, event):
        stated = _stated(log, step, credential.until)
        lacking = {one for one in people if stated.get(one, date.min) < on}
        lacking -= _records(credential, lacking, on).keys()
        if lacking and _is_kept(head, credential):
            ids = [UUID(one) for one in sorted(lacking)]
            names = Account.objects.filter(pk__in=ids).order_by("pinyin", "login").values_list("pk", "name")
            missing = tuple(Missing(MissingKind.CREDENTIAL, pk.hex, f"{name} {credential.kind}") for pk, name in names)
            found.append(Refusal("credential", "", step.clauses, missing))
    return tuple(found)


def follow(
    head: Head, kind: Kind, log: Sequence[Event], event: Event, on: date, now: datetime
) -> Iterator[tuple[Event, Statement]]:
    """What the program states of those whom an event has just named, out of the records: for each who has not stated
    one that is as good. `log` grows while this is read."""
    if not isinstance(head, Case):
        return
    for step, credential, people in tuple(_named(kind, event)):
        stated = _stated(log, step, credential.until)
        for person, row in sorted(_records(credential, people, on).items()):
            if stated.get(person, date.min) >= row.valid_until:
                continue
            inputs: dict[str, Any] = {credential.number: opened(row), credential.until: row.valid_until}
            told = state(kind.facts, inputs, ring())
            facts = {**told.facts, CREDENTIAL_OF: person}
            yield Event(next_seq(log), step.event, event.at, now, role=SYSTEM, step=step.code, facts=facts), told
