"""A paper with a number of its own stands in a register: the one that came in, the one that takes its place, and which
of them is void."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kesu.casefile.proof.rebuilding import Outcome, compare_case
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.policy.errors import PackInvalid
from kesu.queries.registers.entry_list import RegisterFilter, RegisterList, entry_export, entry_list
from kesu.store.models import RegisterEntry
from tests import confidential, desk
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar

LATER = MONDAY + timedelta(hours=1)
LINES = (
    (
        "\nfacts:\n",
        """
facts:
  old_no: {name: 原鉴定书编号, type: text, clause: D1c}
  new_no: {name: 新鉴定书编号, type: text, clause: D1c}
  stamp: {name: 标识, type: choice, values: [改], clause: D1c}
""",
    ),
    (
        "\nsteps:\n",
        """
steps:
  bring_paper: {name: 收下鉴定书, by: cs_specialist, event: paper.brought, asks: [old_no], clause: D1c}
  recall_paper: {name: 收回鉴定书, by: cs_specialist, event: paper.recalled, clause: D1c}
  issue_paper: {name: 另出鉴定书, by: cs_specialist, event: paper.issued, asks: [new_no], may: [stamp],
    issues: {name: 鉴定书, number: new_no, mark: stamp, replaces: old_no, recalled_by: paper.recalled}, clause: D1c}
""",
    ),
)


@pytest.fixture
def case_id(world: World) -> UUID:
    place = {"unit_id": world.units["qingtang"], "calendar": calendar()}
    pack = changed("p10", "complaint.yaml", *LINES)
    adopt_pack(actor=None, at=MONDAY, pack=pack, signatures=confidential.SIGNED, **place)
    return world.register(at=LATER)


def listed(world: World, login: str = "zhouyining", **wanted: str) -> RegisterList:
    return entry_list(actor=world.actor(login, MONDAY.date()), register=RegisterFilter(**wanted), page=1)


def told(found: RegisterList) -> list[tuple[str, str, bool, str]]:
    return [(row.number, row.mark, row.void_at is not None, row.replaced_by) for row in found.rows]


def test_it_says_what_stands_what_is_void_and_what_took_its_place(world: World, case_id: UUID) -> None:
    world.take(case_id, "bring_paper", "zhouyining", LATER + timedelta(minutes=1), old_no="甲 07")
    world.take(case_id, "bring_paper", "zhouyining", LATER + timedelta(minutes=2), old_no="甲 08")
    assert told(listed(world)) == [("甲 08", "", False, "")]
    assert listed(world).rows[0].issued_at is None

    world.take(case_id, "recall_paper", "zhouyining", LATER + timedelta(minutes=3))
    assert told(listed(world)) == [("甲 08", "", True, "")]
    void_at = listed(world).rows[0].void_at
    world.take(case_id, "issue_paper", "zhouyining", LATER + timedelta(minutes=4), new_no="甲 08 改", stamp="改")
    world.take(case_id, "issue_paper", "zhouyining", LATER + timedelta(minutes=5), new_no="乙 01")

    first, second, third = told(listed(world))[::-1]
    assert first == ("甲 08", "", True, "甲 08 改")
    assert second == ("甲 08 改", "改", True, "乙 01")
    assert third == ("乙 01", "", False, "")
    assert listed(world).rows[-1].void_at == void_at  # since it was recalled, not since it was replaced
    assert [row[0] for row in told(listed(world, state="good"))] == ["乙 01"]
    assert len(told(listed(world, state="void", text="08"))) == 2
    assert told(listed(world, register="别的")) == []
    export = entry_export(actor=world.actor("zhouyining", MONDAY.date()), register=RegisterFilter(), most=2)
    assert (len(export.rows), export.is_cut) == (2, True)

    compared = compare_case(case_id, LATER + timedelta(minutes=6))
    assert compared is not None
    assert compared.outcome is Outcome.SAME
    RegisterEntry.objects.filter(place=1).update(number="涂改")
    compared = compare_case(case_id, LATER + timedelta(minutes=6))
    assert compared is not None
    assert compared.outcome is Outcome.DIFFERENT

    page = desk.client_of("zhouyining").get("/registers?state=void").content.decode()
    assert "甲 08 改" in page
    assert desk.client_of("zhouyining").get("/registers.xlsx").status_code == 200


def test_whoever_does_not_see_the_case_sees_no_paper_of_it(world: World, case_id: UUID) -> None:
    world.take(case_id, "issue_paper", "zhouyining", LATER + timedelta(minutes=4), new_no="乙 01")
    assert told(listed(world))
    assert listed(world, "xumingche").total == 0
    assert listed(world, "xumingche").registers == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("number: new_no", "number: old_no", "这一步不填 old_no"),
        ("number: new_no", "number: stamp", "不是文字（text）类型的事实"),
        ("mark: stamp", "mark: new_no", "不是单选（choice）类型"),
        ("new_no: {name: 新鉴定书编号, type: text", "new_no: {name: 新, type: text, data: personal", "不能写进登记簿"),
    ],
)
def test_a_mistake_is_told(old: str, new: str, said: str) -> None:
    lines = tuple((here, text.replace(old, new, 1)) for here, text in LINES)
    with pytest.raises(PackInvalid) as caught:
        changed("p10", "complaint.yaml", *lines)
    assert said in "\n".join(str(problem) for problem in caught.value.problems)
