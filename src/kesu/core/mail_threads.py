"""How our own mails are called, so that an answer, or the news that one did not arrive, is known by what it answers.

The Message-ID of a message follows from its key in the outbox and from a secret of the installation: the same at every
attempt, and nobody else can make it up. Behind it stands the case, so
that all mails of a case hang on one thread, and an answer leads to the case though only its own Message-ID came back.
Whoever knows such a name can do nothing with it: who may write into a case is asked of his address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from hashlib import sha256
from typing import Final
from uuid import UUID

_OWN: Final = re.compile(r"(?:(k?)([0-9a-f]{40})|case)(?:\.([0-9a-f]{32}))?@(.{1,200})")
_IN_BYTES: Final = re.compile(rb"<(k?[0-9a-f]{40}(?:\.[0-9a-f]{32})?@[^<>\s]{1,200})>")
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class OwnId:
    """`digest`: of the key of the message, empty for the thread itself. `case` None: the message was about none.
    `is_keyed`: only whoever has the key ring could make the digest. `called`: the whole name in its brackets."""

    digest: str
    case: UUID | None
    is_keyed: bool
    called: str


@dataclass(frozen=True, slots=True)
class Thread:
    """`case`: identifier of the case that a mail is about, empty for none. `reply_to`: the mailbox of the house that is
    answered to, empty where none is read. `name`: the keyed digest by which news of it is known to be of it; empty
    where no news is waited for."""

    case: str = ""
    reply_to: str = ""
    name: str = ""


def domain_of(sender: str) -> str:
    """Of the address from which the house writes, with or without a name before it."""
    return parseaddr(sender)[1].rpartition("@")[2].lower()


def digest_of_key(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:40]


def message_id(key: str, domain: str, case: str = "", name: str = "") -> str:
    """`case`: its identifier, empty for a message about none; `name`: as in `Thread`."""
    return f"<{f'k{name}' if name else digest_of_key(key)}{_tail(case)}@{domain}>"


def thread_id(domain: str, case: str) -> str:
    """The name on which all mails of a case hang; no mail has it."""
    return f"<case{_tail(case)}@{domain}>"


def own_id(found: str, domain: str) -> OwnId | None:
    """`found`: a Message-ID without its brackets. None for one that is not ours."""
    match = _OWN.fullmatch(found)
    if match is None or match[4].lower() != domain.lower() or not (match[2] or match[3]):
        return None
    return OwnId(match[2] or "", UUID(match[3]) if match[3] else None, bool(match[1]), f"<{found}>")


def own_ids_in(content: bytes, domain: str) -> Iterator[OwnId]:
    """Those of our mails that are named anywhere in a mail: servers tell in many ways which one did not arrive."""
    for number, found in enumerate(_IN_BYTES.finditer(content)):
        if number >= _MOST:
            return
        own = own_id(found[1].decode("ascii", "replace"), domain)
        if own is not None:
            yield own


def _tail(case: str) -> str:
    return f".{UUID(case).hex}" if case else ""
