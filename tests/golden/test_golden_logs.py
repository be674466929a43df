"""What a release has stored is read by every later one, and means the same."""

from __future__ import annotations

import copy
import hashlib

import pytest

from tests.golden.replay import FOLDER, Golden, all_logs, kind_in, rows_of, standings

LOGS = list(all_logs())


def named(golden: Golden) -> str:
    return f"{golden.release.name}/{golden.name}"


def test_every_release_has_its_logs() -> None:
    from kesu.policy.standing.results import ApprovalStatus

    assert LOGS
    for release in {golden.release for golden in LOGS}:
        mine = [golden.log for golden in LOGS if golden.release == release]
        kinds = {row["kind"] for log in mine for row in log["events"]}
        verdicts = {status for log in mine for one in log["standings"] for _, status, _ in one["approvals"]}
        levels = {one["level"] for log in mine for one in log["standings"]}
        assert "duty.escalated" in kinds
        assert {ApprovalStatus.GRANTED, ApprovalStatus.REFUSED, ApprovalStatus.OPEN} <= verdicts
        assert len(levels - {None}) >= 2
        assert any(log["is_sealed"] for log in mine)


@pytest.mark.parametrize("golden", LOGS, ids=named)
def test_it_still_holds_as_a_chain(golden: Golden) -> None:
    from uuid import UUID

    from kesu.casefile.chain import event_hash, row_document

    rows = rows_of(golden.log)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert [event_hash(row_document(row, UUID(golden.log["case"]))) for row in rows] == [row.hash for row in rows]
    assert rows[-1].hash == golden.log["head"]


@pytest.mark.parametrize("golden", LOGS, ids=named)
def test_it_still_means_the_same(golden: Golden) -> None:
    assert standings(golden) == golden.log["standings"]


def test_the_policies_and_calendars_are_still_those_that_the_logs_name() -> None:
    from tests.golden.replay import calendar_in

    for path in FOLDER.glob("*/policies/*.json"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    for golden in LOGS:
        assert golden.log["kind"] == kind_in(golden.release, golden.log["policy"], golden.log["kind"]).code
        assert calendar_in(golden.release, golden.log["calendar"]).version == golden.log["calendar"]


def test_it_would_notice_a_changed_meaning() -> None:
    """A moment moved by a minute moves what follows from it."""
    golden = next(one for one in LOGS if one.name == "nobody-informs-in-time")
    spoiled = copy.deepcopy(dict(golden.log))
    spoiled["events"][0]["at"] = spoiled["events"][0]["at"].replace(":30:", ":31:")

    assert spoiled["events"] != golden.log["events"]
    assert standings(Golden(golden.release, golden.name, spoiled)) != golden.log["standings"]
