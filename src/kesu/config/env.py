"""Reads the process's environment strictly: an odd value ends the start instead of meaning something by accident."""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError, conninfo

_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str) -> bool:
    value = text(name).lower()
    if value not in _FLAGS:
        raise ImproperlyConfigured(f"{name} must be one of 1, true, yes, 0, false, no; it is {value!r}")
    return _FLAGS[value]


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """A list of networks separated by commas, such as 10.1.0.0/16; a machine alone is one too."""
    try:
        return tuple(ip_network(word) for word in words(name))
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name} must be networks such as 10.1.0.0/16, separated by commas") from fault


def secret(name: str) -> str:
    """The variable itself, or the content of the file that NAME_FILE points to."""
    file = text(f"{name}_FILE")
    if file and text(name):
        raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both")
    if not file:
        return text(name)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {fault.strerror}") from fault


def database(url: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address. The address itself is never repeated in an error."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured("The database address must begin with postgresql://")
    try:
        parts = conninfo.conninfo_to_dict(url)
    except ProgrammingError as fault:
        raise ImproperlyConfigured("The database address cannot be read") from fault
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found: dict[str, Any] = {django: str(parts.pop(libpq, "")) for libpq, django in known.items()}
    if not found["NAME"]:
        raise ImproperlyConfigured("The database address names no database")
    return {**found, "OPTIONS": parts}
