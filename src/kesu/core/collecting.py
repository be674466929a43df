"""Python's collector of what nobody holds any more, in a process that does the same work again and again."""

from __future__ import annotations

import gc
from typing import Final

_THRESHOLDS: Final = (20_000, 20, 50)


def spare_what_is_loaded() -> None:
    """Once everything is loaded: what there is now stays as long as the process, so the collector need not look at it
    again and again, nor look so often at work that leaves nothing behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
