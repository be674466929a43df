"""Forms that another site sends, and forms for the cases of other people."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from tests import desk
from tests.access import sample
from tests.access.sample import Sample
from tests.security.walking import careless


@pytest.mark.django_db
def test_it_takes_no_form_that_another_site_sent() -> None:
    found = sample.build()
    client = Client(enforce_csrf_checks=True)
    client.cookies.load(desk.client_of("zhouyining").cookies.output(header=""))

    answered = {name: client.post(found.address(name), {"text": "x"}).status_code for name in sample.names()}

    # The answer of a sign-on is a form of another site; what it may do is in the tests of SAML.
    assert answered.pop("sign-on-back") == 404
    # Programs sign what they send and bring no cookie: a form is nothing that they take.
    assert {answered.pop(name) for name in ("api-calls", "api-reports")} == {415}
    assert {status for name, status in answered.items() if status != 405} == {403}


@pytest.mark.django_db
def test_it_opens_nothing_of_a_case_in_another_project() -> None:
    found = sample.build()
    client, stranger = careless("xumingche"), uuid4()
    there = found.world.actor("xumingche")
    assert not there.may_at("case:case:read", _path(found))  # type: ignore[arg-type]

    for name in sample.names():
        arguments = dict(found.arguments.get(name, {}))
        if arguments.get("case_id") != found.case_id:
            continue
        address = found.address(name)
        nowhere = address.replace(str(found.case_id), str(stranger))
        for send in (client.get, client.post):
            here, there_too = send(address), send(nowhere)
            assert here.status_code in {404, 405}, name
            assert (here.status_code, here.content) == (there_too.status_code, there_too.content), name


def _path(found: Sample) -> str:
    from kesu.store.models import Unit

    return Unit.objects.get(pk=found.world.units["qingtang"]).path
