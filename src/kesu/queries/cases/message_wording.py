"""What the policy says of the words of a message to the customer, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.cases import case_for
from kesu.access.permissions import Permission
from kesu.access.sight.wording import WordingLine, wording_lines
from kesu.casefile.books import pack_of
from kesu.policy.wording import remarks_on_message


@dataclass(frozen=True, slots=True)
class MessageWording:
    policy_hash: str
    lines: tuple[WordingLine, ...]


def message_wording(*, actor: Actor, case_id: UUID, text: str) -> MessageWording:
    """In the order of the policy. Raises `NotFound` and `Forbidden`, as sending it does."""
    case = case_for(actor, case_id, Permission.CASE_REPLY)
    pack = pack_of(case.policy_version_id)
    found = remarks_on_message(pack.kinds[case.kind], text)
    return MessageWording(pack.hash, wording_lines(pack, found))
