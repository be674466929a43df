"""等签的制度: its signers read it on a page of their own, and sign or refuse there as themselves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from kesu.core import clock
from kesu.store.models import Account, Adoption, PolicyProposal
from tests import desk
from tests.proposing import SIGNERS, propose
from tests.web.people.test_accounts import PASSWORD
from tests.world import World

pytestmark = pytest.mark.django_db
OFFER = "/policies/offers/suggestion"


@pytest.fixture
def world() -> World:
    return desk.opened()[0]


@pytest.fixture
def proposal(world: World) -> PolicyProposal:
    return PolicyProposal.objects.get(pk=propose(world, clock.now()))


def address(proposal: PolicyProposal, act: str = "") -> str:
    return f"/policies/proposals/{proposal.pk}{act}"


def page_of(login: str, where: str) -> str:
    return desk.client_of(login).get(where).content.decode()


def sent(login: str, proposal: PolicyProposal, act: str, **form: str) -> tuple[int, str]:
    """The status of the answer, and the page that it leads to."""
    client = desk.client_of(login)
    answer = client.post(address(proposal, act), {"policy_hash": proposal.hash, **form})
    page = client.get(answer.headers["Location"]) if answer.status_code == 302 else answer
    return answer.status_code, page.content.decode()


def test_proposing_on_the_page_puts_nothing_in_force_and_leads_to_the_proposal(world: World) -> None:
    before = Adoption.objects.count()
    form = {f"signature.{slot}": world.people[login].hex for slot, login in SIGNERS.items()}
    answer = desk.client_of("admin").post(OFFER, form | {"unit": world.units["east_co"].hex}, follow=True)

    page = answer.content.decode()
    assert "已提出，还没有施行" in page
    assert "最后一人签完即施行" in page
    assert Adoption.objects.count() == before


def test_whoever_is_to_sign_finds_it_where_he_works(proposal: PolicyProposal) -> None:
    assert "有 1 份制度等您签" in page_of("zhouyining", "/work")
    assert address(proposal) in page_of("zhouyining", "/approvals")
    assert ">等您签<" in page_of("zhouyining", "/policies/proposals")


def test_whoever_signs_later_may_read_it_and_is_not_asked_yet(proposal: PolicyProposal) -> None:
    assert "份制度等您签" not in page_of("linsheng", "/work")
    assert address(proposal) not in page_of("linsheng", "/approvals")
    assert "等周以宁签" in page_of("linsheng", "/policies/proposals")
    assert "轮到他签" in page_of("linsheng", address(proposal))


def test_he_reads_the_policy_with_the_companys_figures_before_he_signs(world: World) -> None:
    figures = {"focus_supporters": "7"}
    made = PolicyProposal.objects.get(pk=propose(world, clock.now(), figures=figures))
    page = page_of("zhouyining", address(made))
    assert "<b>7</b>" in page
    assert "建议" in page
    assert made.hash[:16] in page


def test_each_signs_on_his_page_and_the_last_one_puts_it_in_force(proposal: PolicyProposal) -> None:
    assert "轮到下一位签" in sent("zhouyining", proposal, "/sign")[1]
    assert "轮到下一位签" in sent("linsheng", proposal, "/sign")[1]
    assert "已在南岑东部公司施行" in sent("gulan", proposal, "/sign")[1]

    policy = page_of("admin", f"/policies/{proposal.hash}")
    assert "系统管理员" in policy
    assert policy.count("周以宁") >= 1
    changes = page_of("admin", "/organisation/changes")
    for said in ("提出施行制度", "签制度", "施行制度", "由谁签", "提出人"):
        assert said in changes
    assert proposal.pk.hex not in changes
    assert sent("gulan", proposal, "/sign")[0] == 302, "sent again: answered as done"


def test_who_is_asked_too_early_is_told_and_offered_nothing_to_sign(proposal: PolicyProposal) -> None:
    assert f'action="{address(proposal, "/sign")}"' not in page_of("linsheng", address(proposal))
    status, page = sent("linsheng", proposal, "/sign")
    assert status == 409
    assert "还没有轮到您签" in page


def test_refusing_wants_a_reason_and_shows_it(proposal: PolicyProposal) -> None:
    status, page = sent("zhouyining", proposal, "/refuse", reason="")
    assert status == 422
    assert "还没有写内容" in page
    assert "回访期限太短" in sent("zhouyining", proposal, "/refuse", reason="回访期限太短")[1]
    assert "回访期限太短" in page_of("admin", address(proposal))
    assert "被拒签" in page_of("admin", "/policies/proposals")


def test_the_proposer_names_somebody_else_or_withdraws(world: World, proposal: PolicyProposal) -> None:
    who = {"slot": "compiled_by", "account": world.people["heqing"].hex}
    assert "何青" in sent("admin", proposal, "/signer", **who)[1]
    status, page = sent("admin", proposal, "/signer", slot="compiled_by", account="nobody")
    assert status == 422
    assert "还没有选由谁签“编制”" in page
    assert "已撤回" in sent("admin", proposal, "/withdraw")[1]
    assert sent("heqing", proposal, "/sign")[0] == 409


def test_signing_asks_once_more_who_he_is(proposal: PolicyProposal) -> None:
    account = Account.objects.get(login="zhouyining")
    account.set_password(PASSWORD)
    account.save()
    client = desk.confirmed(desk.client_of("zhouyining"), clock.now() - timedelta(minutes=16))
    form = {"policy_hash": proposal.hash}
    assert "请再确认是您本人" in client.post(address(proposal, "/sign"), form).content.decode()
    assert not proposal.signers.filter(signed_at__isnull=False).exists()
    assert (
        client.post(address(proposal, "/sign"), form | {"confirm": "1", "confirm_password": PASSWORD}).status_code
        == 302
    )
    assert proposal.signers.filter(signed_at__isnull=False).count() == 1


@pytest.mark.parametrize("act", ["", "/sign", "/refuse", "/withdraw", "/signer"])
def test_forged_addresses_and_those_of_others_lead_nowhere(proposal: PolicyProposal, act: str) -> None:
    def status(login: str, where: str) -> int:
        client = desk.client_of(login)
        return (client.post(where) if act else client.get(where)).status_code

    assert status("admin", f"/policies/proposals/{uuid4()}{act}") == 404
    assert status("zhaolang", address(proposal, act)) == 404, "of another company"
    assert Client().get(address(proposal)).status_code == 302


def test_who_reads_policies_there_and_does_not_sign_is_told_which_right_is_missing(proposal: PolicyProposal) -> None:
    answer = desk.client_of("songwei").get(address(proposal))
    assert answer.status_code == 403
    assert "让制度生效" in answer.content.decode()


def test_alone_in_the_house_one_is_told_how_many_are_missing_and_where_to_add_them(world: World) -> None:
    Account.objects.exclude(login="admin").update(is_active=False)
    page = page_of("admin", OFFER)
    assert "账号还差 2 个" in page
    assert '<a href="/people">' in page


def test_the_page_and_its_lists_speak_the_readers_language(proposal: PolicyProposal) -> None:
    from django.conf import settings

    client = desk.client_of("zhouyining")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for where in (address(proposal), "/policies/proposals", "/approvals"):
        page = client.get(where).content.decode()
        assert "Rules for owners&#x27; suggestions" in page
        assert "建议管理" not in page
