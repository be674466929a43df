"""SAML 2.0, begun here and answered by POST: what is asked of a provider, and which of its answers are believed.

Only what its signature covers is looked at: the one assertion, read from what the check gives back, from nowhere else.
"""

from __future__ import annotations

import base64
import secrets
import zlib
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

from kesu.core.sign_on import SamlProvider
from kesu.web.people.oidc import Asked, Known, ProviderFailed

_SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
_PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
_SIGNATURE: Final = "http://www.w3.org/2000/09/xmldsig#"
_BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
_TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_SKEW: Final = timedelta(seconds=60)
_MOST: Final = 256 * 1024
_LONGEST_SUBJECT: Final = 255


def ask(provider: SamlProvider, us: str, back: str, target: str, at: datetime) -> tuple[str, Asked]:
    """Where the browser is sent, and what is kept meanwhile. `us`: the name by which the provider knows us."""
    number = f"_{secrets.token_hex(20)}"
    request = (
        f'<samlp:AuthnRequest xmlns:samlp="{_PROTOCOL}" xmlns:saml="{_SAML}" ID="{number}" Version="2.0"'
        f' IssueInstant="{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" Destination="{escape(provider.sso_url)}"'
        f' AssertionConsumerServiceURL="{escape(back)}"'
        f' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">'
        f"<saml:Issuer>{escape(us)}</saml:Issuer></samlp:AuthnRequest>"
    )
    packer = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(packer.compress(request.encode()) + packer.flush()).decode()
    joint = "&" if "?" in provider.sso_url else "?"
    asked = Asked(provider.key, number, "", "", target, at.isoformat())
    return f"{provider.sso_url}{joint}{urlencode({'SAMLRequest': packed})}", asked


def believed(provider: SamlProvider, sent: str, us: str, back: str, at: datetime) -> tuple[str, Known]:
    """The number of the question that this answers, and who it says he is. Raises `ProviderFailed` for everything that
    does not fit; that the question was asked in this session is for the caller to see."""
    from lxml import etree  # only where somebody comes by a provider

    try:
        root = _parsed(base64.b64decode(sent, validate=True))
        found = _signed(provider, root)
        _check_response(root, back)
        _check_conditions(found, provider, us, at)
        number = _check_subject(found, back, at)
        return number, _known(found, provider)
    except (ValueError, etree.LxmlError) as wrong:
        raise ProviderFailed(f"the answer cannot be read: {type(wrong).__name__}") from wrong


def _parsed(raw: bytes) -> Any:
    from lxml import etree

    if len(raw) > _MOST or b"<!" in raw.replace(b"<!--", b""):
        raise ProviderFailed("too long, or with definitions of its own")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(raw, parser)
    numbers = [one.get("ID") for one in root.iter() if one.get("ID") is not None]
    if root.tag != f"{{{_PROTOCOL}}}Response" or len(numbers) != len(set(numbers)):
        raise ProviderFailed("no response, or two parts of one number")
    return root


def _signed(provider: SamlProvider, root: Any) -> Any:
    """The assertion as its signature covers it. There must be one alone, right below the response, with a signature of
    its own: whatever is wrapped around or put beside it is refused."""
    from signxml.algorithms import SignatureMethod
    from signxml.exceptions import InvalidInput, InvalidSignature
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    every, below = root.findall(f".//{{{_SAML}}}Assertion"), root.findall(f"{{{_SAML}}}Assertion")
    if len(every) != 1 or every != below:
        raise ProviderFailed("not exactly one assertion in its place")
    if len(every[0].findall(f".//{{{_SIGNATURE}}}Signature")) != 1:
        raise ProviderFailed("the assertion is not signed once")
    wanted = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset(
            {
                SignatureMethod.RSA_SHA256,
                SignatureMethod.RSA_SHA384,
                SignatureMethod.RSA_SHA512,
                SignatureMethod.ECDSA_SHA256,
                SignatureMethod.ECDSA_SHA384,
            }
        ),
    )
    try:
        result = XMLVerifier().verify(every[0], x509_cert=provider.certificate, id_attribute="ID", expect_config=wanted)
    except (InvalidSignature, InvalidInput) as wrong:
        raise ProviderFailed(f"the signature is not believed: {type(wrong).__name__}") from wrong
    found = None if isinstance(result, list) else result.signed_xml
    if found is None or found.tag != f"{{{_SAML}}}Assertion" or found.get("ID") != every[0].get("ID"):
        raise ProviderFailed("something else was signed")
    return found


def _check_response(root: Any, back: str) -> None:
    """Not signed, so it can only forbid."""
    status = root.find(f"{{{_PROTOCOL}}}Status/{{{_PROTOCOL}}}StatusCode")
    if status is None or status.get("Value") != _SUCCESS:
        raise ProviderFailed("the provider refused")
    if root.get("Destination", back) != back:
        raise ProviderFailed("meant for another place")


def _check_conditions(found: Any, provider: SamlProvider, us: str, at: datetime) -> None:
    if _text(found.find(f"{{{_SAML}}}Issuer")) != provider.issuer:
        raise ProviderFailed("another issuer")
    conditions = found.find(f"{{{_SAML}}}Conditions")
    if conditions is None or found.find(f"{{{_SAML}}}AuthnStatement") is None:
        raise ProviderFailed("no conditions, or nobody signed in")
    audiences = [_text(one) for one in conditions.findall(f"{{{_SAML}}}AudienceRestriction/{{{_SAML}}}Audience")]
    if us not in audiences:
        raise ProviderFailed("made for another party")
    _check_time(conditions, at)


def _check_subject(found: Any, back: str, at: datetime) -> str:
    """The number of the question."""
    for one in found.findall(f"{{{_SAML}}}Subject/{{{_SAML}}}SubjectConfirmation"):
        data = one.find(f"{{{_SAML}}}SubjectConfirmationData")
        if one.get("Method") == _BEARER and data is not None and data.get("Recipient") == back:
            _check_time(data, at)
            return str(data.get("InResponseTo", ""))
    raise ProviderFailed("meant for another place")


def _check_time(part: Any, at: datetime) -> None:
    begins, ends = part.get("NotBefore"), part.get("NotOnOrAfter")
    if ends is None or at - _SKEW >= _instant(ends) or (begins is not None and at + _SKEW < _instant(begins)):
        raise ProviderFailed("over, or not yet begun")


def _known(found: Any, provider: SamlProvider) -> Known:
    name = found.find(f"{{{_SAML}}}Subject/{{{_SAML}}}NameID")
    subject = _text(name)
    if not 0 < len(subject) <= _LONGEST_SUBJECT or name.get("Format") == _TRANSIENT:
        raise ProviderFailed("no lasting name")
    if not provider.login_attribute:
        return Known(subject, "")
    for one in found.findall(f"{{{_SAML}}}AttributeStatement/{{{_SAML}}}Attribute"):
        if one.get("Name") == provider.login_attribute:
            return Known(subject, _text(one.find(f"{{{_SAML}}}AttributeValue")))
    return Known(subject, "")


def _text(part: Any) -> str:
    return "".join(part.itertext()).strip() if part is not None else ""


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without a zone")
    return found
