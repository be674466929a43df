"""Section `ledgers`: accounts that cases post to. What an account holds is no fact of a case: no condition reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from kesu.policy.language.labels import labelled
from kesu.policy.language.moments import read_moments
from kesu.policy.language.nodes import Map
from kesu.policy.language.operands import is_parameter, parameter_place, read_money
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, one_of
from kesu.policy.language.sections import COMMON
from kesu.policy.model.conditions import Moment, MomentNoun
from kesu.policy.model.facts import FactType
from kesu.policy.model.ledgers import UNIT_OF_CASE, Beyond, Ledger
from kesu.policy.model.pack import Kind

_KEYS: Final = (*COMMON, "per", "plus", "minus", "amount", "limit", "below_zero", "above_limit")
_ACCOUNTS: Final = frozenset({FactType.CHOICE, FactType.UNIT})


def read_ledger(place: Place, scope: Scope) -> Ledger:
    fields = Fields(place, scope, _KEYS)
    if not fields.has("plus") and not fields.has("minus"):
        scope.note(place.flaw("台账没有写什么时候入账。", expected="请写 plus（收入）、minus（支出）。", at_key=True))
    limit: Decimal | None = fields.read("limit", _read_limit, None)
    if fields.has("above_limit") and not fields.has("limit"):
        scope.note(place.child("above_limit").flaw("没有上限，不会超过。", expected=f"请写 {labelled('limit')}。"))
    return Ledger(
        code=place.key,
        name=fields.need_text("name"),
        clauses=fields.clauses(),
        amount=fields.need("amount", _read_amount, ""),
        per=fields.read("per", _read_per, ()),
        plus=fields.read("plus", _read_events, ()),
        minus=fields.read("minus", _read_events, ()),
        limit=limit,
        below_zero=Beyond(fields.read("below_zero", one_of(tuple(Beyond)), Beyond.REFUSE.value)),
        above_limit=Beyond(fields.read("above_limit", one_of(tuple(Beyond)), Beyond.REFUSE.value)),
    )


def _read_limit(place: Place, scope: Scope) -> Decimal:
    if is_parameter(place):
        place = parameter_place(place, scope)
    limit = read_money(place, place.text())
    if not limit:
        raise place.flaw("上限是 0 元，什么也收不进来。", expected="如 50000元，或 {param: 参数代码}。")
    return limit


def _read_amount(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.MONEY:
        raise place.flaw(f"{fact.code}（{fact.name}）不是金额（money）类型，不能入账。")
    return fact.code


def _read_per(place: Place, scope: Scope) -> tuple[str, ...]:
    found = []
    for item in place.items():
        code = scope.attempt(lambda at, on: on.named("fact", at, also=(UNIT_OF_CASE,)), item, "")
        fact = scope.names.facts.get(code)
        if fact is not None and fact.type not in _ACCOUNTS:
            scope.note(
                item.flaw(
                    f"{code}（{fact.name}）不能分户。",
                    expected=f"按单选（choice）或单位（unit）类型的事实分户，或写 {UNIT_OF_CASE}（案件所属的单位）。",
                )
            )
        if code:
            found.append(code)
    if len(set(found)) < len(found):
        scope.note(place.flaw("同一个事实写了两次。"))
    return tuple(dict.fromkeys(found))


def _read_events(place: Place, scope: Scope) -> tuple[Moment, ...]:
    moments = read_moments(place, scope)
    for moment, item in zip(moments, place.items(), strict=False):
        if moment.noun is not MomentNoun.EVENT:
            scope.note(item.flaw("入账的是一个步骤的事件，不是别的时刻。", expected="如 settlement.paid。"))
    return moments


def check_ledgers(kind: Kind, tree: Map, stated: set[str]) -> Iterator[Flaw]:
    """Ledgers that nothing could ever enter, and those of sealed cases. `stated`: facts that something states."""
    for code, ledger in kind.ledgers.items():
        place = Place(tree, "").child("ledgers").child(code, is_code=True)
        if kind.is_sealed:
            yield place.flaw("密封案件不能入账：余额一动，就有人知道有这一件。", expected="请去掉这个台账。")
        for fact in dict.fromkeys((ledger.amount, *ledger.per)):
            held = kind.facts.get(fact)
            if held is not None and held.derive is None and held.default is None and fact not in stated:
                yield place.flaw(
                    f"没有步骤填写 {fact}（{held.name}），永远入不了账。",
                    expected=f"请在一个步骤的 {labelled('asks')} 里要它。",
                )
        both = {moment.subject for moment in ledger.plus if moment.where is None} & {
            moment.subject for moment in ledger.minus if moment.where is None
        }
        for event in sorted(both):
            yield place.flaw(f"{event} 又收又支，等于没有入账。", expected="请用 where（筛选）分开。")
        yield from _moving_flaws(kind, ledger, place)


def _moving_flaws(kind: Kind, ledger: Ledger, place: Place) -> Iterator[Flaw]:
    """Of a step that moves the case nobody could say whose account it enters: of the unit that it leaves, or of the one
    where it arrives."""
    if UNIT_OF_CASE not in ledger.per or UNIT_OF_CASE in kind.facts:
        return
    entered = {moment.subject for moment in (*ledger.plus, *ledger.minus)}
    for step in kind.steps.values():
        if step.moves_to is not None and step.event in entered:
            yield place.flaw(
                f"步骤 {step.code}（{step.name}）把案件移交到别处，又按所属单位入账：说不清记在哪边的户上。",
                expected="请分成两步，先入账，再移交。",
            )


def note_unlike_ledgers(kinds: Mapping[str, Kind], trees: Mapping[str, Map], scope: Scope) -> None:
    """One code in two kinds of a policy is one ledger: name, accounts and limit are the same in both. What becomes of
    a step beyond a bound is the kind's own: a deduction may leave a claim, a payment may not."""
    first: dict[str, tuple[str, Ledger]] = {}
    for kind in kinds.values():
        for code, ledger in kind.ledgers.items():
            other, held = first.setdefault(code, (kind.code, ledger))
            unlike = [key for key in _SHARED if getattr(ledger, key) != getattr(held, key)]
            if unlike:
                place = Place(trees[kind.code], "").child("ledgers").child(code, is_code=True)
                keys = "、".join(labelled(key) for key in unlike)
                expected = "同一部制度里代码相同的台账是同一个，名称、分户和上限要一样。"
                scope.note(place.flaw(f"与 {other} 的台账 {code} 不一样：{keys}。", expected=expected))


_SHARED: Final = ("name", "per", "limit")
