"""Letters to customers (客户函件办法): written from a template, held back like messages, recorded when sent."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from kesu.core.errors import Forbidden, NotNow
from kesu.queries.cases.document import case_document
from kesu.queries.cases.letter_drafts import letter_drafts
from kesu.store.models import Case, Note, Unit
from kesu.web.paper.pdf import pdf
from kesu.web.paper.sheet import Sheet, sheet
from kesu.web.paper.word import docx
from tests import desk
from tests.commands.test_overlays import adopt
from tests.own_packs import changed
from tests.world import MONDAY, World

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ANSWER = {"letter_findings": "外墙拼缝老化", "letter_answer": "重打密封胶\n并重新粉刷", "letter_amount": "1200.5"}
SENT = {"sent_way": "电子邮件", "sent_to": "su@example.invalid"}


def under_letters(world: World) -> UUID:
    """A complaint that waits for nothing."""
    adopt(world, "letters")
    return world.triaged(MONDAY + HOUR)


def printed(world: World, case: UUID, document: str) -> Sheet:
    paper = case_document(actor=world.actor("heqing"), at=MONDAY + 9 * HOUR, case_id=case, document=document)
    return sheet(paper, printed_by="何青", at=MONDAY + 9 * HOUR, address="https://kesu.example/cases/1")


def test_a_reply_is_written_out_with_who_sends_it_and_when(world: World) -> None:
    case = under_letters(world)
    world.take(case, "write_answer", "zhouyining", MONDAY + 4 * HOUR, **ANSWER)

    drawn = printed(world, case, "answer_letter")
    letter = drawn.letter
    assert letter is not None
    assert letter.subject.endswith("的答复")
    assert "二、答复意见：重打密封胶" in letter.paragraphs
    assert "并重新粉刷" in letter.paragraphs
    assert "三、补偿金额：¥1,200.50（人民币壹仟贰佰元伍角整）。" in letter.paragraphs
    assert (letter.closing, letter.sender, letter.day) == ("特此函复。", "南岑东部公司", "2026年6月8日")
    assert any(code.endswith("函 1") for code in drawn.codes)

    on_paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(drawn))).pages)
    in_word = "\n".join(part.text for part in Document(io.BytesIO(docx(drawn))).paragraphs)
    for words in ("壹仟贰佰元伍角整", "特此函复", "南岑东部公司"):
        assert words in on_paper.replace("\n", "")
        assert words in in_word


def test_what_was_not_promised_is_left_out(world: World) -> None:
    case = under_letters(world)
    world.take(case, "write_answer", "zhouyining", MONDAY + 4 * HOUR, **ANSWER | {"letter_amount": ""})
    letter = printed(world, case, "answer_letter").letter
    assert letter is not None
    assert "补偿" not in "".join(letter.paragraphs)


def test_a_letter_is_shown_while_it_is_typed(world: World) -> None:
    case = under_letters(world)
    given = {code: (text,) for code, text in ANSWER.items()}
    found = letter_drafts(
        actor=world.actor("heqing"), at=MONDAY + 5 * HOUR, case_id=case, step="write_answer", given=given
    )
    assert [one.name for one in found.drafts] == ["答复函"]
    assert "一、查明的情况：外墙拼缝老化" in found.drafts[0].letter.written.paragraphs
    assert found.drafts[0].letter.ordinal is None


def test_a_letter_names_a_department_while_it_is_typed_as_it_will_in_the_end(world: World) -> None:
    """Of what the form does not offer, nothing is said."""
    says = ("says: [person, title, letter_amount]", "says: [person, title, letter_amount, letter_dept]")
    row = "  letter_amount: {name: 答应补偿的金额, type: money, clause: 2b}\n"
    dept = "  letter_dept: {name: 办理部门, type: unit, clause: 2a}\n"
    closing = "        - 三、补偿金额：{letter_amount}。\n"
    own = changed(
        "letters", "complaint.yaml", says, (row, row + dept),
        ("may: [letter_amount]", "may: [letter_amount, letter_dept]"),
        (closing, f"{closing}        - 由{{letter_dept}}办理。\n"),
    )  # fmt: skip
    adopt(world, own)
    case, unit = world.triaged(MONDAY + HOUR), world.units["east_engineering"].hex
    name = Unit.objects.get(pk=unit).name

    def draft(chosen: str) -> str:
        given = {"letter_answer": ("重做",), "letter_dept": (chosen,)}
        actor, at = world.actor("zhouyining"), MONDAY + 5 * HOUR
        (one,) = letter_drafts(actor=actor, at=at, case_id=case, step="write_answer", given=given).drafts
        return one.letter.written.text

    assert f"由{name}办理。" in draft(unit)
    assert "办理。" not in draft(case.hex)
    assert case.hex not in draft(case.hex)
    world.take(case, "write_answer", "zhouyining", MONDAY + 6 * HOUR, **ANSWER, letter_dept=unit)
    letter = printed(world, case, "answer_letter").letter
    assert letter is not None
    assert f"由{name}办理。" in letter.paragraphs


def test_whoever_plans_under_the_policy_writes_its_letters_too(world: World) -> None:
    """P10 lets the members of the team plan; the letters follow, without naming any team."""
    adopt(world, "letters")
    case = world.planned(MONDAY + HOUR)
    world.take(case, "write_answer", "chenmuzhi", MONDAY + 5 * HOUR, **ANSWER)
    with pytest.raises(Forbidden):
        world.take(case, "write_answer", "wutong", MONDAY + 6 * HOUR, **ANSWER)


def test_rules_on_wording_remind_of_letters_too(world: World) -> None:
    adopt(world, "s14")
    case = under_letters(world)
    given = {"letter_findings": ("这不归我们管",), "letter_answer": ("请等",)}
    found = letter_drafts(
        actor=world.actor("heqing"), at=MONDAY + 5 * HOUR, case_id=case, step="write_answer", given=given
    )
    assert [(one.found, one.lacking) for one in found.drafts[0].wording] == [(("不归我们管",), ())]


def test_a_reply_is_not_sent_before_what_it_waits_for_and_progress_is(world: World) -> None:
    adopt(world, "letters")
    case = world.planned(MONDAY + HOUR)
    at = MONDAY + 5 * HOUR
    world.take(case, "write_answer", "zhouyining", at, **ANSWER)
    world.take(case, "write_interim", "zhouyining", at, letter_progress="正在审核", letter_next_on="2026-06-12")

    with pytest.raises(NotNow) as refused:
        world.take(case, "record_sending", "zhouyining", at, sent_document="答复函", **SENT)
    assert any("5.2b" in one.clauses for one in refused.value.data["refusals"])
    assert "未经批准" in printed(world, case, "answer_letter").warning
    assert "未经批准" not in printed(world, case, "interim_letter").warning
    world.take(case, "record_sending", "zhouyining", at, sent_document="进展告知函", **SENT)


def test_a_letter_of_progress_does_not_tell_the_plan_that_waits(world: World) -> None:
    adopt(world, "letters")
    case = world.planned(MONDAY + HOUR)
    at, progress, told = MONDAY + 5 * HOUR, {"letter_next_on": "2026-06-12"}, "我们打算：清理旧胶，重打密封胶"

    with pytest.raises(NotNow) as refused:
        world.take(case, "write_interim", "zhouyining", at, letter_progress=told, **progress)
    assert refused.value.reason == "reply_told_early"
    assert any("5.2b" in one.clauses for one in refused.value.data["refusals"])
    world.take(case, "write_interim", "zhouyining", at, letter_progress="方案已经报上去，等审批", **progress)


def test_the_follow_page_is_noted_once_a_day_and_nothing_of_from_where() -> None:
    world, now = desk.opened()
    secret = world.submit(at=now - HOUR).secret
    case = Case.objects.get()
    for _ in range(2):
        page = Client().get(f"/follow/{secret}").content.decode()
        assert "打开了查询页" not in page
    assert Note.objects.filter(case=case, visibility="opened", author=None).count() == 1
    assert "打开了查询页" in desk.client_of("zhouyining").get(reverse("case-page", args=[case.pk])).content.decode()
