"""归档清单: what the file of a case holds, what a rule asks for and has not got."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kesu.access.sight.archive import PaperState
from kesu.queries.cases.archive_list import ArchiveList, archive_list
from tests import desk
from tests.commands.test_overlays import adopt

pytestmark = pytest.mark.django_db

ANSWER = {"letter_findings": "外墙拼缝老化", "letter_answer": "重打密封胶"}


def test_a_document_lacks_from_when_a_rule_asks_for_it_until_the_customer_has_it() -> None:
    world, now = desk.opened()
    adopt(world, "letters", at=now - timedelta(days=20))
    at = now - timedelta(days=1)
    case = world.triaged(at, written_asked="是", promised_feedback_at=desk.PROMISED)

    def found() -> ArchiveList:
        return archive_list(actor=desk.actor("zhouyining"), at=now, case_id=case)

    def states() -> dict[str, PaperState]:
        return {line.code: line.state for line in found().contents.papers}

    assert states()["answer_letter"] is PaperState.LACKING
    assert (states()["complaint_file"], states()["interim_letter"]) == (PaperState.THERE, PaperState.UNUSED)
    page = desk.client_of("zhouyining").get(reverse("case-archive", args=[case])).content.decode()
    assert "缺 1 份文书" in page

    world.take(case, "write_answer", "zhouyining", at + timedelta(hours=1), **ANSWER)
    assert states()["answer_letter"] is PaperState.LACKING, "it may still lie in a drawer"
    page = desk.client_of("zhouyining").get(reverse("case-archive", args=[case])).content.decode()
    assert "还没有登记交给客户" in page
    sent = {"sent_document": "答复函", "sent_way": "电子邮件", "sent_to": "su@example.invalid"}
    world.take(case, "record_sending", "zhouyining", at + timedelta(hours=2), **sent)
    line = next(one for one in found().contents.papers if one.code == "answer_letter")
    assert (line.state, line.handed_at) == (PaperState.THERE, at + timedelta(hours=2))

    paper = desk.client_of("zhouyining").get(reverse("case-document", args=[case, "archive-list"])).content.decode()
    assert "客户投诉处理档案表" in paper
    assert "进展告知函" not in paper
    assert "移交人" in paper
