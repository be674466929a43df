"""A small mail server on loopback that speaks IMAP4rev1 (RFC 3501) to the letter, over TLS: what the reader of
mailboxes asks is answered, everything else is BAD. It is no library's, so that it can be made to break off where a
test wants."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LINE = re.compile(rb"([A-Za-z0-9]{1,32}) (.*)", re.S)
WORD = re.compile(rb'"((?:[^"\\\r\n]|\\["\\])*)"|\(([^()]*)\)|([^\s"()]+)')


def certificate(folder: Path) -> Path:
    """Of this machine, vouched for by itself; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=2))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    plain = serialization.NoEncryption()
    file = folder / "imap.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return file


@dataclass(slots=True)
class Letter:
    uid: int
    content: bytes
    at: datetime
    is_seen: bool = False


@dataclass(slots=True)
class MailHouse:
    """What lies in the folder, and how the server behaves. `wants_id`: it opens no folder to whoever does not say what
    he is. `before`: called with each command before it is answered; raises to break off."""

    password: str = "Passw0rd-of-nobody"
    letters: list[Letter] = field(default_factory=list)
    validity: int = 1
    next_uid: int = 1
    wants_id: bool = False
    is_tls_from_start: bool = True
    tls: ssl.SSLContext | None = None
    port: int = 0
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _command: None

    def put(self, content: bytes, at: datetime | None = None, *, is_seen: bool = False) -> int:
        self.letters.append(Letter(self.next_uid, content, at or datetime.now(UTC), is_seen))
        self.next_uid += 1
        return self.next_uid - 1

    def renumber(self) -> None:
        """As after a restored backup: every mail has another number."""
        self.validity += 1
        for number, letter in enumerate(self.letters, 1):
            letter.uid = number + 100
        self.next_uid = len(self.letters) + 101


class Session(socketserver.StreamRequestHandler):
    server: Door

    def handle(self) -> None:
        self.house, self.is_secret, self.state, self.said_id = self.server.house, False, "new", False
        if self.house.is_tls_from_start and not self._encrypt():
            return
        self._say(b"* OK [CAPABILITY IMAP4rev1 STARTTLS ID] ready")
        with suppress(ConnectionError, ssl.SSLError, OSError):
            while self.state != "out" and (line := self.rfile.readline(65_536)):
                self._one(self._whole(line))

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.request.close()

    def _encrypt(self) -> bool:
        assert self.house.tls is not None
        self.rfile.close()
        self.wfile.close()
        try:
            self.request = self.house.tls.wrap_socket(self.request, server_side=True)
        except (ssl.SSLError, OSError):
            return False
        self.setup()
        self.is_secret = True
        return True

    def _whole(self, line: bytes) -> bytes:
        """With its literals, each asked for as the protocol says, and put between quotation marks."""
        while found := re.search(rb"\{(\d+)\}\r\n\Z", line):
            self._say(b"+ go on")
            text = self.rfile.read(int(found[1])).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            line = line[: found.start()] + b'"' + text + b'"' + self.rfile.readline(65_536)
        return line

    def _one(self, line: bytes) -> None:
        found = LINE.fullmatch(line.removesuffix(b"\r\n")) if line.endswith(b"\r\n") else None
        if found is None:
            self._say(b"* BAD no tag")
            return
        tag, rest = found[1], [self._word(one) for one in WORD.finditer(found[2])]
        name = rest[0].decode().upper() if rest else ""
        if name == "UID" and len(rest) > 1:
            name, rest = f"UID_{rest[1].decode().upper()}", rest[1:]
        self.house.asked.append(name)
        self.house.before(name)
        act = getattr(self, f"do_{name.lower()}", None)
        try:
            answer = act(rest[1:]) if act else b"BAD unknown"
        except (IndexError, ValueError):
            answer = b"BAD wrong words"
        self._say(tag + b" " + answer)
        if name == "STARTTLS" and answer.startswith(b"OK"):
            self._encrypt()

    @staticmethod
    def _word(found: re.Match[bytes]) -> bytes:
        if found[1] is not None:
            return re.sub(rb'\\(["\\])', rb"\1", found[1])
        return found[2] if found[2] is not None else found[3]

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def do_capability(self, _words: list[bytes]) -> bytes:
        self._say(b"* CAPABILITY IMAP4rev1 STARTTLS ID")
        return b"OK done"

    def do_starttls(self, _words: list[bytes]) -> bytes:
        return b"BAD encrypted already" if self.is_secret else b"OK begin"

    def do_noop(self, _words: list[bytes]) -> bytes:
        return b"OK done"

    def do_id(self, words: list[bytes]) -> bytes:
        self.said_id = bool(words)
        self._say(b'* ID ("name" "tests")')
        return b"OK done"

    def do_login(self, words: list[bytes]) -> bytes:
        if not self.is_secret:
            return b"NO [PRIVACYREQUIRED] not in clear"
        if words[1].decode() != self.house.password:
            return b"NO [AUTHENTICATIONFAILED] wrong password " + words[1]
        self.state = "in"
        return b"OK welcome"

    def do_select(self, words: list[bytes]) -> bytes:
        if self.state == "new":
            return b"BAD sign in first"
        if self.house.wants_id and not self.said_id:
            return b"NO Unsafe Login. Please contact kefu"
        if words[0].upper() != b"INBOX":
            return b"NO [NONEXISTENT] no such folder"
        self.state = "open"
        self._say(b"* FLAGS (\\Seen)")
        self._say(b"* %d EXISTS" % len(self.house.letters))
        self._say(b"* OK [UIDVALIDITY %d] numbered" % self.house.validity)
        self._say(b"* OK [UIDNEXT %d] next" % self.house.next_uid)
        return b"OK [READ-WRITE] done"

    def do_uid_search(self, words: list[bytes]) -> bytes:
        if self.state != "open":
            return b"BAD no folder"
        self._say(b"* SEARCH" + b"".join(b" %d" % one.uid for one in self._found(words)))
        return b"OK done"

    def _found(self, words: list[bytes]) -> Iterator[Letter]:
        letters = self.house.letters
        if words == [b"UNSEEN"]:
            yield from (one for one in letters if not one.is_seen)
        elif words[0] == b"SINCE":
            day = datetime.strptime(words[1].decode() + " +0000", "%d-%b-%Y %z").date()
            yield from (one for one in letters if one.at.date() >= day)
        elif words[0] == b"UID" and words[1].endswith(b":*"):
            first, last = int(words[1][:-2]), max((one.uid for one in letters), default=0)
            yield from (one for one in letters if min(first, last) <= one.uid <= max(first, last))
        else:
            raise ValueError

    def do_uid_fetch(self, words: list[bytes]) -> bytes:
        letter = next((one for one in self.house.letters if one.uid == int(words[0])), None)
        if letter is None:
            return b"OK none"
        number, parts = self.house.letters.index(letter) + 1, words[1].split()
        said = []
        for part in parts:
            if part == b"UID":
                said.append(b"UID %d" % letter.uid)
            elif part == b"RFC822.SIZE":
                said.append(b"RFC822.SIZE %d" % len(letter.content))
            elif part == b"INTERNALDATE":
                said.append(f'INTERNALDATE "{letter.at:%d-%b-%Y %H:%M:%S} +0000"'.encode())
            elif part in {b"BODY.PEEK[]", b"BODY.PEEK[HEADER]"}:
                is_head = part.endswith(b"[HEADER]")
                data = letter.content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if is_head else letter.content
                said.append(part.replace(b".PEEK", b"") + b" {%d}\r\n" % len(data) + data)
            else:
                raise ValueError
        self._say(b"* %d FETCH (" % number + b" ".join(said) + b")")
        return b"OK done"

    def do_uid_store(self, words: list[bytes]) -> bytes:
        if words[1:] != [b"+FLAGS.SILENT", b"\\Seen"]:
            return b"BAD wrong words"
        for letter in self.house.letters:
            letter.is_seen = letter.is_seen or letter.uid == int(words[0])
        return b"OK done"

    def do_logout(self, _words: list[bytes]) -> bytes:
        self._say(b"* BYE")
        self.state = "out"
        return b"OK done"


class Door(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    house: MailHouse

    def handle_error(self, request: object, client_address: object) -> None:
        """A test broke the line."""


@contextmanager
def open_house(pem: Path, house: MailHouse | None = None) -> Iterator[MailHouse]:
    house = house or MailHouse()
    house.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    house.tls.load_cert_chain(pem)
    with Door(("127.0.0.1", 0), Session) as door:
        door.house, house.port = house, door.server_address[1]
        threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield house
        finally:
            door.shutdown()
