"""Makes the golden logs of a release: `.venv/bin/python -m tests.golden.make 0.2.0`, once, when it is released.

Cases are made by the commands that people use, at fixed moments, in a database that is thrown away; then their rows are
written down as they are stored. What an earlier release has written is never made anew: see docs/how-to/golden-logs.md.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.database import HOME, Databases, key_file, point_django_to
from tests.golden import replay

COLUMNS = (
    *("seq", "kind", "schema", "at", "recorded_at", "actor", "role", "step", "facts", "forms"),
    *("body_digest", "previous", "hash"),
)


def main(release: str) -> None:
    folder = replay.FOLDER / release
    if folder.exists():
        sys.exit(f"{folder} is there: a golden log is written once")
    os.environ |= {
        "KESU_DATA": str(HOME),
        "KESU_KEY_FILE": str(key_file()),
        "KESU_FILES": tempfile.mkdtemp(),
        "DJANGO_SETTINGS_MODULE": "kesu.config.settings",
    }
    import django

    django.setup()
    databases = Databases()
    url = databases.clone()
    try:
        point_django_to(url)
        write(folder)
    finally:
        from django.db import connections

        connections.close_all()
        databases.drop(url)
        databases.close()


def write(folder: Path) -> None:
    from django.db import transaction

    from kesu.store.models import CalendarVersion, PolicyVersion

    for name, story in stories().items():
        with transaction.atomic():
            log = story()
            policy = PolicyVersion.objects.get(pk=log["policy"])
            calendar = CalendarVersion.objects.get(pk=log["calendar"])
            transaction.set_rollback(True)
        _keep(folder / "policies" / f"{policy.pk}.json", policy.canonical)
        _keep(folder / "calendars" / f"{calendar.pk}.json", _json(calendar.document))
        log["standings"] = replay.standings(replay.Golden(folder, name, log))
        _keep(folder / "logs" / f"{name}.json", _json(log))
        print(name, len(log["events"]))


def stories() -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "level-rises-and-both-sign": both_sign,
        "plan-is-refused": refused,
        "nobody-informs-in-time": escalated,
        "time-raises-the-level": aged,
        "customer-withdraws": withdrawn,
        "report-under-seal": reported,
    }


def both_sign() -> dict[str, Any]:
    from tests.world import MONDAY, build

    world = build()
    case_id = world.planned()
    at = MONDAY + timedelta(hours=2)
    world.take(case_id, "sign_joint_review", "chenmuzhi", at, verdict="同意", opinion="做法可行")
    world.take(case_id, "sign_leadership", "gulan", at + timedelta(hours=1), verdict="同意", opinion="同意")
    world.take(case_id, "send_plan", "zhouyining", at + timedelta(hours=2), reply_text="两周内完成")
    wake(at + timedelta(days=2))
    return stored(case_id)


def refused() -> dict[str, Any]:
    from tests.world import MONDAY, build

    world = build()
    case_id = world.planned()
    late = MONDAY + timedelta(days=4)
    wake(late - timedelta(hours=1))
    world.take(case_id, "sign_joint_review", "chenmuzhi", late, verdict="退回", opinion="没有写型号")
    return stored(case_id)


def escalated() -> dict[str, Any]:
    from tests.world import MONDAY, build

    case_id = build().register("wutong")
    wake(MONDAY + timedelta(hours=3))
    return stored(case_id)


def aged() -> dict[str, Any]:
    from tests.world import MONDAY, build

    case_id = build().triaged()
    for days in (1, 3, 7, 15, 31):
        wake(MONDAY + timedelta(days=days))
    return stored(case_id)


def withdrawn() -> dict[str, Any]:
    from kesu.commands.cases.take_public_step import take_public_step
    from tests.world import MONDAY, build

    sent = build().submit()
    at = MONDAY + timedelta(minutes=20)
    take_public_step(at=at, secret=sent.secret, step="withdraw", given={"withdraw_reason": ("已自行解决",)})
    return stored(sent.case_id)


def reported() -> dict[str, Any]:
    from kesu.commands.sealed.take_sealed_step import take_sealed_step
    from tests.commands.test_sealed import only_case, report
    from tests.world import MONDAY, build

    world = build()
    report(world)
    case_id = only_case().pk
    wake(MONDAY + timedelta(hours=1))
    given = {"screening_note": ("线索具体",), "important": ("否",)}
    take_sealed_step(
        actor=world.actor("qiubai"),
        at=MONDAY + timedelta(hours=2),
        case_id=case_id,
        step="route",
        seen_version=only_case().version,
        given=given,
    )
    return stored(case_id)


def wake(until: Any) -> None:
    """Lets time act, moment by moment, as workers do."""
    from kesu.commands.clock.wake_one import next_wake_at, wake_one

    while (at := next_wake_at()) is not None and at <= until:
        wake_one(at=at)


def stored(case_id: UUID) -> dict[str, Any]:
    """Head and rows; a sealed log is written in outline of its head too, since it has no number."""
    from kesu.casefile.streams import ORDINARY, SEALED
    from kesu.store.sealed_reader import SYSTEM, read_as

    read_as(SYSTEM)
    stream = ORDINARY if ORDINARY.heads.filter(pk=case_id).exists() else SEALED
    head = stream.heads.get(pk=case_id)
    rows = stream.events.filter(case_id=case_id).order_by("seq")
    return {
        "case": str(case_id),
        "kind": head.kind,
        "is_sealed": stream.is_sealed,
        "policy": head.policy_version_id,
        "calendar": head.calendar_version_id,
        "head": head.head,
        "events": [{name: _plain(getattr(row, name)) for name in COLUMNS} for row in rows],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.golden.make RELEASE")
    main(sys.argv[1])
