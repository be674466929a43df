"""What a card and a letter say of a fact that is no longer: nothing, until somebody states it again."""

from __future__ import annotations

from kesu.casefile.shown import latest
from tests.policy.standing.kinds import Log
from tests.policy.times.desk import wish

KIND = wish(
    facts='remark: {name: 回访记录, type: text, lapses: wish.reopened, clause: "1"}',
    steps='say: {name: 回访, by: clerk, event: wish.said, asks: [remark], clause: "1"}',
)
LOG = (
    Log(KIND)
    .add("2026-07-01 10:00", "wish.heard")
    .add("2026-07-02 10:00", "wish.said", remark="已填")
    .add("2026-07-03 10:00", "wish.closed")
    .add("2026-07-04 10:00", "wish.reopened")
    .add("2026-07-05 10:00", "wish.said", remark="已填")
)
BODIES = {1: {"topic": "加一盏灯"}, 2: {"remark": "不满意"}, 5: {"remark": "满意"}}


def test_it_is_gone_when_the_case_is_opened_again_and_other_texts_stay() -> None:
    assert latest(KIND, BODIES, LOG.events[:3]) == {"topic": "加一盏灯", "remark": "不满意"}
    assert latest(KIND, BODIES, LOG.events[:4]) == {"topic": "加一盏灯"}


def test_what_is_stated_afterwards_counts() -> None:
    assert latest(KIND, BODIES, LOG.events) == {"topic": "加一盏灯", "remark": "满意"}
