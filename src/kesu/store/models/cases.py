"""Ordinary cases: identity, log, and the projections that lists read."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kesu.core.ids import uuid7
from kesu.store.models.policies import SUBJECT_LENGTH
from kesu.store.models.streams import BodyRow, EventRow, StreamHead
from kesu.store.triggers import append_only, tells_hooks


class Case(StreamHead):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=32, db_index=True)  # once in its series; each root has its own

    class Meta:
        triggers = [tells_hooks("case_tells_hooks", of_opening=True)]

    def __str__(self) -> str:
        return self.number


class CaseEvent(EventRow):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="case_event_seq_once")]
        indexes = [
            models.Index(fields=["actor", "-id"], name="case_event_signed", condition=models.Q(kind="approval.signed"))
        ]
        triggers = [*append_only("case_event"), tells_hooks("case_event_tells_hooks")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.kind}"


class EventBody(BodyRow):
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="bodies")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "data_class"], name="event_body_once")]
        triggers = append_only("event_body")

    def __str__(self) -> str:
        return f"{self.event_id} {self.data_class}"


OPEN_CARD: Final = models.Q(is_final=False) | models.Q(next_due_at__isnull=False)
"""Cases on which time still runs: open ones, and those that are over while something is owed beyond their end."""


class CaseCard(models.Model):
    """One row a case for lists: rebuildable from the log at any time. Times are UTC; `wake_at` is the next instant at
    which time alone changes something. `closed_at` is when it last came to an end, empty while it is open; `late_from`
    the earliest instant at which a duty of it was, or will be unless it is met, not done in time. `confidential`: it is
    there only for those who have a part in it. `counted_with`: the calendar by which its deadlines are counted now; it
    may be newer than the one that it was opened with."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="card")
    number = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=SUBJECT_LENGTH, default="", blank=True)
    pack = models.CharField(max_length=32, default="")
    unit = models.ForeignKey("store.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = models.TextField()
    title = models.CharField(max_length=120)
    person_name = models.CharField(max_length=64, blank=True)
    room = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=24)
    stage = models.CharField(max_length=48)
    stage_name = models.CharField(max_length=48)
    is_final = models.BooleanField(default=False)
    level = models.CharField(max_length=24, blank=True)
    level_name = models.CharField(max_length=24, blank=True)
    level_rank = models.PositiveSmallIntegerField(default=0)
    level_of = models.PositiveSmallIntegerField(default=0)
    level_clauses = ArrayField(models.CharField(max_length=24), default=list)
    columns = models.JSONField(default=dict, help_text="list facts of the kind, as shown")
    people_count = models.PositiveIntegerField(default=1)
    holder = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    next_due_at = models.DateTimeField(null=True)
    next_duty = models.CharField(max_length=80, blank=True)
    next_owner = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    late_from = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    counted_with = models.ForeignKey("store.CalendarVersion", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["counted_with", "case"], name="card_counted_with", condition=OPEN_CARD),
            models.Index(fields=["unit_path"], name="card_unit_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["is_final", "next_due_at"], name="card_next_due"),
            models.Index(fields=["-received_at"], name="card_received"),
            models.Index(fields=["closed_at"], name="card_closed", condition=models.Q(closed_at__isnull=False)),
            models.Index(fields=["-changed_at"], name="card_changed"),
            models.Index(fields=["wake_at"], name="card_wake", condition=models.Q(wake_at__isnull=False)),
            models.Index(
                fields=["wake_at"], name="card_wake_urgent", condition=models.Q(wake_at__isnull=False, urgent=True)
            ),
            models.Index(fields=["case"], name="card_confidential", condition=models.Q(confidential=True)),
        ]

    def __str__(self) -> str:
        return self.number


class Obligation(models.Model):
    """A duty of one case as the engine last computed it. Overdue is `now > due_at` while open, never stored.

    `owner_role` is the slot that owes it (the holder's own where the policy says "holder"), `owner_unit` the unit that
    a fact names, `department` that unit or else the one whose post fills the slot nearest to the case. `ended_at`:
    when it was met, or no longer applied."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="obligations")
    key = models.CharField(max_length=160)
    duty = models.CharField(max_length=64)
    name = models.CharField(max_length=80)
    owner_role = models.CharField(max_length=48)
    owner_unit = models.ForeignKey("store.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("store.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=80, blank=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16)
    is_open = models.BooleanField(default=True)
    met_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    is_provisional = models.BooleanField(default=False)
    severity = models.CharField(max_length=16)
    clauses = ArrayField(models.CharField(max_length=24), default=list)
    step = models.CharField(max_length=48, blank=True)
    approval = models.CharField(max_length=48, blank=True)
    receipt = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="obligation_once")]
        indexes = [
            models.Index(fields=["due_at"], name="obligation_open_due", condition=models.Q(is_open=True)),
            models.Index(fields=["due_at"], name="obligation_due"),
            models.Index(fields=["case"], name="obligation_open_of_case", condition=models.Q(is_open=True)),
            models.Index(
                fields=["id"], name="obligation_to_sign", condition=models.Q(is_open=True) & ~models.Q(approval="")
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ObligationOwner(models.Model):
    """Persons who hold the owner slot of an open obligation now (resolved when projected, for the workbench)."""

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="owners")
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="obligations")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "account"], name="obligation_owner_once")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.account_id}"


class CaseParty(models.Model):
    """A person who takes part in a case beyond his posts: first contact, holder, team member, signer. It opens the
    case to him even outside his data scope. Of a confidential case these are all to whom it is open; a part
    ``slot:<slot>@<unit>`` opens it only while he is in that slot there, ``for:<account>`` only while he stands in for
    that person."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=96)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account", "part"], name="case_party_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.part}"


class CodedSample(models.Model):
    """A case as somebody knows it who works blind on it: the drawn `code`, the texts that the policy shows beside it,
    since when it is so coded, when what he owes is due and when he last did his part (UTC). Rebuildable. There is one
    for each person, and only while he has something to do. Nothing of it but `case` leads to the case, and no page
    that he sees gives that."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="coded")
    account = models.ForeignKey("store.Account", on_delete=models.CASCADE, related_name="coded")
    code = models.CharField(max_length=20)
    slots = ArrayField(models.CharField(max_length=48), default=list)
    shown = models.JSONField(default=dict)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "account"], name="coded_sample_once")]
        indexes = [models.Index(fields=["account", "code"], name="coded_sample_of")]

    def __str__(self) -> str:
        return self.code


class CaseMention(models.Model):
    """That people named a case in a fact of another one: `case` names `named`. Never of a sealed case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mentions")
    named = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mentioned_in")
    fact = models.CharField(max_length=48)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "named", "fact"], name="case_mention_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.fact} {self.named_id}"


class Note(models.Model):
    """A message on a case that is no engine event: internal note, words to and from the customer, or to and from the
    outside party that `guest` names. `is_interim`: the reply was locked, and the author said that these words tell of
    progress only. `answer_by`: the day until which the words promise the customer an answer. `parts`: of what the
    policy's own words are made, sealed like them, so that they can be said in another language."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    visibility = models.CharField(max_length=16)  # internal | sent | received | opened …
    guest = models.ForeignKey("store.CaseGuest", null=True, on_delete=models.PROTECT, related_name="notes")
    is_interim = models.BooleanField(default=False, db_default=False)
    answer_by = models.DateField(null=True)
    sealed = models.BinaryField()
    parts = models.BinaryField(default=bytes, db_default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["case", "at"], name="note_case_at"),
            models.Index(
                fields=["-at"],
                name="note_read",
                condition=models.Q(visibility__in=["viewed", "printed", "taken_out", "looked"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StoredFile(models.Model):
    """A file of a case. The bytes lie in the file store at `place`, encrypted with the case's data key. `sha256` is of
    the plain ones, and stands in the event as well."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    event_seq = models.PositiveIntegerField(null=True)
    fact = models.CharField(max_length=48, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80)
    name = models.CharField(max_length=160)
    place = models.CharField(max_length=200)
    has_preview = models.BooleanField(default=False)
    added_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        triggers = append_only("stored_file")

    def __str__(self) -> str:
        return self.name


class SubmittedForm(models.Model):
    """A form's one-time token: the same form sent twice makes one case, and both answers show it."""

    token = models.CharField(primary_key=True, max_length=64)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.token
