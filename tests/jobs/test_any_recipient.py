"""Messages to anybody by any channel: customers by what the policy says, people of the house by what they chose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from django.test import override_settings

from kesu.casefile import mail_desk
from kesu.commands.cases.add_note import add_note
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.messages.send_one import MessageState, send_one
from kesu.commands.people.choose_notices import choose_notices
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core.errors import Unacceptable
from kesu.core.hours import left_alone_until, next_at
from kesu.jobs import worker
from kesu.notify import registry
from kesu.notify.carrying import NotCarried
from kesu.policy.errors import PackInvalid
from kesu.store.keys import ring
from kesu.store.models import Account, Case, CaseCard, ChatPlace, NoticeChoice, OutboxMessage, Unit
from tests.jobs.gateway import Gateway, never, open_gateway
from tests.jobs.mailbox import Mailbox, open_mailbox
from tests.own_packs import changed
from tests.world import MONDAY, World, calendar

LATER = MONDAY + timedelta(hours=2)
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}
MARK = "  plan_reply: {name: 方案答复"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as opened, override_settings(KESU_SMTP_URL=opened.url):
        yield opened


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with open_gateway(monkeypatch, "sms") as gateway:
        yield gateway


def telling(world: World, ways: str) -> None:
    """From now on the receipt goes to the customer by these ways."""
    line = f"  received: {{change: {{ways: [{ways}]}}, clause: '1.1'}}\n{MARK}"
    own = changed("p10", "complaint.yaml", (MARK, line))
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)


def send_all(at: datetime = LATER) -> None:
    while send_one(at=at, sender=worker.mail_sender()):
        pass


def to_customer(case: UUID) -> OutboxMessage:
    return OutboxMessage.objects.get(case_id=case, recipient="customer")


def test_the_customer_has_the_words_of_the_policy_on_his_telephone_once_and_the_case_keeps_them(
    world: World, sms: Gateway
) -> None:
    telling(world, "sms, mail")
    case = world.register()
    send_all()
    send_all(LATER + timedelta(days=1))

    ((to, words, _key),) = [one for one in sms.taken if one[0] == "+8613800002016"]
    assert to == "+8613800002016"
    assert "您反映的“外墙渗水”我们已经收到" in words.text
    assert Case.objects.get(pk=case).number in words.text
    assert "/follow/" in words.link  # the house registered it: the link is known, and opens his case and no other
    row = to_customer(case)
    assert (row.state, row.channel, row.masked, row.called) == ("sent", "sms", "138****2016", "outside-1")
    assert "13800002016" not in str(row.payload)
    assert b"13800002016" not in bytes(row.sealed)


def test_whoever_wrote_by_mail_is_answered_where_he_wrote_from(world: World, mailbox: Mailbox) -> None:
    telling(world, "mail, sms")
    case = world.register()
    mail_desk.remember(Case.objects.get(pk=case), "shi@customer.example", MONDAY)
    send_all()
    assert (to_customer(case).state, to_customer(case).channel) == ("sent", "mail")
    assert [str(one["To"]) for one in mailbox.letters if "customer.example" in str(one["To"])] == [
        "shi@customer.example"
    ]


def test_a_customer_without_an_address_is_on_the_list_of_what_did_not_arrive(world: World, sms: Gateway) -> None:
    telling(world, "sms, mail")
    case = world.register(person__phone="02566000118")
    send_all()
    assert (to_customer(case).state, to_customer(case).error) == (MessageState.HELD, "no_address")
    assert not sms.taken


def test_what_must_be_in_writing_goes_on_paper_where_no_mail_is_known(world: World, mailbox: Mailbox) -> None:
    line = f"  received: {{change: {{written: 是}}, clause: '1.1'}}\n{MARK}"
    start = "kind: complaint\n"
    own = changed("p10", "complaint.yaml", (MARK, line), (start, f"{start}written_by: [mail, paper]\n"))
    adopt_pack(actor=None, at=MONDAY, unit_id=world.units["qingtang"], pack=own, calendar=calendar(), signatures=SIGNED)
    case = world.register()
    send_all()
    assert (to_customer(case).channel, to_customer(case).error) == ("paper", "by_hand")


def test_a_policy_that_wants_writing_must_say_what_counts(world: World) -> None:
    line = f"  received: {{change: {{written: 是}}, clause: '1.1'}}\n{MARK}"
    with pytest.raises(PackInvalid, match="算书面"):
        changed("p10", "complaint.yaml", (MARK, line))
    other = "  raised_by_sms: {name: 短信, clause: '1.1', starts: level.raised, to: cs_dept, text: 升级, ways: sms}\n"
    with pytest.raises(PackInvalid, match="只有给客户的告知"):
        changed("p10", "complaint.yaml", (MARK, other + MARK))


def test_it_waits_as_long_as_the_other_side_asks_and_leaves_it_due_when_the_worker_is_killed(
    world: World, sms: Gateway
) -> None:
    telling(world, "sms")
    case = world.register()
    sms.refuse = [NotCarried("too fast", wait=timedelta(minutes=7)), KeyboardInterrupt()]
    send_all()
    assert to_customer(case).try_at == LATER + timedelta(minutes=7)
    with pytest.raises(KeyboardInterrupt):
        send_all(LATER + timedelta(minutes=8))
    assert (to_customer(case).state, to_customer(case).attempts) == ("due", 1)
    send_all(LATER + timedelta(minutes=9))
    assert to_customer(case).state == "sent"
    assert len({key for _to, _words, key in sms.taken}) == len(sms.taken)


def chosen(world: World, login: str, **said: object) -> None:
    given = {"channels": ["mail"], "addresses": {}, **said}
    choose_notices(actor=world.actor(login), **given)  # type: ignore[arg-type]


def escalated(world: World, at: datetime = MONDAY) -> None:
    world.register("wutong", at=at)
    wake_one(at=at + timedelta(hours=1))


def test_his_channels_are_tried_in_his_order(world: World, mailbox: Mailbox, sms: Gateway) -> None:
    chosen(world, "linsheng", channels=["sms", "mail"], addresses={"sms": "13911112222"})
    sms.refuse = [never()]
    escalated(world)
    send_all()
    first, second = OutboxMessage.objects.filter(account__login="linsheng").order_by("pk")
    assert (first.channel, first.state, first.error) == ("sms", MessageState.REPLACED, "blocked")
    assert (second.channel, second.state, second.instead_of_id) == ("mail", "sent", first.pk)
    assert [letter["To"] for letter in mailbox.letters] == ["linsheng@example.invalid"]


def test_whoever_wants_nothing_outside_finds_it_on_his_pages(world: World, mailbox: Mailbox) -> None:
    chosen(world, "linsheng", channels=[])
    escalated(world)
    send_all()
    assert (OutboxMessage.objects.get().state, OutboxMessage.objects.get().channel) == ("sent", "screen")
    assert not mailbox.letters


def test_nothing_disturbs_him_in_his_quiet_hours_but_what_is_urgent(world: World, mailbox: Mailbox) -> None:
    for login in ("linsheng", "zhouyining"):
        chosen(world, login, quiet_from="09:00", quiet_until="18:00", zone="Asia/Shanghai")
    reminders(world, 1, "linsheng")
    world.submit(at=MONDAY + timedelta(minutes=10))  # tells the specialist urgently
    send_all()
    assert {letter["To"] for letter in mailbox.letters} == {"zhouyining@example.invalid"}
    evening = MONDAY.replace(hour=10, minute=0)
    assert OutboxMessage.objects.get(account__login="linsheng").try_at == evening
    send_all(evening)
    assert {letter["To"] for letter in mailbox.letters} >= {"linsheng@example.invalid"}


def reminders(world: World, count: int, login: str = "zhouyining", **row: object) -> None:
    account = Account.objects.get(login=login)
    for number in range(count):
        case = Case.objects.get(pk=world.register(at=MONDAY + timedelta(minutes=number)))
        values = {"template": "reminder", "payload": {}, "created_at": MONDAY, "try_at": MONDAY, **row}
        OutboxMessage.objects.create(key=f"{case.pk}/remind/{account.pk.hex}", account=account, case=case, **values)


def test_reminders_of_one_minute_leave_as_one_message_and_each_case_keeps_its_own(
    world: World, mailbox: Mailbox
) -> None:
    reminders(world, 3)
    send_all()
    (letter,) = [one for one in mailbox.letters if "提醒和通知" in one["Subject"]]
    rows = OutboxMessage.objects.filter(template="reminder")
    assert {row.state for row in rows} == {"sent"}
    text = letter.get_content()
    assert all(str(row.case_id) in text for row in rows)
    from kesu.casefile.outgoing import kept_of

    for row in rows:
        assert str(row.case_id) in kept_of(row).text
        assert not any(str(other.case_id) in kept_of(row).text for other in rows if other != row)


def test_what_may_wait_leaves_once_a_day(world: World, mailbox: Mailbox) -> None:
    chosen(world, "zhouyining", digest_at="18:00")
    reminders(world, 2, template="copy", payload={"copies": "结果"})
    send_all()
    waiting = OutboxMessage.objects.filter(template="copy")
    assert {row.lane for row in waiting} == {"digest"}
    before = len(mailbox.letters)
    send_all(MONDAY.replace(hour=10, minute=0))
    assert {row.state for row in waiting.all()} == {"sent"}
    assert len(mailbox.letters) == before + 1


def work_chat(world: World, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    robot = Gateway()
    monkeypatch.setitem(registry.ROBOTS, "webhook", lambda _settings: robot)
    place = ChatPlace(unit_id=world.units["qingtang"], channel="webhook", name="青棠群", set_at=MONDAY)
    place.key_id, place.sealed = ring().keep("chat-place", place.pk.bytes, b'{"url": "https://chat.example/1"}')
    place.set_by_id = world.people["admin"]
    place.save()
    return robot


def test_a_work_chat_hears_nothing_more_of_a_case_that_was_taken_elsewhere_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot = work_chat(world, monkeypatch)
    case = world.submit().case_id
    assert send_one(at=LATER, sender=worker.mail_sender())  # tells the specialist, and lays down what the chat hears
    unit = Unit.objects.exclude(path__startswith=Unit.objects.get(code="qingtang").path).latest("path")
    Case.objects.filter(pk=case).update(unit=unit)
    CaseCard.objects.filter(pk=case).update(unit=unit, unit_path=unit.path)
    send_all()
    assert not robot.taken
    row = OutboxMessage.objects.get(recipient="robot")
    assert (row.state, row.error) == (MessageState.FAILED, "not_let_in")


def test_a_work_chat_hears_of_what_is_urgent_under_its_unit_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    robot = work_chat(world, monkeypatch)
    case = Case.objects.get(pk=world.submit().case_id)
    send_all()
    send_all(LATER + timedelta(minutes=1))
    ((_to, words, _key),) = robot.taken
    message = OutboxMessage.objects.get(recipient="robot")
    assert message.called == "outside-1"
    assert case.number in words.text
    assert case.card.title not in repr(words), "somebody outside wrote it, and the unit did not say that it may be told"

    OutboxMessage.objects.filter(pk=message.pk).update(state="due")
    ChatPlace.objects.update(tells_words=True)
    send_all()
    assert case.card.title in robot.taken[1][1].text

    OutboxMessage.objects.filter(pk=message.pk).update(state="due")
    CaseCard.objects.update(confidential=True)  # since it was written
    send_all()
    assert len(robot.taken) == 2


def test_what_he_chooses_is_checked(world: World) -> None:
    with pytest.raises(Unacceptable) as refused:
        chosen(world, "linsheng", channels=["sms"], addresses={"sms": "12"}, quiet_from="25:00")
    assert set(refused.value.data["fields"]) >= {"address_sms", "quiet_from"}
    assert not NoticeChoice.objects.exists()


def test_hours_run_over_midnight_and_follow_the_clocks_of_the_place() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    night = datetime(2026, 6, 8, 23, 0, tzinfo=zone)
    assert left_alone_until(night, time(22), time(7), zone) == datetime(2026, 6, 9, 7, 0, tzinfo=zone)
    assert left_alone_until(night + timedelta(hours=2), time(22), time(7), zone) == night + timedelta(hours=8)
    assert left_alone_until(night - timedelta(hours=2), time(22), time(7), zone) is None
    assert left_alone_until(datetime(2026, 6, 8, 7, 0, tzinfo=zone), time(22), time(7), zone) is None
    assert next_at(night, time(23), zone) == night + timedelta(days=1)


def test_an_outsider_has_his_link_where_he_is_reached_and_hears_that_words_wait_not_what_they_say(
    world: World, mailbox: Mailbox
) -> None:
    from kesu.commands.cases.invite_guest import invite_guest
    from kesu.commands.cases.tell_guest import tell_guest
    from kesu.store.models import CaseGuest

    case, actor = world.register(), world.actor("zhouyining")
    said = {"name": "某施工单位", "slot": "", "task": "请到现场看一看", "sees_person": False, "for_customer": False}
    ends = MONDAY + timedelta(days=3)
    with pytest.raises(Unacceptable):
        invite_guest(actor=actor, at=MONDAY, case_id=case, **said, ends_at=ends, address="不知道")
    invite_guest(actor=actor, at=MONDAY, case_id=case, **said, ends_at=ends, address="site@outside.invalid")
    guest = CaseGuest.objects.get(case_id=case)
    assert b"outside" not in bytes(guest.address)
    tell_guest(actor=actor, at=MONDAY, case_id=case, guest_id=guest.pk, text="密封胶到货了吗")
    send_all()
    first, second = [one for one in mailbox.letters if one["To"] == "site@outside.invalid"]
    assert "/part/" in first.get_content()
    assert "密封胶" not in second.get_content()
    rows = OutboxMessage.objects.filter(recipient="guest")
    assert {(row.state, row.masked) for row in rows} == {("sent", "s***@outside.invalid")}
    guest.withdrawn_at = MONDAY
    guest.save()
    rows.update(state="due")
    send_all()
    assert {(row.state, row.error) for row in rows.all()} == {("failed", "link_over")}


def test_whoever_wrote_by_mail_is_told_and_written_to_by_mail_under_a_policy_that_names_no_way(
    world: World, mailbox: Mailbox
) -> None:
    case = world.register()
    mail_desk.remember(Case.objects.get(pk=case), "shi@customer.example", MONDAY)
    world.take(case, "inform", "zhouyining", MONDAY + timedelta(minutes=5))
    asked = {"actor": world.actor("zhouyining"), "case_id": case, "visibility": "sent"}
    add_note(at=MONDAY + timedelta(minutes=10), text="明天上午十点到您家看", **asked)
    send_all()
    to_him = [one for one in mailbox.letters if str(one["To"]) == "shi@customer.example"]
    assert "明天上午十点到您家看" in to_him[-1].get_body(("plain",)).get_content()
    assert len({one["References"] for one in to_him}) == 1


def test_words_to_a_customer_who_did_not_write_by_mail_stand_on_his_page_alone(world: World, mailbox: Mailbox) -> None:
    case = world.register()
    add_note(actor=world.actor("zhouyining"), at=LATER, case_id=case, visibility="sent", text="明天上午十点到您家看")
    send_all(LATER)
    assert not OutboxMessage.objects.filter(case_id=case, recipient="customer").exists()
