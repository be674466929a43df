"""What all carriers of messages have in common: mail, short messages, robots of work chats, web hooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Words:
    """A message already worded, in the language of whoever gets it. `subject`: one line. `text`: the whole of it, its
    link in the last line. `facts`: label and value of what decides, in the order in which they matter. `link`: where
    the rest stands, empty where there is nothing to open. `is_urgent`: of the urgent lane. `notice`: which message it
    is (reminder, escalation, or the code of the policy's notice) and `values`: what it says under fixed names (`what`,
    `number`, `due`, `clauses`), for gateways that take only texts that were approved beforehand. `matter`: what it is
    about, alike for all messages of a case: mail programs keep together what bears the same subject."""

    subject: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""
    is_urgent: bool = False
    notice: str = ""
    values: tuple[tuple[str, str], ...] = ()
    matter: str = ""


class NotCarried(Exception):
    """It did not get there. `reason`: what the other side said, in short, without secrets. `is_final`: trying again is
    useless. `wait`: how long the other side asked to be left alone; None: it did not say."""

    def __init__(self, reason: str, *, is_final: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        self.wait = wait


class Carrier(Protocol):
    """One way out. `key` is the same at every attempt, so that the other side can drop a second copy; `to` is an
    address in the carrier's own terms (mail address, mobile number, user id, empty for a robot that has one place).
    Returns what the other side calls the message, empty where it gives no name. Raises `NotCarried`."""

    def carry(self, *, to: str, words: Words, key: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the other side knows of a message that it took: it reached the device, it will not (`why`: in the other
    side's words), or, neither being so, it does not know yet."""

    is_there: bool = False
    is_lost: bool = False
    why: str = ""


@runtime_checkable
class Reporter(Protocol):
    """A carrier that can be asked whether a message reached the device. `called`: as `carry` returned it. Raises
    `NotCarried` where it cannot be asked now."""

    def arrival(self, *, to: str, called: str, sent_at: datetime) -> Arrival: ...


@runtime_checkable
class Greeter(Protocol):
    """A carrier that can be asked whether it would carry, without anything being sent. Raises `NotCarried`."""

    def greet(self) -> None: ...
