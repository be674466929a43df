"""What few kinds have: made when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from kesu.policy.standing.joining import Additions
from kesu.policy.standing.links import LinkBook
from kesu.policy.standing.named import NamedBook
from kesu.policy.standing.plan import Plan
from kesu.policy.standing.reckonings import ReckoningBook
from kesu.policy.standing.samples import SampleBook


class Seldom:
    """The books of a walk that most cases never open."""

    __slots__ = ("__dict__",)  # and no room is laid out before one of them is asked for
    plan: Plan

    @cached_property
    def additions(self) -> Additions:
        return Additions(self.plan.additions, self.plan.addition_reads)

    @cached_property
    def links(self) -> LinkBook:
        return LinkBook(self.plan)

    @cached_property
    def named(self) -> NamedBook:
        return NamedBook(self.plan.over.named_facts)

    @cached_property
    def samples(self) -> SampleBook:
        return SampleBook(self.plan)

    @cached_property
    def reckonings(self) -> ReckoningBook:
        return ReckoningBook(self.plan)
