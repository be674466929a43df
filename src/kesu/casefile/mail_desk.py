"""Mails that came in: kept as they came before anything is made of them, and found again by what they answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hmac import compare_digest
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Lower

from kesu.casefile.log import data_key
from kesu.casefile.outgoing import UNTOLD
from kesu.core.errors import Refused
from kesu.core.ids import uuid7
from kesu.core.imap import MailAccount
from kesu.core.keyring import seal, unseal
from kesu.core.mail_heads import Heads, digest_of, read_heads
from kesu.core.mail_in import NoMail, ReadMail, read_mail
from kesu.core.mail_proof import Proof, is_proven
from kesu.core.mail_threads import OwnId, digest_of_key, domain_of, own_id, own_ids_in
from kesu.store.keys import ring
from kesu.store.models import Account, Case, CaseAddress, InboundMail, InboundMailContent, Mailbox, OutboxMessage
from kesu.store.models.mail import MailState

MOST_AN_HOUR: Final = 20
"""Of one sender so many open cases, or add to them, by themselves; what comes after waits for somebody to look."""
MOST_OPENED: Final = 200
"""So many cases of an hour one mailbox opens by itself: a sender can call himself otherwise each time."""
KEPT_DAYS: Final = range(1, 366)
"""So long a mailbox may keep what is no part of a case."""
NO_CASE: Final = (MailState.AUTOMATIC, MailState.BOUNCE, MailState.NOTHING)
"""What a mail is that became nothing; one that waits is not settled, and stays."""
_HEAD: Final = "mail head"
_CONTENT: Final = "mail"
_PASSWORD: Final = "mailbox"  # noqa: S105  # what the key ring seals it for
_FOUND_AFTER: Final = timedelta(days=30)
_UNKEYED_FOR: Final = timedelta(days=14)
_MOST_CANDIDATES: Final = 20_000
_MOST_ADDRESSES: Final = 50
_ANY_ADDRESS: Final = re.compile(rb"[^\s<>\"',;:@]{1,64}@[^\s<>\"',;:@]{1,190}")
_LONGEST_CODE: Final = 64
_MOST_CODES: Final = 20


@dataclass(frozen=True, slots=True)
class MailHead:
    """What lists show: all of it as it was read, empty where it could not be."""

    name: str = ""
    address: str = ""
    subject: str = ""


def keep(mailbox: Mailbox, content: bytes, *, arrived_at: datetime, now: datetime) -> UUID | None:
    """None for a mail that is here already. Inside a transaction; whoever brings the same one at once waits."""
    heads, mail_id = read_heads(content), uuid7()
    try:
        read = read_mail(content)
        # Whom a mail is of is proven of the sender in its head: were the other reader to see another one, it has none.
        address = read.address if read.address == heads.sender else ""
        head, files = MailHead(read.sender, address, read.subject), len(read.files) + read.left_out
    except NoMail:
        head, files = MailHead("", heads.sender, ""), 0
    key_id, sealed = ring().keep(_HEAD, mail_id.bytes, json.dumps([head.name, head.address, head.subject]).encode())
    row = InboundMail(
        id=mail_id,
        mailbox=mailbox,
        key=hashlib.sha256(f"{heads.message_id}\x00{digest_of(content)}".encode()).hexdigest(),
        message_token=token_of_message(heads.message_id) if heads.message_id else "",
        sender_token=token_of_address(head.address) if head.address else "",
        at=min(arrived_at, now),
        kept_at=now,
        size=len(content),
        files=files,
        key_id=key_id,
        head=sealed,
    )
    InboundMail.objects.bulk_create([row], ignore_conflicts=True)
    if not InboundMail.objects.filter(pk=mail_id).exists():
        return None
    key_id, sealed = ring().keep(_CONTENT, mail_id.bytes, content)
    InboundMailContent.objects.create(mail=row, key_id=key_id, sealed=sealed)
    return mail_id


def head_of(mail: InboundMail) -> MailHead:
    return MailHead(*json.loads(ring().open(_HEAD, mail.pk.bytes, mail.key_id, bytes(mail.head))))


def content_of(mail: InboundMail) -> bytes:
    kept = InboundMailContent.objects.get(pk=mail.pk)
    return ring().open(_CONTENT, mail.pk.bytes, kept.key_id, bytes(kept.sealed))


def read_or_none(content: bytes) -> ReadMail | None:
    try:
        return read_mail(content)
    except NoMail:
        return None


def set_password(mailbox: Mailbox, password: str) -> None:
    """Nothing is saved yet."""
    mailbox.key_id, mailbox.secret = ring().keep(_PASSWORD, mailbox.pk.bytes, password.encode())


def password_of(mailbox: Mailbox) -> str:
    if not mailbox.key_id:
        return ""
    return ring().open(_PASSWORD, mailbox.pk.bytes, mailbox.key_id, bytes(mailbox.secret)).decode()


def account_of(mailbox: Mailbox) -> MailAccount:
    return MailAccount(
        mailbox.host, mailbox.port, mailbox.security, mailbox.login, password_of(mailbox), mailbox.folder
    )


def name_of(key: str) -> str:
    """By what a mail of ours is called outside: whoever tells of one that did not arrive must have had it."""
    return ring().derive("mail name", key).hex()[:40]


def why_unproven(mailbox: Mailbox, content: bytes, heads: Heads) -> str:
    """Why it is not shown that the mail is of whom it says, and that he wrote it to the house; empty where it is, or
    need not be. Whoever has a mail that he wrote to somebody else, signed by his server, can send it on to us."""
    wanted = Proof(mailbox.proof)
    if not is_proven(content, heads.sender, mailbox.verifier, wanted):
        return "unproven" if mailbox.verifier else "no_verifier"
    return "" if wanted is Proof.NONE or is_own(*heads.to) else "not_to_us"


def own_domain() -> str:
    return domain_of(settings.KESU_MAIL_FROM)


def is_own(*addresses: str) -> bool:
    """Whether the house writes from one of them: what comes back from there goes round in a circle."""
    small = [one.lower() for one in addresses]
    own = parseaddr(settings.KESU_MAIL_FROM)[1].lower()
    return own in small or Mailbox.objects.filter(address__in=small).exists()


def is_colleague(address: str) -> bool:
    return Account.objects.filter(email__iexact=address, is_active=True).exists()


def token_of_address(address: str) -> str:
    return ring().blind(f"mail address {address}")


def token_of_message(message_id: str) -> str:
    return ring().blind(f"message {message_id}")


def knows(case: Case, sender_token: str) -> bool:
    """Whether it is the address of one of the people of the case."""
    return bool(sender_token) and CaseAddress.objects.filter(case=case, token=sender_token).exists()


def remember(case: Case, address: str, now: datetime) -> None:
    """From now on mails from there belong to the case where they name it."""
    if not address:
        return
    row = CaseAddress(id=uuid7(), case=case, token=token_of_address(address), at=now)
    row.sealed = seal(data_key(case), address.encode(), row.pk.bytes)
    CaseAddress.objects.bulk_create([row], ignore_conflicts=True)


def addresses_of(case: Case) -> tuple[str, ...]:
    """Of the people of the case, the first first."""
    key = data_key(case)
    rows = CaseAddress.objects.filter(case=case).order_by("at", "pk")
    return tuple(unseal(key, bytes(row.sealed), row.pk.bytes).decode() for row in rows)


def cases_of_sender(sender_token: str) -> list[UUID]:
    """The open ones that are written to from this address."""
    if not sender_token:
        return []
    rows = CaseAddress.objects.filter(token=sender_token, case__card__is_final=False)
    return list(rows.order_by("-at").values_list("case_id", flat=True)[:5])


def case_meant(mailbox: Mailbox, heads: Heads) -> UUID | None:
    """To which it says that it belongs."""
    return case_answered(mailbox, heads.answers) or case_numbered(mailbox, heads.numbers)


def case_kept_close(sender_token: str) -> UUID | None:
    """An open confidential case that is written to from this address: a mail from there that names none is read by
    those who see that case, who decide whether it is of it."""
    rows = Case.objects.filter(pk__in=cases_of_sender(sender_token), card__confidential=True)
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def case_named(mailbox: Mailbox, heads: Heads, content: bytes, meant: UUID | None) -> UUID | None:
    """The case whose readers may read it: the one `meant`, but a confidential one first, be it one of several or of
    another place. What came back names the case of the letter that it holds."""
    answered = (own_id(one, own_domain()) for one in heads.answers)
    back = own_ids_in(content, own_domain()) if heads.is_bounce else ()
    ours = [one.case for one in (*answered, *back) if one is not None and one.case is not None]
    house = "/".join(mailbox.unit.path.split("/")[:2])  # each has numbers of its own
    named = Q(pk__in=ours) | Q(number__in=heads.numbers, unit__path__startswith=f"{house}/")
    rows = Case.objects.filter(named).order_by("pk") if ours or heads.numbers else Case.objects.none()
    kept_close = rows.filter(card__confidential=True).values_list("pk", flat=True).first()
    return kept_close or meant or rows.filter(pk__in=ours).values_list("pk", flat=True).first()


def names(mail: InboundMail, content: bytes) -> bool:
    """Whether it says itself that it belongs to the case under which it stands."""
    heads = read_heads(content)
    named = case_named(mail.mailbox, heads, content, case_meant(mail.mailbox, heads))
    return mail.case_id is not None and mail.case_id == named


def case_answered(mailbox: Mailbox, answers: Iterable[str]) -> UUID | None:
    """By what a mail says that it answers: a mail of ours, or one that came in before."""
    named = list(answers)
    for one in named:
        own = own_id(one, own_domain())
        if own is not None and own.case is not None and Case.objects.filter(pk=own.case).exists():
            return own.case
    tokens = [token_of_message(one) for one in named]
    kept = InboundMail.objects.filter(
        mailbox=mailbox, message_token__in=tokens, state__in=[MailState.OPENED, MailState.ADDED]
    )
    return kept.order_by("-at").values_list("case_id", flat=True).first()


def case_numbered(mailbox: Mailbox, numbers: Sequence[str]) -> UUID | None:
    """By a number in the subject; None where it is several cases'."""
    found = Case.objects.filter(number__in=numbers, unit__path__startswith=mailbox.unit.path)
    ids = list(found.values_list("pk", flat=True)[:2]) if numbers else []
    return ids[0] if len(ids) == 1 else None


def messages_of(content: bytes, now: datetime) -> list[OutboxMessage]:
    """The messages of ours that one of the names in what came back stands for, held: one, or those that left as one. A
    name without the house's key counts only for a message that left under it, and for so long as servers may still
    tell of it."""
    for one in own_ids_in(content, own_domain()):
        pk = _message_called(one, now)
        if pk is not None:
            return list(OutboxMessage.objects.select_for_update(of=("self",)).filter(pk=pk))
        found = _left_together(one, content) if one.is_keyed and one.case is None else []
        if found:
            return found
    return []


def untold_answered(heads: Heads, now: datetime) -> OutboxMessage | None:
    """A message of which only the one may know whom it is for, where a mail answers it: mostly a machine says that he
    is away."""
    answered = (own_id(one, own_domain()) for one in heads.answers)
    names = {one.digest for one in answered if one is not None and one.is_keyed and one.case is None}
    if not names:
        return None
    rows = OutboxMessage.objects.filter(case=None, template__in=UNTOLD, created_at__gt=now - _FOUND_AFTER)
    keys = rows.order_by("-id").values_list("pk", "key")[:_MOST_CANDIDATES]
    pk = next((pk for pk, key in keys if name_of(key) in names), None)
    return OutboxMessage.objects.get(pk=pk) if pk is not None else None


def _message_called(one: OwnId, now: datetime) -> int | None:
    if one.case is not None:
        rows = OutboxMessage.objects.filter(case_id=one.case)
    else:
        rows = OutboxMessage.objects.filter(case=None, created_at__gt=now - _FOUND_AFTER)
    if not one.is_keyed:
        rows = rows.filter(called=one.called, sent_at__gt=now - _UNKEYED_FOR)
    keys = rows.order_by("-id").values_list("pk", "key")[:_MOST_CANDIDATES]
    digest = name_of if one.is_keyed else digest_of_key
    return next((pk for pk, key in keys if compare_digest(digest(key), one.digest)), None)


def _left_together(one: OwnId, content: bytes) -> list[OutboxMessage]:
    """Of a colleague whose address stands in it: their name is that of all of them, and of none alone."""
    said = dict.fromkeys(found.decode("ascii", "replace").lower() for found in _ANY_ADDRESS.findall(content))
    to = Account.objects.annotate(small=Lower("email")).filter(small__in=list(said)[:_MOST_ADDRESSES])
    rows = OutboxMessage.objects.filter(account__in=list(to.values_list("pk", flat=True)), called=one.called)
    return list(rows.order_by("-pk").select_for_update(of=("self",))[:_MOST_ADDRESSES])


def holds_letter(content: bytes) -> bool:
    """Whether it came back from a mail server and names a mail of ours: mostly it holds the whole of it."""
    return read_heads(content).is_bounce and next(own_ids_in(content, own_domain()), None) is not None


def is_too_often(mail: InboundMail) -> bool:
    """Of those that became something by rule: anybody can write his address, and what waits keeps no answer of his."""
    before = InboundMail.objects.filter(
        mailbox_id=mail.mailbox_id, sender_token=mail.sender_token, state__in=[MailState.OPENED, MailState.ADDED]
    )
    return before.filter(at__gt=mail.at - timedelta(hours=1), at__lte=mail.at).count() >= MOST_AN_HOUR


def opens_too_many(mail: InboundMail) -> bool:
    opened = InboundMail.objects.filter(mailbox_id=mail.mailbox_id, state=MailState.OPENED, settled_by=None)
    return opened.filter(at__gt=mail.at - timedelta(hours=1), at__lte=mail.at).count() >= MOST_OPENED


def settle(mail: InboundMail, state: MailState, now: datetime, *, case: Case | None = None, why: str = "") -> None:
    """`why`: where it was taken for nothing, or waits."""
    mail.state, mail.why, mail.settled_at = state, why, now
    mail.case = case if case is not None else mail.case
    mail.save(update_fields=["state", "why", "settled_at", "case", "lacking", "kept_files", "settled_by", "message"])


def codes_in(refused: Refused) -> list[str]:
    """Of what was wrong or missing, the codes of the facts."""
    missing = (one.code for refusal in refused.data.get("refusals", ()) for one in refusal.missing)
    return [code[:_LONGEST_CODE] for code in dict.fromkeys((*refused.data.get("fields", {}), *missing))][:_MOST_CODES]
