"""Approvals changed a little: signed in another order, by fewer, by nobody, or once where it was twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kesu.policy.language.names import ACT_NAMES
from kesu.policy.model.approving import WAITS, Allowed, LinkMode, SamePersonTwice, VacancyMode
from kesu.policy.model.pack import Kind
from kesu.policy.model.rules import Approval, Link
from kesu.policy.mutating import other_starts
from kesu.policy.operators import Operator
from kesu.policy.telling.words import Words


def of_approval(approval: Approval, kind: Kind) -> Iterator[tuple[Operator, str, Approval]]:
    yield from ((Operator.START, move, replace(approval, of=of)) for move, of in other_starts(approval.of, kind))
    if len(approval.chain) > 1:
        yield Operator.ORDER, "审批人倒过来", replace(approval, chain=approval.chain[::-1])
    for code in approval.authors:
        rest = tuple(other for other in approval.authors if other != code)
        yield Operator.FACT, f"{Words(kind).fact(code)}中的人不再算本人", replace(approval, authors=rest)
    if approval.nobody.mode is not VacancyMode.WAIT:
        yield Operator.RULE, "没有人可签的一环一直等着", replace(approval, nobody=WAITS)
    if approval.same_person is not SamePersonTwice.AGAIN:
        yield Operator.RULE, "同一个人要再签", replace(approval, same_person=SamePersonTwice.AGAIN)
    if approval.same_person is SamePersonTwice.SKIP_TOGETHER:
        yield Operator.RULE, "会签的同一个人要再签", replace(approval, same_person=SamePersonTwice.SKIP)
    for one in approval.allows:
        if one.generic:
            continue
        allows = tuple(other for other in approval.allows if other != one)
        yield Operator.RULE, f"不再可以{ACT_NAMES[one.act]}", replace(approval, allows=allows)


def of_allowed(one: Allowed, kind: Kind) -> Iterator[tuple[Operator, str, Allowed]]:
    for role in one.to:
        rest = tuple(other for other in one.to if other != role)
        yield Operator.ROLE, f"{ACT_NAMES[one.act]}不再可以给{Words(kind).role(role)}", replace(one, to=rest or ("",))
    for stage in one.stages:
        left = tuple(other for other in one.stages if other != stage)
        yield Operator.RULE, f"{ACT_NAMES[one.act]}不再可以到“{stage[0]}”", replace(one, stages=left)


def of_link(link: Link, _kind: Kind) -> Iterator[tuple[Operator, str, Link]]:
    if link.mode is LinkMode.EACH:
        yield Operator.ROLE, "有一个单位签就可以", replace(link, mode=LinkMode.ANY)
    if link.mode is LinkMode.ALL:
        yield Operator.ROLE, "有一人签就可以", replace(link, mode=LinkMode.ANY)
    if link.mode is LinkMode.SHARE:
        yield Operator.ROLE, "要所有的人都签", replace(link, mode=LinkMode.ALL)
        yield Operator.ROLE, "有一人签就可以", replace(link, mode=LinkMode.ANY)
