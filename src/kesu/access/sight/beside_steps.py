"""What a reader may do with a case beside its steps, now: his rights, and what the policy lets be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kesu.access.permissions import Permission
from kesu.access.sight.locks import LockLine, shut_lines
from kesu.access.sight.reading import CaseRead
from kesu.policy.model.writing import Writing

_WRITTEN: Final = {
    Writing.NOTE: Permission.CASE_NOTE,
    Writing.MESSAGE: Permission.CASE_REPLY,
    Writing.MATTER: Permission.MATTER_JOIN,
}


@dataclass(frozen=True, slots=True)
class Rights:
    """`reply`: he writes to the customer, and gives him his link; `message`: he may do so now, and there is one.
    `shut`: why he may not write what his rights would let him write."""

    note: bool
    reply: bool
    message: bool
    unmask: bool
    join: bool
    shut: tuple[LockLine, ...]


def rights_of(read: CaseRead) -> Rights:
    held = {writing for writing, needs in _WRITTEN.items() if read.actor.may_at(needs, read.case.unit.path)}
    may = {writing for writing in held if not shut_lines(read, writing)}
    return Rights(
        note=Writing.NOTE in may,
        reply=Writing.MESSAGE in held,
        message=Writing.MESSAGE in may and read.kind.has_complainant,
        unmask=read.sees_personal,
        join=Writing.MATTER in may,
        shut=shut_lines(read, *sorted(held)),
    )
