"""Temporary files that hold no clear text: what is reported under seal must not lie on a disk, not even until a process
that was killed is started again, and whoever sends it to us has not said yet what it is."""

from __future__ import annotations

import io
import secrets
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

_KEY: Final = secrets.token_bytes(32)
"""Of this process; it dies with it, and with it whatever is left on a disk."""
_BLOCK: Final = 16
_BLOCKS: Final = 1 << 128


class Spool(io.RawIOBase):
    """Bytes that are written once and then read, from anywhere in them. More than `in_memory` of them lie in a file
    under `TMPDIR`, encrypted. Raises `OSError` where there is no room for it."""

    def __init__(self, in_memory: int) -> None:
        self._file = SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115  closed by `close`
        self._first = int.from_bytes(secrets.token_bytes(_BLOCK), "big")
        self._key_stream: CipherContext | None = None

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        """All of it. A place that was written once must not be written again: two texts under one part of the key
        stream give each other away."""
        return self._file.write(self._key_stream_here().update(piece))

    def read(self, size: int = -1) -> bytes:
        key_stream = self._key_stream_here()
        return key_stream.update(self._file.read(size))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._key_stream = None
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        try:
            self._file.close()
        finally:
            super().close()

    def _key_stream_here(self) -> CipherContext:
        """From where the file stands: it turns clear into sealed and sealed into clear."""
        if self._key_stream is None:
            block, within = divmod(self._file.tell(), _BLOCK)
            counter = (self._first + block) % _BLOCKS
            self._key_stream = Cipher(AES256(_KEY), CTR(counter.to_bytes(_BLOCK, "big"))).encryptor()
            self._key_stream.update(bytes(within))
        return self._key_stream
