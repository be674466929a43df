"""What a case shows follows from its log: as it stood when it was shown, corrected when it is shown again, nothing left
of what is taken down or over, and the same when it is made anew."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from kesu.casefile.casefile import CaseFile
from kesu.casefile.log import read_bodies
from kesu.casefile.proof.rebuilding import Outcome
from kesu.casefile.publications import publication_id
from kesu.casefile.statement import Statement
from kesu.commands.cases.take_public_step import take_public_step
from kesu.commands.cases.take_step import take_step
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.nightly.rebuild_case import rebuild_case
from kesu.config.cli import main
from kesu.core import clock
from kesu.core.errors import NotNow
from kesu.policy.model.facts import DataClass
from kesu.policy.standing.attempts import void_event
from kesu.queries.cases.case_page import case_page
from kesu.queries.proof.rows_of_case import compared
from kesu.store.models import Case, CaseEvent, Publication
from tests.publications.house import DEPARTMENT, NOTICE, Publishing, developer, link_of, row_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Publishing:
    return developer()


def differences(case_id: UUID, house: Publishing) -> list[tuple[str, str]]:
    found = compared(case_id, house.at)
    assert found is not None
    assert (found.outcome is Outcome.SAME) is not bool(found.differences)
    return [(one.table, one.column) for one in found.differences]


def test_nothing_is_shown_before_the_step_that_shows_it(house: Publishing) -> None:
    case_id = house.reported()
    house.reviewed(case_id)
    assert not Publication.objects.exists()
    house.post(case_id)
    row = row_of(case_id)
    assert (row.audience, row.title, row.is_up, row.versions) == ("public", NOTICE["public_title"], True, 1)
    assert row.facts == {code: NOTICE[code] for code in ("public_process", "public_result")}
    assert (row.publisher_id, row.unit_id) == (house.stage.units["qihu_one"], house.stage.units["qihu_site"])
    assert (row.posted_at, row.shown_at) == (house.at, house.at)
    assert row.until is not None
    assert timedelta(days=365) <= row.until - house.at < timedelta(days=366)


def test_a_refused_step_shows_nothing(house: Publishing) -> None:
    case_id = house.reported()
    house.take(case_id, "draft_notice", **NOTICE)
    with pytest.raises(NotNow):
        house.post(case_id)
    assert not Publication.objects.exists()


def test_what_is_written_afterwards_is_shown_when_it_is_published_again(house: Publishing) -> None:
    case_id = house.published()
    first = row_of(case_id)
    house.reviewed(case_id, public_result="退还定金并补偿两万元")
    assert row_of(case_id).facts == first.facts
    house.post(case_id)
    row = row_of(case_id)
    assert row.facts["public_result"] == "退还定金并补偿两万元"
    assert (row.pk, row.versions, row.posted_at, row.shown_at) == (first.pk, 2, first.posted_at, house.at)
    assert differences(case_id, house) == []


def test_what_is_taken_down_leaves_nothing_to_read_but_stays_in_the_log(house: Publishing) -> None:
    case_id = house.published()
    house.take(case_id, "take_notice_back", taking_back_reason="认得出是谁")
    row = row_of(case_id)
    assert (row.is_up, row.title, row.facts, row.taken_back_at) == (False, "", {}, house.at)
    kept = read_bodies(Case.objects.get(pk=case_id), [DataClass.INTERNAL.value])
    assert NOTICE["public_result"] in {text for texts in kept.values() for text in texts.values()}
    assert differences(case_id, house) == []


def test_a_customer_who_declines_afterwards_takes_it_down_himself(house: Publishing) -> None:
    case_id = house.published()
    at = house.at + timedelta(minutes=5)
    given = said({"opt_out_reason": "邻居认得出是我家"})
    take_public_step(at=at, secret=link_of(case_id), step="opt_out", given=given, uploads=(), token="declined")
    assert (row_of(case_id).is_up, row_of(case_id).taken_back_at) == (False, at)


def test_when_its_time_is_over_the_worker_takes_the_words_away(house: Publishing) -> None:
    case_id = house.published()
    house.take(case_id, "archive")
    until = row_of(case_id).until
    assert until is not None
    while wake_one(at=until - timedelta(seconds=1)):
        pass
    assert row_of(case_id).is_up
    assert Case.objects.get(pk=case_id).card.wake_at == until
    assert wake_one(at=until)
    assert (row_of(case_id).is_up, row_of(case_id).facts, row_of(case_id).taken_back_at) == (False, {}, None)


def test_the_step_that_showed_it_taken_back_it_was_never_shown(house: Publishing) -> None:
    case_id = house.published()
    posted = CaseEvent.objects.get(case_id=case_id, kind="publication.posted")
    with transaction.atomic():
        file = CaseFile.open(Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case_id))
        file._add(void_event(file.log, posted.seq, None, None, house.at), Statement({}))
        file.settle(house.at + timedelta(minutes=1))
    assert not Publication.objects.exists()


def test_made_anew_from_the_log_it_is_the_same_under_the_same_address(house: Publishing) -> None:
    case_id = house.published()
    assert differences(case_id, house) == []
    before = Publication.objects.values().get()
    Publication.objects.all().delete()
    assert differences(case_id, house) == [("publication", "")]
    rebuild_case(case_id=case_id, at=house.at)
    assert Publication.objects.values().get() == before
    assert before["id"] == publication_id(case_id, "notice")


def test_words_that_nobody_published_are_found_and_answered(capsys: pytest.CaptureFixture[str]) -> None:
    house = developer(clock.now() - timedelta(hours=3))
    case_id = house.published()
    Publication.objects.update(facts={"public_result": "张三赔了"}, is_up=True)
    number = Case.objects.get(pk=case_id).number
    assert main(["rebuild", "--case", number]) == 1
    told = capsys.readouterr().out
    assert f"{number}：公示 notice 的 facts 不同" in told
    assert "张三" not in told
    rebuild_case(case_id=case_id, at=house.at)
    assert differences(case_id, house) == []


def test_what_is_public_is_not_written_otherwise_as_of_before_it_was_published(house: Publishing) -> None:
    case_id = house.published()
    before = Publication.objects.values().get()
    shown_at = row_of(case_id).shown_at
    house.at += timedelta(minutes=30)
    version = Case.objects.values_list("version", flat=True).get(pk=case_id)
    with pytest.raises(NotNow) as refused:
        take_step(
            actor=house.actor("leizhiqiu"),
            at=house.at,
            happened_at=shown_at - timedelta(minutes=1),
            case_id=case_id,
            step="draft_notice",
            seen_version=version,
            given=said(NOTICE | {"public_result": "另一种说法"}),
        )
    assert refused.value.clauses
    assert Publication.objects.values().get() == before
    house.take(case_id, "draft_notice", **NOTICE | {"public_result": "另一种说法"})
    assert row_of(case_id).facts["public_result"] == NOTICE["public_result"]


def test_a_row_of_nothing_is_removed(house: Publishing) -> None:
    case_id = house.published()
    other = row_of(case_id)
    other.pk, other.rule = uuid4(), "another"
    other.save(force_insert=True)
    assert differences(case_id, house) == [("publication", "")]
    rebuild_case(case_id=case_id, at=house.at)
    assert Publication.objects.count() == 1


def test_the_case_says_what_it_shows_and_what_became_of_it(house: Publishing) -> None:
    case_id = house.reported()
    assert case_page(actor=house.actor(DEPARTMENT), at=house.at, case_id=case_id).publications == ()
    house.reviewed(case_id)
    house.post(case_id)
    (line,) = case_page(actor=house.actor(DEPARTMENT), at=house.at, case_id=case_id).publications
    assert (line.id, line.state, line.corrected_at) == (row_of(case_id).pk, "up", None)
    assert [clause.printed for clause in line.clauses] == ["四、4"]
    house.take(case_id, "take_notice_back", taking_back_reason="认得出是谁")
    (line,) = case_page(actor=house.actor(DEPARTMENT), at=house.at, case_id=case_id).publications
    assert (line.state, line.taken_back_at) == ("taken_back", house.at)
