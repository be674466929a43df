"""Mail through an SMTP server."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from urllib.parse import unquote, urlsplit


class MailRefused(Exception):
    """`is_final`: the server will never take it (5xx)."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class MailServer:
    """``smtp://user:password@host:port`` or ``smtps://…`` (TLS from the start); ``?from=`` is the sender's address."""

    url: str
    sender: str

    def send(self, *, to: str, subject: str, text: str, key: str) -> None:
        """Raises `MailRefused`. The Message-ID follows from `key`: a second copy after a crash is recognisable."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        domain = self.sender.rsplit("@", 1)[-1]
        message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise MailRefused(f"recipient refused ({codes[0]})", is_final=codes[0] >= 500) from refused
        except smtplib.SMTPResponseException as refused:
            raise MailRefused(f"server said {refused.smtp_code}", is_final=refused.smtp_code >= 500) from refused
        except (smtplib.SMTPException, OSError) as failed:
            raise MailRefused(type(failed).__name__, is_final=False) from failed

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
        family = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        server = family(parts.hostname or "localhost", parts.port or 25, timeout=15)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server
