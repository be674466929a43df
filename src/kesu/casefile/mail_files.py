"""What hangs on a mail that is handed in: files of their own beside the original, which stays as it is but for links of
ours that it quotes and that let in whoever bears them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from kesu.casefile import files
from kesu.core.mail_in import NoMail, read_mail
from kesu.core.mail_links import Shown, mail_without_links
from kesu.core.uploads import Upload
from kesu.policy.model.facts import Fact, MailPart
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Step

_MAIL: Final = ".eml"
_TEXTS: Final = frozenset({"message/rfc822", "text/plain"})
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
    return tuple(found[: max(len(uploads), files.MAX_FILES)])


def taken(uploads: Sequence[Upload], facts: Mapping[str, Fact]) -> tuple[Upload, ...]:
    """The uploads as a case takes them, whoever brings them: whoever calls this need not look for links. Raises
    `Unacceptable` as `files.check` does."""
    files.check(uploads, facts)
    return shown_to_others(uploads)


def shown_to_others(uploads: Iterable[Upload]) -> tuple[Upload, ...]:
    """The uploads; of what is taken as a mail or a text, whatever it is called, what whoever reads the case may see."""
    return tuple(_shown(one) if one.signed is None and files.media_type(one) in _TEXTS else one for one in uploads)


def without_links(content: bytes) -> Shown:
    """A mail that came in, or a file that is said to be one."""
    try:
        read_mail(content)
    except NoMail:
        return mail_without_links(content, is_mail=False)
    return mail_without_links(content, is_mail=True)


def _shown(upload: Upload) -> Upload:
    """Its name says that something was taken out, and what it is."""
    found, ending = without_links(upload.content), files.ACCEPTED[files.media_type(upload) or "text/plain"]
    if not found.taken_out:
        return upload
    return replace(upload, name=f"{Path(upload.name).stem}{_CUT}{ending}", content=found.content)


def _attached(upload: Upload, into: str) -> list[Upload]:
    try:
        mail = read_mail(upload.content)
    except NoMail:
        return []
    hung = (Upload(into, one.name, one.content) for one in mail.files)
    return [one for one in hung if files.wrong(one) is None]
