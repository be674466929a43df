"""Signing in by SAML: one signed assertion, for us, now, to a question of this session; nothing wrapped around it.

The service is a real one on this machine; its answers are bent on their way as those who attack it would bend them.
"""

from __future__ import annotations

import copy
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from kesu.config.checking.finding import Grade
from kesu.config.checking.providers import providers
from kesu.core import clock
from kesu.core.sign_on import SamlProvider
from kesu.store.models import Identity
from tests import desk
from tests.saml_provider import ISSUER, PROTOCOL, SAML, SamlService, pair, saml_service

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
US = "http://127.0.0.1:8000"
BACK = f"{US}/sign-in/back/portal"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@pytest.fixture
def service(settings: SettingsWrapper) -> Iterator[SamlService]:
    desk.opened()
    with saml_service(US, BACK) as made:
        settings.KESU_SIGN_ON = (SamlProvider("portal", "门户", ISSUER, made.url, made.keys.certificate, "uid"),)
        settings.KESU_BASE_URL = US
        yield made


def answer(client: Client) -> str:
    """What the service has the browser post."""
    away = client.get("/sign-in/with/portal?next=/cases").headers["Location"]
    with urllib.request.urlopen(away) as page:
        return str(page.read().decode())


def posted(sent: str) -> Any:
    """From another site: the browser sends no session with it, and there is no token of ours in it."""
    return Client(enforce_csrf_checks=True).post("/sign-in/back/portal", {"SAMLResponse": sent})


def came(client: Client) -> tuple[int, str]:
    to = posted(answer(client))
    if to.status_code != 302:
        return to.status_code, ""
    end = client.get(to.headers["Location"])
    return end.status_code, end.headers.get("Location", "")


def test_somebody_whose_login_the_service_names_comes_in_and_is_linked(service: SamlService) -> None:
    client = Client()
    assert came(client) == (302, "/cases")
    assert client.get("/work").status_code == 200
    assert Identity.objects.get().subject == "E0042"
    service.login = "somebody.else"
    assert came(Client()) == (302, "/cases"), "the lasting name counts"


def test_an_answer_is_believed_once_and_only_where_it_was_asked_for(service: SamlService) -> None:
    client, other = Client(), Client()
    sent = answer(client)
    answer(other)
    to = posted(sent).headers["Location"]
    assert other.get(to).status_code == 422, "another session has asked another question"
    assert Client().get(to).status_code == 422, "nobody has asked"
    assert client.get(to).headers["Location"] == "/cases"
    client.post("/sign-out")
    assert client.get(posted(sent).headers["Location"]).status_code == 422, "played again"
    answer(client)
    assert client.get(posted(sent).headers["Location"]).status_code == 422, "played to another question"
    assert client.get(f"{to}x").status_code == 422


def text(later: timedelta) -> str:
    return f"{datetime.now(UTC) + later:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("issuer", "https://evil.example"),
        ("audience", "https://another.example"),
        ("recipient", "https://another.example/acs"),
        ("destination", "https://another.example/acs"),
        ("answers", ""),
        ("ends", -2),
        ("begins", 9),
        ("ends", "2026-11-26T00:00:00"),
        ("format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
        ("status", "urn:oasis:names:tc:SAML:2.0:status:Responder"),
    ],
)
def test_an_assertion_that_does_not_fit_is_not_believed(service: SamlService, name: str, said: str | int) -> None:
    """A number: so many minutes from now."""
    service.changed = {name: text(timedelta(minutes=said)) if isinstance(said, int) else said}
    assert came(Client())[0] == 422


def test_a_clock_that_is_a_little_wrong_does_no_harm(service: SamlService) -> None:
    service.changed = {"begins": text(timedelta(seconds=30)), "ends": text(timedelta(seconds=60))}
    assert came(Client()) == (302, "/cases")


def test_what_nobody_or_somebody_else_signed_is_not_believed(service: SamlService) -> None:
    service.is_signed = False
    assert came(Client())[0] == 422
    service.is_signed, service.signs_with = True, pair()
    assert came(Client())[0] == 422, "with his own certificate in it"


def forged(root: Any) -> Any:
    """The assertion of the answer, unsigned and about somebody else."""
    made = copy.deepcopy(root.find(f"{{{SAML}}}Assertion"))
    made.remove(made.find(SIGNATURE))
    made.set("ID", "_forged")
    made.find(f".//{{{SAML}}}NameID").text = "E0001"
    made.find(f".//{{{SAML}}}AttributeValue").text = "admin"
    return made


def beside_before(root: Any) -> Any:
    root.insert(1, forged(root))
    return root


def beside_after(root: Any) -> Any:
    root.append(forged(root))
    return root


def around(root: Any) -> Any:
    """The forged one takes the place, the signed one hides inside of it."""
    signed, made = root.find(f"{{{SAML}}}Assertion"), forged(root)
    root.replace(signed, made)
    made.append(signed)
    return root


def in_extensions(root: Any) -> Any:
    signed, made = root.find(f"{{{SAML}}}Assertion"), forged(root)
    root.replace(signed, made)
    hidden = root.makeelement(f"{{{PROTOCOL}}}Extensions")
    hidden.append(signed)
    root.insert(0, hidden)
    return root


def in_the_signature(root: Any) -> Any:
    """The forged one bears the signature, and the signed one lies in an object of it."""
    signed, made = root.find(f"{{{SAML}}}Assertion"), forged(root)
    root.replace(signed, made)
    signature = signed.find(SIGNATURE)
    signed.remove(signature)
    held = signature.makeelement("{http://www.w3.org/2000/09/xmldsig#}Object")
    held.append(signed)
    signature.append(held)
    made.append(signature)
    return root


def same_number(root: Any) -> Any:
    made = forged(root)
    made.set("ID", root.find(f"{{{SAML}}}Assertion").get("ID"))
    root.insert(1, made)
    return root


def renamed(root: Any) -> Any:
    root.find(f".//{{{SAML}}}NameID").text = "E0001"
    return root


def cut(root: Any) -> Any:
    root.remove(root.find(f"{{{SAML}}}Assertion"))
    return root


@pytest.mark.parametrize(
    "bent", [beside_before, beside_after, around, in_extensions, in_the_signature, same_number, renamed, cut]
)
def test_nothing_is_wrapped_around_put_beside_or_changed(service: SamlService, bent: Callable[[Any], Any]) -> None:
    service.bent = bent
    client = Client()
    assert came(client)[0] == 422
    assert client.get("/work").status_code == 302


@pytest.mark.parametrize(
    "sent", ["", "!", "PGE+", "PCFET0NUWVBFIGEgWzwhRU5USVRZIGIgImMiPl0+PGE+JmI7PC9hPg==", "x" * 999]
)
def test_what_is_no_answer_at_all_is_refused(service: SamlService, sent: str) -> None:
    assert posted(sent).status_code == 422


def test_the_end_of_its_certificate_is_told_in_time(service: SamlService) -> None:
    near = SamlProvider("soon", "门户", ISSUER, service.url, pair(days=5).certificate)
    far = SamlProvider("later", "门户", ISSUER, service.url, service.keys.certificate)
    odd = SamlProvider("odd", "门户", ISSUER, service.url, "no certificate")
    found = [one.grade for one in providers((near, far, odd), clock.now())]
    assert found == [Grade.WARNING, Grade.FINE, Grade.FAILURE]
