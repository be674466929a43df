"""Taking a step through its form: what is asked, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from kesu.store.models import Case, CaseEvent
from tests.world import World

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)
CLASSIFIED = {"talk_note": "已沟通", "track": "质量类", "category": "工程质量"}


def started() -> datetime:
    return datetime.now(UTC) - 10 * HOUR


def registered(here: World) -> UUID:
    case = here.register(at=started())
    here.take(case, "register", "zhouyining", started() + HOUR, customer_type="业主", demand="修好")
    return case


def version(case: UUID) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=case)


def post(client: Client, case: UUID, step: str, *, seen: int | None = None, **data: Any) -> Any:
    sent = {"seen_version": version(case) if seen is None else seen, **data}
    return client.post(reverse("case-step", args=[case, step]), sent)


def test_it_takes_a_step_and_comes_back_to_the_case(here: World, sign_in: SignIn) -> None:
    case = registered(here)
    answer = post(sign_in("zhouyining"), case, "classify", **CLASSIFIED)
    assert (answer.status_code, answer["Location"]) == (302, reverse("case-page", args=[case]))
    assert Case.objects.get(pk=case).card.stage_name == "已定性定级"


def test_it_shows_what_is_missing_at_the_field_and_keeps_the_rest(here: World, sign_in: SignIn) -> None:
    case = registered(here)
    answer = post(sign_in("zhouyining"), case, "classify", **CLASSIFIED | {"track": "", "talk_note": "打过电话"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "还没有填抱怨类或质量类" in text
    assert "打过电话</textarea>" in text
    assert "data-draft-rejected" in text


def test_it_says_who_did_what_meanwhile_and_loses_nothing_typed(here: World, sign_in: SignIn) -> None:
    case = registered(here)
    seen = version(case)
    here.take(case, "join", "heqing", started() + 2 * HOUR, person__name="邻居", person__phone="13800001001")
    client = sign_in("zhouyining")
    answer = post(client, case, "classify", seen=seen, **CLASSIFIED | {"talk_note": "写了很久的话"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "何青" in text
    assert "加入投诉人" in text
    assert "写了很久的话</textarea>" in text
    assert f'name="seen_version" value="{version(case)}"' in text
    assert post(client, case, "classify", **CLASSIFIED).status_code == 302


def test_it_answers_with_the_sentence_of_the_policy_when_it_says_no(here: World, sign_in: SignIn) -> None:
    case = registered(here)
    here.take(case, "classify", "zhouyining", started() + 2 * HOUR, **CLASSIFIED | {"track": "抱怨类"})
    answer = post(sign_in("zhouyining"), case, "explain", accepted_by_customer="yes")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "先用邮件或工作联系单把任务发给责任部门" in text
    assert reverse("case-step", args=[case, "assign"]) in text


def test_it_repeats_nothing_that_a_document_only_copies(here: World, sign_in: SignIn) -> None:
    case, client = here.register(at=started()), sign_in("zhouyining")
    form = client.get(reverse("case-step", args=[case, "register"])).context["form"]
    copied = {name: texts[0] for name, texts in form.typed.items()}
    post(client, case, "register", **copied | {"customer_type": "业主", "demand": "修好"})
    event = CaseEvent.objects.filter(case=case, step="register").get()
    assert sorted(event.facts) == ["customer_type", "demand"]


def test_it_keeps_people_of_others_from_taking_the_step(here: World, sign_in: SignIn) -> None:
    case = registered(here)
    client = sign_in("sunyan")
    page = client.get(reverse("case-step", args=[case, "classify"])).content.decode()
    assert "这一步由 周以宁 办" in page
    assert 'type="submit">' not in page.split('id="work"')[1].split("</form>")[0]
    refused = post(client, case, "classify", **CLASSIFIED)
    assert refused.status_code == 403
    assert CLASSIFIED["talk_note"] in refused.content.decode()


def test_it_says_beside_the_form_what_would_follow(here: World, sign_in: SignIn) -> None:
    case = registered(here)
    address = reverse("case-step-preview", args=[case, "classify"])
    answer = sign_in("zhouyining").post(address, {"track": "质量类", "media_exposed": "yes"})
    text = answer.content.decode()
    assert "重大：媒体曝光，依据 3.4.1" in text
    assert "还没有填与投诉人沟通情况" in text
    assert "上报领导" in text
    assert "<html" not in text


def test_it_takes_a_step_that_was_done_earlier_at_its_time(here: World, sign_in: SignIn) -> None:
    case = here.register(at=started())
    done = started() + 2 * HOUR
    local = (done + 8 * HOUR).strftime("%Y-%m-%dT%H:%M")
    answer = post(sign_in("zhouyining"), case, "inform", happened_at=local)
    event = CaseEvent.objects.filter(case=case, step="inform").get()
    assert answer.status_code == 302
    assert event.at == done.replace(second=0, microsecond=0)
    assert event.recorded_at - event.at > 7 * HOUR


def test_it_refuses_a_time_that_cannot_be_and_says_so(here: World, sign_in: SignIn) -> None:
    case = here.register(at=started())
    too_early = (started() - 30 * 24 * HOUR).strftime("%Y-%m-%dT%H:%M")
    early = post(sign_in("zhouyining"), case, "inform", happened_at=too_early)
    odd = post(sign_in("zhouyining"), case, "inform", happened_at="gestern")
    assert (early.status_code, odd.status_code) == (409, 422)
    assert "发生时间不对" in early.content.decode()
    assert not CaseEvent.objects.filter(case=case, step="inform").exists()


def test_it_signs_with_one_of_two_buttons_and_wants_a_reason_for_returning(here: World, sign_in: SignIn) -> None:
    case = here.planned(started())
    client, step = sign_in("chenmuzhi"), "sign_joint_review"
    page = client.get(reverse("case-step", args=[case, step])).content.decode()
    assert 'name="verdict" value="同意"' in page
    assert "清理旧胶，重打密封胶" in page
    refused = post(client, case, step, verdict="退回", opinion="")
    assert refused.status_code == 422
    assert "还没有填审批意见" in refused.content.decode()
    assert post(client, case, step, verdict="同意", opinion="同意").status_code == 302
    assert Case.objects.get(pk=case).card.stage_name == "领导审批"
