"""A password for the mail server goes over the network only encrypted."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kesu.notify.mail import MailRefused, MailServer
from tests.jobs.mailbox import Mailbox, free_port

# Loopback, written so that the program cannot tell: to it this is any server of the network.
_ELSEWHERE = "127.1"
_SENDER = "kesu@example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server that nobody vouches for; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=2))
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def signed_in() -> list[bool]:
    """For every password that the server was given: whether it came encrypted."""
    return []


@pytest.fixture
def server(request: pytest.FixtureRequest, certificate: Path, signed_in: list[bool]) -> Iterator[SimpleNamespace]:
    def note(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        signed_in.append(session.ssl is not None)
        return AuthResult(success=True)

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    box, port = Mailbox(), free_port()
    offered = {"tls_context": tls} if getattr(request, "param", True) else {}
    controller = Controller(box, hostname="127.0.0.1", port=port, authenticator=note, auth_require_tls=False, **offered)
    controller.start()
    yield SimpleNamespace(box=box, url=f"smtp://me:secret@127.0.0.1:{port}")
    controller.stop()


def _send(url: str) -> None:
    MailServer(url, _SENDER).send(to="a@example.org", subject="提醒", text="到期", key="1")


def test_it_signs_in_only_after_starttls(server: SimpleNamespace, signed_in: list[bool]) -> None:
    _send(server.url)
    assert signed_in == [True]
    assert len(server.box.letters) == 1


@pytest.mark.parametrize("server", [False], indirect=True)
def test_it_keeps_the_password_back_where_the_way_is_open(server: SimpleNamespace, signed_in: list[bool]) -> None:
    with pytest.raises(MailRefused, match="password kept back"):
        _send(server.url.replace("127.0.0.1", _ELSEWHERE))
    assert signed_in == []
    assert server.box.letters == []


def test_it_gives_no_password_to_a_server_that_nobody_vouches_for(
    server: SimpleNamespace, signed_in: list[bool]
) -> None:
    with pytest.raises(MailRefused, match="SSL"):
        _send(server.url.replace("127.0.0.1", _ELSEWHERE))
    assert signed_in == []


@pytest.mark.parametrize("server", [False], indirect=True)
def test_it_signs_in_in_clear_on_this_machine(server: SimpleNamespace, signed_in: list[bool]) -> None:
    _send(server.url)
    assert signed_in == [False]
