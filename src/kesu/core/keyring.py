"""Keys and envelopes.

A case has a data key of its own; the key ring wraps it. Bodies are sealed with the data key (AES-256-GCM), so that
destroying one data key destroys the bodies of one case and nothing else. The ring is a file apart from the database.

The same file holds the keys that sign the heads of the log each night (Ed25519): whoever owns the database but not this
file cannot sign a log that he has changed.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Encrypts and authenticates; `context` (the place the text belongs to) must be given again to open it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Raises `cryptography.exceptions.InvalidTag` when key, text or context is not the one it was sealed with."""
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)


class SigningKeyMissing(Exception):
    """The key file is older than signed heads; `add_signing_key` gives it what it lacks."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Master keys by id, the one in use, the key of blind indexes, the web framework's secret, and the seeds of the
    signing keys by id with the one in use ("" where the file has none yet)."""

    current: str
    keys: Mapping[str, bytes]
    index: bytes
    web_secret: str
    signer: str = ""
    signing: Mapping[str, bytes] = field(default_factory=dict)

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        return self.current, seal(self.keys[self.current], data_key, b"data-key")

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        return unseal(self.keys[key_id], wrapped, b"data-key")

    def keep(self, purpose: str, whose: bytes, plain: bytes) -> tuple[str, bytes]:
        """The id of the key in use and `plain` sealed with it, to be opened for this purpose and owner alone."""
        return self.current, seal(self.keys[self.current], plain, purpose.encode() + b"\x00" + whose)

    def open(self, purpose: str, whose: bytes, key_id: str, sealed: bytes) -> bytes:
        return unseal(self.keys[key_id], sealed, purpose.encode() + b"\x00" + whose)

    def blind(self, text: str) -> str:
        """A token that is equal for equal texts and says nothing else (phones, names in the rule log)."""
        return hmac.new(self.index, text.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]

    def derive(self, purpose: str, text: str) -> bytes:
        """32 bytes that only this installation can find from `text`, and finds again."""
        return hmac.new(self.index, f"{purpose}\x00{text}".encode(), hashlib.sha256).digest()

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of the key in use. Raises `SigningKeyMissing`."""
        if not self.signer:
            raise SigningKeyMissing
        return Ed25519PrivateKey.from_private_bytes(self.signing[self.signer]).sign(message)

    def public_keys(self) -> dict[str, str]:
        """The public half of every signing key, in hexadecimal, by id: what whoever checks the log keeps."""
        return {
            name: Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()
            for name, seed in self.signing.items()
        }


def new_data_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def create(path: Path) -> None:
    """Writes a new ring, readable by its owner only. Never overwrites one."""
    document = {
        "current": "k1",
        "keys": {"k1": _text(secrets.token_bytes(32))},
        "index": _text(secrets.token_bytes(32)),
        "web_secret": secrets.token_urlsafe(48),
        "signing": _with_new_signing_key({}),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)


def add_signing_key(path: Path, *, only_if_missing: bool = False) -> str:
    """Adds a signing key to a ring and puts it in use; older ones stay, so that older nights can be checked. Returns
    the id of the key in use. The file is replaced whole or not at all, whoever is killed when. Raises `OSError`."""
    with path.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        document = json.loads(path.read_text(encoding="utf-8"))
        held: dict[str, Any] = document.get("signing", {})
        if held and only_if_missing:
            return str(held["current"])
        document["signing"] = _with_new_signing_key(held)
        fresh = path.with_name(f"{path.name}.new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        owner = path.stat()
        if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(fresh, owner.st_uid, owner.st_gid)
        fresh.replace(path)
        return str(document["signing"]["current"])


def _with_new_signing_key(held: Mapping[str, Any]) -> dict[str, Any]:
    keys = dict(held.get("keys", {}))
    name = f"s{len(keys) + 1}"
    keys[name] = _text(secrets.token_bytes(32))
    return {"current": name, "keys": keys}


def load(path: Path) -> KeyRing:
    """Also reads a file that is older than signed heads."""
    document = json.loads(path.read_text(encoding="utf-8"))
    signing = document.get("signing", {})
    return KeyRing(
        current=document["current"],
        keys={name: base64.b64decode(text) for name, text in document["keys"].items()},
        index=base64.b64decode(document["index"]),
        web_secret=document["web_secret"],
        signer=signing.get("current", ""),
        signing={name: base64.b64decode(text) for name, text in signing.get("keys", {}).items()},
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
