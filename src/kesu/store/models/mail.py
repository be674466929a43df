"""Mailboxes of the house, the mails that came into them, and by which addresses a case is written to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kesu.core.ids import uuid7


class MailSecurity(models.TextChoices):
    """How the way to the server is encrypted; there is no way that is not."""

    TLS = "tls"
    STARTTLS = "starttls"


class MailProof(models.TextChoices):
    """What a mail must bring that comes from an address that a case knows (`kesu.core.mail_proof`)."""

    NONE = "none"
    DMARC = "dmarc"
    ALIGNED = "aligned"


class Mailbox(models.Model):
    """An address to which complaints are written. `unit`: where, and within which, its mails belong; `kind`: of what
    they become. `reads`: by part of a mail (sender, subject, text, files) the code of the fact that takes it; `fixed`:
    what is stated for every mail, by fact code. `opens`: a mail that belongs to no case opens one where nothing is
    lacking; otherwise somebody decides. `proof`: what must be shown of a sender whom a case knows before his words
    stand there; `verifier`: the name under which the server that takes mails in tells what it found. `keeps_days`: so
    long what a mail that is no part of a case said is kept.

    `host` is empty where mails are piped in. The password is sealed with the key ring. `uid_validity` and `last_uid`:
    up to where the folder has been read, since `connected_at`. `read_after`: whoever reads it has it until then.
    `error`: why it could not be read last, `failed_at` since when; empty while it can."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=254, unique=True)
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    reads = models.JSONField(default=dict)
    fixed = models.JSONField(default=dict)
    opens = models.BooleanField(default=False)
    proof = models.CharField(
        max_length=8, choices=MailProof.choices, default=MailProof.ALIGNED, db_default=MailProof.ALIGNED
    )
    verifier = models.CharField(max_length=200, blank=True, default="", db_default="")
    keeps_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    is_open = models.BooleanField(default=True)
    host = models.CharField(max_length=200, blank=True)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=MailSecurity.choices, default=MailSecurity.TLS)
    login = models.CharField(max_length=200, blank=True)
    folder = models.CharField(max_length=100, default="INBOX")
    key_id = models.CharField(max_length=16, blank=True)
    secret = models.BinaryField(default=b"")
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    connected_at = models.DateTimeField(null=True)
    read_after = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class MailState(models.TextChoices):
    """What became of a mail. `WAITING`: somebody has to decide."""

    NEW = "new"
    WAITING = "waiting"
    OPENED = "opened"
    ADDED = "added"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    NOTHING = "nothing"


class InboundMail(models.Model):
    """A mail that came in; kept before anything is made of it. `key`: the same for the same mail (its Message-ID and
    what it says), so that it is one however often it is delivered. `message_token` and `sender_token` stand for the
    Message-ID and the sender's address, and say nothing else. `head`, sealed with the key ring: what lists show of it.
    `why`: the reason why it waits, or was taken for nothing, as a code; `lacking`: codes of the facts that were wrong
    or missing. `case`: what it opened or was added to, else to which it says that it belongs; `message`: the message of
    ours that did not arrive, or that it answers and of which nobody may know. `files` counts its attachments,
    `kept_files` those that are evidence. `cleared_at`: when its time of keeping was over; from then on nothing is left
    of it but `key`, so that it does not come in once more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    key = models.CharField(max_length=64)
    message_token = models.CharField(max_length=32, blank=True)
    sender_token = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    kept_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.NEW)
    why = models.CharField(max_length=32, blank=True)
    lacking = ArrayField(models.CharField(max_length=64), default=list)
    case = models.ForeignKey("store.Case", null=True, on_delete=models.PROTECT, related_name="mails")
    message = models.ForeignKey("store.OutboxMessage", null=True, on_delete=models.SET_NULL, related_name="mails")
    size = models.PositiveIntegerField()
    files = models.PositiveSmallIntegerField(default=0)
    kept_files = models.PositiveSmallIntegerField(default=0)
    settled_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    key_id = models.CharField(max_length=16)
    head = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "key"], name="inbound_mail_once")]
        indexes = [
            models.Index(fields=["mailbox", "state", "-at"], name="inbound_mail_state"),
            models.Index(fields=["kept_at"], name="inbound_mail_new", condition=models.Q(state="new")),
            models.Index(fields=["sender_token", "-at"], name="inbound_mail_sender"),
            models.Index(
                fields=["mailbox", "settled_at"],
                name="inbound_mail_no_case",
                condition=models.Q(state__in=["automatic", "bounce", "nothing"], cleared_at__isnull=True),
            ),
            models.Index(
                fields=["message_token"], name="inbound_mail_thread", condition=models.Q(state__in=["opened", "added"])
            ),
            models.Index(fields=["case", "-at"], name="inbound_mail_case"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class InboundMailContent(models.Model):
    """The bytes of a mail as they came, sealed with the key ring; apart, so that lists do not read them."""

    mail = models.OneToOneField(InboundMail, primary_key=True, on_delete=models.CASCADE, related_name="content")
    key_id = models.CharField(max_length=16)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.mail_id)


class CaseAddress(models.Model):
    """A mail address from which the people of a case write to it. `token` stands for it; the address itself is sealed
    with the case's data key, and goes with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("store.Case", on_delete=models.CASCADE, related_name="addresses")
    token = models.CharField(max_length=32)
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "token"], name="case_address_once")]
        indexes = [models.Index(fields=["token"], name="case_address_token")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.token}"
