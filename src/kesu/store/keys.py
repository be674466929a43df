"""The key ring of this installation, read once a process from `settings.KESU_KEY_FILE`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kesu.core.keyring import KeyRing, load


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    return load(Path(settings.KESU_KEY_FILE))
