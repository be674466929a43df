"""Programs that hand in reports: who may keep them, who they are for the policy, and what one is asked at the door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.books import Serving, above, adoption_for, before_policy, kind_of, subjects_for
from kesu.casefile.opening import desk_token
from kesu.casefile.opening import secret_of as secret_of_case
from kesu.casefile.where_cases_lie import may_lie
from kesu.core.errors import NotFound, Unacceptable
from kesu.policy.asking import FieldView, fields_of, opening_step
from kesu.policy.model.facts import FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import SYSTEM
from kesu.policy.standing import Taker
from kesu.store.keys import ring
from kesu.store.models import Case, InboundDelivery, InboundSource, Unit

SOURCE: Final = "source:"
"""Before the identifier of a program, where a log names who acted."""
_KEPT: Final = "inbound"
_EARLIER: Final = "inbound earlier"
_OF_THE_HOUSE: Final = frozenset({FactType.UNIT, FactType.UNITS, FactType.GROUP, FactType.CASE})
"""Departments, colleagues, other cases: nobody outside knows their keys."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where a report lies, and the policy that is in force there for it."""

    unit: Unit
    serving: Serving
    rules: Kind


@dataclass(frozen=True, slots=True)
class Received:
    """What a source is answered. `secret`: of the customer's link, empty where the source is not told it. `is_new`: the
    case was opened just now."""

    case_id: UUID
    number: str
    secret: str
    is_new: bool


def source_for(actor: Actor, source_id: UUID, *, lock: bool = False) -> InboundSource:
    """Raises `Forbidden` without the right, `NotFound` for one of a place out of reach."""
    actor.require(Permission.SOURCES_EDIT)
    rows = InboundSource.objects.select_related("unit")
    source = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=source_id).first()
    if source is None or not actor.may_at(Permission.SOURCES_EDIT, source.unit.path):
        raise NotFound
    return source


def seal_secret(source: InboundSource, secret: bytes, at: datetime) -> None:
    """Puts it in place of the one before; nothing is saved yet."""
    source.key_id, source.secret = ring().keep(_KEPT, source.pk.bytes, secret)
    source.secret_since = at


def secret_of(source: InboundSource) -> bytes:
    return ring().open(_KEPT, source.pk.bytes, source.key_id, bytes(source.secret))


EARLIER_FIELDS: Final = ("earlier_key_id", "earlier_secret", "earlier_until")


def keep_earlier(source: InboundSource, until: datetime) -> None:
    """The secret that it has now stays good until then; nothing is saved yet. Before `seal_secret`."""
    earlier = ring().keep(_EARLIER, source.pk.bytes, secret_of(source))
    source.earlier_key_id, source.earlier_secret = earlier
    source.earlier_until = until


def drop_earlier(source: InboundSource) -> None:
    """Nothing is saved yet."""
    source.earlier_key_id, source.earlier_secret, source.earlier_until = "", b"", None


def secrets_of(source: InboundSource, at: datetime) -> tuple[bytes, ...]:
    """Those that are good now, the present one first."""
    if source.earlier_until is None or at >= source.earlier_until:
        return (secret_of(source),)
    earlier = ring().open(_EARLIER, source.pk.bytes, source.earlier_key_id, bytes(source.earlier_secret))
    return (secret_of(source), earlier)


def numbering(place: Unit, kind: str) -> tuple[InboundSource, ...]:
    """The programs that know reports of this kind there by a number of theirs, shut ones too. One query."""
    rows = InboundSource.objects.filter(kind=kind, unit__path__in=above(place.path)).exclude(number_fact="")
    return tuple(rows.order_by("pk"))


def source_taker(source: InboundSource) -> Taker:
    """It hands in, and is in no slot of the policy."""
    return Taker(by=f"{SOURCE}{source.pk.hex}", roles=frozenset({SYSTEM}))


def is_source(by: str | None) -> bool:
    """Whether it is a program outside whom a log names."""
    return by is not None and by.startswith(SOURCE)


def source_names(acted: Iterable[str]) -> dict[str, str]:
    """Names of programs, by how logs name them. No query where none acted."""
    ids = {one.removeprefix(SOURCE) for one in acted if one.startswith(SOURCE)}
    if not ids:
        return {}
    return {
        f"{SOURCE}{pk.hex}": name for pk, name in InboundSource.objects.filter(pk__in=ids).values_list("pk", "name")
    }


def served_at(
    source: InboundSource, *, unit_code: str, subject: str | None, happened_at: datetime, now: datetime
) -> Served:
    """`unit_code`: of the unit that the delivery names, empty for that of the source. Raises `Unacceptable` for a unit
    that is not its, or takes no such case, and for a subject or a time that no policy rules."""
    unit = source.unit
    if unit_code and unit_code != unit.code:
        found = Unit.objects.filter(code=unit_code, path__startswith=unit.path, closed_on=None).first()
        if found is None:
            raise _wrong("unit", "unit_not_its")
        unit = found
    serving = adoption_for(unit, source.kind, happened_at, subject, now=now)
    if serving is None:
        raise before_policy() if adoption_for(unit, source.kind, now, subject) else _wrong("unit", "kind_not_served")
    rules = kind_of(serving.policy_version_id, source.kind)
    if rules.is_sealed or not may_lie(unit, rules) or unit.closed_on is not None:
        raise _wrong("unit", "kind_not_served")
    return Served(unit, serving, rules)


def rules_at(source: InboundSource, now: datetime) -> Kind | None:
    """The rules by which it is settled what the source may state: those that serve its unit, the general ones where
    there are several. None where its kind is not served there, or not openly."""
    serving = subjects_for(source.unit, source.kind, now)
    if not serving:
        return None
    rules = kind_of(next(reversed(serving.values())).policy_version_id, source.kind)
    return None if rules.is_sealed else rules


def answer_to(source: InboundSource, case: Case, secret: str = "", *, is_new: bool = False) -> Received:
    """`secret`: empty for a case that another delivery opened, whose link is not this one's to give away."""
    return Received(case.pk, case.number, secret if source.gives_link else "", is_new)


def answered_before(source: InboundSource, before: InboundDelivery, digest: str) -> Received:
    """The answer that the same delivery had. Raises `Unacceptable` where its key stood for something else."""
    if before.digest != digest or before.case is None:
        raise Unacceptable("key_used_before")
    rules = kind_of(before.case.policy_version_id, before.case.kind)
    secret = secret_of_case(rules, desk_token(before.case.pk)) if before.is_new else ""
    return answer_to(source, before.case, secret)


def givable(rules: Kind) -> tuple[FieldView, ...]:
    """What the opening step asks and a program outside could state."""
    return tuple(
        one for one in fields_of(rules, opening_step(rules)) if one.type not in _OF_THE_HOUSE and not one.by_hand
    )


def _wrong(field: str, code: str) -> Unacceptable:
    return Unacceptable("unreadable", data={"fields": {field: code}, "refusals": ()})
