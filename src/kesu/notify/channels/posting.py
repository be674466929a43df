"""One request over HTTP to whoever carries messages: no redirect is followed, neither time nor size is without end, and
no address stands in what is raised, for addresses hold secrets."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from kesu.notify.carrying import NotCarried

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_WITHIN: Final = 10.0
"""Seconds for all of a request: finding the other side, asking, hearing the answer."""
_MOST: Final = 64 * 1024
"""Bytes of an answer that are read."""
_PORTS: Final = {"https": 443, "http": 80}
_BUSY: Final = frozenset({408, 425, 429})
_NOWHERE: Final = ".invalid"
"""Names under it lead nowhere, and no server of names is to be asked for them (RFC 6761, 6.4)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which machines may be asked. `is_guarded`: only those of the open internet, with encryption, and of the house's
    own network those in `inside`; False for an address that the operator himself wrote down."""

    is_guarded: bool = False
    inside: tuple[Network, ...] = ()

    def lets(self, address: str, scheme: str = "https") -> bool:
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address):
            found = found.ipv4_mapped or found
        if not self.is_guarded or any(found in one for one in self.inside):
            return True
        if scheme != "https":
            return False
        return found.is_global and not found.is_multicast and not _is_apart(found)


ANYWHERE: Final = Reach()
_OPEN_SIX: Final = ipaddress.ip_network("2000::/3")
_APART_SIX: Final = tuple(ipaddress.ip_network(one) for one in ("2002::/16", "2001::/32", "3fff::/20"))


def _is_apart(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Of IPv6 only what is given out to the internet. Elsewhere lie the networks of sites, and many a network wraps an
    address of its own into one of IPv6 (NAT64, 6to4, Teredo): none of these is needed."""
    if not isinstance(found, ipaddress.IPv6Address):
        return False
    return found not in _OPEN_SIX or any(found in one for one in _APART_SIX)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def read(self) -> dict[str, Any]:
        """The object that it holds; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Post:
    """What is asked. `address` and `body` may hold secrets and are never shown."""

    address: str = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


def as_json(address: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Post:
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Post(address, said, {"content-type": "application/json; charset=utf-8", **(headers or {})})


def ask(post: Post, *, reach: Reach = ANYWHERE, within: float = _WITHIN) -> Answer:
    """Whatever was answered, also a refusal. Raises `NotCarried`: never final, but for an address that may not or
    cannot be asked."""
    try:
        parts = urlsplit(post.address)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port:
        raise NotCarried("bad_address", is_final=True)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"host": parts.netloc.rpartition("@")[2], "user-agent": "kesu", "connection": "close", **post.headers}
    try:
        with _line(parts.scheme, host, port, reach, within) as line:
            line.request(post.method, target, body=post.body or None, headers=headers)
            with line.getresponse() as heard:
                body = heard.read(_MOST + 1)
                told = {name.lower(): value for name, value in heard.getheaders()}
        if len(body) > _MOST:
            raise NotCarried("answer_too_long")
        return Answer(heard.status, told, body)
    except NotCarried:
        raise
    except TimeoutError:
        raise NotCarried("timeout") from None
    except ssl.SSLCertVerificationError:
        raise NotCarried("certificate_not_trusted") from None
    except (OSError, http.client.HTTPException, ValueError) as failed:
        raise NotCarried(f"unreachable ({type(failed).__name__})") from None


@contextmanager
def _line(scheme: str, host: str, port: int, reach: Reach, within: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the very address that was looked at: a name that means another machine a moment later leads
    nowhere. When the time is over the line is cut, however slowly the other side talks."""
    is_cut = threading.Event()
    wire = _connected(scheme, host, port, reach, within)
    if scheme == "https":
        trusting = ssl.create_default_context()
        wire = trusting.wrap_socket(wire, server_hostname=host, do_handshake_on_connect=False)
    cutting = threading.Timer(within, _cut, (wire, is_cut))
    cutting.daemon = True
    cutting.start()
    line = http.client.HTTPConnection(host, port, timeout=within)
    try:
        if isinstance(wire, ssl.SSLSocket):
            wire.do_handshake()
        line.sock = wire
        yield line
    except (OSError, http.client.HTTPException):
        if is_cut.is_set():
            raise TimeoutError from None
        raise
    finally:
        cutting.cancel()
        line.close()
        wire.close()
    if is_cut.is_set():  # an answer without a length ends where the line was cut
        raise TimeoutError


def _cut(wire: socket.socket, is_cut: threading.Event) -> None:
    is_cut.set()
    with suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)  # the wire itself, without the farewell of TLS


def _connected(scheme: str, host: str, port: int, reach: Reach, within: float) -> socket.socket:
    failed: OSError | None = None
    if host.rstrip(".").endswith(_NOWHERE):
        raise NotCarried("no_such_host", is_final=True)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [one for one in found if reach.lets(str(one[4][0]), scheme)]
    if len(allowed) < len(found) or not allowed:
        raise NotCarried("inside_the_house", is_final=True)
    for family, kind, protocol, _name, address in allowed:
        raw = socket.socket(family, kind, protocol)
        raw.settimeout(within / len(allowed))
        try:
            raw.connect(address)
        except OSError as refused:
            raw.close()
            failed = refused
        else:
            raw.settimeout(within)
            return raw
    raise failed or OSError


def refused(answer: Answer, *, who: str) -> None:
    """Raises `NotCarried` for an answer that is none of the vendor's own: of a proxy on the way, of a machine that is
    being mended. What they answer with 200 is for the vendor's module to read."""
    if answer.status < 300:
        return
    wait = waiting(answer)
    passes = answer.status >= 500 or answer.status in _BUSY
    raise NotCarried(f"{who}: HTTP {answer.status}", is_final=not passes, wait=wait)


def waiting(answer: Answer) -> timedelta | None:
    """How long the other side asked to be left alone, as HTTP says it: in whole seconds, a day at most."""
    said = answer.headers.get("retry-after") or answer.headers.get("x-ogw-ratelimit-reset", "")
    if not (said.isascii() and said.isdigit() and len(said) < 8):
        return None
    return timedelta(seconds=min(int(said), 86_400))
