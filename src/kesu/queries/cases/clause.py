"""One clause of an adopted policy, as the tag on a page unfolds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kesu.access.actor import Actor
from kesu.casefile.books import pack_of
from kesu.core.errors import NotFound
from kesu.policy.model.facts import Fact
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Duty
from kesu.store.models import PolicyVersion


@dataclass(frozen=True, slots=True)
class Reading:
    """How the company reads a clause that its document leaves open."""

    rule: str
    unclear: str
    reading: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    policy_hash: str
    id: str
    printed: str
    text: str
    enforce: str
    document: str
    document_number: str
    version: str
    readings: tuple[Reading, ...]


def clause_view(*, actor: Actor, policy_hash: str, clause_id: str) -> ClauseView:
    """Policies are there to be read by everybody who holds a post. Raises `NotFound` for what was never adopted."""
    if not actor.posts:
        raise NotFound
    try:
        pack = pack_of(policy_hash)
    except PolicyVersion.DoesNotExist:
        raise NotFound from None
    clause = pack.clause(clause_id)
    if clause is None:
        raise NotFound
    return ClauseView(
        policy_hash=policy_hash,
        id=clause.id,
        printed=clause.printed or clause.id,
        text=clause.text,
        enforce=clause.enforce.value,
        document=pack.title,
        document_number=pack.document_number,
        version=pack.version,
        readings=tuple(one for kind in pack.kinds.values() for one in _readings(kind, clause_id)),
    )


def _readings(kind: Kind, clause_id: str) -> Iterator[Reading]:
    named: tuple[Fact | Duty | Approval, ...] = (
        *kind.facts.values(),
        *kind.duties.values(),
        *kind.approvals.values(),
    )
    for rule in named:
        if clause_id in rule.clauses and rule.reading:
            yield Reading(rule.name, rule.unclear or "", rule.reading)
    for level in kind.levels.rules if kind.levels else ():
        if clause_id in level.clauses and level.reading:
            yield Reading(level.name or "", level.unclear or "", level.reading)
