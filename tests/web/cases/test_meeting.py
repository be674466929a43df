"""People who meet on one case: whoever comes second reads who was first, and finds every word that he typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kesu.casefile import notes
from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.config.bench.pages import Page
from kesu.store.models import Case, CaseEvent
from tests.confidential import SIGNED
from tests.world import World, calendar, pack

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)
TYPED = "写了半个小时的一段话，一个字也不能丢"


class Form:
    """A step's form as somebody has it open before him; what others do meanwhile it does not know."""

    def __init__(self, client: Client, case: UUID, step: str) -> None:
        self.client, self.address, self.case = client, reverse("case-step", args=[case, step]), case
        page = client.get(self.address)
        assert page.status_code == 200, self.address
        self.seen = Case.objects.values_list("version", flat=True).get(pk=case)
        self.token = f"{step}-{self.seen}"

    def send(self, **said: str) -> Any:
        return self.client.post(self.address, {"seen_version": self.seen, "form_token": self.token, **said})


def came_too_late(answer: HttpResponse, who: str) -> str:
    """The page says so, names who was first, and holds what was typed."""
    text = answer.content.decode()
    assert answer.status_code == 409
    assert TYPED in text
    assert who in text
    return text


def times(case: UUID, step: str) -> int:
    return CaseEvent.objects.filter(case=case, step=step).count()


def begun() -> datetime:
    return datetime.now(UTC) - 10 * HOUR


@pytest.fixture
def answerable(here: World) -> UUID:
    """A complaint whose plan was approved: its customer can be answered."""
    case, at = here.planned(begun()), begun() + 2 * HOUR
    for step, login in (("sign_joint_review", "chenmuzhi"), ("sign_leadership", "gulan")):
        here.take(case, step, login, at, verdict="同意", opinion="可行")
    return case


def test_of_two_answers_to_the_customer_from_two_windows_one_leaves(answerable: UUID, sign_in: SignIn) -> None:
    first, second = (Form(sign_in("zhouyining"), answerable, "send_plan") for _ in range(2))
    assert first.send(reply_text="下周一重打密封胶").status_code == 302

    second.token = "of the other window"
    came_too_late(second.send(reply_text=TYPED), "周以宁")

    assert times(answerable, "send_plan") == 1
    assert first.send(reply_text="下周一重打密封胶").status_code == 302, "the same form again is answered as done"
    assert times(answerable, "send_plan") == 1


def test_of_two_who_write_to_the_customer_at_once_the_second_first_reads_what_the_first_wrote(
    here: World, sign_in: SignIn
) -> None:
    case = here.register(at=begun())
    page, address = reverse("case-page", args=[case]), reverse("case-message", args=[case])
    hers, his = sign_in("zhouyining"), sign_in("heqing")
    drawn = his.get(page).content.decode()
    seen_at = re.search(r'name="seen_at" value="([^"]+)"', drawn)
    assert seen_at is not None
    assert hers.post(address, {"text": "明天上午到", "form_token": "a"}).status_code == 302

    answer = his.post(address, {"text": TYPED, "form_token": "b", "seen_at": seen_at[1]})

    text = came_too_late(answer, "周以宁")
    assert "明天上午到" in text
    assert "您写的时候同事已经给客户发了消息" in text
    assert sent_to_the_customer(case) == ["明天上午到"]
    fresh = re.search(r'name="seen_at" value="([^"]+)"', text)
    assert fresh is not None
    assert his.post(address, {"text": TYPED, "form_token": "b", "seen_at": fresh[1]}).status_code == 302
    assert sent_to_the_customer(case) == ["明天上午到", TYPED]


def sent_to_the_customer(case: UUID) -> list[str]:
    return [
        text for note, text in notes.read(Case.objects.get(pk=case)) if note.visibility == notes.SENT and note.author_id
    ]


def test_whoever_signs_what_its_author_has_taken_back_meanwhile_signs_nothing(here: World, sign_in: SignIn) -> None:
    case = here.planned(begun())
    signing, back = Form(sign_in("chenmuzhi"), case, "sign_joint_review"), {}
    taking = Form(sign_in("heqing"), case, "take_back_joint_review")
    asked = taking.client.get(taking.address).context["form"].fields
    back = {field.code: "数量要改" for field in asked if field.is_required}
    assert taking.send(**back).status_code == 302

    came_too_late(signing.send(verdict="同意", opinion=TYPED), "何青")

    assert times(case, "sign_joint_review") == 0
    assert Case.objects.get(pk=case).card.stage == "planning"


def test_nor_does_its_author_take_back_what_was_signed_meanwhile(here: World, sign_in: SignIn) -> None:
    case = here.planned(begun())
    taking, signing = (
        Form(sign_in(login), case, step)
        for login, step in (("heqing", "take_back_joint_review"), ("chenmuzhi", "sign_joint_review"))
    )
    asked = taking.client.get(taking.address).context["form"].fields
    assert signing.send(verdict="同意", opinion="可行").status_code == 302

    answer = taking.send(**{field.code: TYPED for field in asked if field.is_required})

    assert answer.status_code == 409
    assert times(case, "take_back_joint_review") == 0
    assert times(case, "sign_joint_review") == 1


def test_a_step_on_a_case_that_was_merged_meanwhile_is_not_taken_in_either(here: World, sign_in: SignIn) -> None:
    place = {"unit_id": here.units["group"], "calendar": calendar(), "signatures": SIGNED}
    adopt_pack(actor=None, at=begun(), pack=pack("merging"), **place)
    first, second = (here.register("wutong", at=begun() + HOUR, title=title) for title in ("屋面漏水", "顶楼漏水"))
    noting = Form(sign_in("zhouyining"), second, "take_note")
    merge: Mapping[str, str] = {"merged_into": first.hex, "merge_reason": "同一处屋面"}
    here.take(second, "merge", "zhouyining", begun() + 2 * HOUR, **merge)

    came_too_late(noting.send(note=TYPED), "并案")

    assert times(second, "take_note") == times(first, "take_note") == 0


def test_nor_is_a_case_merged_on_which_somebody_took_a_step_meanwhile(here: World, sign_in: SignIn) -> None:
    place = {"unit_id": here.units["group"], "calendar": calendar(), "signatures": SIGNED}
    adopt_pack(actor=None, at=begun(), pack=pack("merging"), **place)
    first, second = (here.register("wutong", at=begun() + HOUR, title=title) for title in ("屋面漏水", "顶楼漏水"))
    number = Case.objects.get(pk=first).number
    merging = Form(sign_in("zhouyining"), second, "merge")
    here.take(second, "inform", "wutong", begun() + 2 * HOUR)

    text = came_too_late(
        merging.send(**{"merged_into.number": number, "merge_reason": TYPED, "merge_seen": first.hex}), "知会"
    )

    assert number in text
    assert times(second, "merge") == 0


def test_who_chose_what_is_no_longer_offered_is_told_so_and_not_that_he_chose_nothing(
    here: World, sign_in: SignIn
) -> None:
    case = here.triaged(begun())
    assigning = Form(sign_in("heqing"), case, "assign")
    shut = here.units["west_engineering"]

    answer = assigning.send(responsible_dept=shut.hex, task_via="邮件")

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "选的这一项现在不能选了，请另选" in text
    assert "还没有填责任部门" not in text


def test_who_was_overtaken_is_told_that_the_level_he_chose_can_be_chosen_no_more(here: World, sign_in: SignIn) -> None:
    case = here.triaged(begun())
    first, second = (Form(sign_in("linsheng"), case, "raise_level") for _ in range(2))
    levels = [choice.value for choice in first.client.get(first.address).context["form"].fields[0].options]
    assert first.send(raised_to=levels[0], raising_reason="已有人到访").status_code == 302

    second.token = "of the other window"
    text = came_too_late(second.send(raised_to=levels[0], raising_reason=TYPED), "林声")

    assert "选的这一项现在不能选了，请另选" in text


def test_who_passes_on_from_a_second_window_what_he_passed_on_in_the_first_is_told_at_the_choice(
    here: World, sign_in: SignIn
) -> None:
    case = here.planned(begun())
    first, second = (Form(sign_in("chenmuzhi"), case, "pass_on_joint_review") for _ in range(2))
    asked = next(f for f in first.client.get(first.address).context["form"].fields if f.code == "named_signer")
    assert first.send(named_signer=asked.options[0].value).status_code == 302

    second.token = "of the other window"
    page = second.send(named_signer=asked.options[0].value).content

    assert "选的这一项现在不能选了，请另选" in page.decode()
    assert Page(page).refused(second.address) == {"named_signer"}
