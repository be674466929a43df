"""What hangs on a mail that is handed in: files of their own beside the original, which stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kesu.casefile import files
from kesu.core.mail_in import NoMail, read_mail
from kesu.core.uploads import Upload
from kesu.policy.model.facts import MailPart
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step

_MAIL: Final = ".eml"


def with_attachments(uploads: Sequence[Upload], kind: Kind, step: Step) -> tuple[Upload, ...]:
    """The uploads, with the attachments of those that are mails: where the step has a place for them there, else beside
    the mail that was added as evidence. What is of a kind that is not taken, or too much, stays in the original."""
    stated = [kind.facts[code] for code in (*kind.asked(step), *step.may_state) if code in kind.facts]
    codes = {fact.mail: fact.code for fact in reversed(stated) if fact.mail is not None}
    into = codes.get(MailPart.ATTACHMENTS)
    found = list(uploads)
    for upload in uploads:
        if upload.fact == codes.get(MailPart.ORIGINAL):
            found.extend(_attached(upload, into) if into is not None else ())
        elif upload.name.casefold().endswith(_MAIL) and not step.starts_case:
            found.extend(_attached(upload, upload.fact))
    return tuple(found[: max(len(uploads), files.MAX_FILES)])


def _attached(upload: Upload, into: str) -> list[Upload]:
    try:
        mail = read_mail(upload.content)
    except NoMail:
        return []
    hung = (Upload(into, one.name, one.content) for one in mail.files)
    return [one for one in hung if files.wrong(one) is None]
