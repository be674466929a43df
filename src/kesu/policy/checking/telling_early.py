"""Notices that would tell the customer what another rule holds back until it is approved."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.checking.certainty import exclude_each_other
from kesu.policy.checking.findings import Finder, Finding
from kesu.policy.model.conditions import MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import COMPLAINANT, Guard, Notice
from kesu.policy.standing.said import answer_guards, held_back


def findings_of_telling_early(kind: Kind, finder: Finder) -> Iterator[Finding]:
    """A notice to the customer with a text that waits for approval, brought on by a step that does not wait for it."""
    for guard in answer_guards(kind):
        kept = held_back(kind, (guard,))
        for notice in kind.notices.values():
            told = [kind.facts[code].name for code in notice.says if code in kept]
            if not told or not notice.may_reach(COMPLAINANT) or exclude_each_other(notice.when, guard.when):
                continue
            for step in _unguarded(kind, notice, guard):
                said = (
                    f"“{step}”时就把{'、'.join(told)}告诉客户，而“{guard.says}”只管别的步骤。"
                    "请让通知等批准以后再发（starts），或不写这些。"
                )
                yield finder.finding("notices", notice.code, notice.clauses, said)


def _unguarded(kind: Kind, notice: Notice, guard: Guard) -> Iterator[str]:
    events = {moment.subject for moment in notice.starts if moment.noun is MomentNoun.EVENT}
    return (step.name for step in kind.steps.values() if step.event in events and step.code not in guard.steps)
