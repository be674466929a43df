"""A case moves to another unit: where it may go, and what it leaves behind. Its number and the policy under which it
was opened stay; who sees it, who holds its slots and where it counts follow the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kesu.casefile.books import UNITS, above, kind_of, pack_of, subjects_for
from kesu.casefile.where_cases_lie import may_lie
from kesu.core.errors import Unacceptable
from kesu.policy.events import Event, subject_of
from kesu.policy.model.facts import Value
from kesu.policy.model.rules import Step
from kesu.store.models import Adoption, Case, CaseParty, Unit
from kesu.store.models.organisation import SERVING

_OFFERED: Final = 500


def destination(head: Case, step: Step, log: Sequence[Event], facts: Mapping[str, Value], now: datetime) -> Unit | None:
    """Where a step that is being taken moves the case; None for one that does not. Raises `Unacceptable` for the unit
    where it lies, for one where no new work goes or where cases do not lie, and for one in which another policy rules
    this kind: the rules of the case could not be kept there."""
    if step.moves_to is None:
        return None
    code = step.moves_to.to
    unit = UNITS.one(UUID(str(facts[code])))
    reason = "unknown_row" if unit is None else _hindrance(head, unit, subject_of(log), now)
    if reason:
        raise Unacceptable("unreadable", data={"fields": {code: reason}, "refusals": ()})
    return unit


def _hindrance(head: Case, unit: Unit, subject: str, now: datetime) -> str:
    if unit.pk == head.unit_id:
        return "moves_nowhere"
    rules = kind_of(head.policy_version_id, head.kind)
    if unit.closed_on is not None or unit.kind in SERVING or not may_lie(unit, rules):
        return "moves_to_no_place"
    serving = subjects_for(unit, head.kind, now)
    found = serving.get(subject) or serving.get("")
    if found is None or pack_of(found.policy_version_id).code != pack_of(head.policy_version_id).code:
        return "moves_to_other_policy"
    return ""


def destinations(head: Case, subject: str, now: datetime) -> tuple[Unit, ...]:
    """The units to which the case may be moved, by name: those under its root where the same policy rules its kind.
    Three queries."""
    root = above(head.unit.path)[0]
    ruling: dict[tuple[str, str], str] = {}
    rows = Adoption.objects.filter(unit__path__startswith=root, kind=head.kind, effective_from__lte=now)
    for path, about, pack in rows.order_by("effective_from", "id").values_list(
        "unit__path", "subject", "policy_version__pack"
    ):
        ruling[path, about] = pack
    own = pack_of(head.policy_version_id).code
    places = Unit.objects.filter(path__startswith=root, closed_on=None).exclude(kind__in=SERVING)
    found = places.exclude(pk=head.unit_id).select_related("parent").order_by("name")[:_OFFERED]
    rules = kind_of(head.policy_version_id, head.kind)
    return tuple(u for u in found if may_lie(u, rules) and _ruling(ruling, u.path, subject) == own)


def _ruling(ruling: Mapping[tuple[str, str], str], path: str, subject: str) -> str:
    """The code of the policy in force there: for the subject before the general one, the nearest of each."""
    for about in dict.fromkeys((subject, "")):
        for one in reversed(above(path)):
            if (one, about) in ruling:
                return ruling[one, about]
    return ""


def arrive(head: Case, step: Step, unit: Unit) -> None:
    """The head lies in the unit from now on; the caller saves it. Nobody keeps a part in it where the policy says that
    sight is lost."""
    head.unit = unit
    if step.moves_to is not None and not step.moves_to.keeps_sight:
        CaseParty.objects.filter(case=head).delete()
