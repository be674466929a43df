"""Mail through an SMTP server."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import HeaderRegistry, MessageIDHeader
from email.message import EmailMessage
from email.policy import SMTP
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from kesu.core.clock import now
from kesu.core.mail_threads import Thread, domain_of, message_id, thread_id
from kesu.notify.carrying import NotCarried, Words


class MailRefused(Exception):
    """`is_final`: the server will never take it (5xx)."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


_ALONE: Final = Thread()


def _whole_ids() -> HeaderRegistry:
    """The library breaks what it takes for text into encoded words where it is long, and no mail program reads a name
    of a mail in such pieces."""
    registry = HeaderRegistry()
    for name in ("in-reply-to", "references"):
        registry.map_to_type(name, MessageIDHeader)  # type: ignore[arg-type]  # what the library itself maps
    return registry


_WRITTEN: Final = SMTP.clone(header_factory=_whole_ids())


@dataclass(frozen=True, slots=True)
class MailServer:
    """``smtp://user:password@host:port`` (STARTTLS where the server offers it) or ``smtps://…`` (TLS from the start).

    A password never goes over the network in clear: without TLS it is given only to a server on this machine. Without
    a password the certificate is not asked for: mail servers in the house often have none, and nothing is given away
    that clear text would keep."""

    url: str
    sender: str

    def send(self, *, to: str, subject: str, text: str, key: str, thread: Thread = _ALONE) -> str:
        """Raises `MailRefused`; returns the Message-ID, which follows from `key`: a second copy after a crash is
        recognisable."""
        message = self._written(to, subject, text, key, thread)
        try:
            self._hand_over(message)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise MailRefused(f"recipient refused ({codes[0]})", is_final=codes[0] >= 500) from refused
        except smtplib.SMTPResponseException as refused:
            raise MailRefused(f"server said {refused.smtp_code}", is_final=refused.smtp_code >= 500) from refused
        except (smtplib.SMTPException, OSError) as failed:
            raise MailRefused(type(failed).__name__, is_final=False) from failed
        return str(message["Message-ID"])

    def _hand_over(self, message: EmailMessage) -> None:
        """What is answered to the farewell changes nothing: the mail was taken, and must not go once more."""
        server = self._connect()
        try:
            server.send_message(message)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def carry(self, *, to: str, words: Words, key: str, thread: Thread = _ALONE) -> str:
        """As every carrier (`carrying`). Raises `NotCarried`."""
        try:
            return self.send(to=to, subject=words.matter or words.subject, text=words.text, key=key, thread=thread)
        except MailRefused as refused:
            raise NotCarried(str(refused), is_final=refused.is_final) from refused

    def _written(self, to: str, subject: str, text: str, key: str, thread: Thread) -> EmailMessage:
        """All mails of a case hang on one name, which no mail has: whichever of them comes first, or is lost."""
        message = EmailMessage(policy=_WRITTEN)
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"] = now()
        domain = domain_of(self.sender)
        message["Message-ID"] = message_id(key, domain, thread.case, thread.name)
        if thread.case:
            message["In-Reply-To"] = message["References"] = thread_id(domain, thread.case)
        if thread.reply_to:
            message["Reply-To"] = thread.reply_to
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    def greet(self) -> None:
        """Connects, signs in where the address says as whom, and sends nothing. Raises `MailRefused`."""
        try:
            with self._connect() as server:
                code, _words = server.ehlo()
        except smtplib.SMTPResponseException as refused:
            raise MailRefused(f"server said {refused.smtp_code}", is_final=refused.smtp_code >= 500) from refused
        except (smtplib.SMTPException, OSError) as failed:
            raise MailRefused(type(failed).__name__, is_final=False) from failed
        if code >= 400:
            raise MailRefused(f"server said {code}", is_final=code >= 500)

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        if parts.scheme == "smtps":
            trusted = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or _SMTPS, timeout=15, context=trusted)
        else:
            server = smtplib.SMTP(host, parts.port or _SMTP, timeout=15)
        try:
            if parts.scheme != "smtps":
                _encrypt(server, host, has_password=bool(parts.username))
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _encrypt(server: smtplib.SMTP, host: str, *, has_password: bool) -> None:
    """Raises `MailRefused` where a password would have to go over the network in clear."""
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        context = ssl.create_default_context()
        if not has_password or is_loopback(host):
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        server.starttls(context=context)
        server.ehlo()
    elif has_password and not is_loopback(host):
        raise MailRefused("no STARTTLS, password kept back", is_final=False)


def is_loopback(host: str) -> bool:
    """Whether a host of an address is this machine itself, where nobody can listen on the way."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_SMTP: Final = 25
_SMTPS: Final = 465
