"""One page says how each part is, to those who keep the program running and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kesu.commands.operation.beat import beat
from kesu.core import clock
from kesu.store.models import OutboxMessage
from tests import desk

pytestmark = pytest.mark.django_db


def page() -> str:
    answer = desk.client_of("admin").get("/health")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_that_no_worker_runs_and_what_to_do() -> None:
    desk.opened()
    assert "没有后台任务在运行" in page()
    assert "请启动 kesu work" in page()


def test_it_says_that_the_worker_is_at_work() -> None:
    _, now = desk.opened()
    beat(part="worker", process="a:1", started_at=now, at=now)
    assert "1 个在运行" in page()


def test_it_forgets_a_worker_that_ended_when_another_is_at_work() -> None:
    _, now = desk.opened()
    beat(part="worker", process="a:1", started_at=now, at=now - timedelta(hours=1), failures=3)
    beat(part="worker", process="a:2", started_at=now, at=now)
    assert "出过" not in page()


def test_it_says_how_long_cases_and_letters_have_waited() -> None:
    world, now = desk.opened()
    world.submit(at=now - timedelta(minutes=20))
    OutboxMessage.objects.update(state="failed")
    shown = page()
    assert "1 封试了多次没有发出，已放弃" in shown
    world.register("wutong", at=now - timedelta(days=9), promised_feedback_at=desk.PROMISED)
    assert "件到点还没有处理，最早的已迟" in page()
    assert clock.now() >= now


def test_it_shows_what_the_check_finds() -> None:
    desk.opened()
    shown = page()
    assert "数据库连得上" in shown
    assert "没有设置邮件服务器" in shown
