"""A step is taken back from the timeline: the form says what stays, asks why, and says what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from kesu.commands.policies.adopt_pack import adopt_pack
from kesu.core import clock
from kesu.store.models import CaseCard
from tests.web.numbers.story import TO_CLOSED
from tests.world import World, calendar, pack

SignIn = Callable[[str], Client]
SIGNED = {"compiled_by": "周以宁", "reviewed_by": "林声", "approved_by": "顾岚"}


def test_a_merging_is_taken_back_with_a_reason(here: World, sign_in: SignIn) -> None:
    world, now = here, clock.now()
    place, before = world.units["group"], now - timedelta(hours=3)
    adopt_pack(actor=None, at=before, unit_id=place, pack=pack("merging"), calendar=calendar(), signatures=SIGNED)
    first = world.register("wutong", at=before, title="屋面漏水")
    sent = world.submit(at=before + timedelta(minutes=5), title="顶楼漏水", person__phone="13800003187")
    second = sent.case_id
    numbers = dict(CaseCard.objects.values_list("pk", "number"))
    client = sign_in("zhouyining")
    merging = reverse("case-step", args=[second, "merge"])
    version = str(CaseCard.objects.select_related("case").get(pk=second).case.version)
    said = {"merged_into.number": numbers[first], "merge_reason": "同一处屋面", "seen_version": version}

    side_by_side = client.post(merging, said).content.decode()
    for told in ("屋面漏水", "顶楼漏水", "到“已并案”为止，不再另办", "照常办理，期限不变", "同一处屋面"):
        assert told in side_by_side
    assert CaseCard.objects.get(pk=second).stage != "merged"
    assert client.post(merging, {**said, "merge_seen": second.hex}).status_code == 200  # not what he has seen
    assert client.post(merging, {**said, "merge_seen": first.hex}).status_code == 302

    for step, login, given in TO_CLOSED[:6]:
        answers = {code: world.units[text[1:]].hex if text[0] == "@" else text for code, text in given.items()}
        world.take(first, step, login, clock.now(), **answers)
    followed = Client().get(f"/follow/{sent.secret}").content.decode()
    assert f"已并入 {numbers[first]} 一起办理" in followed
    assert f"您反映的“顶楼漏水”（{numbers[first]}）已有结果" in followed  # the policy's words, with his own subject
    assert "已告知结果" in followed
    assert "屋面漏水" not in followed

    merged = client.get(reverse("case-page", args=[second])).content.decode()
    assert f'本件已并入 <a href="{reverse("case-page", args=[first])}">{numbers[first]}</a>' in merged
    other = client.get(reverse("case-page", args=[first])).content.decode()
    assert "并入本件的诉件" in other
    assert f"有一件并入本件：{numbers[second]}" in other
    seq = CaseCard.objects.select_related("case").get(pk=second).case.version
    address = next(
        reverse("case-take-back", args=[second, one])
        for one in range(1, seq + 1)
        if reverse("case-take-back", args=[second, one]) in merged
    )
    form = client.get(address).content.decode()
    assert "已经发出的不收回：告诉客户已并案" in form
    assert "并案和分头办理办法 第二条1" in form

    empty = client.post(address, {"reason": " "})
    assert (empty.status_code, "还没有写内容" in empty.content.decode()) == (422, True)
    other_hand = sign_in("wutong").post(address, {"reason": "不是我办的"})
    assert other_hand.status_code in {403, 404}
    client = sign_in("zhouyining")
    sent = {"reason": "查明是<另一处>", "form_token": "once"}
    done = client.post(address, sent, follow=True).content.decode()
    assert "已撤销，案件回到办这一步以前" in done
    assert "撤销了“并案”" in done
    assert "查明是&lt;另一处&gt;" in done
    assert client.post(address, sent).status_code == 302  # the same form, sent again
    assert client.post(address, {"reason": "再来一次"}).status_code == 409
    assert client.get(address).status_code == 404
    assert "并入本件的诉件" not in client.get(reverse("case-page", args=[first])).content.decode()
