"""Reports under seal: who sees them, and that nobody else learns anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from kesu.access.sealed import sealed_by_secret, sealed_cases_for, sealed_for
from kesu.casefile import sealed_files
from kesu.casefile.casefile import CaseFile
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.sealed.add_to_report import add_to_report
from kesu.commands.sealed.submit_report import submit_report
from kesu.commands.sealed.take_sealed_step import take_sealed_step
from kesu.core.errors import NotFound, Unacceptable
from kesu.core.uploads import Upload
from kesu.policy.model.conditions import Table
from kesu.policy.model.rules import Notice, Who
from kesu.policy.standing.results import Effect, EffectKind
from kesu.store.models import (
    Case,
    NumberSeries,
    OutboxMessage,
    PostHolding,
    SealedAllow,
    SealedCase,
    SealedEvent,
    SealedFile,
)
from kesu.store.sealed_reader import SYSTEM, read_as
from tests.world import MONDAY, World

REPORT = {
    "report_category": "舞弊",
    "summary": "材料验收走过场",
    "circumstances": "验收单事后补签",
    "accused_is_executive": "否",
    "own_report": "是",
    "truthful": "是",
    "no_retaliation": "是",
}


def report(world: World, uploads: Sequence[Upload] = (), **changes: str | tuple[str, ...]) -> str:
    given = {c: (v,) if isinstance(v, str) else v for c, v in {**REPORT, **changes}.items()}
    unit_id = world.units["qingtang"]
    token = f"report-token-{sorted(changes.items())}"
    sent = submit_report(at=MONDAY, unit_id=unit_id, kind="whistle_report", given=given, uploads=uploads, token=token)
    return sent.code


def only_case() -> SealedCase:
    read_as(SYSTEM)
    return SealedCase.objects.get()


def test_it_opens_a_report_to_the_listed_slot_only(world: World) -> None:
    report(world)
    case = only_case()

    assert sealed_for(world.actor("qiubai"), case.pk) == case
    for login in ("gulan", "zhouyining", "admin", "tangshu"):
        with pytest.raises(NotFound):
            sealed_for(world.actor(login), case.pk)
        assert sealed_cases_for(world.actor(login)) == []


def test_it_takes_a_report_on_an_executive_past_the_usual_owner(world: World) -> None:
    report(world, accused_is_executive="是")
    case = only_case()

    assert sealed_for(world.actor("tangshu"), case.pk) == case
    with pytest.raises(NotFound):
        sealed_for(world.actor("qiubai"), case.pk)


def test_it_leaves_the_accused_off_the_list_and_names_him_nowhere_in_clear(world: World) -> None:
    accused = world.member("discipline", "qiubai")
    report(world, accused=(accused,))

    read_as(SYSTEM)
    assert not SealedAllow.objects.exists()
    assert accused not in str(list(SealedEvent.objects.values_list("facts", flat=True)))


def test_a_mail_that_is_handed_in_is_kept_without_a_link_of_ours_that_it_quotes(world: World) -> None:
    """As in any case: whoever may open the file would else come in by it."""
    content = f"From: a@b.example\r\nSubject: x\r\n\r\nhttps://kesu.example/follow/{'9f86' * 8}\r\n".encode()
    mails = [Upload("evidence", "旧信.eml", content)]
    code = report(world, uploads=mails)
    read_as(SYSTEM)
    details, kept = sealed_files.content(SealedFile.objects.select_related("case").get())
    assert details.name == "旧信（已隐去链接）.eml"
    assert b"9f86" not in kept.split(b"\n", 1)[1]

    for _ in range(2):  # the same form sent again is known again
        given = {"circumstances": ("另有邮件",)}
        at = MONDAY + timedelta(hours=1)
        add_to_report(at=at, secret=code, step="supplement", given=given, uploads=mails, seen=1)
    read_as(SYSTEM)
    assert SealedFile.objects.count() == 2


def test_it_makes_one_report_of_a_form_that_is_sent_twice(world: World) -> None:
    assert report(world) == report(world)
    only_case()


def test_it_leaves_no_number_no_case_and_no_name_in_a_message(world: World) -> None:
    report(world)

    assert not NumberSeries.objects.exists()
    assert not Case.objects.exists()
    assert all(message.case_id is None and message.payload == {} for message in OutboxMessage.objects.all())


def test_it_lets_the_bearer_of_the_code_add_to_the_report(world: World) -> None:
    code = report(world)
    add_to_report(
        at=MONDAY + timedelta(hours=1), secret=code.lower(), step="supplement", given={"circumstances": ("另有照片",)}
    )

    assert sealed_by_secret(code).version > 1
    with pytest.raises(NotFound):
        sealed_by_secret("2222-3333-4444-5555")


def test_it_goes_its_way_to_a_conclusion(world: World) -> None:
    report(world)
    case = only_case()
    for hours, step, given in (
        (2, "route", {"screening_note": ("线索具体",), "important": ("否",)}),
        (30, "conclude", {"outcome": ("不属实",), "conclusion_text": ("经核查，验收单为当日签署",)}),
    ):
        seen = only_case().version
        take_sealed_step(
            actor=world.actor("qiubai"),
            at=MONDAY + timedelta(hours=hours),
            case_id=case.pk,
            step=step,
            seen_version=seen,
            given=given,
        )
    assert only_case().is_final


def test_it_does_not_take_a_report_made_for_somebody_else(world: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        report(world, own_report="否")
    assert "6c" in refused.value.clauses


def test_it_hides_sealed_rows_from_a_transaction_that_names_nobody(world: World) -> None:
    report(world)
    for reader in ("", str(uuid4()), str(world.people["gulan"]), "bearer:0"):
        read_as(reader)
        assert SealedCase.objects.count() == 0
        assert SealedEvent.objects.count() == 0
        assert SealedAllow.objects.count() == 0
    read_as(str(world.people["qiubai"]))
    assert SealedCase.objects.count() == 1


def hand_over(world: World, role: str, to: str) -> None:
    """The post has another holder from the next day on."""
    today = MONDAY.date()
    held = PostHolding.objects.get(post__role=role, account_id=world.people["qiubai"])
    held.until_on = today
    held.save()
    next_day = today + timedelta(days=1)
    PostHolding.objects.create(post=held.post, account_id=world.people[to], from_on=next_day)


def test_it_follows_the_post_the_morning_after_it_changed_hands(world: World) -> None:
    report(world)
    case = only_case()
    hand_over(world, "discipline", "gulan")
    morning = MONDAY.replace(hour=16, minute=0)  # midnight in Shanghai

    assert wake_one(at=morning)
    tomorrow = MONDAY.date() + timedelta(days=1)
    assert sealed_for(world.actor("gulan", tomorrow), case.pk) == case
    with pytest.raises(NotFound):
        sealed_for(world.actor("qiubai", tomorrow), case.pk)


def test_it_shuts_a_report_to_who_gave_up_the_post_before_the_list_follows(world: World) -> None:
    report(world)
    case = only_case()
    hand_over(world, "discipline", "gulan")

    with pytest.raises(NotFound):
        sealed_for(world.actor("qiubai", MONDAY.date() + timedelta(days=1)), case.pk)


def tell_department(now: datetime) -> None:
    head = SealedCase.objects.select_related("unit").get(pk=only_case().pk)
    file = CaseFile.open(head)
    to = (Who("discipline"),)
    notice = Notice("told", "新举报", (), starts=(), to=Table.of(to))
    effect = Effect("notice/told@1", EffectKind.NOTICE, "told", now, to, ())
    file = replace(file, kind=replace(file.kind, notices={"told": notice}))
    file._do(effect, file.standing(now), now)


def test_it_tells_nobody_whom_the_report_names(world: World) -> None:
    """A notice to the whole department would let the accused know that there is a report."""
    report(world, accused=(world.member("discipline", "qiubai"),))
    tell_department(MONDAY)

    assert not OutboxMessage.objects.exists()


def test_it_tells_the_others_without_a_trace_of_the_case(world: World) -> None:
    report(world)
    tell_department(MONDAY)

    message = OutboxMessage.objects.get()
    assert message.account.login == "qiubai"
    assert str(only_case().pk) not in message.key
