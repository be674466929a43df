"""The page of a matter and the form that takes a case out of it, through HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from kesu.commands.matters.join_matter import join_matter
from tests.world import World

SignIn = Callable[[str], Client]


def test_a_case_leads_to_its_matter_and_out_of_it_again(here: World, sign_in: SignIn) -> None:
    at = datetime.now(UTC) - timedelta(hours=5)
    first, second = here.register(at=at), here.register(at=at, title="又一件", person__phone="13800003187")
    actor = here.actor("zhouyining", at.date())
    join_matter(actor=actor, at=at + timedelta(hours=1), case_id=first, other_id=second)
    client, address = sign_in("zhouyining"), reverse("case-page", args=[first])

    alone = here.register(at=at, title="还是这件事")  # in the same words: it is put forward, and can be chosen
    form = client.get(f"{address}?write=matter").content.decode()
    assert f'name="other" value="{alone.hex}"' in form
    assert "请选一件" in client.post(reverse("case-join", args=[first]), {"number": "", "other": ""}).content.decode()
    joined = client.post(reverse("case-join", args=[first]), {"number": "", "other": alone.hex}, follow=True)
    assert "已归为同一事项" in joined.content.decode()
    assert client.post(reverse("case-part", args=[alone]), {"reason": "查明是另一处"}).status_code == 302

    matter = client.get(address).context["page"].matter.id
    page = client.get(reverse("matter-page", args=[matter])).content.decode()
    assert "又一件" in page
    assert "最近 30 天" in page

    named = reverse("matter-name", args=[matter])
    too_long = client.post(named, {"name": "三栋电梯" * 16})
    assert too_long.status_code == 422
    assert "三栋电梯" * 16 in too_long.content.decode()
    assert "最多写 60 个字" in too_long.content.decode()
    assert "起了名字" in client.post(named, {"name": " 三栋 电梯 "}, follow=True).content.decode()
    for shown in (reverse("matter-list"), address, reverse("matter-page", args=[matter])):
        assert "三栋 电梯" in client.get(shown).content.decode()

    refused = client.post(reverse("case-part", args=[first]), {"reason": " "})
    assert refused.status_code == 422
    done = client.post(reverse("case-part", args=[first]), {"reason": "查明是另一处"}, follow=True)
    assert "已移出同一事项" in done.content.decode()
    assert client.get(address).context["page"].matter.id is None
