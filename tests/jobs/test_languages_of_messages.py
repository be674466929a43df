"""What somebody reads in his language is in his language, as far as his policy has a text; what it has none for says
that it is Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from kesu.access.cases import desk_link
from kesu.casefile import tongues
from kesu.casefile.books import kind_of
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.customers.add_customer import add_customer
from kesu.commands.messages.send_one import send_one
from kesu.config import catalogues
from kesu.jobs import worker
from kesu.store.models import Account, Case, PolicyText
from tests import desk
from tests.jobs.gateway import Gateway, open_gateway
from tests.jobs.mailbox import Mailbox, open_mailbox
from tests.jobs.test_any_recipient import telling
from tests.world import MONDAY, World

LATER = MONDAY + timedelta(hours=2)
ENGLISH = "We have received"


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    catalogues.compile_all()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened, override_settings(KESU_SMTP_URL=opened.url):
        yield opened


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with open_gateway(monkeypatch, "sms") as gateway:
        yield gateway


def send_all() -> None:
    while send_one(at=LATER, sender=worker.mail_sender()):
        pass


def forget(word: str) -> None:
    """The adopted policies have no text for it in any language."""
    for row in PolicyText.objects.all():
        row.words = {chinese: text for chinese, text in row.words.items() if chinese != word}
        row.save()
    tongues.forget()


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def english_of(world: World, given: str = "en") -> Case:
    """The customer of a case that was registered with this language in the register."""
    telling(world, "sms")
    stated = {"name": "沈女士", "kind": "owner", "project": world.units["qingtang"].hex, "phones": "13800002016"}
    add_customer(actor=world.actor("zhouyining"), at=MONDAY, given={**stated, "language": given})
    return Case.objects.get(pk=world.register())


def sent_to_customer(sms: Gateway) -> str:
    ((_to, words, _key),) = [one for one in sms.taken if one[0] == "+8613800002016"]
    return words.text


def without(text: str, case: Case) -> str:
    """Less what a person wrote and what is a name."""
    return text.replace(case.card.title, "").replace(case.number, "")


def overdue(world: World, mailbox: Mailbox) -> tuple[Case, str]:
    Account.objects.filter(login="linsheng").update(language="en", email="lin@house.example")
    case = world.register("wutong", at=MONDAY)
    wake_one(at=MONDAY + timedelta(hours=1))
    send_all()
    letter = next(one for one in mailbox.letters if "lin@house.example" in str(one["To"]))
    return Case.objects.get(pk=case), f"{letter['Subject']}\n{letter.get_content()}"


def test_a_mail_to_staff_names_what_is_owed_in_his_language(world: World, mailbox: Mailbox) -> None:
    case, text = overdue(world, mailbox)
    assert "Overdue: Inform the customer service specialist" in text
    assert not is_chinese(without(text, case))


def test_what_the_policy_has_no_text_for_is_said_in_chinese_and_marked(world: World, mailbox: Mailbox) -> None:
    forget("知会客服专管员")
    _case, text = overdue(world, mailbox)
    assert "Overdue: 知会客服专管员 (in Chinese)" in text


def test_a_notice_to_staff_is_worded_by_the_text_of_the_policy_with_its_level_and_choices(
    world: World, mailbox: Mailbox
) -> None:
    Account.objects.update(language="en")
    case = Case.objects.get(pk=world.planned())
    send_all()
    texts = [one.get_content() for one in mailbox.letters]
    assert any("has risen to Hot:" in one for one in texts)
    assert any("assigned by Email; the head of your department" in one for one in texts)
    assert any("Under §Procedure 3.1, §Duties: " in one for one in texts)
    assert not any(is_chinese(without(one, case)) for one in texts)


def test_a_customer_is_written_to_in_the_language_that_the_register_knows_of_him(world: World, sms: Gateway) -> None:
    case = english_of(world)
    send_all()
    text = sent_to_customer(sms)
    assert ENGLISH in text
    assert case.number in text
    assert not is_chinese(without(text, case))

    staff = desk.client_of("zhouyining")
    kept = staff.get(f"/cases/{case.pk}/sent").content.decode()
    assert ENGLISH in kept  # what he was really sent; the case itself keeps what the policy says
    assert "我们已经收到" in staff.get(f"/cases/{case.pk}").content.decode()
    assert desk_link(case, kind_of(case.policy_version_id, case.kind)) not in kept


@pytest.mark.parametrize(("given", "begins"), [("", "我们已经收到"), ("zh-hant", "我們已經收到")])
def test_of_whom_nothing_is_known_it_is_chinese(world: World, sms: Gateway, given: str, begins: str) -> None:
    english_of(world, given)
    send_all()
    assert begins in sent_to_customer(sms)


def test_his_page_says_it_in_the_language_that_he_reads_it_in(world: World) -> None:
    case = english_of(world)
    client = Client(headers={"accept-language": "en"})
    client.post("/language", {"language": "en", "next": "/"})
    link = desk_link(case, kind_of(case.policy_version_id, case.kind))
    assert ENGLISH in client.get(f"/follow/{link}").content.decode()
