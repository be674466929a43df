"""`extension` of a duty: what makes its limit longer, and who decides about it."""

from __future__ import annotations

from collections.abc import Iterator

from kesu.policy.calendar import Duration
from kesu.policy.language.labels import labelled
from kesu.policy.language.lengths import read_date_fact, read_duration
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, read_count
from kesu.policy.model.approving import ApprovalConflict
from kesu.policy.model.conditions import FactRef, MomentNoun
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Duty, Extension


def read_extension(place: Place, scope: Scope) -> Extension | None:
    """`{event: longer.asked, approval: longer, length: 5个工作日, times: 1}`; without `approval` the event decides."""
    fields = Fields(place, scope, ("event", "approval", "length", "times", "clause"))
    event = fields.need("event", lambda at, on: on.named("event", at), "")
    approval = fields.named("approval", "approval")
    length: FactRef | Duration | None = fields.need("length", _read_length, None)
    if length is None:
        return None
    return Extension(event, length, fields.read("times", read_count, None), fields.clauses(), approval)


def _read_length(place: Place, scope: Scope) -> FactRef | Duration:
    if isinstance(place.node, Map) and "fact" in place.node.entries:
        return read_date_fact(place.child("fact"), scope)
    return read_duration(place, scope)


def check_extensions(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """An approval that decides about an extension is opened by the asking, and not signed by whoever asked."""
    for code, duty in kind.duties.items():
        rule = duty.extension
        approval = kind.approvals.get(rule.approval or "") if rule is not None else None
        if rule is None or approval is None:
            continue
        place = Place(tree, "").child("duties").child(code, is_code=True).child("extension").child("approval")
        yield from _undecided(place, duty, rule, approval)


def _undecided(place: Place, duty: Duty, rule: Extension, approval: Approval) -> Iterator[Flaw]:
    asked = {moment.subject for moment in approval.of if moment.noun is MomentNoun.EVENT}
    if rule.event not in asked:
        yield place.flaw(
            f"审批 {approval.code}（{approval.name}）不从申请延期的事件 {rule.event} 开始，“{duty.name}”永远延不了。",
            expected=f"请在这个审批的 of 里写 {rule.event}，或者换一个审批。",
        )
    if approval.conflict is not ApprovalConflict.BLOCK:
        yield place.flaw(
            f"审批 {approval.code}（{approval.name}）让申请的人自己也能批，延期要由别人定。",
            expected=f"请把这个审批的 {labelled('conflict')}写成 block，或者不写。",
        )
