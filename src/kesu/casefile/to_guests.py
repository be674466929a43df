"""Messages to outside parties of whom is known how to reach them: that they have a link, that something waits there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kesu.casefile.addresses import MAIL, SMS, is_mobile
from kesu.casefile.house import is_email, unreadable
from kesu.casefile.outgoing import GUEST_INVITED, GUEST_TOLD, seal_address
from kesu.casefile.statement import normal_phone
from kesu.store.bell import ring_bell
from kesu.store.inserting import insert
from kesu.store.models import CaseGuest, OutboxMessage, Recipient


def put_address(guest: CaseGuest, address: str) -> None:
    """A mobile number or a mail address; nothing where none was given. Raises `Unacceptable`."""
    plain = address.strip()
    if not plain:
        return
    mobile = normal_phone(plain)
    if not is_mobile(mobile) and not is_email(plain):
        raise unreadable({"address": "not_a_contact"})
    channel, to = (SMS, mobile) if is_mobile(mobile) else (MAIL, plain)
    guest.address = seal_address(guest.case, guest.pk.hex, channel, to)


def tell(guest: CaseGuest, at: datetime, note_id: UUID | None = None) -> None:
    """Of his link (`note_id` None), or of words that wait behind it; the words themselves are read there alone. Nothing
    where nobody said how he is reached."""
    if not guest.address:
        return
    about = f"note/{note_id.hex}" if note_id is not None else "invited"
    message = OutboxMessage(
        key=f"{guest.case_id}/{about}/guest:{guest.pk.hex}",
        recipient=Recipient.GUEST,
        guest=guest,
        case=guest.case,
        template=GUEST_TOLD if note_id is not None else GUEST_INVITED,
        created_at=at,
        try_at=at,
    )
    insert([message], or_keep=True)
    ring_bell()
