"""The words of approvals: how a link is signed, and what happens when nobody can sign, or the wrong person would."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kesu.policy.calendar import Duration


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
    """Whether somebody who has signed the present version signs it again: in a later link, and (`skip_together`) also
    where several sign together, each for his department or himself."""

    AGAIN = "again"
    SKIP = "skip"
    SKIP_TOGETHER = "skip_together"


class Staffing(StrEnum):
    """What the program found when it looked for whoever signs a place: the engine does not know who holds a slot."""

    SOMEBODY = "somebody"
    NOBODY = "nobody"  # nobody holds the slot, or all who do are kept from it
    OWN = "own"  # all who hold it wrote what is signed
    SIGNED = "signed"  # one of those who hold it has signed the same version before

    @property
    def is_vacant(self) -> bool:
        return self in {Staffing.NOBODY, Staffing.OWN}


class SignAct(StrEnum):
    """What may be done to an approval beside signing it. Each has a step of its own where the policy allows it."""

    PASS_ON = "pass_on"  # noqa: S105  转办: somebody else signs instead
    ADD_BEFORE = "add_before"  # 前加签: somebody signs before
    ADD_AFTER = "add_after"  # 后加签: somebody signs after
    ASK = "ask"  # 征询: somebody says what he thinks, and it stays one's own to sign
    ADVISE = "advise"  # whoever was asked answers
    SEND_BACK = "send_back"  # 退回到: an earlier link signs again, or the case goes back to a stage
    TAKE_BACK = "take_back"  # 撤回: whoever laid it before the signers takes it back
    URGE = "urge"  # 催办: those who have still to sign are asked to

    @property
    def names_somebody(self) -> bool:
        return self in {SignAct.PASS_ON, SignAct.ADD_BEFORE, SignAct.ADD_AFTER, SignAct.ASK}

    @property
    def is_a_signers(self) -> bool:
        """Whether it is done in place of signing by whoever has to: not by one who wrote what is signed."""
        return self.names_somebody or self is SignAct.SEND_BACK


@dataclass(frozen=True, slots=True)
class Allowed:
    """An act that an approval allows. `to`: the roles of those who may be named, empty for all; `stages`: word and
    code of those to which a case may be sent back, beside the earlier links, or of the one to which it is taken back;
    `every`: how much time lies at least between two urgings. `generic`: no clause asks for it, and it leaves to whom
    the policy names what is signed."""

    act: SignAct
    to: tuple[str, ...] = ()
    stages: tuple[tuple[str, str], ...] = ()
    every: Duration | None = None
    generic: bool = False


@dataclass(frozen=True, slots=True)
class ActsOn:
    """Of a generated step: which approval it is about, and what it does."""

    approval: str
    act: SignAct


def allowed(allows: tuple[Allowed, ...], act: SignAct) -> Allowed | None:
    """How an approval allows an act; None: not at all. Whoever may be asked may answer."""
    wanted = SignAct.ASK if act is SignAct.ADVISE else act
    return next((one for one in allows if one.act is wanted), None)
