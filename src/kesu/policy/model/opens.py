"""Linked cases: a case of another kind that the program opens when its moment has come in this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kesu.policy.model.conditions import Condition, Moment, Table

STAGE_WORD: Final = "stage"
"""In `brings`, in place of a fact of the linked case: the name of the stage in which it ended."""


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """When a start moment occurs and `when` holds, the program opens a case of `kind`, once for each such moment (for
    several that one event brings only once, unless they are of several dates or units), and says so in this case
    (`link.x.opened`); when that case ends, it says so too (`link.x.closed`), and again when it is taken up anew
    (`link.x.reopened`). `kind` is one of the same pack; where `is_served`, whatever pack serves it at the place;
    `kind_name` what people call it, as far as the pack knows. `place` is a unit fact: where it is opened, once stated;
    else where this one is. `carries`: fact of the other → own fact whose value goes along; `states`: fact of the other
    → what the program states; `brings`: own fact → fact of the other whose value comes back at its end, or `stage`.
    `closed_to`: the stage that this case enters when the last of them has ended."""

    code: str
    name: str
    clauses: tuple[str, ...]
    starts: tuple[Moment, ...]
    kind: str
    kind_name: str = ""
    is_served: bool = False
    when: Condition | None = None
    place: str | None = None
    carries: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    brings: Mapping[str, str] = field(default_factory=dict)
    closed_to: Table[str | None] | None = None
    unclear: str | None = None
    reading: str | None = None
