"""Mail leaves through the outbox: once, with its clause, again after a failure, held where there is no server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from kesu.casefile.outgoing import NORMAL, URGENT
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.messages.send_one import LAST_ATTEMPT, MAX_ATTEMPTS, MessageState, release_held, send_one
from kesu.commands.organisation.end_post import end_post
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.commands.policies.refuse_policy import refuse_policy
from kesu.jobs import worker
from kesu.notify.letters import compose
from kesu.store.models import Case, OutboxMessage
from tests.confidential import SIGNED
from tests.jobs.mailbox import Mailbox, open_mailbox
from tests.own_packs import changed
from tests.proposing import propose
from tests.world import MONDAY, World, calendar

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened, override_settings(KESU_SMTP_URL=opened.url):
        yield opened


def escalated(world: World) -> Case:
    case_id = world.register("wutong")
    wake_one(at=MONDAY + timedelta(hours=1))
    return Case.objects.get(pk=case_id)


def test_it_names_case_duty_moment_and_clause(world: World, mailbox: Mailbox) -> None:
    case = escalated(world)
    assert send_one(at=LATER, sender=worker.mail_sender())

    letter = mailbox.letters[0]
    assert letter["To"] == "linsheng@example.invalid"
    assert letter["Subject"] == f"{case.number} 外墙渗水"
    text = letter.get_content()
    assert text.startswith("已超时：")
    assert "知会客服专管员" in text
    assert "06-08 10:30" in text
    assert "§1.2" in text
    assert f"/cases/{case.pk}" in text


def test_it_sends_each_message_once(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    while send_one(at=LATER, sender=worker.mail_sender()):
        pass
    assert not send_one(at=LATER + timedelta(days=1), sender=worker.mail_sender())

    keys = [letter["Message-ID"] for letter in mailbox.letters]
    assert len(keys) == len(set(keys)) == OutboxMessage.objects.count()


def test_a_mail_that_was_taken_is_sent_whatever_the_server_says_to_the_farewell(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    mailbox.bye = "421 too many connections"
    for day in range(3):
        while send_one(at=LATER + timedelta(days=day), sender=worker.mail_sender()):
            pass

    assert len(mailbox.letters) == OutboxMessage.objects.filter(state=MessageState.SENT).count() == 1


def test_it_tries_again_later_after_a_passing_failure(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    mailbox.refuse.append("451 come back later")
    send_one(at=LATER, sender=worker.mail_sender())

    message = OutboxMessage.objects.get()
    assert message.state == MessageState.DUE
    assert message.try_at > LATER
    assert "451" in message.error
    assert send_one(at=message.try_at, sender=worker.mail_sender())
    assert len(mailbox.letters) == 1


def test_it_gives_up_at_once_when_the_server_never_will(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    mailbox.refuse.append("550 no such person")
    send_one(at=LATER, sender=worker.mail_sender())

    assert OutboxMessage.objects.get().state == MessageState.FAILED


def tried_until_given_up() -> tuple[int, timedelta]:
    """How often, and for how long, with a server that is not there."""
    at = LATER
    with override_settings(KESU_SMTP_URL="smtp://127.0.0.1:9"):
        while OutboxMessage.objects.get().state == MessageState.DUE:
            at = max(OutboxMessage.objects.get().try_at, LATER)
            assert send_one(at=at, sender=worker.mail_sender())
    assert OutboxMessage.objects.get().state == MessageState.FAILED
    return OutboxMessage.objects.get().attempts, at - LATER


def test_with_a_dead_server_it_is_tried_for_a_day(world: World) -> None:
    escalated(world)
    OutboxMessage.objects.update(lane=NORMAL)
    attempts, lasted = tried_until_given_up()
    assert attempts == LAST_ATTEMPT
    assert timedelta(hours=23) < lasted < timedelta(hours=25)


def test_what_is_urgent_waits_for_somebody_within_two_hours(world: World) -> None:
    escalated(world)
    assert OutboxMessage.objects.get().lane == URGENT
    attempts, lasted = tried_until_given_up()
    assert attempts == MAX_ATTEMPTS
    assert lasted < timedelta(hours=2)


def test_it_holds_messages_without_a_server_and_sends_them_when_there_is_one(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    assert send_one(at=LATER, sender=None)
    assert OutboxMessage.objects.get().state == MessageState.HELD

    assert release_held(at=LATER) == 1
    assert send_one(at=LATER, sender=worker.mail_sender())
    assert len(mailbox.letters) == 1


def test_it_sends_what_is_urgent_first(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    world.submit(at=MONDAY + timedelta(minutes=10))
    assert send_one(at=LATER, sender=worker.mail_sender())

    assert mailbox.letters[0]["To"] == "zhouyining@example.invalid"


def test_it_fills_the_words_of_the_policy(world: World, mailbox: Mailbox) -> None:
    case = Case.objects.get(pk=world.submit().case_id)
    assert send_one(at=LATER, sender=worker.mail_sender())

    letter = mailbox.letters[0]
    assert f"网上新收一件投诉 {case.number}：外墙渗水。请最迟 06-08 10:30 知悉" in letter.get_content()
    assert "{" not in letter["Subject"]


def test_it_writes_nothing_to_somebody_whose_account_is_closed(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    message = OutboxMessage.objects.get()
    message.account.is_active = False
    message.account.save()

    assert send_one(at=LATER, sender=worker.mail_sender())
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.FAILED, "account_closed")
    assert not mailbox.letters


def test_it_writes_nothing_to_somebody_who_has_left_the_post_meanwhile(world: World, mailbox: Mailbox) -> None:
    escalated(world)
    message = OutboxMessage.objects.get()
    assert message.account is not None
    for part in message.account.holdings.values_list("pk", flat=True):
        end_post(actor=world.actor("admin"), at=MONDAY, on=MONDAY.date(), holding_id=part)

    assert send_one(at=LATER, sender=worker.mail_sender())
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.FAILED, "not_let_in")
    assert not mailbox.letters


def test_it_sends_the_others_when_one_letter_cannot_be_written(world: World, mailbox: Mailbox) -> None:
    case_id = world.submit().case_id
    escalated(world)
    broken = OutboxMessage.objects.filter(case_id=case_id, template="notice")
    assert broken.update(payload={"values": "unreadable"}) == 1
    while send_one(at=LATER, sender=worker.mail_sender()):
        pass

    assert broken.get().error == "TypeError"
    assert len(mailbox.letters) == OutboxMessage.objects.count() - 1 > 0


def test_it_keeps_a_subject_on_one_line() -> None:
    subject, _ = compose(
        template="notice",
        language="zh-hans",
        number="TS-26-0001",
        title="",
        subject="",
        due_at=None,
        clauses=(),
        notice_text="第一行\r\n第二行",
        link="https://kesu.example",
        zone=ZoneInfo("Asia/Shanghai"),
    )
    assert subject == "第一行 第二行 · TS-26-0001"


def test_it_names_no_case_in_a_message_about_a_sealed_one() -> None:
    subject, text = compose(
        template="sealed",
        language="zh-hans",
        number="",
        title="",
        subject="",
        due_at=None,
        clauses=(),
        notice_text="",
        link="https://kesu.example/sealed",
        zone=ZoneInfo("Asia/Shanghai"),
    )
    assert subject == "有一件事项等您处理"
    assert text.strip().endswith("/sealed")


def test_it_wakes_and_sends_in_the_running_worker(committed_world: World, mailbox: Mailbox) -> None:
    """The loop itself, on the real clock: a case that has long been due is woken, and the mail arrives."""
    committed_world.register("wutong", at=MONDAY)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        for _ in range(200):
            if mailbox.letters:
                break
            threading.Event().wait(0.1)
    finally:
        stop.set()
        thread.join(timeout=20)

    assert mailbox.letters


def test_it_asks_a_signer_to_his_policy_and_tells_its_proposer_of_a_refusal(world: World, mailbox: Mailbox) -> None:
    proposal = propose(world, MONDAY)
    said = {"proposal_id": proposal, "reason": "回访期限太短"}
    refuse_policy(actor=world.actor("zhouyining"), at=MONDAY, **said)
    while send_one(at=LATER, sender=worker.mail_sender()):
        pass

    asked, refused = mailbox.letters
    assert (asked["To"], asked["Subject"]) == ("zhouyining@example.invalid", "有一份制度等您签")
    assert "业主建议办理办法" in asked.get_content()
    assert (refused["To"], refused["Subject"]) == ("admin@example.invalid", "您提出的制度有人拒签")
    assert "回访期限太短" not in refused.get_content(), "mail says no more than where to look"
    assert all(f"/policies/proposals/{proposal}" in letter.get_content() for letter in mailbox.letters)


def test_what_somebody_wrote_stands_in_the_letter_and_in_no_row(world: World, mailbox: Mailbox) -> None:
    mark = "  plan_reply: {name: 方案答复"
    heard = "  heard: {name: 接诉, clause: '1.1', starts: case.received, to: holder, says: [content], "
    line = heard + "text: '{case}：{content}'}\n" + mark
    own = changed("p10", "complaint.yaml", (mark, line))
    place = {"unit_id": world.units["qingtang"]}
    adopt_pack(actor=None, at=MONDAY, **place, pack=own, calendar=calendar(), signatures=SIGNED)
    case = world.register(content="三楼的水管裂了{title}\n水往下流" + "，快来" * 99)
    assert send_one(at=MONDAY, sender=worker.mail_sender())
    (letter,) = (one for one in mailbox.letters if "三楼的水管裂了" in one.get_body(("plain",)).get_content())
    assert "三楼的水管裂了{title} 水往下流，快来" in letter["Subject"] + letter.get_body(("plain",)).get_content()
    assert "…" in letter.get_body(("plain",)).get_content()
    assert not [row for row in OutboxMessage.objects.filter(case_id=case) if "水管" in str(row.payload)]
