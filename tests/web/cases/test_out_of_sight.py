"""What somebody does may take the case out of his own sight: he is told so, and finds nothing at its address."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from kesu.store.models import Case, CaseEvent
from tests import confidential
from tests.web.cases.conftest import NOW, SignIn
from tests.world import World

HOUR = timedelta(hours=1)


def test_whoever_makes_it_confidential_for_others_comes_back_to_the_list(here: World, sign_in: SignIn) -> None:
    confidential.adopt(here, at=NOW - 5 * HOUR)
    case = here.register(at=NOW - 4 * HOUR)
    client = sign_in("heqing")
    sent = {"seen_version": Case.objects.get(pk=case).version, "legal_support": "yes"}

    answer = client.post(reverse("case-step", args=[case, "state_facts"]), sent, follow=True)

    assert answer.redirect_chain == [(reverse("case-list"), 302)]
    assert "您不再看得到" in answer.content.decode()
    assert client.get(reverse("case-page", args=[case])).status_code == 404
    assert client.get(reverse("case-panel", args=[case])).status_code == 404


def test_the_same_form_sent_again_is_answered_as_done_though_the_case_is_gone(here: World, sign_in: SignIn) -> None:
    confidential.adopt(here, at=NOW - 5 * HOUR)
    case = here.register(at=NOW - 4 * HOUR)
    client, address = sign_in("heqing"), reverse("case-step", args=[case, "state_facts"])
    sent = {
        "seen_version": Case.objects.get(pk=case).version,
        "legal_support": "yes",
        "form_token": "a form of this test",
    }

    answers = [client.post(address, sent, follow=True) for _ in range(2)]

    assert [answer.redirect_chain for answer in answers] == [[(reverse("case-list"), 302)]] * 2
    assert CaseEvent.objects.filter(case=case, step="state_facts").count() == 1
    assert client.post(address, sent | {"form_token": "another one"}).status_code == 404
    assert sign_in("gulan").post(address, sent).status_code == 404


def test_whoever_sees_it_reads_at_its_top_why_and_who_else_does(here: World, sign_in: SignIn) -> None:
    confidential.adopt(here, at=NOW - 5 * HOUR)
    case = here.register(at=NOW - 4 * HOUR, legal_support="是")
    page = sign_in("linsheng").get(reverse("case-page", args=[case])).content.decode()
    assert "本件保密" in page
    assert confidential.SAYS in page
    assert "看得到的人：承办人、客户服务部经理、部门第一负责人、处理小组" in page
