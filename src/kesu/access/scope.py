"""Whose sight of ordinary cases it is, and the conditions that follow. A confidential case is there only for those who
have a part in it.

The same conditions serve queries that are written anew each time and those of a fixed shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.casefile.confidants import IN_PLACE_OF, THROUGH, in_place_of, through
from kesu.store.fixed import Slot
from kesu.store.models import CaseParty

Answer = TypeVar("Answer")
Shape = tuple[int, bool]


@dataclass(frozen=True, slots=True)
class Scope:
    """`reach`: patterns of the paths under his posts; `parts`: those that are his through a slot or in somebody's
    place, while he is there; `stands_for`: accounts, None where there is nobody. In a query of a fixed shape each of
    them is a slot."""

    account: Any
    parts: Any
    stands_for: Any
    reach: tuple[Any, ...]

    @classmethod
    def of(cls, actor: Actor) -> Scope:
        held = {through(slot, post.unit_id) for post in actor.posts for slot in post.slots}
        held |= {in_place_of(account.hex) for account in actor.stands_for}
        reach = patterns(actor, Permission.CASE_READ)
        return cls(actor.account_id, sorted(held), sorted(actor.stands_for) or None, reach)

    @classmethod
    def slots(cls, shape: Shape) -> Scope:
        """Of a query with as many slots as `values` gives."""
        paths, has_absent = shape
        return cls(Slot(0), Slot(1), Slot(2) if has_absent else None, tuple(Slot(3 + nth) for nth in range(paths)))

    @property
    def shape(self) -> Shape:
        return len(self.reach), self.stands_for is not None

    @property
    def values(self) -> tuple[Any, ...]:
        return (self.account, self.parts, self.stands_for, *self.reach)

    def of_cases(self) -> Q:
        """Of rows that have the key and the path of a case: those of the cases that he may see."""
        if not self.reach:
            return self.takes_part({"case__pk": OuterRef("pk")})
        # Written as a range, his part in a case is asked about row by row, and only where his posts do not reach. As
        # an equality the database would first gather all cases in which he ever took part: of some people nearly all.
        row_by_row = {"case_id__gte": OuterRef("pk"), "case_id__lte": OuterRef("pk")}
        return self.reached() | self.takes_part(row_by_row)

    def reached(self) -> Q:
        """Of the same rows: those that his posts reach."""
        under = Q() if self.reach else Q(pk__in=[])
        for pattern in self.reach:
            under |= Q(unit_path__like=pattern)
        return under & Q(confidential=False)

    def takes_part(self, in_case: Mapping[str, Any]) -> Q:
        """A part of his own or of those whom he stands in for today. In a confidential case only his own: who stands in
        for somebody who is let in may be the one from whom it is kept, and has a part of his own where he is not."""
        found = Q(Exists(CaseParty.objects.filter(self.own_parts(), **in_case)))
        if self.stands_for is not None:
            theirs = CaseParty.objects.filter(account__pk__any=self.stands_for, **in_case)
            found |= Q(confidential=False) & Q(Exists(theirs))
        return found

    def own_parts(self) -> Q:
        """His own parts in cases; those that are his through a slot or in somebody's place, only while he is there."""
        for_good = ~(Q(part__startswith=THROUGH) | Q(part__startswith=IN_PLACE_OF))
        return Q(account_id=self.account) & (for_good | Q(part__any=self.parts))


def patterns(actor: Actor, permission: Permission) -> tuple[str, ...]:
    """Of the paths over which he has it. Paths are of hexadecimal figures, so that nothing in them is a sign of a
    pattern."""
    return tuple(f"{path}%" for path in actor.reach(permission))


@dataclass(frozen=True, slots=True)
class InSight(Generic[Answer]):
    """A query of a few fixed shapes, by how many paths somebody's posts reach over: `build` makes it from his scope and
    slots of its own, `kind` is `Fixed` or `FixedRows`."""

    kind: Callable[[Callable[..., QuerySet[Any, Any]]], Callable[..., list[Answer]]]
    build: Callable[..., QuerySet[Any, Any]]
    _made: dict[Shape, Callable[..., list[Answer]]] = field(default_factory=dict)

    def __call__(self, actor: Actor, *values: Any) -> list[Answer]:
        scope = Scope.of(actor)
        made = self._made.get(scope.shape)
        if made is None:
            first = len(scope.values)
            whose = Scope.slots(scope.shape)
            made = self._made[scope.shape] = self.kind(lambda *slots: self.build(whose, *slots[first:]))
        return made(*scope.values, *values)
