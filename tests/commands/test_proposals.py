"""A policy is proposed by who may adopt it and signed by each of its signers himself; the last one puts it in force."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connections, transaction

from kesu.commands.organisation.give_post import give_post
from kesu.commands.people.begin_absence import begin_absence
from kesu.commands.people.shut_account import shut_account
from kesu.commands.policies.name_signer import name_signer
from kesu.commands.policies.refuse_policy import refuse_policy
from kesu.commands.policies.sign_policy import sign_policy
from kesu.commands.policies.withdraw_proposal import withdraw_proposal
from kesu.core.errors import Forbidden, NotFound, NotNow, Refused, Unacceptable
from kesu.store.models import (
    Adoption,
    HouseChange,
    OutboxMessage,
    PolicyProposal,
    PolicyVersion,
    PostSlot,
    ProposalSigner,
    RoleGrant,
    Unit,
)
from tests.proposing import SIGNERS, propose, sign
from tests.world import MONDAY, World

AT = MONDAY
LATER = MONDAY + timedelta(hours=1)
ON = MONDAY.date()


@pytest.fixture
def proposal(world: World) -> UUID:
    return propose(world, AT)


def problems(refused: pytest.ExceptionInfo[Unacceptable]) -> set[str]:
    return {what for what, _, _ in refused.value.data["problems"]}


def in_force(proposal: UUID) -> bool:
    return Adoption.objects.filter(proposal=proposal).exists()


def acts() -> list[tuple[str, str]]:
    """What the record of changes says of it, with who did it."""
    rows = HouseChange.objects.order_by("seq").values_list("act", "account__login")
    return [(act, login) for act, login in rows if act.startswith(("policy.", "proposal.")) and login]


def test_nothing_is_in_force_before_the_last_of_them_has_signed(world: World, proposal: UUID) -> None:
    for login in ("zhouyining", "linsheng"):
        assert not sign(world, proposal, login, LATER)
        assert not in_force(proposal)

    assert sign(world, proposal, "gulan", LATER)

    adopted = Adoption.objects.get(proposal=proposal)
    wanted = PolicyProposal.objects.get(pk=proposal)
    assert adopted.policy_version_id == wanted.hash
    assert adopted.policy_version.canonical == wanted.canonical
    assert adopted.effective_from == LATER
    assert adopted.signatures == ["compiled_by: 周以宁", "reviewed_by: 林声", "approved_by: 顾岚"]


def test_the_chained_record_says_who_proposed_and_who_signed_each_in_his_own_name(world: World, proposal: UUID) -> None:
    for login in SIGNERS.values():
        sign(world, proposal, login, LATER)

    assert acts() == [
        ("policy.proposed", "admin"),
        ("policy.signed", "zhouyining"),
        ("policy.signed", "linsheng"),
        ("policy.signed", "gulan"),
        ("policy.adopted", "gulan"),
    ]
    assert HouseChange.objects.latest("seq").after["proposed_by"] == "admin"


def test_they_sign_in_the_order_of_the_slots(world: World, proposal: UUID) -> None:
    with pytest.raises(NotNow, match="not_your_turn"):
        sign(world, proposal, "gulan", LATER)
    sign(world, proposal, "zhouyining", LATER)
    with pytest.raises(NotNow, match="not_your_turn"):
        refuse_policy(actor=world.actor("gulan"), at=LATER, proposal_id=proposal, reason="不同意")


def test_each_is_told_when_it_is_his_turn(world: World, proposal: UUID) -> None:
    def told() -> list[str]:
        return list(OutboxMessage.objects.order_by("id").values_list("account__login", flat=True))

    assert told() == ["zhouyining"]
    sign(world, proposal, "zhouyining", LATER)
    assert told() == ["zhouyining", "linsheng"]


def test_signing_twice_is_answered_as_done(world: World, proposal: UUID) -> None:
    assert sign(world, proposal, "zhouyining", LATER) is sign(world, proposal, "zhouyining", LATER) is False
    for login in ("linsheng", "gulan"):
        sign(world, proposal, login, LATER)
    before = HouseChange.objects.count()

    assert sign(world, proposal, "gulan", LATER + timedelta(days=1))

    assert HouseChange.objects.count() == before
    assert Adoption.objects.filter(proposal=proposal).count() == 1


def test_proposing_the_same_again_opens_no_second_one(world: World, proposal: UUID) -> None:
    assert propose(world, LATER) == proposal
    assert propose(world, LATER, subject="工程质量") != proposal
    withdraw_proposal(actor=world.actor("admin"), at=LATER, proposal_id=proposal)
    assert propose(world, LATER) != proposal


def test_another_text_than_the_proposed_one_cannot_be_signed(world: World, proposal: UUID) -> None:
    actor = world.actor("zhouyining")
    with pytest.raises(Unacceptable, match="another_text"):
        sign_policy(actor=actor, at=LATER, on=ON, proposal_id=proposal, policy_hash="0" * 64)
    assert not ProposalSigner.objects.filter(proposal=proposal, signed_at__isnull=False).exists()


def test_the_signed_text_counts_whatever_the_library_says_by_then(
    world: World, proposal: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kesu.casefile.proposals.offered", dict)
    for login in SIGNERS.values():
        sign(world, proposal, login, LATER)
    wanted = PolicyProposal.objects.get(pk=proposal)
    assert PolicyVersion.objects.get(pk=wanted.hash).canonical == wanted.canonical


def test_refusing_ends_it_with_a_reason_that_its_proposer_is_told_of(world: World, proposal: UUID) -> None:
    actor = world.actor("zhouyining")
    with pytest.raises(Unacceptable):
        refuse_policy(actor=actor, at=LATER, proposal_id=proposal, reason=" ")
    refuse_policy(actor=actor, at=LATER, proposal_id=proposal, reason="回访期限太短")
    refuse_policy(actor=actor, at=LATER, proposal_id=proposal, reason="回访期限太短")

    assert acts()[-1] == ("policy.refused", "zhouyining")
    assert HouseChange.objects.latest("seq").after["reason"] == "回访期限太短"
    assert OutboxMessage.objects.latest("id").account.login == "admin"
    with pytest.raises(NotNow, match="proposal_over"):
        sign(world, proposal, "zhouyining", LATER)
    with pytest.raises(NotNow, match="proposal_over"):
        withdraw_proposal(actor=world.actor("admin"), at=LATER, proposal_id=proposal)


def test_who_proposed_withdraws_and_nobody_signs_any_more(world: World, proposal: UUID) -> None:
    for _ in range(2):
        withdraw_proposal(actor=world.actor("admin"), at=LATER, proposal_id=proposal)
    assert acts()[-1] == ("proposal.withdrawn", "admin")
    with pytest.raises(NotNow, match="proposal_over"):
        sign(world, proposal, "zhouyining", LATER)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"approved_by": ""}, "signature_missing"),
        ({"approved_by": "zhouyining"}, "signed_twice"),
    ],
)
def test_it_takes_one_person_of_the_house_for_each_slot(world: World, changed: dict[str, str], said: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        propose(world, AT, signers=SIGNERS | changed)
    assert problems(refused) == {said}
    assert not PolicyProposal.objects.exists()


def test_whoever_has_left_or_is_away_is_not_named(world: World) -> None:
    admin, away = world.actor("admin"), world.people["linsheng"]
    shut_account(actor=admin, at=AT, on=ON, account_id=world.people["gulan"], reason="离职")
    begin_absence(actor=admin, at=AT, on=ON, account_id=away, deputy_id=world.people["heqing"], first=ON, last=ON)
    with pytest.raises(Unacceptable) as refused:
        propose(world, AT)
    assert problems(refused) == {"signer_unknown", "signer_away"}


def test_a_deputy_does_not_sign_and_somebody_else_is_named(world: World, proposal: UUID) -> None:
    admin, away = world.actor("admin"), world.people["zhouyining"]
    begin_absence(actor=admin, at=AT, on=ON, account_id=away, deputy_id=world.people["xumingche"], first=ON, last=ON)
    with pytest.raises(NotFound):
        sign(world, proposal, "xumingche", LATER)

    lead = {"actor": admin, "at": LATER, "on": ON, "proposal_id": proposal, "slot": "compiled_by"}
    with pytest.raises(Unacceptable) as refused:
        name_signer(**lead, account_id=world.people["linsheng"])
    assert problems(refused) == {"signed_twice"}
    name_signer(**lead, account_id=world.people["heqing"])

    with pytest.raises(NotFound):
        sign(world, proposal, "zhouyining", LATER)
    assert not sign(world, proposal, "heqing", LATER)
    assert OutboxMessage.objects.filter(account__login="heqing").exists()
    with pytest.raises(NotNow, match="signed_already"):
        name_signer(**lead, account_id=world.people["luqiao"])
    assert ("proposal.signer_named", "admin") in acts()


def test_what_has_come_in_the_way_is_told_to_the_last_signer_and_nothing_is_half_done(world: World) -> None:
    proposal = propose(world, AT, since="2026-06-10")
    for login in ("zhouyining", "linsheng"):
        sign(world, proposal, login, LATER)
    PostSlot.objects.filter(slot="service_manager").delete()
    RoleGrant.objects.filter(permission="policy:version:adopt").delete()
    Unit.objects.filter(pk=world.units["east_co"]).update(closed_on=ON)
    before = HouseChange.objects.count()

    with pytest.raises(Unacceptable) as refused:
        sign(world, proposal, "gulan", MONDAY + timedelta(days=5))

    assert problems(refused) == {"slot_empty", "day_passed", "proposer_may_not", "unit_closed"}
    assert not in_force(proposal)
    assert HouseChange.objects.count() == before
    assert ProposalSigner.objects.get(proposal=proposal, slot="approved_by").signed_at is None


def test_it_begins_on_its_day_when_the_last_signs_before(world: World) -> None:
    proposal = propose(world, AT, since="2026-06-10")
    for login in SIGNERS.values():
        sign(world, proposal, login, LATER)
    assert Adoption.objects.get(proposal=proposal).effective_from == datetime(2026, 6, 9, 16, tzinfo=UTC)


def test_only_who_may_adopt_there_proposes_and_leads(world: World, proposal: UUID) -> None:
    with pytest.raises(Forbidden):
        propose(world, AT, login="zhouyining")
    for login in ("zhouyining", "heqing"):
        with pytest.raises(Forbidden):
            withdraw_proposal(actor=world.actor(login), at=LATER, proposal_id=proposal)
    with pytest.raises(NotFound):
        withdraw_proposal(actor=world.actor("wutong"), at=LATER, proposal_id=proposal)


def test_who_may_adopt_elsewhere_knows_nothing_of_it(world: World, proposal: UUID) -> None:
    """Somebody who keeps the policies of another company."""
    west = {"unit_id": world.units["west_co"], "account_id": world.people["jiangyu"]}
    give_post(actor=world.actor("admin"), at=AT, on=ON, **west, role="policy_admin", name="制度管理员")
    for known in (proposal, uuid4()):
        with pytest.raises(NotFound):
            withdraw_proposal(actor=world.actor("jiangyu"), at=LATER, proposal_id=known)
        with pytest.raises(NotFound):
            sign(world, proposal, "jiangyu", LATER)
    with pytest.raises(Forbidden):
        propose(world, AT, login="jiangyu")


def test_what_is_signed_cannot_be_changed_in_the_tables(world: World, proposal: UUID) -> None:
    sign(world, proposal, "zhouyining", LATER)
    other = world.people["heqing"]
    with pytest.raises(DatabaseError), transaction.atomic():
        ProposalSigner.objects.filter(slot="compiled_by").update(account_id=other)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyProposal.objects.filter(pk=proposal).update(canonical="")


def test_two_who_sign_at_once_put_it_in_force_once(committed_world: World) -> None:
    world = committed_world
    proposal = propose(world, AT)
    sign(world, proposal, "zhouyining", LATER)
    sign(world, proposal, "linsheng", LATER)
    together, said = threading.Barrier(4), []

    def signs() -> None:
        together.wait()
        try:
            said.append(sign(world, proposal, "gulan", LATER))
        except Refused as refused:
            said.append(refused.reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=signs) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == [True] * 4
    assert Adoption.objects.filter(proposal=proposal).count() == 1
    assert acts().count(("policy.signed", "gulan")) == 1


def test_two_in_different_slots_at_once_keep_the_order(committed_world: World) -> None:
    world = committed_world
    proposal = propose(world, AT)
    together, said = threading.Barrier(2), {}

    def signs(login: str) -> None:
        together.wait()
        try:
            said[login] = str(sign(world, proposal, login, LATER))
        except Refused as refused:
            said[login] = refused.reason
        finally:
            connections.close_all()

    threads = [threading.Thread(target=signs, args=(login,)) for login in ("zhouyining", "linsheng")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said["zhouyining"] == "False"
    assert said["linsheng"] in {"False", "not_your_turn"}
    times = dict(ProposalSigner.objects.filter(proposal=proposal).values_list("slot", "signed_at"))
    assert times["approved_by"] is None
    assert (times["reviewed_by"] is not None) == (said["linsheng"] == "False")
