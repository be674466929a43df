"""Who is let in on a sealed case: the holders of the slots that the policy opens it to, without those whom the report
names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kesu.casefile.log import read_bodies
from kesu.casefile.people import People
from kesu.policy.calendar import Calendar
from kesu.policy.events import Event
from kesu.policy.model.facts import DataClass
from kesu.policy.model.pack import Kind
from kesu.policy.standing.secrecy import opened_to
from kesu.store.models import SealedCase


def of(
    head: SealedCase, kind: Kind, calendar: Calendar, log: Sequence[Event], people: People, now: datetime
) -> Mapping[UUID, str]:
    """Accounts with the slot through which each is let in. The names are read in memory from the encrypted bodies and
    stay there; the transaction must read as the system."""
    hidden = _hidden(head, kind)
    return {
        person.account_id: role
        for role in opened_to(kind, log, now, calendar)
        for person in people.of_role(role)
        if person.account_id.hex not in hidden
    }


def _hidden(head: SealedCase, kind: Kind) -> set[str]:
    code = kind.secrecy.hidden_from if kind.secrecy else None
    if code is None:
        return set()
    named: set[str] = set()
    for texts in read_bodies(head, [DataClass.SEALED.value]).values():
        named.update(str(member).rsplit(":", 1)[-1] for member in texts.get(code, ()))
    return named
