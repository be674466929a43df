"""A small OpenID Connect provider on this machine that keeps to the protocol, and breaks it where a test wants that."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "kesu", "a shared secret: with signs & spaces"


@dataclass
class IdentityProvider:
    """`person`: who is in front of it, as claims. `broken`: claims that it gives instead; `signs`: by what."""

    url: str = ""
    back: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, Any] = field(default_factory=dict)
    signs: str = "RS256"
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    shown_key: rsa.RSAPrivateKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorized(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        wanted = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self.back,
            "code_challenge_method": "S256",
        }
        assert {name: query.get(name) for name in wanted} == wanted
        assert "openid" in query["scope"].split()
        assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{self.back}?{urlencode({'code': code, 'state': query['state'], 'iss': self.url})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """None for a request that does not show what it must."""
        asked = self.codes.pop(form.get("code", ""), None)
        pair = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"
        is_client = authorization == f"Basic {base64.b64encode(pair.encode()).decode()}"
        if asked is None or not is_client or form.get("redirect_uri") != self.back:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(asked["nonce"])}

    def signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= self.person | self.broken
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.signs == "none":
            return jwt.encode(claims, None, algorithm="none")
        if self.signs == "HS256":
            return self._signed_with_what_all_know(claims)
        return jwt.encode(claims, self.key, algorithm=self.signs, headers={"kid": "one"})

    def keys(self) -> dict[str, Any]:
        shown = (self.shown_key or self.key).public_key()
        return {"keys": [{**RSAAlgorithm.to_jwk(shown, as_dict=True), "kid": "one", "use": "sig"}]}

    def _signed_with_what_all_know(self, claims: dict[str, Any]) -> str:
        """The public key taken for a shared secret."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        public = self.key.public_key().public_bytes(serialization.Encoding.PEM, form)
        head = {"alg": "HS256", "typ": "JWT", "kid": "one"}
        parts = [_text(json.dumps(one).encode()) for one in (head, claims)]
        return ".".join([*parts, _text(hmac.new(public, ".".join(parts).encode(), hashlib.sha256).digest())])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def provider(back: str) -> Iterator[IdentityProvider]:
    made = IdentityProvider(back=back)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {name: texts[0] for name, texts in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", made.authorized(query))
                self.end_headers()
            elif parts.path == "/keys":
                self.say(made.keys())
            else:
                ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                self.say({"issuer": made.url, **{name: f"{made.url}/{end}" for name, end in ends.items()}})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: texts[0] for name, texts in parse_qs(body).items()}
            answer = made.token(form, self.headers.get("Authorization", ""))
            self.say(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def say(self, document: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
