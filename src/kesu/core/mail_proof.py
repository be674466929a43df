"""Whether whoever took a mail in for the house found that its sender is the one he says (RFC 8601, RFC 7489).

Anybody can write such a line into his mail. Only the uppermost that bears the name of the house's own server counts:
what a server finds it writes above everything that came with the mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final

from kesu.core.mail_heads import LONGEST, NO_HEADER, has_other_ends, lines_of_head
from kesu.core.mail_in import bare

_RESULTS: Final = "authentication-results"
_AROUND: Final = re.compile(r"\s*=\s*")
_NAMED: Final = re.compile(r'[^\s;()"]+')
_PASS: Final = "pass"  # noqa: S105  # the word of the standard
_NO_POLICY: Final = frozenset({"none", "bestguesspass"})
"""The domain publishes no policy; the second is Microsoft's word."""
_MOST: Final = 100


class Proof(StrEnum):
    """What a mail must bring that claims to be of somebody whom a case knows. `ALIGNED`: what `DMARC` asks, or, for
    domains that publish no such policy, a signature or way of sending of the same domain."""

    NONE = "none"
    DMARC = "dmarc"
    ALIGNED = "aligned"


@dataclass(frozen=True, slots=True)
class _Finding:
    method: str
    result: str
    properties: Mapping[str, str]


def is_proven(content: bytes, sender: str, verifier: str, wanted: Proof) -> bool:
    """`sender`: the address in From; `verifier`: by what name the house's own server signs its findings (authserv-id),
    empty where nobody has said: then nothing is proven."""
    if wanted is Proof.NONE:
        return True
    domain = _domain(sender)
    if not domain or not verifier or has_other_ends(content):
        return False
    found = _findings(content, verifier.lower())
    by_policy = [one for one in found if one.method == "dmarc"]
    if by_policy and all(one.result == _PASS and _names(one, domain) for one in by_policy):
        return True
    has_none = all(one.result in _NO_POLICY or (one.result == _PASS and not _says(one)) for one in by_policy)
    return wanted is Proof.ALIGNED and has_none and _is_aligned(found, domain)


def _names(one: _Finding, domain: str) -> bool:
    return _domain(_says(one)) == domain


def _says(one: _Finding) -> str:
    """Of which sender; a server that does not say may have read another one."""
    return one.properties.get("header.from", "")


def _is_aligned(found: tuple[_Finding, ...], domain: str) -> bool:
    """The same domain, or one above it; one below may be somebody else's."""
    sent = [one for one in found if one.method == "spf"]
    signed = [one for one in found if one.method == "dkim"]
    by_way = bool(sent) and all(
        one.result == _PASS and _is_above(one.properties.get("smtp.mailfrom", ""), domain) for one in sent
    )
    return by_way or any(
        one.result == _PASS
        and _is_above(one.properties.get("header.d", "") or one.properties.get("header.i", ""), domain)
        for one in signed
    )


def _is_above(said: str, domain: str) -> bool:
    found = _domain(said)
    return found == domain or ("." in found and domain.endswith(f".{found}"))


def _domain(said: str) -> str:
    return said.rpartition("@")[2].strip("<>").rstrip(".").lower()


def _findings(content: bytes, verifier: str) -> tuple[_Finding, ...]:
    """Of the uppermost line of that server, and none of one of which not all is read or that can be read in two ways:
    what stands at its end may say the contrary, and what stands below is not from there."""
    head = takewhile(lambda line: line != NO_HEADER, lines_of_head(content))
    lines = (value for name, value in head if name == _RESULTS)
    found = next((value for value in lines if _server(value) == verifier), "")
    parts = bare(found).split(";") if len(found) < LONGEST else []
    return tuple(_read(parts[1:])) if len(parts) <= _MOST else ()


def _server(line: str) -> str:
    named = _NAMED.match(line)
    return named[0].lower() if named else ""


def _read(parts: list[str]) -> Iterator[_Finding]:
    for part in parts:
        words = [word.partition("=") for word in _AROUND.sub("=", part).split()]
        if not words or not words[0][1]:
            continue
        method, _equals, result = words[0]
        said = {name.lower(): value for name, _is, value in reversed(words[1:])}
        yield _Finding(method.partition("/")[0].lower(), result.lower(), said)
