"""Section `approvals`: who signs what, in which order; each approval brings its own step `sign_<code>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kesu.policy.events import APPROVAL_SIGNED, COPY_TO
from kesu.policy.language.allowing import acting_steps, read_allowed
from kesu.policy.language.conditions import read_condition
from kesu.policy.language.duties import read_escalations, read_reminders
from kesu.policy.language.lengths import read_duration
from kesu.policy.language.moments import read_moments
from kesu.policy.language.names import GENERATED_OPINION, GENERATED_VERDICT
from kesu.policy.language.nodes import Map, Seq, Text
from kesu.policy.language.people import read_people, read_who
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.language.tables import is_table, table_of
from kesu.policy.model.approving import (
    WAITS,
    ApprovalConflict,
    LinkMode,
    SamePersonTwice,
    Vacancy,
    VacancyMode,
)
from kesu.policy.model.conditions import Condition, Table
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import Approval, Link, Step, Who

SKIPPED: Final = "略过"
_KEYS: Final = (
    *COMMON, "of", "when", "until", "chain", "each_within", "remind", "overdue", "opened_to", "granted_to",
    "refused_to", "conflict", "authors", "nobody", "same_person",
    "allows", "alone", "copies", "copying",
)  # fmt: skip
_PERCENT: Final = re.compile(r"([1-9]\d?|100)%")
_VACANCIES: Final = (VacancyMode.WAIT, VacancyMode.NEXT, VacancyMode.SKIP)


def read_approval(place: Place, scope: Scope) -> Approval:
    fields = Fields(place, scope, _KEYS)
    when: Condition | None = fields.read("when", read_condition, None)
    conflict = fields.read("conflict", one_of(tuple(ApprovalConflict)), ApprovalConflict.BLOCK.value)
    same_person = fields.read("same_person", one_of(tuple(SamePersonTwice)), SamePersonTwice.AGAIN.value)
    return Approval(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        of=fields.need("of", read_moments, ()),
        chain=fields.need("chain", _read_chain, ()),
        when=when,
        until=fields.read("until", read_moments, ()),
        each_within=fields.read("each_within", read_duration, None),
        remind=fields.read("remind", read_reminders, ()),
        overdue=fields.read("overdue", read_escalations, ()),
        opened_to=fields.named("stage", "opened_to"),
        granted_to=fields.named("stage", "granted_to"),
        refused_to=fields.named("stage", "refused_to"),
        conflict=ApprovalConflict(conflict),
        authors=fields.read("authors", _read_authors, ()),
        nobody=fields.read("nobody", _read_vacancy, WAITS),
        same_person=SamePersonTwice(same_person),
        allows=fields.read("allows", read_allowed, ()),
        alone=fields.flag("alone"),
        copying=fields.flag("copying"),
        unclear=fields.maybe_text("unclear"),
        reading=fields.maybe_text("reading"),
    )


def _read_chain(place: Place, scope: Scope) -> tuple[Table[Link | None], ...]:
    if isinstance(place.node, Seq) and not place.node.items:
        raise place.flaw("审批链是空的：没有人签。")
    if is_table(place):
        raise place.flaw(
            "审批链是列表，分档写在其中一环里。", expected="请写 [{table: [{when: …, use: …}, {else: 略过}]}, …]。"
        )
    empty: Table[Link | None] = Table(())
    links = [scope.attempt(table_of(_read_link), item, empty) for item in place.items()]
    return tuple(link for link in links if link.rows)


def _read_authors(place: Place, scope: Scope) -> tuple[str, ...]:
    found = []
    for item in place.items():
        fact = scope.names.facts[scope.named("fact", item)]
        if fact.type is not FactType.GROUP:
            scope.note(item.flaw(f"{fact.code}（{fact.name}）不是小组（group）类型的事实，看不出是哪些人写的。"))
        found.append(fact.code)
    return tuple(found)


def _read_vacancy(place: Place, scope: Scope) -> Vacancy:
    if isinstance(place.node, Map):
        fields = Fields(place, scope, ("role",))
        role = fields.named("role", "role")
        if role is None:
            raise place.flaw("缺少 role（角色）：没有人可签时由谁签。")
        return Vacancy(VacancyMode.ROLE, role)
    try:
        return Vacancy(VacancyMode(one_of(tuple(mode.value for mode in _VACANCIES))(place, scope)))
    except Flaw as flaw:
        raise place.flaw(
            f"看不懂没有人可签时怎么办：{place.text()}。",
            expected="请写 wait（等着，并告诉管理员）、next（由下一环签）、skip（略过），或 {role: 岗位}（由它签）。",
        ) from flaw


def _read_share(place: Place, scope: Scope) -> Link:
    fields = Fields(place, scope, ("share", "who"))
    said = place.child("share")
    match = _PERCENT.fullmatch(said.text())
    if match is None:
        raise said.flaw(f'看不懂"{said.text()}"。', expected="写成 1% 到 100% 的百分数，如 60%。")
    who: tuple[Who, ...] = fields.need("who", read_people, ())
    return Link(LinkMode.SHARE, who, int(match[1]))


def _read_link(place: Place, scope: Scope) -> Link | None:
    """A person or role, `{all: […]}` (all sign, and of a group every member), `{any: […]}` (one of them signs),
    `{each: {role: …, of: …}}` (one of every unit signs), `{share: 60%, who: […]}` (so many of them sign) or 略过 (the
    link is left out)."""
    if isinstance(place.node, Text) and place.node.value == SKIPPED:
        return None
    if isinstance(place.node, Map) and LinkMode.SHARE.value in place.node.entries:
        return _read_share(place, scope)
    if isinstance(place.node, Map) and len(place.node.entries) == 1:
        for mode in (LinkMode.ALL, LinkMode.ANY):
            if mode.value in place.node.entries:
                return Link(mode, read_people(place.child(mode.value), scope))
        if LinkMode.EACH.value in place.node.entries:
            return Link(LinkMode.EACH, (_read_of_units(place.child(LinkMode.EACH.value), scope),))
    return Link(LinkMode.ONE, (read_who(place, scope),))


def _read_of_units(place: Place, scope: Scope) -> Who:
    who = read_who(place, scope)
    if who.of is None or scope.names.facts[who.of].type is not FactType.UNITS:
        raise place.flaw(
            "each（逐一）要几个单位，每个单位有一人签。",
            expected="请写 {each: {role: 岗位, of: 事实}}，事实是几个单位（units）类型的。",
        )
    return who


def steps_of(approval: Approval) -> Iterator[Step]:
    """The step by which the links of `approval` are signed, and those of what else may be done to it. Whose turn it is,
    the engine knows."""
    signers: list[Who] = []
    for link in approval.chain:
        for row in link.rows:
            signers.extend(who for who in (row.use.who if row.use else ()) if who not in signers)
    yield Step(
        code=f"sign_{approval.code}",
        name=approval.name,
        by=Table.of(tuple(signers)),
        event=APPROVAL_SIGNED,
        clauses=approval.clauses,
        asks=(GENERATED_VERDICT,),
        may_state=(GENERATED_OPINION, *((f"{COPY_TO}{approval.code}",) if approval.copying else ())),
        signs=approval.code,
    )
    yield from acting_steps(approval, signers)
