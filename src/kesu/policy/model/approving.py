"""The words of approvals: how a link is signed, and what happens when nobody can sign, or the wrong person would."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class LinkMode(StrEnum):
    ONE = "one"  # one role signs
    ALL = "all"  # 会签: all roles, and every member of a group
    ANY = "any"  # 或签
    EACH = "each"  # one of every unit that a fact names
    SHARE = "share"  # so many of all who are named, whatever the others say


class ApprovalConflict(StrEnum):
    """What happens when the signer is also the author of what is signed. `skip`: others in the slot sign, and where
    there are none the next link does."""

    SKIP = "skip"
    WARN = "warn"
    BLOCK = "block"
    OFF = "off"


class VacancyMode(StrEnum):
    """What becomes of a place that nobody can sign."""

    WAIT = "wait"  # it stays, and the administrators are told
    NEXT = "next"  # the next link signs; the last one waits
    SKIP = "skip"  # it is left out
    ROLE = "role"  # another role signs instead


@dataclass(frozen=True, slots=True)
class Vacancy:
    """`role`: who signs instead, with `VacancyMode.ROLE` alone."""

    mode: VacancyMode = VacancyMode.WAIT
    role: str | None = None


WAITS: Final = Vacancy()
"""What holds where a policy says nothing."""


class SamePersonTwice(StrEnum):
    """Whether somebody who has signed the present version signs it again in a later link."""

    AGAIN = "again"
    SKIP = "skip"


class Staffing(StrEnum):
    """What the program found when it looked for whoever signs a place: the engine does not know who holds a slot."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"  # nobody holds the slot, or all who do are kept from it
    OWN = "own"  # all who hold it wrote what is signed
    SIGNED = "signed"  # one of those who hold it has signed the same version before

    @property
    def is_vacant(self) -> bool:
        return self in {Staffing.NOBODY, Staffing.OWN}
