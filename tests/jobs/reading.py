"""The program of `test_mailboxes_killed`: looks into the mailbox that is due, as a worker does."""

from __future__ import annotations

import threading


def main() -> None:
    import django

    django.setup()

    from kesu.jobs import mailboxes

    mailboxes.read_one(threading.Event())


if __name__ == "__main__":
    main()
