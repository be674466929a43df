"""A list of many people who complain of the same thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import cycle
from typing import Any
from uuid import UUID

from kesu.access.actor import Actor
from kesu.commands.cases.take_step_for_many import take_step_for_many
from kesu.core.importing import ListedLine


def join_crowd(case_id: UUID, crowd: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    take_step_for_many(actor=actor, at=at, case_id=case_id, step="join", lines=list(_lines(crowd, at)))


def _lines(crowd: Mapping[str, Any], at: datetime) -> Iterator[ListedLine]:
    names = zip(cycle(crowd["surnames"]), cycle(("女士", "先生", "先生")), strict=False)
    for nth, (surname, called) in zip(range(crowd["people"]), names, strict=False):
        given = {"person.name": (surname + called,), "person.phone": (str(crowd["phone"] + nth),)}
        yield ListedLine(nth + 2, at, given, " ".join(text for (text,) in given.values()))
