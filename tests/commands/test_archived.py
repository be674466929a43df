"""What is filed away is not written into any more, by any way beside the steps (归档和封存办法 第二条)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

import kesu.commands
from kesu.access.guests import secret_for
from kesu.casefile import notes
from kesu.commands.cases.add_note import add_note
from kesu.commands.cases.add_words import add_words
from kesu.commands.cases.describe_file import describe_file
from kesu.commands.cases.hand_over_original import hand_over_original
from kesu.commands.cases.invite_guest import invite_guest
from kesu.commands.cases.take_back import take_back
from kesu.commands.cases.tell_guest import tell_guest
from kesu.commands.cases.withdraw_guest import withdraw_guest
from kesu.commands.cases.write_as_guest import write_as_guest
from kesu.commands.matters.join_matter import join_matter
from kesu.commands.matters.part_case import part_case
from kesu.core.errors import NotNow
from kesu.core.uploads import Upload
from kesu.policy.model.pack import Pack
from kesu.store.models import Case, CaseEvent, CaseGuest, Note, StoredFile
from tests import desk
from tests.commands.test_overlays import adopt
from tests.own_packs import changed
from tests.world import TO_TRIAGED, World, pack

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
CLERK = "zhouyining"


def filed_early() -> Pack:
    """As the shipped rule, for a stage that a case of the tests reaches soon."""
    lines = (
        "no_more_changes: {writes: [note, message, guest, matter, file], unless: {not: {stage: archived}}",
        "no_more_words: {writes: [words, guest_words], unless: {not: {stage: archived}}",
    )
    return changed("filing", "complaint.yaml", *((one, one.replace("archived", "triaged")) for one in lines))


def filed() -> tuple[World, UUID, UUID, UUID]:
    """A case that the customer sent himself with a photograph, of a matter with another one, and of which an outside
    party has a link; then it is filed away. The case, the other one, the link."""
    world, now = desk.opened()
    adopt(world, filed_early(), at=now - 20 * DAY)
    adopt(world, pack("merging"), at=now - 20 * DAY)
    uploads = [Upload("photos", "东墙.txt", "五月三十日".encode())]
    at = now - 2 * DAY
    case = world.register("wutong", at=at, promised_feedback_at=desk.PROMISED, uploads=uploads)
    other = world.register("wutong", at=at + timedelta(minutes=1), title="窗户漏风", promised_feedback_at=desk.PROMISED)
    invite(case, at)
    guest = CaseGuest.objects.get(case=case).pk
    join_matter(actor=desk.actor(CLERK), at=at, case_id=case, other_id=other)
    for number, (step, login, answers) in enumerate(TO_TRIAGED[:-1], start=1):
        world.take(case, step, login, at + timedelta(minutes=5 * number), **answers)
    world.take(case, "join", CLERK, at + timedelta(minutes=20), person__name="邻居", person__phone="13800004410")
    step, login, answers = TO_TRIAGED[-1]
    world.take(case, step, login, at + timedelta(minutes=25), **answers)
    return world, case, other, guest


def invite(case: UUID, at: datetime) -> None:
    invite_guest(
        actor=desk.actor(CLERK),
        at=at,
        case_id=case,
        name="某人",
        slot="",
        task="请看",
        sees_person=False,
        for_customer=False,
        ends_at=at + 30 * DAY,
    )


def named_by(case: UUID) -> int:
    """The number of the step that named a neighbour."""
    return CaseEvent.objects.get(case=case, step="join").seq


def kept(*cases: UUID) -> tuple[int, int, int]:
    return (
        Note.objects.filter(case__in=cases).count(),
        CaseEvent.objects.filter(case__in=cases).count(),
        CaseGuest.objects.filter(case__in=cases).count(),
    )


def test_every_way_to_write_is_refused_with_what_to_do_instead() -> None:
    _world, case, other, guest = filed()
    clerk, now = desk.actor(CLERK), desk.world_again()[1]
    file = StoredFile.objects.get(case=case).pk
    mine = {"actor": clerk, "at": now, "case_id": case}
    ways: dict[str, Callable[[], object]] = {
        "note": lambda: add_note(**mine, text="补一句", visibility="internal"),
        "message": lambda: add_note(**mine, text="补一句", visibility="sent"),
        "guest let in": lambda: invite(case, now),
        "guest told": lambda: tell_guest(**mine, guest_id=guest, text="补一句"),
        "guest": lambda: write_as_guest(at=now, secret=secret_for(guest), text="补一句"),
        "joined": lambda: join_matter(**mine, other_id=other),
        "joined from the other": lambda: join_matter(actor=clerk, at=now, case_id=other, other_id=case),
        "parted": lambda: part_case(**mine, reason="不是一回事"),
        "taken back": lambda: take_back(**mine, seq=named_by(case), reason="不是邻居"),
        "file": lambda: describe_file(**mine, file_id=file, source="客户", kept="", note=""),
    }
    before = kept(case, other)
    for name, way in ways.items():
        with pytest.raises(NotNow) as refused:
            way()
        assert refused.value.reason == "written_no_more", name
        assert any(one.endswith("2.2") for one in refused.value.clauses), name
        assert refused.value.data["refusals"][0].says.partition("。")[2], name
    assert kept(case, other) == before

    hand_over_original(**mine, file_id=file, given_by="客服", given_to="档案室", place="三柜")
    withdraw_guest(**mine, guest_id=guest)
    add_note(actor=clerk, at=now, case_id=other, text="另一件还开着", visibility="internal")
    assert notes.read(Case.objects.get(pk=other))[-1][1] == "另一件还开着"


def test_pages_say_so_instead_of_offering_a_form() -> None:
    _world, case, other, guest = filed()
    client = desk.client_of(CLERK)
    page = client.get(reverse("case-page", args=[case])).content.decode()
    assert "已归档的投诉不再改动" in page
    assert reverse("case-note", args=[case]) not in page
    assert reverse("case-join", args=[case]) not in page
    sent = client.post(reverse("case-note", args=[case]), {"text": "我写的话不丢"})
    assert (sent.status_code, "我写的话不丢" in sent.content.decode()) == (409, True)
    joined = client.post(reverse("case-join", args=[other]), {"number": Case.objects.get(pk=case).number})
    assert (joined.status_code, "已归档的投诉不再改动" in joined.content.decode()) == (409, True)

    address = reverse("case-take-back", args=[case, named_by(case)])
    assert 'name="reason"' not in client.get(address).content.decode()
    back = client.post(address, {"reason": "不是邻居"})
    assert (back.status_code, "不是邻居" in back.content.decode()) == (409, True)

    guests = client.get(reverse("case-guests", args=[case])).content.decode()
    assert "已归档的投诉不再改动" in guests
    assert reverse("case-guest-tell", args=[case, guest]) not in guests
    assert reverse("case-guest-withdraw", args=[case, guest]) in guests
    file = reverse("case-evidence-file", args=[case, StoredFile.objects.get(case=case).pk])
    assert "已归档的投诉不再改动" in client.get(file).content.decode()

    outside = Client().get(reverse("guest", args=[secret_for(guest)])).content.decode()
    assert "这一件已归档，不再收话" in outside
    assert reverse("guest-words", args=[secret_for(guest)]) not in outside


def test_the_customer_is_told_to_send_another_one() -> None:
    world, now = desk.opened()
    adopt(world, filed_early(), at=now - 20 * DAY)
    at = now - DAY
    secret = world.submit(at=at).secret
    case = Case.objects.get().pk
    add_words(at=at, secret=secret, text="还有一处")
    for number, (step, _, answers) in enumerate(TO_TRIAGED, start=1):
        world.take(case, step, CLERK, at + timedelta(minutes=5 * number), **answers)
    with pytest.raises(NotNow):
        add_words(at=now, secret=secret, text="又漏了")
    page = Client().get(reverse("public-follow", args=[secret])).content.decode()
    assert "请另外提交一件" in page
    assert reverse("public-words", args=[secret]) not in page
    sent = Client().post(reverse("public-words", args=[secret]), {"text": "又漏了"})
    assert (sent.status_code, "又漏了" in sent.content.decode()) == (409, True)
    assert not any("又漏了" in text for _, text in notes.read(Case.objects.get()))


READINGS: Final = {
    "look_at_file": "who looked at a file in its place",
    "note_reading": "the customer opened his page",
    "print_document": "who printed what",
    "take_out_file": "who took a file out",
    "unmask_person": "who had a name shown",
    "hand_over_original": "an original changes hands all the same",
}
"""What goes on being written down of a case that is filed away."""


def test_no_command_writes_beside_the_steps_without_asking() -> None:
    beside = ("notes.add(", "about_files.state(", "CaseGuest.objects.create(")
    writes = (*beside, "join(held", "part(held", "take_back(file")
    found = {}
    for folder in ("cases", "matters"):
        for path in sorted((Path(kesu.commands.__path__[0]) / folder).glob("*.py")):
            text = path.read_text()
            if any(one in text for one in writes):
                found[path.stem] = "writing.ask(" in text
    assert {name for name, asks in found.items() if not asks} == set(READINGS)
