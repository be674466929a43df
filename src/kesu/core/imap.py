"""Reads a folder of a mail server (IMAP4rev1, RFC 3501) over TLS. Nothing is ever sent in clear, nothing is deleted.

By numbers (UID) and not by what is marked as read: somebody who looks into the same folder takes nothing from us.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

MOST_BYTES: Final = 30 * 1024 * 1024
"""Of a larger mail the headers alone are fetched."""
_TIMEOUT: Final = 20.0
_UID: Final = re.compile(rb"\bUID (\d{1,12})", re.I)
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d{1,12})", re.I)
_DATE: Final = re.compile(rb'\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d [+-]\d{4})"', re.I)
_NAMED: Final = '("name" "Kesu" "version" "1")'
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class MailAccount:
    """`security`: tls (from the start) or starttls. The password is in no text that is made of it."""

    host: str
    port: int
    security: str
    login: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class MailboxFailed(Exception):
    """`reason`: a code (unreachable, certificate, no_tls, refused, no_folder, lost), and what the server said, without
    secrets."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"{reason}: {said}" if said else reason)
        self.reason = reason
        self.said = said


@dataclass(frozen=True, slots=True)
class Fetched:
    """`is_whole`: else it was too large, and these are its headers."""

    uid: int
    content: bytes
    arrived_at: datetime | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder. `next_uid`: the number that the next mail is given, 0 where the server does not say."""

    server: imaplib.IMAP4
    uid_validity: int
    next_uid: int
    count: int

    def uids_after(self, last: int) -> list[int]:
        """In order."""
        # A range whose end is smaller than its beginning is turned round: the last one is always found.
        return self._found(f"UID {last + 1}:*", last)

    def unseen(self) -> list[int]:
        return self._found("UNSEEN", 0)

    def since(self, day: date) -> list[int]:
        """Those that came in on that day or later."""
        return self._found(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}", 0)

    def came_after(self, uid: int, moment: datetime) -> bool:
        """To the second; where the server does not say when, it did."""
        said = self._asked("FETCH", str(uid), "(UID INTERNALDATE)")
        at = _moment(b" ".join(part for part in said if isinstance(part, bytes)))
        return at is None or at >= moment.replace(microsecond=0)

    def last_uid(self) -> int:
        """Of what there is in the folder; 0 where it is empty."""
        return self.next_uid - 1 if self.next_uid else max(self.uids_after(0), default=0)

    def fetch(self, uid: int) -> Fetched | None:
        """None where somebody has taken it away meanwhile. Raises `MailboxFailed`."""
        said = self._asked("FETCH", str(uid), "(UID RFC822.SIZE INTERNALDATE)")
        about = b" ".join(part if isinstance(part, bytes) else part[0] for part in said if part)
        if _UID.search(about) is None:
            return None
        size = _SIZE.search(about)
        is_whole = size is None or int(size[1]) <= MOST_BYTES
        data = self._asked("FETCH", str(uid), "(UID BODY.PEEK[])" if is_whole else "(UID BODY.PEEK[HEADER])")
        content = next((part[1] for part in data if isinstance(part, tuple) and _is_of(part, data, uid)), b"")
        return Fetched(uid, content, _moment(about), is_whole)

    def mark_seen(self, uid: int) -> None:
        """For people who look into the folder; nothing depends on it."""
        with contextlib.suppress(MailboxFailed):
            self._asked("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")

    def _found(self, wanted: str, after: int) -> list[int]:
        said = self._asked("SEARCH", wanted)
        numbers = (int(one) for part in said if isinstance(part, bytes) for one in part.split() if one.isdigit())
        return sorted(uid for uid in set(numbers) if uid > after)

    def _asked(self, command: str, *words: str) -> list[Any]:
        try:
            state, data = self.server.uid(command, *words)
        except (imaplib.IMAP4.error, OSError, EOFError) as lost:
            raise MailboxFailed("lost", _plain(lost)) from lost
        if state != "OK":
            raise MailboxFailed("refused", _plain(data))
        return data


@contextmanager
def opened(account: MailAccount) -> Iterator[Folder]:
    """Raises `MailboxFailed`."""
    server = _connected(account)
    try:
        _sign_in(server, account)
        yield _selected(server, account.folder)
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError, EOFError):
            server.logout()
        with contextlib.suppress(OSError):  # what broke is not closed by it
            server.shutdown()


def _connected(account: MailAccount) -> imaplib.IMAP4:
    trusted = ssl.create_default_context()
    try:
        if account.security == "tls":
            return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=trusted, timeout=_TIMEOUT)
        server = imaplib.IMAP4(account.host, account.port, timeout=_TIMEOUT)
    except ssl.SSLCertVerificationError as unknown:
        raise MailboxFailed("certificate", unknown.verify_message) from unknown
    except (imaplib.IMAP4.error, OSError, EOFError) as failed:
        raise MailboxFailed("unreachable", type(failed).__name__) from failed
    try:
        server.starttls(trusted)
    except ssl.SSLCertVerificationError as unknown:
        server.shutdown()
        raise MailboxFailed("certificate", unknown.verify_message) from unknown
    except (imaplib.IMAP4.error, OSError, EOFError) as failed:
        server.shutdown()
        raise MailboxFailed("no_tls", _plain(failed)) from failed
    return server


def _sign_in(server: imaplib.IMAP4, account: MailAccount) -> None:
    try:
        server.login(account.login, account.password)
    except (imaplib.IMAP4.error, OSError, EOFError, UnicodeEncodeError) as refused:
        raise MailboxFailed("refused", _plain(refused).replace(account.password or "\x00", "…")) from refused
    if "ID" in server.capabilities:  # some servers open no folder to whoever does not say what he is (RFC 2971)
        with contextlib.suppress(imaplib.IMAP4.error):
            server.xatom("ID", _NAMED)


def _selected(server: imaplib.IMAP4, folder: str) -> Folder:
    try:
        state, data = server.select(_quoted(folder))
    except (imaplib.IMAP4.error, OSError, EOFError) as failed:
        raise MailboxFailed("lost", _plain(failed)) from failed
    if state != "OK":
        raise MailboxFailed("no_folder", _plain(data))
    validity, following = _number(server.response("UIDVALIDITY")[1]), _number(server.response("UIDNEXT")[1])
    return Folder(server, validity, following, _number(data))


def _quoted(folder: str) -> str:
    """As IMAP writes names (RFC 3501, 5.1.3): modified UTF-7, between quotation marks."""
    written = "".join(_piece(part) for part in re.split(r"([^\x20-\x7e]+)", folder))
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _piece(text: str) -> str:
    if not text or text.isascii():
        return text.replace("&", "&-")
    plain = text.encode("utf-7").decode().removeprefix("+").removesuffix("-")
    return f"&{plain.replace('/', ',')}-"


def _is_of(part: tuple[bytes, bytes], data: list[Any], uid: int) -> bool:
    """Servers may tell of other mails in between; the number may stand before the bytes or behind them."""
    number = _UID.search(part[0])
    if number is None:
        behind = data[data.index(part) + 1] if data.index(part) + 1 < len(data) else b""
        number = _UID.search(behind) if isinstance(behind, bytes) else None
    return number is not None and int(number[1]) == uid


def _moment(about: bytes) -> datetime | None:
    found = _DATE.search(about)
    if found is None:
        return None
    day, month, year, time = (part.decode() for part in found.groups())
    try:
        return parsedate_to_datetime(f"{day.strip()} {month} {year} {time}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(data: Any) -> int:
    text = data[0] if isinstance(data, list) and data else None
    return int(text) if isinstance(text, bytes) and text.isdigit() else 0


def _plain(said: object) -> str:
    if isinstance(said, BaseException):
        said = said.args[0] if said.args else type(said).__name__
    if isinstance(said, list):
        said = next((one for one in said if one), b"")
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return "".join(sign if sign.isprintable() else " " for sign in text)[:120].strip()
