"""Keys and envelopes.

A case has a data key of its own; the key ring wraps it. Bodies are sealed with the data key (AES-256-GCM), so that
destroying one data key destroys the bodies of one case and nothing else. The ring is a file apart from the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Encrypts and authenticates; `context` (the place the text belongs to) must be given again to open it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Raises `cryptography.exceptions.InvalidTag` when key, text or context is not the one it was sealed with."""
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Master keys by id, the one in use, the key of blind indexes, and the web framework's secret."""

    current: str
    keys: Mapping[str, bytes]
    index: bytes
    web_secret: str

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        return self.current, seal(self.keys[self.current], data_key, b"data-key")

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        return unseal(self.keys[key_id], wrapped, b"data-key")

    def blind(self, text: str) -> str:
        """A token that is equal for equal texts and says nothing else (phones, names in the rule log)."""
        return hmac.new(self.index, text.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]

    def derive(self, purpose: str, text: str) -> bytes:
        """32 bytes that only this installation can find from `text`, and finds again."""
        return hmac.new(self.index, f"{purpose}\x00{text}".encode(), hashlib.sha256).digest()


def new_data_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def create(path: Path) -> None:
    """Writes a new ring, readable by its owner only. Never overwrites one."""
    document = {
        "current": "k1",
        "keys": {"k1": _text(secrets.token_bytes(32))},
        "index": _text(secrets.token_bytes(32)),
        "web_secret": secrets.token_urlsafe(48),
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)


def load(path: Path) -> KeyRing:
    document = json.loads(path.read_text(encoding="utf-8"))
    return KeyRing(
        current=document["current"],
        keys={name: base64.b64decode(text) for name, text in document["keys"].items()},
        index=base64.b64decode(document["index"]),
        web_secret=document["web_secret"],
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
