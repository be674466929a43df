"""What stands on a printed document, who may read it, and what is written down of the reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kesu.access.sight.item import ItemKind, Lane
from kesu.access.sight.paper import Paper, PaperCell, paper
from kesu.access.sight.reading import read_case
from kesu.commands.cases.print_document import print_document
from kesu.core.errors import Forbidden, NotFound
from kesu.core.uploads import Upload
from kesu.policy.model.rules import Document
from kesu.queries.cases.case_page import case_page
from kesu.queries.cases.document import case_document
from kesu.store.models import Note, RoleGrant
from tests.access.sample import picture
from tests.world import MONDAY, World

HOUR = timedelta(hours=1)
LATER = MONDAY + 6 * HOUR


def printed(here: World, case: UUID, document: str, login: str = "zhouyining") -> Paper:
    return print_document(actor=here.actor(login), at=LATER, case_id=case, document=document)


def shown(here: World, case: UUID, document: str, login: str = "zhouyining") -> Paper:
    return case_document(actor=here.actor(login), at=LATER, case_id=case, document=document)


def cell(found: Paper, name: str) -> PaperCell:
    return next(one for section in found.sections for row in section.rows for one in row if one.name == name)


def says(found: Paper, name: str) -> list[object]:
    return [entry.line.text or entry.line.value for entry in cell(found, name).entries]


def test_it_prints_who_somebody_is_for_those_who_may_read_it_and_writes_that_down(here: World) -> None:
    case = here.triaged()
    found = printed(here, case, "complaint_file", "heqing")

    assert says(found, "投诉人") == ["苏女士"]
    assert says(found, "联系电话") == ["13800002016"]
    assert says(found, "房号") == ["3-1-1702"]
    assert not found.is_masked
    items = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=case).timeline
    assert [(i.who, i.name) for i in items if i.kind is ItemKind.PRINTED] == [("何青", "客户投诉处理档案表")]
    assert all(i.is_in(Lane.INTERNAL) and not i.is_in(Lane.TALK) for i in items if i.kind is ItemKind.PRINTED)


def test_a_plan_on_paper_says_that_the_customer_must_not_have_it_before_it_is_approved(here: World) -> None:
    case = here.planned()
    locked = shown(here, case, "complaint_file")
    assert says(locked, "处理方案")
    assert [[clause.printed for clause in one.clauses] for one in locked.locks] == [["5.2"]]
    assert shown(here, here.triaged(MONDAY + timedelta(minutes=1)), "complaint_file").locks == ()


def test_it_shows_nobody_in_clear_who_has_only_looked(here: World) -> None:
    case = here.triaged()
    found = shown(here, case, "complaint_letter")

    assert says(found, "联系电话") == ["138****2016"]
    assert found.is_masked
    assert found.may_read_personal
    assert "13800002016" not in repr(found)
    assert not Note.objects.filter(case=case, visibility="printed").exists()


def test_it_masks_names_and_rooms_for_those_without_the_right_and_lets_them_print_nothing_in_clear(here: World) -> None:
    case = here.triaged()
    RoleGrant.objects.filter(role="project_dept", permission="case:personal:read").delete()
    found = shown(here, case, "complaint_letter", "sunyan")

    assert (says(found, "投诉人"), says(found, "房号")) == (["苏**"], ["＊＊＊"])
    assert not found.may_read_personal
    assert "苏女士" not in repr(found)
    with pytest.raises(Forbidden):
        printed(here, case, "complaint_letter", "sunyan")
    assert not Note.objects.filter(case=case, visibility="printed").exists()


def test_it_writes_nothing_down_where_nobody_is_named(here: World) -> None:
    case = here.planned()

    assert not printed(here, case, "opinion").holds_personal
    assert not Note.objects.filter(case=case, visibility="printed").exists()


@pytest.mark.parametrize(("login", "document"), [("zhaolang", "complaint_file"), ("zhouyining", "no_such_form")])
def test_it_knows_no_document_out_of_sight_or_out_of_the_policy(here: World, login: str, document: str) -> None:
    case = here.triaged()

    with pytest.raises(NotFound):
        shown(here, case, document, login)
    with pytest.raises(NotFound):
        printed(here, case, document, login)


def test_it_puts_only_the_complainant_on_the_letter_that_he_signs(here: World) -> None:
    """Whoever joined later is a neighbour: his name, number and room are not for this customer to read."""
    case = here.triaged()
    neighbour = {"person__name": "邻居", "person__phone": "13800001001", "joiner_room": "3-1-1802"}
    here.take(case, "join", "zhouyining", MONDAY + HOUR, **neighbour)
    found = printed(here, case, "complaint_letter")

    assert (says(found, "投诉人"), says(found, "联系电话"), says(found, "房号")) == (
        ["苏女士"],
        ["13800002016"],
        ["3-1-1702"],
    )
    assert not any(word in repr(found) for word in ("邻居", "13800001001", "3-1-1802"))


def test_it_takes_a_corrected_name_and_number(here: World) -> None:
    case = here.triaged()
    right = {"contact__name": "苏女士", "contact__phone": "13800002061"}
    here.take(case, "correct_contact", "zhouyining", MONDAY + HOUR, **right)

    assert says(printed(here, case, "complaint_letter"), "联系电话") == ["13800002061"]


def test_it_takes_a_corrected_room(here: World) -> None:
    case = here.triaged()
    here.take(case, "state_facts", "zhouyining", MONDAY + HOUR, room="3-1-1703")

    assert says(printed(here, case, "complaint_letter"), "房号") == ["3-1-1703"]


def test_it_tells_every_opinion_with_its_author_and_every_signature_with_its_verdict(here: World) -> None:
    case = here.planned()
    found = printed(here, case, "plan")
    (opinion,) = cell(found, "专业意见").entries

    assert (opinion.line.text, opinion.by, opinion.role) == ("重做密封胶", "陈牧之", "部门第一负责人")
    assert says(found, "处理方案") == ["清理旧胶，重打密封胶"]
    (approval,) = found.sections[1].approvals
    assert approval.name == "联合审核"
    assert [(s.who, s.verdict) for link in approval.links for s in link.signatures] == [("陈牧之", None)]


def test_it_names_who_filled_a_document_and_leaves_a_line_for_whoever_signs_by_hand(here: World) -> None:
    found = printed(here, here.triaged(), "complaint_letter")

    assert [(line.label, line.by, line.at) for line in found.signatures] == [
        ("投诉人", "", None),
        ("接收人", "周以宁", MONDAY + timedelta(minutes=10)),
    ]


def test_it_heads_the_paper_with_the_companies_and_the_policy(here: World) -> None:
    found = printed(here, here.triaged(), "complaint_file")

    assert found.organisation == ("南岑置业集团", "南岑东部公司")
    assert (found.document_number, found.policy_version) == ("QY-KH-LC001", "1.0")
    assert says(found, "投诉级别") == ["一般"]
    assert says(found, "接收人") == ["吴桐"]


def test_it_lists_files_by_name(here: World) -> None:
    photo = Upload("photos", "墙面.jpg", picture())
    case = here.register(uploads=[photo])

    assert says(printed(here, case, "complaint_letter"), "照片") == ["墙面.jpg"]
    assert says(printed(here, case, "complaint_file"), "证据清单") == ["墙面.jpg"]


def test_it_prints_a_document_for_which_the_policy_lays_nothing_out(here: World) -> None:
    read = read_case(here.actor("zhouyining"), LATER, here.triaged())
    plain = Document("slip", "回执", ("person", "track", "category", "content"), ())
    read = replace(read, kind=replace(read.kind, documents={"slip": plain}))
    found = paper(read, "slip")

    names = [[one.name for one in row] for row in found.sections[0].rows]
    assert names == [["编号", "项目", "接报时间"], ["投诉人", "抱怨类或质量类"], ["类别"], ["内容"]]


def test_it_lists_the_documents_of_a_case_and_who_filled_them(here: World) -> None:
    lines = case_page(actor=here.actor("zhouyining"), at=LATER, case_id=here.triaged()).documents

    assert [(line.name, line.filled_by) for line in lines] == [
        ("客户投诉处理档案表", "周以宁"),
        ("客户投诉书", "周以宁"),
        ("专业意见", ""),
        ("处理方案", ""),
        ("协商记录", ""),
    ]
    assert [clause.printed for clause in lines[2].clauses] == ["第 4 步输出"]


def test_it_asks_the_database_as_often_for_a_long_case_as_for_a_short_one(here: World) -> None:
    case = here.planned()

    def asked() -> int:
        printed(here, case, "complaint_file")
        with CaptureQueriesContext(connection) as caught:
            printed(here, case, "complaint_file")
        return len(caught)

    before = asked()
    for i in range(12):
        at = MONDAY + timedelta(hours=2, minutes=i)
        here.take(case, "take_note", "zhouyining", at, note=f"备注 {i}")
        here.take(case, "join", "zhouyining", at, person__name=f"邻居{i}", person__phone=f"138000020{i:02d}")
    assert asked() == before
    assert says(shown(here, case, "complaint_file"), "投诉人数") == [15]
