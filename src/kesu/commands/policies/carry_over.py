"""Running cases go over to the version of their policy that is in force where they lie, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from kesu.access.due import running_under, sealed_running, taken_case
from kesu.casefile import going_over
from kesu.casefile.casefile import CaseFile
from kesu.casefile.rest import is_sealed_head
from kesu.casefile.sealing import renew_allow_list
from kesu.casefile.streams import Head
from kesu.core.errors import NotFound
from kesu.store.models import Case, PolicyChange, PolicyVersion, Unit

Told = Callable[["CarriedOver | Left"], None]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """One ordinary case that went over. Of sealed ones nothing is told, not even how many there were."""

    number: str
    found: going_over.Difference


@dataclass(frozen=True, slots=True)
class Left:
    """One ordinary case that stays by its version, and why. No reason: it could not be read, for a
    `fault` of the program."""

    number: str
    why: tuple[going_over.Hindrance, ...] = ()
    fault: str = ""


@dataclass(slots=True)
class Count:
    """Of ordinary cases: brought over, of these with a deadline that moved; left as they were; in somebody's hands, and
    so for the next run (`held`)."""

    cases: int = 0
    moved: int = 0
    left: int = 0
    held: int = 0


@dataclass(slots=True)
class _Round:
    at: datetime
    names: going_over.Names
    unit: Unit | None
    reason: str
    count: Count = field(default_factory=Count)
    changes: dict[tuple[str, str], PolicyChange] = field(default_factory=dict)

    def change(self, before: str, after: str) -> PolicyChange:
        """The row of it, written with the first case that follows it."""
        found = self.changes.get((before, after))
        if found is None:
            found = PolicyChange.objects.create(
                before_id=before,
                after_id=after,
                unit=self.unit,
                stages=dict(self.names.stages),
                levels=dict(self.names.levels),
                reason=self.reason,
                made_at=self.at,
            )
        return found


def carry_over(
    *,
    pack_code: str,
    at: datetime,
    unit_id: UUID | None = None,
    stages: Mapping[str, str] | None = None,
    levels: Mapping[str, str] | None = None,
    reason: str = "",
    tell: Told | None = None,
) -> Count:
    """Brings every running case of a policy over to the version that is in force where it lies. `unit_id`: only what
    lies there and below; `stages`, `levels`: what the newer version calls those that it calls otherwise. One
    transaction each: whoever is killed in the middle has left the rest to the next run, and nothing is done twice. A
    case that cannot go over stays as it is, and is told of.

    Raises `NotFound` for an unknown unit, and for a policy of which there is no version."""
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else None
    versions = list(PolicyVersion.objects.filter(pack=pack_code).values_list("pk", flat=True))
    if (unit_id and unit is None) or not versions:
        raise NotFound
    this = _Round(at, going_over.Names(stages or {}, levels or {}), unit, reason)
    for take, is_sealed in _each(versions, unit):
        found = _bring_over(take, versions, this, is_sealed=is_sealed)
        if found is not None and tell is not None:
            tell(found)
    return this.count


def _each(versions: list[str], unit: Unit | None) -> Iterator[tuple[Callable[[], Head | None], bool]]:
    """Whatever takes a case up, and whether it is sealed."""
    for version in versions:
        for case_id in running_under(version, unit.path if unit is not None else "/"):
            yield partial(taken_case, case_id), False
    for case_id in _sealed():
        yield partial(taken_case, case_id, is_sealed=True), True


@transaction.atomic
def _sealed() -> list[UUID]:
    return sealed_running()


def _bring_over(
    take: Callable[[], Head | None], versions: list[str], this: _Round, *, is_sealed: bool
) -> CarriedOver | Left | None:
    head: Head | None = None
    try:
        with transaction.atomic():
            head = take()
            if head is None:
                this.count.held += not is_sealed
                return None
            if head.policy_version_id not in versions:
                return None
            if this.unit is not None and not head.unit.path.startswith(this.unit.path):
                return None
            found, change = _gone_over(head, this)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # one case that cannot be read must not keep all others from it
        found, change = Left(head.number if isinstance(head, Case) else "", fault=type(fault).__name__), None
    if change is not None:  # kept only once its row is sure to be there
        this.changes[change.before_id, change.after_id] = change
    return found if _counted(found, head, this.count) else None


def _gone_over(head: Head, this: _Round) -> tuple[CarriedOver | Left | None, PolicyChange | None]:
    file = CaseFile.open(head)
    before, number = head.policy_version_id, head.number if isinstance(head, Case) else ""
    after = going_over.version_to_follow(file, this.at)
    if after is None:
        return None, None
    why = going_over.hindrances(file, after, this.names, this.at)
    if why:
        return Left(number, why), None
    change = this.change(before, after)
    found = going_over.go_over(file, change, this.names, this.at)
    if is_sealed_head(head):
        renew_allow_list(CaseFile.open(head), this.at)
    return CarriedOver(number, found), change


def _counted(found: CarriedOver | Left | None, head: Head | None, count: Count) -> bool:
    """Whether anything is told of it."""
    if found is None or not isinstance(head, Case):
        return False
    if isinstance(found, Left):
        count.left += 1
    else:
        count.cases += 1
        count.moved += bool(found.found.moves)
    return True
