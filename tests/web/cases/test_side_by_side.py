"""The versions of a plan side by side: what was changed, who wrote it, and nothing where it was stated once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kesu.core import clock
from tests import desk

pytestmark = pytest.mark.django_db


def test_a_plan_that_was_written_again_stands_beside_the_one_before() -> None:
    world, _ = desk.opened()
    case = world.planned(clock.now() - timedelta(hours=5))
    client = desk.client_of("heqing")
    url, page = reverse("case-side-by-side", args=[case]), reverse("case-page", args=[case])
    assert "还没有先后填过两次的" in client.get(url).content.decode()
    assert url not in client.get(page).content.decode()

    desk.take(case, "sign_joint_review", "chenmuzhi", verdict="退回", opinion="写明费用")
    desk.take(case, "submit_plan", "heqing", plan_text="重打密封胶，费用 3000 元")
    assert url in client.get(page).content.decode()
    shown = client.get(url).content.decode()
    words = ("第 1 次", "第 2 次", "清理旧胶，重打密封胶", "重打密封胶，费用 3000 元", "有改动")
    assert [shown.index(word) for word in words] == sorted(shown.index(word) for word in words)
    assert "联合审核" not in shown.partition("<table")[2]  # opinions stand with the signatures
