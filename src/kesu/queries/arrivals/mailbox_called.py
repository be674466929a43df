"""A mailbox by its address or its name, for whoever hands a mail over at the machine itself."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from kesu.store.models import Mailbox


def mailbox_called(*, text: str) -> UUID | None:
    """Of those that are open."""
    found = Mailbox.objects.filter(Q(address=text.strip().lower()) | Q(name=text.strip()), is_open=True)
    return found.values_list("pk", flat=True).first()
