"""How a mail of ours is called, on which thread it hangs, and to which mailbox it is answered."""

from __future__ import annotations

from uuid import UUID

from kesu.access.mails import answered_at
from kesu.casefile.mail_desk import name_of
from kesu.core.mail_threads import Thread


def thread_of(key: str, case_ref: str) -> Thread:
    """`key`: of the message; `case_ref`: the identifier of the case, empty for a mail about none."""
    return Thread(case_ref, answered_at(UUID(case_ref)) if case_ref else "", name_of(key))
