"""Papers of people: recorded once, asked for when somebody is named, told to the case by the program, and remembered
before they run out."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from uuid import UUID

import pytest
from PIL import Image

from kesu.commands.nightly.remind_credentials import remind_credentials
from kesu.commands.people.add_credential import add_credential
from kesu.commands.people.remove_credential import remove_credential
from kesu.commands.people.take_out_proof import take_out_proof
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Forbidden, NotFound, NotNow, Unacceptable
from kesu.core.uploads import Upload
from kesu.policy.errors import PackInvalid
from kesu.queries.cases.case_page import case_page
from kesu.queries.people.credentials import credential_book
from kesu.store.models import AccountCredential, CaseEvent, ExportRecord, HouseChange, OutboxMessage
from kesu.web import sentences
from tests import desk
from tests.confidential import SIGNED
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar

LATER = MONDAY + timedelta(hours=1)
TODAY = MONDAY.date()
SLOTS = {"sunyan": "project_dept", "zhouyining": "cs_specialist", "linsheng": "cs_manager"}
LINES = (
    (
        "\nfacts:\n",
        """
facts:
  inspectors: {name: 检查人员, type: group, clause: D1c}
  permit_number: {name: 检查证号, type: text, clause: D1c}
  permit_until: {name: 检查证有效期至, type: date, clause: D1c}
""",
    ),
    (
        "\nsteps:\n",
        """
steps:
  name_inspectors: {name: 指派检查, by: cs_specialist, event: inspectors.named, asks: [inspectors], clause: D1c}
  show_permit: {name: 登记检查证, by: {group: inspectors}, event: permit.shown, asks: [permit_number, permit_until],
    credential: {kind: 检查证, number: permit_number, until: permit_until}, clause: D1c}
  inspect: {name: 检查, by: {group: inspectors}, event: site.inspected, clause: D1c}
""",
    ),
    (
        "\nguards:\n",
        """
guards:
  permit_good: {steps: [inspect], needs: {each: {group: inspectors, event: permit.shown, since: case.received,
    holds: {permit_until: {at_least: 今天}}}}, says: 每个人须有有效的检查证, clause: D1c}
""",
    ),
)


@pytest.fixture
def case_id(world: World) -> UUID:
    own = changed("p10", "complaint.yaml", *LINES)
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)
    return world.register(at=LATER)


def held(world: World, login: str, until: date, number: str = "京建检 0420188", by: str = "admin") -> UUID:
    return add_credential(
        actor=world.actor(by, TODAY),
        at=LATER,
        on=TODAY,
        account_id=world.people[login],
        kind="检查证",
        number=number,
        valid_until=until,
    )


def named(world: World, case_id: UUID, *logins: str, minutes: int = 5) -> None:
    members = "|".join(world.member(SLOTS[login], login) for login in logins)
    world.take(case_id, "name_inspectors", "zhouyining", LATER + timedelta(minutes=minutes), inspectors=members)


def why(refused: NotNow | Unacceptable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (sentences.missing(m.kind, m.name), one.clauses) for one in refused.data["refusals"] for m in one.missing
    )


def test_who_is_named_has_his_paper_told_by_the_program_and_whoever_has_none_is_refused(
    world: World, case_id: UUID
) -> None:
    held(world, "sunyan", TODAY + timedelta(days=40))
    held(world, "zhouyining", TODAY)
    AccountCredential.objects.filter(account_id=world.people["zhouyining"]).update(
        valid_until=TODAY - timedelta(days=1)
    )

    for gone in ("zhouyining", "linsheng"):
        with pytest.raises((NotNow, Unacceptable)) as refused:
            named(world, case_id, "sunyan", gone)
        (said, clauses), *others = why(refused.value)
        assert said.startswith("没有登记有效的证件：")
        assert said.endswith("检查证")
        assert clauses == ("D1c",)
        assert not others
    assert not CaseEvent.objects.filter(case_id=case_id, step="show_permit").exists()

    named(world, case_id, "sunyan")
    told = CaseEvent.objects.get(case_id=case_id, step="show_permit")
    assert (told.actor, told.role) == ("", "system")
    assert told.facts["permit_until"] == (TODAY + timedelta(days=40)).isoformat()
    page = repr(case_page(actor=world.actor("zhouyining", TODAY), at=LATER + timedelta(minutes=9), case_id=case_id))
    assert "京建检 0420188" in page
    world.take(case_id, "inspect", "sunyan", LATER + timedelta(minutes=9))


def test_he_may_still_state_his_own_and_is_named_again_with_it(world: World, case_id: UUID) -> None:
    """The house keeps no such records yet: nobody is refused when he is named, and the policy asks later."""
    named(world, case_id, "sunyan")
    with pytest.raises(NotNow):
        world.take(case_id, "inspect", "sunyan", LATER + timedelta(minutes=6))
    own = {"permit_number": "自带 77", "permit_until": (TODAY + timedelta(days=3)).isoformat()}
    world.take(case_id, "show_permit", "sunyan", LATER + timedelta(minutes=7), **own)
    held(world, "zhouyining", TODAY + timedelta(days=9))  # from now on it keeps them
    named(world, case_id, "sunyan", "zhouyining", minutes=8)
    world.take(case_id, "inspect", "sunyan", LATER + timedelta(minutes=9))
    assert CaseEvent.objects.filter(case_id=case_id, step="show_permit").count() == 2


def test_a_record_shows_four_figures_and_leaves_nothing_when_it_is_removed(world: World, case_id: UUID) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    mine = {"actor": world.actor("sunyan", TODAY), "at": LATER, "on": TODAY, "account_id": world.people["sunyan"]}
    paper = {"kind": "检查证", "number": " 京建检  0420188 ", "valid_until": TODAY}
    row = add_credential(**mine, **paper, proof=Upload("proof", "证.png", out.getvalue()))
    assert add_credential(**mine, **paper) == row
    book = credential_book(**mine)
    assert [(one.ending, one.is_over, one.has_proof) for one in book.lines] == [("0188", False, True)]
    assert "0420188" not in repr(book)
    assert take_out_proof(actor=mine["actor"], at=LATER, credential_id=row).content == out.getvalue()

    other = world.actor("chenmuzhi", TODAY)
    with pytest.raises(Forbidden):
        credential_book(**mine | {"actor": other})
    for act in (take_out_proof, remove_credential):
        with pytest.raises(NotFound):
            act(actor=other, at=LATER, credential_id=row)
    for wrong in ({"kind": "驾照"}, {"number": " "}, {"number": "1" * 61}, {"valid_until": TODAY - timedelta(days=1)}):
        with pytest.raises(Unacceptable):
            add_credential(**mine, **paper | wrong)
    with pytest.raises(Unacceptable):
        add_credential(**mine, **paper | {"number": "2"}, proof=Upload("proof", "a.png", b"<script>"))

    keeper = world.actor("admin", TODAY)
    take_out_proof(actor=keeper, at=LATER, credential_id=row)
    remove_credential(actor=keeper, at=LATER, credential_id=row)
    assert not AccountCredential.objects.exists()
    acts = [one.act for one in HouseChange.objects.filter(act__startswith="credential.").order_by("seq")]
    assert acts == ["credential.added", "credential.shown", "credential.removed"]
    assert "0188" not in repr(list(HouseChange.objects.values_list("before", "after", "name")))


def test_he_and_whoever_keeps_the_people_hear_of_it_once_before_it_runs_out(world: World, case_id: UUID) -> None:
    held(world, "sunyan", TODAY + timedelta(days=30))
    renewed = held(world, "chenmuzhi", TODAY + timedelta(days=7))
    held(world, "chenmuzhi", TODAY + timedelta(days=300))

    first = remind_credentials(TODAY, LATER)
    remind_credentials(TODAY, LATER)

    told = OutboxMessage.objects.filter(template="credential")
    assert first["told"] == told.count() > 1
    assert world.people["sunyan"] in told.values_list("account_id", flat=True)
    assert not told.filter(key__contains=renewed.hex).exists()
    assert "0420188" not in repr(list(told.values_list("payload", flat=True)))
    assert remind_credentials(TODAY + timedelta(days=1), LATER)["told"] == 0


def test_the_page_records_one_and_says_what_is_wrong(world: World, case_id: UUID) -> None:
    client = desk.client_of("sunyan")
    address = f"/people/{world.people['sunyan']}/credentials"
    assert "检查证" in client.get(address).content.decode()
    refused = client.post(address, {"kind": "检查证", "number": "", "valid_until": "明年"})
    assert refused.status_code == 422
    assert "请写成" in refused.content.decode()
    for word in ("\x00", "\u202e12", "1" * 400, "<script>alert(1)</script>" * 3, "' or 1=1 --" + "九" * 60):
        careless = client.post(address, {"kind": word, "number": word, "valid_until": word, "proof": word})
        assert careless.status_code in {400, 422}
        assert "<script>alert" not in careless.content.decode()
    until = (TODAY + timedelta(days=4000)).isoformat()
    assert client.post(address, {"kind": "检查证", "number": "0420188", "valid_until": until}).status_code == 302
    assert "•••• 0188" in client.get(address).content.decode()

    exported = f"/people/{world.people['sunyan']}/export"
    own = json.loads(client.post(exported).content)
    assert [(one["kind"], one["number"], one["valid_until"]) for one in own["credentials"]] == [
        ("检查证", "0420188", until)
    ]
    assert own["account"]["login"] == "sunyan"
    assert own["posts"]
    assert own["changes"][-1]["act"] == "credential.added"
    others = json.loads(desk.client_of("admin").post(exported).content)
    assert others["credentials"][0]["number"] == "…0188"
    assert desk.client_of("wutong").post(exported).status_code == 403
    assert ExportRecord.objects.filter(what="person").count() == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "by: {group: inspectors}, event: permit.shown",
            "by: cs_specialist, event: permit.shown",
            "由一个小组的人各自办",
        ),
        ("asks: [permit_number, permit_until]", "asks: [permit_number]", "这一步不填 permit_until"),
        ("number: permit_number,", "number: permit_until,", "不是文字"),
    ],
)
def test_a_mistake_is_told(old: str, new: str, said: str) -> None:
    lines = tuple((here, text.replace(old, new)) for here, text in LINES)
    with pytest.raises(PackInvalid) as caught:
        changed("p10", "complaint.yaml", *lines)
    assert said in "\n".join(str(problem) for problem in caught.value.problems)
