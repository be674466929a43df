"""OpenID Connect, the code flow with PKCE: what is asked of a provider, and which of its answers are believed."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from kesu.core.sign_on import Provider, is_safe

if TYPE_CHECKING:
    from jwt import PyJWK

_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key of which we know only the public half; never a shared secret, never none."""
_CLAIMS: Final = ("iss", "sub", "aud", "exp", "iat")
_SKEW: Final = 60
"""Seconds by which the provider's clock may be wrong."""
_PATIENCE: Final = 8.0
_MOST: Final = 512 * 1024
_KEPT_FOR: Final = 600
_LONGEST_SUBJECT: Final = 255


class ProviderFailed(Exception):
    """It did not answer, or not as the protocol wants. For the log; people are told less."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the provider in this session, and must come back or fit."""

    provider: str
    state: str
    nonce: str
    verifier: str
    target: str
    at: str


@dataclass(frozen=True, slots=True)
class Known:
    """`login`: the claim that may name an account, empty where none was configured or sent."""

    subject: str
    login: str


def ask(provider: Provider, back: str, target: str, at: datetime) -> tuple[str, Asked]:
    """Where the browser is sent, and what is kept meanwhile. Raises `ProviderFailed`."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    asked = Asked(provider.key, state, nonce, verifier, target, at.isoformat())
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid profile",
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _endpoint(described(provider, at), "authorization_endpoint")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", asked


def answered(provider: Provider, asked: Asked, given: Mapping[str, str], back: str, at: datetime) -> Known:
    """Raises `ProviderFailed` for everything that does not fit."""
    if not secrets.compare_digest(given.get("state", "").encode(), asked.state.encode()):
        raise ProviderFailed("the state is not the one that was sent")
    if given.get("iss", provider.issuer) != provider.issuer:
        raise ProviderFailed("another issuer answers")
    if not given.get("code"):
        raise ProviderFailed(f"no code: {given.get('error', '')[:60]}")
    token = _token(provider, asked, given["code"], back, at)
    claims = _claims(provider, token, at)
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), asked.nonce.encode()):
        raise ProviderFailed("the nonce is not the one that was sent")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise ProviderFailed("the token was made for another party")
    subject = str(claims["sub"])
    if not 0 < len(subject) <= _LONGEST_SUBJECT or "\x00" in subject:
        raise ProviderFailed("the subject cannot be kept")
    login = claims.get(provider.login_claim, "") if provider.login_claim else ""
    return Known(subject, login if isinstance(login, str) and "\x00" not in login else "")


def described(provider: Provider, at: datetime) -> Mapping[str, Any]:
    """What the provider says of itself; asked every ten minutes. Raises `ProviderFailed`."""
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _fetched(address, int(at.timestamp()) // _KEPT_FOR)
    if found.get("issuer") != provider.issuer:
        raise ProviderFailed("it calls itself by another name")
    return found


def _token(provider: Provider, asked: Asked, code: str, back: str, at: datetime) -> str:
    description = described(provider, at)
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": provider.client_id,
        "code_verifier": asked.verifier,
    }
    headers = {}
    if "client_secret_basic" in description.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        sent["client_secret"] = provider.client_secret
    answer = _sent(_endpoint(description, "token_endpoint"), urlencode(sent).encode(), headers)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderFailed("no identity token")
    return token


def _claims(provider: Provider, token: str, at: datetime) -> dict[str, Any]:
    import jwt  # only where somebody comes by a provider

    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = _key(provider, key_id, at) or _key(provider, key_id, at, is_again=True)
        if key is None:
            raise ProviderFailed("no key, or no single one, fits the token")
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(_ALGORITHMS),
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=_SKEW,
            options={"require": list(_CLAIMS)},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as wrong:
        raise ProviderFailed(f"the token is not believed: {type(wrong).__name__}") from wrong
    return claims


def _key(provider: Provider, key_id: str | None, at: datetime, *, is_again: bool = False) -> PyJWK | None:
    """The one key that may have signed. `is_again`: asks anew, for the provider may have changed its keys."""
    from jwt import PyJWKSet

    if is_again:
        _fetched.cache_clear()
    held = _fetched(_endpoint(described(provider, at), "jwks_uri"), int(at.timestamp()) // _KEPT_FOR)
    keys = PyJWKSet.from_dict(dict(held)).keys
    fitting = [one for one in keys if key_id in (None, one.key_id) and one.public_key_use in (None, "sig")]
    return fitting[0] if len(fitting) == 1 else None


def _endpoint(description: Mapping[str, Any], name: str) -> str:
    address = str(description.get(name, ""))
    if not is_safe(address):
        raise ProviderFailed(f"{name} is missing or not encrypted")
    return address


@lru_cache(maxsize=32)
def _fetched(address: str, _period: int) -> Mapping[str, Any]:
    return _sent(address)


def _sent(address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    import urllib.request  # only where somebody comes by a provider

    class NoDetours(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_given: Any) -> None:
            """What we send a provider goes to the address that it named, or nowhere."""

    request = urllib.request.Request(address, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        with urllib.request.build_opener(NoDetours).open(request, timeout=_PATIENCE) as answer:
            found = json.loads(answer.read(_MOST))
    except (OSError, ValueError) as fault:
        raise ProviderFailed(f"{address} did not answer: {type(fault).__name__}") from fault
    if not isinstance(found, dict):
        raise ProviderFailed(f"{address} answered something else")
    return found
