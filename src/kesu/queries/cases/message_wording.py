"""What the policy says of the words of a message to the customer, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.access.sight.lines import ClauseLine, clause_lines
from kesu.casefile.books import pack_of
from kesu.policy.wording import remarks_on_message


@dataclass(frozen=True, slots=True)
class WordingLine:
    """A rule that the text does not keep: `lacking` words that should stand in it, `found` words that should not."""

    says: str
    lacking: tuple[str, ...]
    found: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class MessageWording:
    policy_hash: str
    lines: tuple[WordingLine, ...]


def message_wording(*, actor: Actor, case_id: UUID, text: str) -> MessageWording:
    """In the order of the policy. Raises `NotFound` and `Forbidden`, as sending it does."""
    case = case_for(actor, case_id, Permission.CASE_REPLY)
    pack = pack_of(case.policy_version_id)
    found = remarks_on_message(pack.kinds[case.kind], text)
    return MessageWording(
        pack.hash,
        tuple(WordingLine(one.says, one.lacking, one.found, clause_lines(pack, one.clauses)) for one in found),
    )
