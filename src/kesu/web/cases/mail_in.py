"""From a mail that is handed in to the fields of the form: what it says, offered to be put where it belongs."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kesu.core.mail_in import NoMail, ReadMail, read_mail
from kesu.core.uploads import Upload
from kesu.policy.asking import FieldView
from kesu.policy.model.facts import FactType, MailPart
from kesu.web import when
from kesu.web.forms import Given, Read

MAIL: Final = "mail"
"""What a form sends as its `part` to have the mail read."""
_SHOWN: Final = 200
_MOST_KEPT: Final = 1_500_000
"""Bytes; as text a third more, within what a form may be without its files."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing read in the mail: the name of the input that it belongs in, the label, what would stand there, and what
    people read instead."""

    name: str
    label: str
    value: str
    said: str = ""

    @property
    def field(self) -> str:
        return f"f-{self.name}"

    @property
    def shown(self) -> str:
        text = self.said or self.value
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def mail_part(request: HttpRequest, fields: Sequence[FieldView], uploads: Sequence[Upload], title: str) -> HttpResponse:
    """`title`: the fact that the case is called by."""
    mail = mail_of(fields, uploads)
    context = {
        "found": tuple(_found(mail, fields, title)) if mail else (),
        "files": [one.name for one in mail.files] if mail else (),
        "left_out": mail.left_out if mail else 0,
        "is_no_mail": mail is None and any(upload.fact == original(fields) for upload in uploads),
    }
    return render(request, "cases/_mail.html", context)


def filled(typed: Given, fields: Sequence[FieldView], uploads: Sequence[Upload], title: str) -> Given:
    """What was typed, with what the mail says wherever nothing was."""
    mail = mail_of(fields, uploads)
    read = {one.name: (one.value,) for one in _found(mail, fields, title)} if mail else {}
    return {**typed, **{name: texts for name, texts in read.items() if not any(typed.get(name, ()))}}


def filled_from_mail(mail: ReadMail, fields: Sequence[FieldView], title: str) -> Given:
    """What a mail says, where it belongs in the form."""
    return {one.name: (one.value,) for one in _found(mail, fields, title)}


def original(fields: Sequence[FieldView]) -> str:
    """The field that takes mails, empty where none does."""
    return next((one.code for one in fields if one.mail is MailPart.ORIGINAL), "")


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail that a form which is drawn again carries with it, so that nobody chooses it twice."""

    name: str
    content: str


def kept_mail(fields: Sequence[FieldView], uploads: Sequence[Upload]) -> KeptMail | None:
    """None where none was handed in, or one that is too large to lie in a form."""
    sent = next((upload for upload in uploads if upload.fact == original(fields)), None)
    if sent is None or len(sent.content) > _MOST_KEPT:
        return None
    return KeptMail(sent.name, base64.b64encode(sent.content).decode())


def with_kept(read: Read, fields: Sequence[FieldView], name: str, content: str) -> Read:
    """With the mail that the form carried, unless another one was chosen; what cannot be read back is passed over."""
    fact = original(fields)
    if not fact or not content or any(upload.fact == fact for upload in read.uploads):
        return read
    try:
        mail = Upload(fact, name, base64.b64decode(content, validate=True))
    except ValueError:
        return read
    return replace(read, uploads=(*read.uploads, mail))


def mail_of(fields: Sequence[FieldView], uploads: Sequence[Upload]) -> ReadMail | None:
    sent = next((upload for upload in uploads if upload.fact == original(fields)), None)
    try:
        return read_mail(sent.content) if sent is not None else None
    except NoMail:
        return None


def _found(mail: ReadMail, fields: Sequence[FieldView], title: str) -> Iterator[Found]:
    """Whoever wrote it complains, unless somebody says otherwise; the long text that is asked holds what he wrote."""
    person = next((one for one in fields if one.type is FactType.PERSON), None)
    text = next((one for one in fields if one.type is FactType.TEXT and one.multiline and one.is_required), None)
    sent = next((one for one in fields if one.mail is MailPart.SENT_AT), None)
    if person is not None and mail.sender:
        yield Found(f"{person.code}.name", _("%(who)s姓名") % {"who": person.name}, mail.sender)
    named = next((one for one in fields if one.code == title), None)
    if named is not None and mail.subject:
        yield Found(named.code, named.name, mail.subject)
    if text is not None and mail.text:
        yield Found(text.code, text.name, mail.text)
    if sent is not None and mail.sent_at is not None:
        yield Found(sent.code, sent.name, when.for_field(mail.sent_at), when.stamp(mail.sent_at))
