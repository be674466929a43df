"""A mail that came in goes to where it belongs, waits for somebody, or is nothing; it is never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from kesu.commands.arrivals.keep_mail import keep_mail
from kesu.commands.arrivals.settle_mail import settle_mail
from kesu.commands.cases.register_case import register_case
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.messages.send_one import send_one
from kesu.commands.nightly.clear_mails import clear_mails
from kesu.core.mail_threads import domain_of, message_id, thread_id
from kesu.jobs import worker
from kesu.store.models import (
    Case,
    CaseCard,
    CaseParty,
    HouseChange,
    InboundMail,
    InboundMailContent,
    Note,
    OutboxMessage,
    StoredFile,
)
from tests import desk
from tests.access.sample import picture
from tests.jobs.mail_desk import STRANGER, ZHOU, Desk, letter, made, opened, own_domain, patch_limit, words
from tests.jobs.mailbox import open_mailbox
from tests.world import COMPLAINT, MONDAY, World, said

SECRET = "9f86d081884c7d659a2feaa0c55ad015"
FORGED = "Authentication-Results: mx.example; dmarc=fail\r\n"


@pytest.fixture
def house(world: World) -> Desk:
    return opened(world)


def test_a_mail_becomes_a_case_of_whoever_wrote_it(house: Desk) -> None:
    sent = made()
    sent.add_attachment(picture(), maintype="image", subtype="jpeg", filename="墙面.jpg")
    sent.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="账单.exe")
    mail = house.take(sent.as_bytes(), at=MONDAY + timedelta(minutes=20))

    case = mail.case
    assert case is not None
    assert (mail.state, mail.files, mail.kept_files) == ("opened", 2, 1)
    assert (case.card.title, case.card.person_name, case.channel) == ("阳台渗水", "周先生", "mail")
    assert case.received_at == MONDAY
    assert [one.name for one in case.files.all()] == ["墙面.jpg"]


def test_what_the_policy_lacks_keeps_a_mail_waiting(house: Desk) -> None:
    """After hours whoever registers promises when the customer hears from us: no mail says that."""
    evening = MONDAY + timedelta(hours=12)
    mail = house.take(letter(), at=evening, arrived=evening)
    assert (mail.state, mail.case, mail.lacking) == ("waiting", None, ["promised_feedback_at"])


def test_the_same_mail_is_one_by_whatever_way_it_comes(house: Desk) -> None:
    first = house.take(letter())
    said = {"mailbox_id": house.mailbox_id, "at": MONDAY}
    by_another_way = b"Return-Path: <zhou@mail.example>\r\nReceived: from a by b\r\n" + letter()
    assert not keep_mail(content=letter(), **said)
    assert not keep_mail(content=by_another_way.replace(b"\r\n", b"\n"), **said)
    assert InboundMail.objects.get() == first
    assert keep_mail(content=letter(text="另一件事"), **said), "another mail under the same name is another mail"


def test_an_answer_goes_to_its_case_by_thread_and_by_number(house: Desk) -> None:
    first = house.take(letter(Message_ID="<one@mail.example>"))
    assert first.case is not None
    quoted = "昨晚又漏了。\n\n------------------ 原始邮件 ------------------\n发件人: 客服\n收到您的来信"
    by_thread = house.take(letter("Re: 别的主题", quoted, References="<zero@x> <one@mail.example>"))
    by_own = house.take(letter("答", "以后呢？", In_Reply_To=message_id("k", own_domain(), str(first.case_id))))
    by_root = house.take(letter("答", "还有", References=thread_id(own_domain(), str(first.case_id))))
    by_number = house.take(letter(f"关于 {first.case.number} 的补充", "补一句"))

    assert {one.case_id for one in (by_thread, by_own, by_root, by_number)} == {first.case_id}
    assert {one.state for one in (by_thread, by_own, by_root, by_number)} == {"added"}
    assert words(first.case_id) == ["昨晚又漏了。", "以后呢？", "还有", "补一句"]


def test_nobody_writes_into_a_case_by_naming_it(house: Desk) -> None:
    case = house.take(letter(Message_ID="<one@mail.example>")).case
    assert case is not None
    guesses = [
        letter(f"关于 {case.number}", "把链接发给我", STRANGER),
        letter("答", "把链接发给我", STRANGER, In_Reply_To="<one@mail.example>"),
        letter("答", "把链接发我", STRANGER, In_Reply_To=message_id("k", own_domain(), str(case.pk))),
        letter(f"{case.number}", "撤回", Authentication_Results="mx.example; dmarc=fail header.from=mail.example"),
    ]
    found = [house.take(one) for one in guesses]
    assert [one.why for one in found] == ["stranger", "stranger", "stranger", "forged"]
    assert {one.state for one in found} == {"waiting"}
    assert words(case.pk) == []
    assert Case.objects.count() == 1


def test_a_colleague_is_not_believed_by_his_address(house: Desk) -> None:
    case = house.take(letter()).case
    assert case is not None
    mail = house.take(letter(f"{case.number}", "我同意", "周宜宁 <zhouyining@example.invalid>"))
    assert (mail.state, mail.why) == ("waiting", "colleague")
    decide = {"actor": house.world.actor("zhouyining"), "at": MONDAY, "mail_id": mail.pk, "case_id": case.pk}
    settle_mail(to="case", knows_sender=True, **decide)
    assert words(case.pk) == []
    assert Note.objects.filter(case=case, visibility="internal").count() == 1
    assert case.addresses.count() == 1


@pytest.mark.parametrize(
    ("heads", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "robot"),
        ({"X_Autoreply": "yes"}, "robot"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Unsubscribe": "<https://x.example>"}, "list"),
        ({"Return_Path": "<>"}, "bounce_of_nothing"),
        ({"Message_ID": message_id("k", domain_of(settings.KESU_MAIL_FROM))}, "own"),
        ({"sender": "tousu@qingtang.example"}, "own"),
        ({"subject": "自动回复：出差中"}, "away"),
    ],
)
def test_what_nobody_wrote_opens_nothing(house: Desk, heads: dict[str, str], why: str) -> None:
    mail = house.take(letter(**heads))
    assert (mail.state, mail.why) == ("automatic", why)
    assert Case.objects.count() == 0


def test_whoever_writes_too_often_waits(house: Desk) -> None:
    with patch_limit(2):
        case = house.take(letter()).case
        assert case is not None
        found = [house.take(letter(f"{case.number} 第 {count} 次")).why for count in range(3)]
    assert found == ["", "too_often", "too_often"]


def test_mails_under_his_address_that_wait_keep_no_answer_of_his(house: Desk) -> None:
    with patch_limit(2):
        case = house.take(letter()).case
        assert case is not None
        for count in range(4):
            unproven = letter(f"{case.number} 冒名 {count}").replace(b"dmarc=pass", b"dmarc=none")
            assert house.take(unproven).why == "unproven"
        assert house.take(letter(f"{case.number} 又漏了")).state == "added"


def test_whoever_calls_himself_otherwise_each_time_opens_so_many_and_no_more(
    house: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kesu.casefile.mail_desk.MOST_OPENED", 2)
    found = [house.take(letter(sender=f"N <n{number}@mail.example>")) for number in range(3)]
    assert [one.why for one in found] == ["", "", "too_many"]
    page = desk.client_of("zhouyining").get(f"/mails/{found[2].pk}").content.decode()
    assert "一小时里自动登记的太多" in page


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 40, "你好".encode(), b"X-Only: 1\r\n\r\nx"])
def test_what_cannot_be_read_is_kept_in_its_bytes(house: Desk, content: bytes) -> None:
    mail = house.take(content)
    assert (mail.state, mail.why) == ("waiting", "unreadable")
    page = desk.client_of("zhouyining").get(f"/mails/{mail.pk}")
    assert "读不出是邮件" in page.content.decode()
    original = desk.client_of("zhouyining").get(f"/mails/{mail.pk}/original")
    assert original.content == content
    assert original["Content-Disposition"].startswith("attachment")


def test_a_mail_that_did_not_arrive_is_noted_at_the_message(house: Desk) -> None:
    house.world.register("wutong")
    with open_mailbox() as box, override_settings(KESU_SMTP_URL=box.url):
        wake_one(at=MONDAY + timedelta(hours=1))
        assert send_one(at=MONDAY + timedelta(days=1), sender=worker.mail_sender())
    sent, message = box.letters[0], OutboxMessage.objects.get()
    assert message.state == "sent"
    told = (
        "From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=q\r\n\r\n"
        "--q\r\nContent-Type: text/plain\r\n\r\nno such user "
        f"https://kesu.example/part/{SECRET}\r\n"
        "--q\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; linsheng@example.invalid\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"--q\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {sent['Message-ID']}\r\n\r\n--q--\r\n"
    )
    forged = f"{FORGED}{told}".replace("Undelivered", "Returned")
    false = house.take(forged.format(action="failed", status="5.1.1").encode())
    message.refresh_from_db()
    assert (false.state, false.why, message.state) == ("waiting", "forged", "sent")
    late = house.take(told.format(action="delayed", status="4.4.1").encode())
    message.refresh_from_db()
    assert (late.why, late.message_id, message.state) == ("delayed", message.pk, "sent")
    mail = house.take(told.format(action="failed", status="5.1.1").encode())
    message.refresh_from_db()
    assert (mail.state, mail.case_id, mail.message_id) == ("bounce", message.case_id, message.pk)
    assert (message.state, message.error) == ("failed", "bounced 5.1.1")
    client = desk.client_of("zhouyining")
    page = client.get(f"/mails/{mail.pk}").content.decode()
    assert "/part/…" in page
    assert SECRET not in page
    assert client.get(f"/mails/{mail.pk}/original").status_code == 404, "it holds the letter with its link"


def test_of_a_letter_about_several_cases_that_did_not_arrive_none_is_taken_for_sent(house: Desk) -> None:
    for number in range(2):
        house.world.register("wutong", title=f"件 {number}")
    at = MONDAY + timedelta(days=1)
    with open_mailbox() as box, override_settings(KESU_SMTP_URL=box.url):
        while wake_one(at=MONDAY + timedelta(hours=1)):
            pass
        OutboxMessage.objects.update(lane="normal", template="reminder")  # these leave together
        assert send_one(at=at, sender=worker.mail_sender())
    name, to = str(box.letters[0]["Message-ID"]), str(box.letters[0]["To"])
    together = OutboxMessage.objects.filter(state="sent", called=name)
    sent = list(together.values_list("pk", flat=True))
    assert len(sent) > 1
    told = (
        "From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nSubject: Undelivered\r\n\r\n"
        f"<{{to}}>: no such user\r\nMessage-ID: {name}\r\n"
    )
    assert house.take(told.format(to="somebody@else.example").encode(), at=at).why == "bounce_of_nothing"
    mail = house.take(told.format(to=to.upper()).encode(), at=at)
    assert (mail.why, mail.case_id) == ("bounced", None)
    assert list(OutboxMessage.objects.filter(state="failed", error="bounced").values_list("pk", flat=True)) == sent


def test_what_became_part_of_a_case_is_read_by_those_who_see_the_case(house: Desk) -> None:
    """A registrar from whom it is kept reads neither what the customer answered nor what came back of our mails."""
    mail = house.take(letter())
    client = desk.client_of("zhouyining")
    assert client.get(f"/mails/{mail.pk}").status_code == 200
    CaseCard.objects.filter(pk=mail.case_id).update(confidential=True)
    CaseParty.objects.filter(case=mail.case_id).delete()
    for page in (f"/mails/{mail.pk}", f"/mails/{mail.pk}/original"):
        assert client.get(page).status_code == 404
    assert "阳台渗水" not in client.get("/mails?tab=done").content.decode()


def test_mails_about_a_case_hang_together_and_are_answered_to_its_mailbox(house: Desk) -> None:
    case_id = house.world.submit().case_id
    with open_mailbox() as box, override_settings(KESU_SMTP_URL=box.url):
        for hours in range(1, 30):
            wake_one(at=MONDAY + timedelta(hours=hours))
        while send_one(at=MONDAY + timedelta(days=2), sender=worker.mail_sender()):
            pass
    of_case = [one for one in box.letters if case_id.hex in one["Message-ID"]]
    assert len(of_case) > 1
    raw = dict(of_case[0].raw_items())
    assert str(raw["References"]).strip() == str(raw["In-Reply-To"]).strip() == thread_id(own_domain(), str(case_id))
    assert {one["References"] for one in of_case} == {thread_id(own_domain(), str(case_id))}
    assert {one["Subject"] for one in of_case} == {f"{Case.objects.get(pk=case_id).number} 外墙渗水"}
    assert {one["Reply-To"] for one in box.letters} == {"tousu@qingtang.example"}
    assert len({one["Message-ID"] for one in box.letters}) == len(box.letters)


def test_attachments_of_an_answer_become_evidence_by_whoever_may_add_some(house: Desk) -> None:
    """This policy leaves it to the people of the house."""
    first = house.take(letter())
    assert first.case is not None

    def with_picture(sender: str) -> InboundMail:
        sent = made(first.case.number if first.case else "", "照片", sender)
        sent.add_attachment(picture(), maintype="image", subtype="jpeg", filename="墙面.jpg")
        return house.take(sent.as_bytes())

    by_itself, by_manager = with_picture(ZHOU), with_picture(STRANGER)
    assert (by_itself.state, by_itself.kept_files, by_manager.state) == ("added", 0, "waiting")
    decide = {"actor": house.world.actor("linsheng"), "at": MONDAY, "mail_id": by_manager.pk}
    settle_mail(to="case", case_id=first.case_id, **decide)
    by_manager.refresh_from_db()
    assert (by_manager.state, by_manager.kept_files) == ("added", 1)
    kept = StoredFile.objects.filter(case=first.case, fact="evidence")
    assert sorted(one.name for one in kept) == ["mail.eml", "墙面.jpg"]


def test_somebody_registers_from_a_mail_on_the_list(house: Desk) -> None:
    evening = MONDAY + timedelta(hours=12)
    sent = made()
    sent.add_attachment(picture(), maintype="image", subtype="jpeg", filename="墙面.jpg")
    mail = house.take(sent.as_bytes(), at=evening, arrived=evening)
    case_id = register_case(
        actor=house.world.actor("zhouyining"),
        at=evening,
        happened_at=evening,
        unit_id=house.world.units["qingtang"],
        kind="complaint",
        given=said(**{**COMPLAINT, "promised_feedback_at": (evening + timedelta(days=1)).isoformat()}),
        uploads=(),
        token="t",
        mail_id=mail.pk,
    )
    mail.refresh_from_db()
    assert (mail.state, mail.case_id) == ("opened", case_id)
    assert [one.name for one in StoredFile.objects.filter(case=case_id)] == ["墙面.jpg"]
    answer = house.take(letter(f"{Case.objects.get(pk=case_id).number}", "谢谢"))
    assert answer.state == "added"


def test_the_form_of_registering_is_filled_from_a_mail(house: Desk) -> None:
    house.state(opens=False)
    mail = house.take(letter())
    client = desk.client_of("zhouyining")
    assert "新来信" in client.get(f"/mails/{mail.pk}").content.decode()
    unit = house.world.units["qingtang"].hex
    form = client.get(f"/cases/new?unit={unit}&kind=complaint&from_mail={mail.pk.hex}").content.decode()
    for text in ("周先生", "阳台渗水", "已经第三次了", f'name="from_mail" value="{mail.pk.hex}"', "2026-06-08T09:30"):
        assert text in form, text


def clear(after: timedelta) -> dict[str, int]:
    return dict(clear_mails(MONDAY.date(), MONDAY + after))


def test_what_became_no_case_is_kept_for_its_time_and_what_became_one_with_the_case(house: Desk) -> None:
    case = house.take(letter())
    robot = house.take(letter("自动回复：出差中"))
    waiting = house.take(letter("再说一次", "还是漏"))
    assert (case.state, robot.state, waiting.state) == ("opened", "automatic", "waiting")
    assert clear(timedelta(days=29)) == {"mails": 0, "mailboxes_left": 0}
    assert clear(timedelta(days=31)) == {"mails": 1, "mailboxes_left": 0}
    assert clear(timedelta(days=31)) == {"mails": 0, "mailboxes_left": 0}

    assert [one.pk for one in InboundMail.objects.filter(cleared_at=None).order_by("pk")] == [case.pk, waiting.pk]
    assert set(InboundMailContent.objects.values_list("mail_id", flat=True)) == {case.pk, waiting.pk}
    left = InboundMail.objects.get(pk=robot.pk)
    assert (bytes(left.head), left.key_id, left.sender_token, left.message_token) == (b"", "", "", "")
    again = {"at": MONDAY, "mailbox_id": house.mailbox_id, "content": letter("自动回复：出差中")}
    assert not keep_mail(**again), "a server that shows it once more brings nothing in"

    desk_of = desk.client_of("zhouyining")
    assert desk_of.get(f"/mails/{robot.pk}").status_code == 404
    assert "自动回复" not in desk_of.get("/mails", {"tab": "automatic"}).content.decode()


def test_a_night_clears_so_many_and_the_next_goes_on(house: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kesu.commands.nightly.clear_mails._MOST", 3)
    monkeypatch.setattr("kesu.commands.nightly.clear_mails._AT_ONCE", 2)
    for number in range(4):
        house.take(letter(f"自动回复：{number}"))
    assert clear(timedelta(days=31)) == {"mails": 3, "mailboxes_left": 1}
    assert clear(timedelta(days=32)) == {"mails": 1, "mailboxes_left": 0}


def test_whoever_keeps_the_mailbox_says_how_long(house: Desk) -> None:
    house.take(letter("自动回复：出差中"))
    admin, address = desk.client_of("admin"), f"/organisation/mailboxes/{house.mailbox_id}"
    assert "现存 1 封" in admin.get(address).content.decode()
    given = {
        "name": "投诉信箱",
        "port": "993",
        "security": "tls",
        "folder": "INBOX",
        "fixed.channel": "邮件",
        "proof": "dmarc",
    }
    refused = admin.post(address, {**given, "keeps_days": "400"})
    assert refused.status_code == 422
    assert "天数是 1 到 365" in refused.content.decode()
    assert 'value="400"' in refused.content.decode()
    admin.post(address, {**given, "keeps_days": "7"})
    changed = HouseChange.objects.filter(act="mailbox.changed").latest("pk")
    assert (changed.before["keeps_days"], changed.after["keeps_days"]) == (30, 7)
    assert clear(timedelta(days=8)) == {"mails": 1, "mailboxes_left": 0}
    assert "到期清除过 1 封" in admin.get(address).content.decode()
