"""Tables: the only branching of the language. First row whose condition holds; the last row is `else`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kesu.policy.language.conditions import read_condition
from kesu.policy.language.nodes import Map, Seq, Text
from kesu.policy.language.reading import Fields, Flaw, Place, Scope, note_bad_code
from kesu.policy.model.conditions import Always, Condition, Row, Table

T = TypeVar("T")


def is_table(place: Place) -> bool:
    return isinstance(place.node, Map) and "table" in place.node.entries


def table_of(read: Callable[[Place, Scope], T]) -> Callable[[Place, Scope], Table[T]]:
    """A reader for a plain value (a table of one row), for `{table: [{when: …, use: …}, {else: …}]}` or for the code
    of a table that several rules share."""

    def read_plain_or_table(place: Place, scope: Scope) -> Table[T]:
        if not is_table(place):
            return Table.of(read(place, scope))
        Fields(place, scope, ("table",))
        return Table(_read_rows(_rows_place(place.child("table"), scope), scope, read))

    return read_plain_or_table


def _rows_place(place: Place, scope: Scope) -> Place:
    """The rows themselves, or those that stand once under `tables` for several rules."""
    if not isinstance(place.node, Text):
        return place
    code = scope.named("table", place)
    scope.used_tables.add(code)
    return Place(scope.names.tables[code], f"tables.{code}.table", "table", place.key_spot, place.label)


def note_idle_tables(tree: Map, scope: Scope) -> None:
    """What is wrong with the shared tables as such: keys, and tables that no rule takes."""
    for place in Place(tree, "").child("tables").codes() if "tables" in tree.entries else ():
        note_bad_code(place, scope)
        fields = Fields(place, scope, ("table", "clause", "note"))
        if not fields.has("table"):
            scope.note(place.flaw("缺少 table（分档）。", expected="请写 table: [{when: …, use: …}, {else: …}]。"))
        elif place.key not in scope.used_tables:
            scope.note(
                place.flaw("没有规则用这张分档表。", expected=f"用的地方写 {{table: {place.key}}}。", at_key=True)
            )


def _read_rows(place: Place, scope: Scope, read: Callable[[Place, Scope], T]) -> tuple[Row[T], ...]:
    if not isinstance(place.node, Seq) or not place.node.items:
        raise place.flaw("分档应是行的列表：[{when: …, use: …}, {else: …}]。")
    rows: list[Row[T]] = []
    has_else = False
    for item in place.items():
        if has_else:
            scope.note(item.flaw("else（其余）后面还有一行，永远轮不到。", expected="请把 {else: …} 放在最后。"))
            break
        has_else = isinstance(item.node, Map) and "else" in item.node.entries
        try:
            rows.append(_read_else(item, scope, read) if has_else else _read_row(item, scope, read))
        except Flaw as flaw:
            scope.note(flaw)
    if not has_else:
        scope.note(
            place.flaw("这张分档表没有兜底的一行，总有情形没有着落。", expected="请补一行 - {else: …}", at_key=True)
        )
    return tuple(rows)


def _read_else(place: Place, scope: Scope, read: Callable[[Place, Scope], T]) -> Row[T]:
    fields = Fields(place, scope, ("else", "clause"))
    return Row(Always(), read(place.child("else"), scope), fields.clauses())


def _read_row(place: Place, scope: Scope, read: Callable[[Place, Scope], T]) -> Row[T]:
    fields = Fields(place, scope, ("when", "use", "clause"))
    when: Condition | None = fields.need("when", read_condition, None)
    use = fields.get("use")
    if use is None:
        raise place.flaw("缺少 use（取用）。")
    return Row(when or Always(), read(use, scope), fields.clauses())
