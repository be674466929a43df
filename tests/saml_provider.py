"""A small SAML identity provider on this machine that keeps to the protocol, and breaks it where a test wants that."""

from __future__ import annotations

import base64
import secrets
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
ISSUER = "https://idp.example.org/metadata"


@dataclass(frozen=True)
class Pair:
    """A key and its certificate as PEM."""

    key: bytes
    certificate: str


def pair(days: int = 365) -> Pair:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=days))
    signed = made.sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return Pair(text, signed.public_bytes(serialization.Encoding.PEM).decode())


@dataclass
class SamlService:
    """`changed`: what it says instead (by the names in `_assertion`); `bent`: what becomes of the signed answer on its
    way."""

    us: str
    back: str
    url: str = ""
    keys: Pair = field(default_factory=pair)
    signs_with: Pair | None = None
    is_signed: bool = True
    subject: str = "E0042"
    login: str = "ZhouYining"
    changed: dict[str, str] = field(default_factory=dict)
    bent: Callable[[Any], Any] = lambda root: root

    def answer(self, packed: str) -> str:
        """The form field that the browser posts."""
        request = etree.fromstring(zlib.decompress(base64.b64decode(packed), wbits=-15))
        assert request.tag == f"{{{PROTOCOL}}}AuthnRequest"
        assert request.get("Destination") == self.url
        assert request.get("AssertionConsumerServiceURL") == self.back
        assert request.findtext(f"{{{SAML}}}Issuer") == self.us
        assertion = self._assertion(request.get("ID"))
        if self.is_signed:
            used = self.signs_with or self.keys
            signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
            uri = f"#{assertion.get('ID')}"
            assertion = signer.sign(
                assertion, key=used.key, cert=used.certificate, reference_uri=uri, id_attribute="ID"
            )
        status = self.changed.get("status", "urn:oasis:names:tc:SAML:2.0:status:Success")
        root = etree.fromstring(
            f'<samlp:Response xmlns:samlp="{PROTOCOL}" ID="_{secrets.token_hex(8)}" Version="2.0"'
            f' Destination="{self.changed.get("destination", self.back)}">'
            f'<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status></samlp:Response>'
        )
        root.append(assertion)
        return base64.b64encode(etree.tostring(self.bent(root))).decode()

    def _assertion(self, number: str) -> Any:
        now = datetime.now(UTC)
        said = {
            "issuer": ISSUER,
            "audience": self.us,
            "recipient": self.back,
            "answers": number,
            "begins": _text(now - timedelta(minutes=1)),
            "ends": _text(now + timedelta(minutes=5)),
            "format": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        } | self.changed
        return etree.fromstring(
            f'<saml:Assertion xmlns:saml="{SAML}" ID="_{secrets.token_hex(8)}" Version="2.0"'
            f' IssueInstant="{_text(now)}">'
            f"<saml:Issuer>{said['issuer']}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{said["format"]}">{self.subject}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
            f' InResponseTo="{said["answers"]}" Recipient="{said["recipient"]}" NotOnOrAfter="{said["ends"]}"/>'
            f"</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{said["begins"]}" NotOnOrAfter="{said["ends"]}"><saml:AudienceRestriction>'
            f"<saml:Audience>{said['audience']}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{_text(now)}"/><saml:AttributeStatement><saml:Attribute Name="uid">'
            f"<saml:AttributeValue>{self.login}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
            f"</saml:Assertion>"
        )


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


@contextmanager
def saml_service(us: str, back: str) -> Iterator[SamlService]:
    made = SamlService(us, back)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = made.answer(parse_qs(urlsplit(self.path).query)["SAMLRequest"][0]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/sso"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
