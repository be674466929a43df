"""Who listens to which moment, worked out once per compiled kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from kesu.policy.model.conditions import Moment
from kesu.policy.model.facts import Fact
from kesu.policy.model.opens import LinkedCase
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Duty, Notice
from kesu.policy.model.samples import Sample
from kesu.policy.standing.extending import extended_by
from kesu.policy.standing.moments import Key, key_of

R = TypeVar("R", Duty, Notice, Approval, LinkedCase, Sample, Fact)
Heard = Mapping[Key, tuple[tuple[R, Moment], ...]]


@dataclass(frozen=True, slots=True)
class Hearers:
    """Those who listen to the marks of one kind, each with the moment by which he names them. `extends`: it makes some
    duty longer; `concerns_duties`: it starts, ends or extends one."""

    starts: tuple[tuple[Duty, Moment], ...]
    ends: tuple[tuple[Duty, Moment], ...]
    extends: bool
    concerns_duties: bool
    asks: tuple[tuple[Approval, Moment], ...]
    stops: tuple[tuple[Approval, Moment], ...]
    notices: tuple[tuple[Notice, Moment], ...]


NOBODY: Final = Hearers((), (), extends=False, concerns_duties=False, asks=(), stops=(), notices=())
"""Of marks that are left for other rules."""


def heard_by(rules: Iterable[R], moments_of: Callable[[R], tuple[Moment, ...]]) -> Heard[R]:
    """The rules by the marks that they listen to."""
    heard: dict[Key, list[tuple[R, Moment]]] = {}
    for rule in rules:
        for moment in moments_of(rule):
            heard.setdefault(key_of(moment), []).append((rule, moment))
    return {key: tuple(listeners) for key, listeners in heard.items()}


def hearers_of(kind: Kind, heard: Collection[Key]) -> Mapping[Key, Hearers]:
    """Who listens to each of the marks that anything asks for."""
    duties, approvals = kind.duties.values(), kind.approvals.values()
    starts = heard_by(duties, lambda duty: duty.starts)
    ends = heard_by(duties, lambda duty: duty.met_by)
    extends = {extended_by(duty.extension) for duty in duties if duty.extension is not None}
    concerning = {*starts, *ends, *extends}
    asks = heard_by(approvals, lambda approval: approval.of)
    stops = heard_by(approvals, lambda approval: approval.until)
    notices = heard_by((one for one in kind.notices.values() if one.by_system), lambda notice: notice.starts)
    return {
        key: Hearers(
            starts.get(key, ()),
            ends.get(key, ()),
            key in extends,
            key in concerning,
            asks.get(key, ()),
            stops.get(key, ()),
            notices.get(key, ()),
        )
        for key in heard
    }
