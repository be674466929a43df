"""A gateway for trying out, and for the first days: each message is a file that somebody reads, or sends by hand."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.sms import free_text, number_of, parts


@dataclass(frozen=True, slots=True)
class FileGateway:
    """Nobody but the program's user can read what it writes: numbers stand there in clear."""

    folder: Path
    signature: str

    def carry(self, *, to: str, words: Words, key: str) -> str:
        """The same message twice is one file."""
        number = number_of(to)
        text = free_text(words, self.signature)
        name = f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.txt"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, begun = tempfile.mkstemp(dir=self.folder, prefix=".")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{number}\n{parts(text)}\n{text}\n")
            Path(begun).replace(self.folder / name)
        except OSError as fault:
            raise NotCarried(f"sms file: {fault.strerror}") from None
        return name

    def greet(self) -> None:
        """Whether it could write. Raises `NotCarried`."""
        place = next(one for one in (self.folder, *self.folder.parents) if one.exists())
        if not os.access(place, os.W_OK | os.X_OK):
            raise NotCarried("sms file: folder not writable")
