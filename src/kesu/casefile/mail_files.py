"""What hangs on a mail that is handed in: files of their own beside the original, which stays as it is but for links of
ours that it quotes and that let in whoever bears them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from kesu.casefile import files
from kesu.core.mail_in import NoMail, read_mail
from kesu.core.mail_links import Shown, mail_without_links
from kesu.core.uploads import Upload
from kesu.policy.model.facts import MailPart
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step

_MAIL: Final = ".eml"
_HEAD: Final = re.compile(rb"[\x21-\x39\x3b-\x7e]+[ \t]*:")
_QUOTING: Final = (_MAIL, ".txt")
_CUT: Final = "（已隐去链接）"


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
    return shown_to_others(found[: max(len(uploads), files.MAX_FILES)])


def shown_to_others(uploads: Iterable[Upload]) -> tuple[Upload, ...]:
    """The uploads; of mails and plain texts among them what whoever may read the case may see."""
    return tuple(_shown(one) if one.signed is None and _may_quote(one) else one for one in uploads)


def without_links(content: bytes) -> Shown:
    """A mail that came in, or a file that is said to be one."""
    try:
        read_mail(content)
    except NoMail:
        return mail_without_links(content, is_mail=False)
    return mail_without_links(content, is_mail=True)


def _may_quote(upload: Upload) -> bool:
    return upload.name.casefold().endswith(_QUOTING) or _HEAD.match(upload.content[:200].lstrip()) is not None


def _shown(upload: Upload) -> Upload:
    """Its name says that something was taken out."""
    found = without_links(upload.content)
    if not found.taken_out:
        return upload
    name = Path(upload.name)
    return replace(upload, name=f"{name.stem}{_CUT}{name.suffix}", content=found.content)


def _attached(upload: Upload, into: str) -> list[Upload]:
    try:
        mail = read_mail(upload.content)
    except NoMail:
        return []
    hung = (Upload(into, one.name, one.content) for one in mail.files)
    return [one for one in hung if files.wrong(one) is None]
