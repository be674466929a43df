"""Words of a mail become words of somebody only where it is shown that they are his; what tells of our mails, quotes
our links or names what is confidential does no more than it may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from kesu.casefile import files
from kesu.commands.arrivals.settle_mail import settle_mail
from kesu.commands.clock.wake_one import wake_one
from kesu.commands.messages.send_one import send_one
from kesu.core.mail_threads import message_id, thread_id
from kesu.jobs import worker
from kesu.queries.arrivals.mail_list import TABS, mail_list
from kesu.queries.arrivals.mailbox_list import mailbox_list
from kesu.queries.arrivals.mailbox_page import mailbox_page
from kesu.store.models import Case, CaseCard, CaseParty, OutboxMessage, StoredFile
from tests import desk
from tests.jobs.mail_desk import STRANGER, VERIFIER, Desk, letter, made, opened, own_domain, words
from tests.jobs.mailbox import open_mailbox
from tests.world import MONDAY, World

SECRET = "9f86d081884c7d659a2feaa0c55ad015"
FOUND = "Authentication-Results"


@pytest.fixture
def house(world: World) -> Desk:
    return opened(world)


def answer(case: Case, text: str, found: str) -> bytes:
    """From the customer's address; `found`: what stands above it of its sender."""
    sent = made(f"{case.number}", text)
    del sent[FOUND]
    if found:
        sent[FOUND] = found
    return sent.as_bytes()


def test_an_address_alone_puts_no_words_on_a_case(house: Desk) -> None:
    case = house.take(letter()).case
    assert case is not None
    forged = [
        house.take(answer(case, "撤回投诉", "")),
        house.take(answer(case, "不用办了", "mx.elsewhere.example; dmarc=pass header.from=mail.example")),
        house.take(answer(case, "算了吧", f"{VERIFIER}; spf=pass smtp.mailfrom=a@evil.example")),
    ]
    assert {(one.state, one.why, one.case_id) for one in forged} == {("waiting", "unproven", case.pk)}
    assert words(case.pk) == []
    page = desk.client_of("zhouyining").get(f"/mails/{forged[0].pk}").content.decode()
    assert "没有证明是从那里发出的" in page
    proven = house.take(answer(case, "又漏了", f"{VERIFIER}; dkim=pass header.d=mail.example"))
    assert (proven.state, words(case.pk)) == ("added", ["又漏了"])

    decide = {"actor": house.world.actor("zhouyining"), "at": MONDAY, "mail_id": forged[2].pk, "case_id": case.pk}
    settle_mail(to="case", **decide)
    assert words(case.pk) == ["又漏了", "算了吧"]


def test_a_sender_written_so_long_that_readers_see_two_is_none(house: Desk) -> None:
    """The server proves the one that it reads at the end; a line cut before that end shows the customer’s."""
    case = house.take(letter()).case
    assert case is not None
    shown = '"x <zhou@mail.example>' + " " * 1_900
    line = shown + "\r\n " * 40 + '" <a@evil.example>'
    found = f"{FOUND}: {VERIFIER}; dmarc=pass header.from=evil.example"
    sent = f"{found}\r\nFrom: {line}\r\nSubject: {case.number}\r\nMessage-ID: <two@evil.example>\r\n\r\n撤回投诉"
    taken = house.take(sent.encode())
    assert (taken.state, taken.why) == ("waiting", "no_sender")
    assert words(case.pk) == []


def test_what_he_wrote_to_somebody_else_becomes_no_words_of_his_case(house: Desk) -> None:
    """A signature is as good for whoever sends the mail on, under another head that it does not cover."""
    case = house.take(letter()).case
    assert case is not None
    sent = made("方案", "同意，就这样吧", In_Reply_To=thread_id(own_domain(), str(case.pk)))
    sent.replace_header("To", "张 <zhang@else.example>")
    other = sent.as_bytes()
    added = other.replace(b"\r\nTo:", b"\r\nTo: tousu@qingtang.example\r\nTo:")
    copied = other.replace(b"\r\nTo:", b"\r\nCc: tousu@qingtang.example\r\nTo:") + b"x"
    assert {house.take(one).why for one in (other, added, copied)} == {"not_to_us"}
    assert words(case.pk) == []
    both = made("方案", "同意", In_Reply_To=thread_id(own_domain(), str(case.pk)))
    both.replace_header("To", '"张，客服" <zhang@else.example>, 投诉 <Tousu@qingtang.example>')
    assert (house.take(both.as_bytes()).state, words(case.pk)) == ("added", ["同意"])


def test_a_mailbox_says_what_it_asks_and_who_looks(house: Desk) -> None:
    case = house.take(letter()).case
    assert case is not None
    house.state(verifier="")
    assert house.take(answer(case, "一", f"{VERIFIER}; dmarc=pass")).why == "no_verifier"
    admin, address = desk.client_of("admin"), f"/organisation/mailboxes/{house.mailbox_id}"
    assert "还没有写由哪台服务器查验" in admin.get(address).content.decode()
    given = {"name": "投诉信箱", "port": "993", "security": "tls", "folder": "INBOX", "keeps_days": "30"}
    wrong = admin.post(address, {**given, "proof": "believe", "verifier": "mx one"})
    assert wrong.status_code == 422
    assert "服务器的名字里没有空格" in wrong.content.decode()
    assert admin.post(address, {**given, "proof": "dmarc", "verifier": VERIFIER}).status_code == 302
    assert house.take(answer(case, "二", f"{VERIFIER}; dkim=pass header.d=mail.example")).why == "unproven"
    assert house.take(answer(case, "三", f"{VERIFIER}; dmarc=pass header.from=mail.example")).state == "added"
    house.state(proof="none", verifier="")
    assert house.take(answer(case, "四", "")).state == "added"
    assert words(case.pk) == ["三", "四"]


def returned(name: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=q\r\n\r\n--q\r\n"
        "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--q\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {name}\r\n\r\n--q--\r\n"
    ).encode()


def test_nobody_can_say_that_a_mail_of_ours_did_not_arrive_who_never_had_it(house: Desk) -> None:
    house.world.register("wutong")
    with open_mailbox() as box, override_settings(KESU_SMTP_URL=box.url):
        wake_one(at=MONDAY + timedelta(hours=1))
        assert send_one(at=MONDAY + timedelta(days=1), sender=worker.mail_sender())
    message, at = OutboxMessage.objects.get(), MONDAY + timedelta(days=1)
    case = str(message.case_id)
    page = desk.client_of("zhouyining").get(f"/cases/{case}/sent").content.decode()
    name = str(box.letters[0]["Message-ID"]).strip("<>")
    assert name[:8] in page
    assert name[:30] not in page
    guessed = [message_id(message.key, own_domain(), case), message_id("k", own_domain(), case, "0" * 40)]
    assert {house.take(returned(one), at=at).why for one in guessed} == {"bounce_of_nothing"}
    message.refresh_from_db()
    assert message.state == "sent"

    # One that left before names had a key counts under the name under which it left, for a fortnight.
    OutboxMessage.objects.update(called=guessed[0])
    assert house.take(returned(guessed[0]) + b"late", at=at + timedelta(days=15)).why == "bounce_of_nothing"
    assert house.take(returned(guessed[0]) + b"soon", at=at + timedelta(days=13)).why == "bounced"
    OutboxMessage.objects.update(state="sent")
    assert house.take(returned(str(box.letters[0]["Message-ID"])), at=at + timedelta(days=20)).why == "bounced"
    message.refresh_from_db()
    assert message.state == "failed"


def test_what_came_back_is_read_by_nobody_else_because_somebody_put_it_aside(house: Desk) -> None:
    """Nor what came back of a letter of several cases, which no one case is."""
    house.world.register("wutong")
    with open_mailbox() as box, override_settings(KESU_SMTP_URL=box.url):
        wake_one(at=MONDAY + timedelta(hours=1))
        assert send_one(at=MONDAY + timedelta(days=1), sender=worker.mail_sender())
    at = MONDAY + timedelta(days=1)
    mail = house.take(returned(str(box.letters[0]["Message-ID"])), at=at)
    part, said = b"--q\r\nContent-Type: message", b"--q\r\nContent-Type: text/plain\r\n\r\nTS-26-0009\r\n"
    several = house.take(returned(message_id("k", own_domain(), "", "0" * 40)).replace(part, said + part, 1), at=at)
    assert (mail.why, several.why) == ("bounced", "bounce_of_nothing")
    client = desk.client_of("zhouyining")
    for one, to in ((mail, "nothing"), (mail, "waiting"), (several, "waiting")):
        assert client.post(f"/mails/{one.pk}", {"to": to}).status_code == 302
        assert client.get(f"/mails/{one.pk}/original").status_code == 404
        assert f"/mails/{one.pk}/original" not in client.get(f"/mails/{one.pk}").content.decode()
        assert f"from_mail={one.pk.hex}" not in client.get(f"/mails/{one.pk}").content.decode()
    assert "TS-26-0009" not in client.get(f"/mails/{several.pk}").content.decode()
    case = house.take(letter()).case
    assert case is not None
    added = client.post(f"/mails/{several.pk}", {"to": "case", "number": case.number})
    assert (added.status_code, "只能并入那封信的那一件" in added.content.decode()) == (422, True)

    CaseParty.objects.filter(case=mail.case).delete()
    with pytest.MonkeyPatch.context() as patched:  # he registers here, and the case of the letter is out of his sight
        patched.setattr("kesu.access.mails.cards_for", lambda _actor: CaseCard.objects.none())
        assert client.get(f"/mails/{mail.pk}").status_code == 404


def test_a_link_that_a_mail_quotes_is_in_nothing_that_others_open(house: Desk) -> None:
    case = house.take(letter()).case
    assert case is not None
    text = f"照片见附件。\n\n> 查看进展：{settings.KESU_BASE_URL}/follow/{SECRET}\n"
    sent = made(case.number, text, STRANGER)
    sent.add_attachment(text.encode(), maintype="text", subtype="plain", filename="往来.txt")
    mail = house.take(sent.as_bytes())
    client = desk.client_of("linsheng")
    decide = {"actor": house.world.actor("linsheng"), "at": MONDAY, "mail_id": mail.pk}
    settle_mail(to="case", case_id=case.pk, **decide)

    kept = StoredFile.objects.filter(case=case, fact="evidence")
    assert "mail（已隐去链接）.eml" in {one.name for one in kept}
    held = [files.content(one) for one in kept]
    original = desk.client_of("zhouyining").get(f"/mails/{mail.pk}/original").content
    for content in (*held, original):
        assert SECRET.encode() not in content
        assert SECRET not in repr([one.content for one in _read(content)])
    assert "我们发给本人的链接" in desk.client_of("zhouyining").get(f"/mails/{mail.pk}").content.decode()
    assert SECRET not in client.get(f"/cases/{case.pk}").content.decode()


def _read(content: bytes) -> tuple[object, ...]:
    from kesu.core.mail_in import NoMail, read_mail

    try:
        return read_mail(content).files
    except NoMail:
        return ()


def test_a_mail_that_names_a_confidential_case_is_for_those_who_see_it(house: Desk) -> None:
    case = house.take(letter()).case
    assert case is not None
    before = _counts()
    mail = house.take(letter(f"关于 {case.number}", "请查一查张经理", STRANGER))
    assert (mail.state, mail.case_id) == ("waiting", case.pk)
    desk_of = desk.client_of("zhouyining")
    assert desk_of.get(f"/mails/{mail.pk}").status_code == 200
    assert _counts() != before

    CaseCard.objects.filter(pk=case.pk).update(confidential=True)
    CaseParty.objects.filter(case=case).delete()
    for page in (f"/mails/{mail.pk}", f"/mails/{mail.pk}/original"):
        assert desk_of.get(page).status_code == 404
    assert desk_of.post(f"/mails/{mail.pk}", {"to": "nothing"}).status_code == 404
    assert "张经理" not in desk_of.get("/mails").content.decode()
    assert _counts() == before, "nothing that is counted tells of it"

    holder = house.world.people["linsheng"]
    CaseParty.objects.create(case=case, account_id=holder, part="handler")
    seen = desk.client_of("linsheng")
    assert seen.get(f"/mails/{mail.pk}").status_code == 200
    assert case.number in seen.get("/mails").content.decode()


@pytest.mark.parametrize(
    "written",
    [
        "From: zhou@mail.example\r\nSubject: 自动回复：关于 {number}\r\n\r\n张经理，我在外面",
        "From: zhou@mail.example\r\nSubject: x\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: {thread}\r\n\r\n张经理",
        "From: a@b.example\r\nSubject: {other} 张经理 {number}\r\n\r\nx",
        "From: a@b.example\r\nSubject: 张经理 {number}\r\nContent-Type: text/plain" + "; boundary=q" * 50 + "\r\n\r\nx",
        "X-Kesu-Head-Only: UID 1\r\nFrom: a@b.example\r\nSubject: 张经理 {number}\r\n\r\n",
        "From: postmaster@b.example\r\nReturn-Path: <>\r\nSubject: 张经理\r\n\r\nMessage-ID: {guessed}\r\n",
    ],
    ids=["away", "robot", "two numbers", "unreadable", "too large", "came back of nothing"],
)
def test_whatever_a_mail_becomes_that_names_a_confidential_case_it_is_for_those_who_see_it(
    house: Desk, written: str
) -> None:
    case, other = house.take(letter()).case, house.world.register("wutong")
    assert case is not None
    CaseCard.objects.filter(pk=case.pk).update(confidential=True)
    CaseParty.objects.filter(case=case).delete()
    before = _all_counts()
    names = {
        "number": case.number,
        "other": Case.objects.get(pk=other).number,
        "thread": thread_id(own_domain(), str(case.pk)),
        "guessed": message_id("k", own_domain(), str(case.pk), "0" * 40),
    }
    mail = house.take(written.format(**names).encode())
    client = desk.client_of("zhouyining")
    assert (mail.case_id, client.get(f"/mails/{mail.pk}").status_code) == (case.pk, 404)
    assert not [tab for tab in TABS if "张经理" in client.get("/mails", {"tab": tab}).content.decode()]
    assert _all_counts() == before
    CaseParty.objects.create(case=case, account_id=house.world.people["linsheng"], part="handler")
    assert desk.client_of("linsheng").get(f"/mails/{mail.pk}").status_code == 200


@pytest.mark.parametrize("heads", [{"Auto_Submitted": "auto-replied"}, {}], ids=["a machine", "himself"])
def test_what_answers_a_letter_of_which_nobody_may_know_is_told_to_nobody(house: Desk, heads: dict[str, str]) -> None:
    """That he who is away had such a letter tells that there is a report, and whose it is."""
    whose = {"account_id": house.world.people["qiubai"], "template": "sealed", "created_at": MONDAY, "try_at": MONDAY}
    OutboxMessage.objects.create(key="of a report", **whose)
    with open_mailbox() as box, override_settings(KESU_SMTP_URL=box.url):
        assert send_one(at=MONDAY + timedelta(minutes=1), sender=worker.mail_sender())
    sent = box.letters[0]
    before = _all_counts()
    reply = {**heads, "In_Reply_To": str(sent["Message-ID"])}
    mail = house.take(
        letter(f"自动：{sent['Subject']}", "我在外面", str(sent["To"]), **reply), at=MONDAY + timedelta(hours=1)
    )
    assert mail.state == "automatic", "it has its time, for nobody could decide"
    client = desk.client_of("zhouyining")
    assert client.get(f"/mails/{mail.pk}").status_code == 404
    assert not [tab for tab in TABS if "自动：" in client.get("/mails", {"tab": tab}).content.decode()]
    assert _all_counts() == before


def test_who_has_a_confidential_case_and_writes_without_its_number_writes_to_those_who_see_it(house: Desk) -> None:
    case = house.take(letter()).case
    assert case is not None
    CaseCard.objects.filter(pk=case.pk).update(confidential=True)
    CaseParty.objects.filter(case=case).delete()
    before = _all_counts()
    mail = house.take(letter("还有一件事", "张经理昨天来找我"))
    client = desk.client_of("zhouyining")
    assert (mail.state, client.get(f"/mails/{mail.pk}").status_code) == ("waiting", 404)
    assert _all_counts() == before
    CaseParty.objects.create(case=case, account_id=house.world.people["linsheng"], part="handler")
    page = desk.client_of("linsheng").get(f"/mails/{mail.pk}").content.decode()
    assert "张经理昨天来找我" in page
    assert "这个地址写过的" in page
    assert "信里提到的" not in page
    CaseCard.objects.filter(pk=case.pk).update(is_final=True)
    assert house.take(letter("阳台又漏", "与上次无关")).state == "opened"


def _all_counts() -> tuple[object, ...]:
    who = desk.actor("admin")
    page = mailbox_page(actor=who, at=MONDAY, mailbox_id=mailbox_list(actor=who, at=MONDAY).rows[0].id)
    return mail_list(actor=desk.actor("zhouyining")).counts, page.no_case, _counts()


def _counts() -> tuple[str, ...]:
    """What those are told in figures from whom the case is kept."""
    waiting = mailbox_list(actor=desk.actor("admin"), at=MONDAY).rows[0].waiting
    return str(mail_list(actor=desk.actor("zhouyining")).counts["waiting"]), str(waiting)
