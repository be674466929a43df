"""One page says how each part is, to those who keep the program running and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from kesu.commands.operation.beat import beat
from kesu.config.backup import record
from kesu.core import clock
from kesu.store.models import NightlyResult, OutboxMessage
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
    assert "1 条消息没有送达，列在“没有送达”里" in shown
    world.register("wutong", at=now - timedelta(days=9), promised_feedback_at=desk.PROMISED)
    assert "件到点还没有处理，最早的已迟" in page()
    assert clock.now() >= now


def test_it_shows_what_the_check_finds() -> None:
    desk.opened()
    shown = page()
    assert "数据库连得上" in shown
    assert "没有设置邮件服务器" in shown


def test_it_says_how_the_nights_went_and_what_was_missed() -> None:
    _, now = desk.opened()
    assert "还没有做过；后台任务在夜里两点以后做" in page()

    night = now.date()
    for task, state, details in (
        ("sign_heads", "done", {}),
        ("copy_heads", "failed", {}),
        ("check_projections", "done", {"different": 2}),
    ):
        NightlyResult.objects.create(
            task=task, night=night, state=state, try_at=now, ended_at=now, error="OSError", details=details
        )
    shown = page()
    assert f"最近一次 {night} 夜，做成" in shown
    assert f"{night} 夜没有做成（OSError），会再试" in shown
    assert "2 件的列表数据与记录不符" in shown


def test_it_says_when_the_last_backup_was_and_that_one_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, now = desk.opened()
    monkeypatch.setenv("KESU_DATA", str(tmp_path))
    assert "还没有备份过" in page()
    record.write(tmp_path, record.Record(made_at=now, made="b1", proved_at=now, proved="b1"))
    assert "最近一次试着恢复" in page()
    record.write(tmp_path, record.Record(made_at=now, made="b1", failed_at=now, failure="磁盘满了"))
    assert "最近一次没有成功：磁盘满了" in page()


def test_the_check_speaks_the_language_of_its_reader() -> None:
    desk.opened()
    client = desk.client_of("admin")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = client.get("/health").content.decode()
    assert "The database answers: PostgreSQL" in shown
    assert "No mail server is set" in shown
    assert "数据库" not in shown
