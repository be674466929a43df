"""Where a request comes from, as far as that must be known: for locking doors, never for keeping."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from kesu.core.errors import TooMany
from kesu.core.uploads import Upload

_COUNTED: Final = MovingWindowRateLimiter(MemoryStorage())
"""In the memory of this process alone: an address stands in no table, file or log, whatever was sent from it."""
_A_FORM: Final = 10 * 1024 * 1024
"""Bytes of files that count as much as a form."""
_READINGS: Final = "60/hour"
"""Of one link: calendar programs look every quarter of an hour at most."""
_HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that name one household; the rest changes as its devices like."""


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks; behind a proxy the one that the proxy saw, not what the asker claims."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.KESU_BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", seen).rpartition(",")[2].strip()
    try:
        return ip_address(seen).compressed
    except ValueError:
        return ""


def spend(request: HttpRequest, purpose: str, uploads: Sequence[Upload] = ()) -> None:
    """Counts one form of the public sent from this address for this purpose, and one more for every ten megabytes of
    files that are kept for good; never more than is let through at a time. Raises `TooMany` over the limit
    (`KESU_PUBLIC_LIMIT`) and then counts nothing."""
    who = _household(address_of(request))
    forms = 1 + sum(len(one.content) for one in uploads) // _A_FORM
    costs = [(limit, min(forms, limit.amount)) for limit in _limits(settings.KESU_PUBLIC_LIMIT)]
    if not all(_COUNTED.test(limit, purpose, who, cost=cost) for limit, cost in costs):
        raise TooMany("too_many")
    for limit, cost in costs:
        _COUNTED.hit(limit, purpose, who, cost=cost)


def spend_for(who: str, purpose: str) -> None:
    """Counts one delivery of a program outside, by its key or by the address that it claims from. Raises `TooMany` over
    the limit (`KESU_SOURCE_LIMIT`)."""
    limits = _limits(settings.KESU_SOURCE_LIMIT)
    if not all(_COUNTED.test(limit, purpose, who) for limit in limits):
        raise TooMany("too_many_deliveries")
    for limit in limits:
        _COUNTED.hit(limit, purpose, who)


def spend_reading(who: str) -> None:
    """Counts one look of a calendar program, by its link. Raises `TooMany` over the limit."""
    limits = _limits(_READINGS)
    if not all(_COUNTED.test(limit, "feed", who) for limit in limits):
        raise TooMany("too_many_looks")
    for limit in limits:
        _COUNTED.hit(limit, "feed", who)


def _household(address: str) -> str:
    return str(ip_network(f"{address}/{_HOUSEHOLD}", strict=False)) if ":" in address else address


@lru_cache(maxsize=4)
def _limits(text: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(text))
