"""From where a mailbox is read, what of a mail answers which fact, and whether a mail opens a case by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from kesu.access.actor import Actor
from kesu.access.mails import mailbox_for, rules_of
from kesu.casefile import house, mail_desk, mail_facts
from kesu.policy.asking import FieldView, fields_of, opening_step
from kesu.store.models import Mailbox
from kesu.store.models.mail import MailProof, MailSecurity

_LONGEST: Final = {"host": 200, "login": 200, "folder": 100, "verifier": 200}
_PORTS: Final = range(1, 65_536)


@dataclass(frozen=True, slots=True)
class MailboxState:
    """`host` empty: nothing is read, mails are piped in. `password` empty: the one that is kept stays. `reads` and
    `fixed` by part of a mail and by fact code. `proof` and `verifier`: as on the mailbox."""

    name: str
    host: str = ""
    port: int = 993
    security: str = "tls"
    login: str = ""
    password: str = ""
    folder: str = "INBOX"
    reads: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    opens: bool = False
    keeps_days: int = 30
    proof: str = "aligned"
    verifier: str = ""


@transaction.atomic
def change_mailbox(*, actor: Actor, at: datetime, mailbox_id: UUID, wanted: MailboxState) -> None:
    """A password that is kept is never sent to another server or for another login than the one for which it was
    written. Raises `Forbidden`, `NotFound`, or `Unacceptable` for what cannot be taken, by field."""
    house.wait_turn()
    mailbox = mailbox_for(actor, mailbox_id, lock=True)
    _check(mailbox, wanted)
    before, account = _stated(mailbox), _account(mailbox)
    mailbox.name, mailbox.opens, mailbox.keeps_days = wanted.name.strip(), wanted.opens, wanted.keeps_days
    mailbox.host, mailbox.port, mailbox.security = wanted.host.strip(), wanted.port, wanted.security
    mailbox.proof, mailbox.verifier = wanted.proof, wanted.verifier.strip()
    mailbox.login, mailbox.folder = wanted.login.strip(), wanted.folder.strip() or "INBOX"
    _set_facts(mailbox, wanted, at)
    moved = _account(mailbox) != account
    if wanted.password:
        mail_desk.set_password(mailbox, wanted.password)
    elif moved:
        mailbox.key_id, mailbox.secret = "", b""
    if moved:
        mailbox.uid_validity, mailbox.last_uid = None, 0
        mailbox.connected_at = mailbox.read_at = None
    after = _stated(mailbox)
    changed = [key for key in after if before[key] != after[key]]
    if not changed and not wanted.password:
        return
    mailbox.read_after, mailbox.error, mailbox.failed_at = None, "", None
    mailbox.save()
    said = {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}}
    if wanted.password:
        said["after"]["password"] = "changed"  # noqa: S105  # that it was, and never what it is
    house.record("mailbox.changed", at=at, by=actor.account_id, subject=mailbox.pk, name=mailbox.name, **said)


def _check(mailbox: Mailbox, wanted: MailboxState) -> None:
    house.check_texts(Mailbox, name=wanted.name)
    wrong: dict[str, str] = {}
    if Mailbox.objects.exclude(pk=mailbox.pk).filter(name=wanted.name.strip()).exists():
        wrong["name"] = "name_taken"
    for name, longest in _LONGEST.items():
        text = getattr(wanted, name).strip()
        if len(text) > longest or any(sign < " " or sign == "\x7f" for sign in text):
            wrong[name] = f"≤ {longest}"
    if wanted.host.strip() and (not wanted.login.strip() or any(sign in wanted.host.strip() for sign in " /@")):
        wrong["login" if not wanted.login.strip() else "host"] = "text_missing"
    if wanted.port not in _PORTS:
        wrong["port"] = "not_a_port"
    chosen = {"security": MailSecurity.values, "proof": MailProof.values}
    wrong |= {name: "not_chosen" for name, known in chosen.items() if getattr(wanted, name) not in known}
    if any(sign in wanted.verifier.strip() for sign in ' ;()"'):
        wrong["verifier"] = "not_a_server_name"
    if wanted.keeps_days not in mail_desk.KEPT_DAYS:
        wrong["keeps_days"] = "days_of_keeping"
    if wrong:
        raise house.unreadable(wrong)


def _set_facts(mailbox: Mailbox, wanted: MailboxState, at: datetime) -> None:
    rules = rules_of(mailbox, at)
    if rules is None:
        return  # nobody serves it now: what was set stays
    asked = {one.code: one for one in fields_of(rules, opening_step(rules))}
    reads = {part: code for part, code in wanted.reads.items() if code}
    fixed = {code: text for code, text in wanted.fixed.items() if text}
    if any(not _may_read(asked.get(code), part) for part, code in reads.items()):
        raise house.unreadable({"reads": "not_offered"})
    if any(not _may_be(asked.get(code), text) for code, text in fixed.items()):
        raise house.unreadable({"fixed": "not_offered"})
    mailbox.reads, mailbox.fixed = reads, {code: [text] for code, text in fixed.items()}


def _may_read(asked: FieldView | None, part: str) -> bool:
    return asked is not None and part in set(mail_facts.Part) and mail_facts.takes(mail_facts.Part(part), asked)


def _may_be(asked: FieldView | None, text: str) -> bool:
    return asked is not None and text in {option.value for option in asked.options}


def _account(mailbox: Mailbox) -> tuple[str, ...]:
    return mailbox.host.lower(), mailbox.login, mailbox.folder


def _stated(mailbox: Mailbox) -> dict[str, Any]:
    return {
        "name": mailbox.name,
        "host": mailbox.host,
        "port": mailbox.port,
        "security": mailbox.security,
        "login": mailbox.login,
        "folder": mailbox.folder,
        "opens": mailbox.opens,
        "keeps_days": mailbox.keeps_days,
        "proof": mailbox.proof,
        "verifier": mailbox.verifier,
        "reads": [f"{part}: {code}" for part, code in sorted(mailbox.reads.items())],
        "fixed": [f"{code}: {' '.join(texts)}" for code, texts in sorted(mailbox.fixed.items())],
    }
