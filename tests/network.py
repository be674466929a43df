"""Closes every way out of this machine while tests run: what they prove must not depend on somebody else's server."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class NetworkIsClosed(Exception):
    """A test tried to reach another machine."""


def close() -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_far(self, address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_far(self, address)
    return _connect_ex(self, address)


def _refuse_far(connection: socket.socket, address: Any) -> None:
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    try:
        near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        raise NetworkIsClosed(f"a test tried to reach {host}")
