"""A stream, compressed and then encrypted block by block: neither side ever holds more than a block.

Each block is authenticated together with its number and whether it is the last one, so that blocks can be neither
exchanged nor left out, and a stream that was cut short is noticed.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag

from kesu.core.keyring import seal, unseal

_BLOCK = 1 << 20
_LENGTH = 4


class Damaged(Exception):
    """The stream is not what was written: changed, cut short, or of another key."""


def write(path: Path, chunks: Iterable[bytes], key: bytes, context: bytes) -> tuple[int, str]:
    """Writes a new file, readable by its owner only, down to the disk. Returns its size and sha256."""
    total, size, number, waiting = hashlib.sha256(), 0, 0, bytearray()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in _compressed(chunks):
            waiting += chunk
            while len(waiting) > _BLOCK:
                block = _sealed(bytes(waiting[:_BLOCK]), key, _place(context, number, is_last=False))
                del waiting[:_BLOCK]
                total.update(block)
                size += file.write(block)
                number += 1
        block = _sealed(bytes(waiting), key, _place(context, number, is_last=True))
        total.update(block)
        size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return size, total.hexdigest()


def read(path: Path, key: bytes, context: bytes) -> Iterator[bytes]:
    """The plain stream. Raises `Damaged`, possibly after the first parts were given: act on them only at the end."""
    inflate = zlib.decompressobj()
    with path.open("rb") as file:
        number, block = 0, _block(file.read(_LENGTH), file.read)
        while block is not None:
            head = file.read(_LENGTH)
            try:
                plain = unseal(key, block, _place(context, number, is_last=not head))
                yield inflate.decompress(plain)
            except (InvalidTag, zlib.error) as fault:
                raise Damaged(path.name) from fault
            block, number = (_block(head, file.read) if head else None), number + 1
    if number == 0 or not inflate.eof:
        raise Damaged(path.name)


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    deflate = zlib.compressobj(6)
    for chunk in chunks:
        yield deflate.compress(chunk)
    yield deflate.flush()


def _sealed(plain: bytes, key: bytes, context: bytes) -> bytes:
    sealed = seal(key, plain, context)
    return len(sealed).to_bytes(_LENGTH, "big") + sealed


def _block(head: bytes, read_bytes: object) -> bytes | None:
    if not head:
        return None
    length = int.from_bytes(head, "big")
    block: bytes = read_bytes(length)  # type: ignore[operator]
    return block


def _place(context: bytes, number: int, *, is_last: bool) -> bytes:
    return context + b"/" + str(number).encode() + (b"/last" if is_last else b"/more")
