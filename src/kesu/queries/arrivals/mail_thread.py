"""On which thread a mail about a case hangs, and to which mailbox it is answered."""

from __future__ import annotations

from uuid import UUID

from kesu.access.mails import answered_at
from kesu.core.mail_threads import Thread


def thread_of(case_ref: str) -> Thread:
    """`case_ref`: the identifier of the case, empty for a mail about none."""
    return Thread(case_ref, answered_at(UUID(case_ref))) if case_ref else Thread()
