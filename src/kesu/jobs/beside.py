"""Work of the worker that must not keep cases waiting: each kind of it in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection

log = structlog.get_logger("kesu.worker")

_LOOK_AGAIN: Final = 15.0
_AFTER_A_LOSS: Final = 1.0
_LOST: Final = (OperationalError, InterfaceError)


class Beside:
    """Calls `turn` when it is rung, and once in a while. `turn` does what there is to do, returns early once `stop` is
    set, and says in how many seconds it wants to be called again at the latest; None: when it is rung. A lost database
    is waited for; what is begun anew then must do no harm. `end` before the worker ends."""

    def __init__(self, name: str, turn: Callable[[], float | None], stop: threading.Event) -> None:
        self._turn = turn
        self._stop = stop
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ring(self) -> None:
        self._bell.set()

    def end(self) -> None:
        """After `stop` is set. Waits until what is in hand is done or undone."""
        self._bell.set()
        self._thread.join(20)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._bell.clear()
            try:
                close_old_connections()
                again = self._turn()
                connection.close()
                self._bell.wait(_LOOK_AGAIN if again is None else max(0.0, min(again, _LOOK_AGAIN)))
            except _LOST as lost:
                log.warning("database lost, trying again", error=type(lost.__cause__ or lost).__name__)
                connection.close()
                self._stop.wait(_AFTER_A_LOSS)
            except Exception:
                log.exception("work beside the waking of cases failed, tried again", work=self._thread.name)
                connection.close()
                self._stop.wait(_LOOK_AGAIN)
        connection.close()
