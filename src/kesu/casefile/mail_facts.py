"""What of a mail answers which fact of the step that opens a case: by what the mailbox says, else by what the policy
asks. No fact is named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from kesu.casefile import files
from kesu.casefile.mail_files import with_attachments
from kesu.casefile.notes import MAX_TEXT
from kesu.casefile.statement import Given
from kesu.core.mail_in import ReadMail
from kesu.core.mail_quotes import own_words
from kesu.core.uploads import Upload
from kesu.policy.asking import FieldView, asked_now, fields_of, opening_step
from kesu.policy.model.facts import FactType, MailPart
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step

MAIL_NAME: Final = "mail.eml"
_ATTACHED: Final = "见邮件附件"
_CUT: Final = "\n……"


class Part(StrEnum):
    """What a mail has that a fact can take. The original, its attachments and its date are asked for by the policy
    itself, where it wants them (`mail` on a fact)."""

    SENDER = "sender"
    SUBJECT = "subject"
    TEXT = "text"
    FILES = "files"


def takes(part: Part, field: FieldView) -> bool:
    """Whether a fact of this kind can hold that part."""
    if field.by_hand or field.mail is not None:
        return False
    wanted = {Part.SENDER: FactType.PERSON, Part.FILES: FactType.FILE}.get(part, FactType.TEXT)
    return field.type is wanted


def usual(rules: Kind) -> dict[str, str]:
    """The first fact that can hold each part: of the texts the one the case is called by, and a long one."""
    fields = fields_of(rules, opening_step(rules))
    long = [one for one in fields if one.type is FactType.TEXT and one.multiline]
    offers = {
        Part.SENDER: [one for one in fields if takes(Part.SENDER, one)],
        Part.SUBJECT: [one for one in fields if one.code == rules.title_fact],
        Part.TEXT: sorted(long, key=lambda one: not one.is_required),
        Part.FILES: [one for one in fields if takes(Part.FILES, one)],
    }
    return {part.value: found[0].code for part, found in offers.items() if found}


def stated(
    rules: Kind, reads: Mapping[str, str], fixed: Mapping[str, Sequence[str]], mail: ReadMail
) -> dict[str, tuple[str, ...]]:
    """What the mail answers of what is asked. Nothing that is not asked is stated."""
    given = {code: tuple(texts) for code, texts in fixed.items()}
    asked = {one.code: one for one in asked_now(fields_of(rules, opening_step(rules)), given)}
    for code, text in _read(reads, mail):
        if code.partition(".")[0] in asked and text and code not in given:
            given[code] = (text,)
    sent = next((one.code for one in asked.values() if one.mail is MailPart.SENT_AT), "")
    if sent and mail.sent_at is not None:
        given[sent] = (_local(mail.sent_at),)
    return {code: texts for code, texts in given.items() if code.partition(".")[0] in asked}


def uploads(rules: Kind, reads: Mapping[str, str], given: Given, mail: ReadMail, content: bytes) -> tuple[Upload, ...]:
    """The original where the policy wants it, with its attachments; else these alone, where a fact takes them."""
    step = opening_step(rules)
    asked = asked_now(fields_of(rules, step), given)
    original = next((one.code for one in asked if one.mail is MailPart.ORIGINAL), "")
    if original:
        return with_attachments([Upload(original, MAIL_NAME, content)], rules, step)
    into = reads.get(Part.FILES, "")
    if into not in {one.code for one in asked}:
        return ()
    hung = (Upload(into, one.name, one.content) for one in mail.files)
    return tuple([one for one in hung if files.wrong(one) is None][: files.MAX_FILES])


def words(mail: ReadMail) -> str:
    """What an answer adds, as it stands on the case."""
    text = own_words(mail.text) or mail.subject or _ATTACHED
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - len(_CUT)]}{_CUT}"


def evidence_step(rules: Kind) -> Step | None:
    """The step that does nothing but add files."""
    return next((step for step in rules.steps.values() if _adds_files(rules, step)), None)


def _adds_files(rules: Kind, step: Step) -> bool:
    facts = [rules.facts[code] for code in step.asks if code in rules.facts]
    is_plain = not (step.starts_case or step.forms or step.to is not None or step.approval or step.merges)
    return is_plain and bool(facts) and all(one.type is FactType.FILE and not one.by_hand for one in facts)


def as_evidence(rules: Kind, step: Step, content: bytes) -> tuple[Upload, ...]:
    return with_attachments([Upload(step.asks[0], MAIL_NAME, content)], rules, step)


def _read(reads: Mapping[str, str], mail: ReadMail) -> Iterator[tuple[str, str]]:
    if reads.get(Part.SENDER):
        yield f"{reads[Part.SENDER]}.name", mail.sender
    first = next((line for line in mail.text.split("\n") if line.strip()), "")
    if reads.get(Part.SUBJECT):
        yield reads[Part.SUBJECT], mail.subject or first[:120]
    if reads.get(Part.TEXT):
        yield reads[Part.TEXT], mail.text or mail.subject


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%dT%H:%M}"
