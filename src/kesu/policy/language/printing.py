"""The key `print` of a document: what stands where on its paper."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.nodes import Map, Seq
from kesu.policy.language.reading import Fields, Place, Scope, one_of, read_count
from kesu.policy.model.facts import FactType
from kesu.policy.model.printing import CASE_WORDS, MOST_CELLS, Cell, CellSource, Layout, PersonPart, Section

_SOURCES: Final = tuple(source.value for source in CellSource)
_CELL_KEYS: Final = (*_SOURCES, "name", "lines", "part")
_MOST_LINES: Final = 40
_PARTS: Final = {"姓名": PersonPart.NAME, "电话": PersonPart.PHONE}
_PHONE_LABEL: Final = "联系电话"


def read_layout(place: Place, scope: Scope, signatures: tuple[str, ...]) -> Layout:
    """`signatures`: who signs the document; only these can be given a label."""
    fields = Fields(place, scope, ("sections", "says", "signatures"))
    sections = fields.need("sections", _read_sections, ())
    labels = fields.read("signatures", lambda at, on: _read_labels(at, on, signatures), {})
    return Layout(sections, fields.text("says"), labels)


def _read_sections(place: Place, scope: Scope) -> tuple[Section, ...]:
    _refuse_nothing(place)
    found = [scope.attempt(_read_section, item, None) for item in place.items()]
    return tuple(section for section in found if section is not None)


def _read_section(place: Place, scope: Scope) -> Section:
    fields = Fields(place, scope, ("title", "rows", "approvals"))
    if isinstance(place.node, Map) and fields.has("rows") == fields.has("approvals"):
        raise place.flaw("一个章节写 rows（行）或 approvals（审批），二者取一。")
    rows = fields.read("rows", _read_rows, ())
    return Section(fields.text("title"), rows, fields.each("approval", "approvals"))


def _read_rows(place: Place, scope: Scope) -> tuple[tuple[Cell, ...], ...]:
    """A single word or cell is a list of one row of one cell."""
    _refuse_nothing(place)
    found = [scope.attempt(_read_row, item, ()) for item in place.items()]
    return tuple(row for row in found if row)


def _refuse_nothing(place: Place) -> None:
    if isinstance(place.node, Seq) and not place.node.items:
        raise place.flaw("这里一行也没有，打印出来是一张白纸。")


def _read_row(place: Place, scope: Scope) -> tuple[Cell, ...]:
    if isinstance(place.node, Seq) and len(place.node.items) > MOST_CELLS:
        raise place.flaw(f"一行最多 {MOST_CELLS} 格，A4 纸放不下更多。")
    found = [scope.attempt(_read_cell, item, None) for item in place.items()]
    return tuple(cell for cell in found if cell is not None)


def _read_cell(place: Place, scope: Scope) -> Cell:
    if not isinstance(place.node, Map):
        fact = scope.names.facts[scope.named("fact", place)]
        return Cell(CellSource.FACT, fact.code, fact.name)
    fields = Fields(place, scope, _CELL_KEYS)
    used = [source for source in CellSource if fields.has(source.value)]
    if len(used) != 1:
        raise place.flaw("一格要且只要写一种内容。", expected=f"可用：{' '.join(_SOURCES)}")
    source = used[0]
    code, name = _subject(fields, place.child(source.value), source)
    part = fields.read("part", one_of(_PARTS), "")
    if part and not _is_person(scope, source, code):
        scope.note(place.child("part").flaw("只有人（person）类型的事实可以写 part（部分）。"))
    if part and _PARTS[part] is PersonPart.PHONE:
        name = _PHONE_LABEL
    lines = fields.read("lines", _read_lines, 1)
    return Cell(source, code, fields.text("name") or name, lines, _PARTS.get(part))


def _subject(fields: Fields, place: Place, source: CellSource) -> tuple[str, str]:
    """What the cell is about, and how it is headed when nothing else is said."""
    scope = fields.scope
    match source:
        case CellSource.FACT | CellSource.EACH:
            fact = scope.names.facts[scope.named("fact", place)]
            return fact.code, fact.name
        case CellSource.CASE:
            word = one_of(tuple(CASE_WORDS))(place, scope)
            return word, next(name for each, name in CASE_WORDS.items() if each.value == word)
        case CellSource.TIME_OF | CellSource.DONE_BY:
            return scope.named("event", place), fields.need_text("name")
        case CellSource.BLANK:
            return "", place.text()


def _is_person(scope: Scope, source: CellSource, code: str) -> bool:
    is_fact = source in {CellSource.FACT, CellSource.EACH}
    return is_fact and scope.names.facts[code].type is FactType.PERSON


def _read_lines(place: Place, scope: Scope) -> int:
    lines = read_count(place, scope)
    if not 1 <= lines <= _MOST_LINES:
        raise place.flaw(f"行数应在 1 到 {_MOST_LINES} 之间。")
    return lines


def _read_labels(place: Place, scope: Scope, signatures: tuple[str, ...]) -> dict[str, str]:
    labels = {}
    for entry in place.codes():
        if entry.key not in signatures:
            scope.note(entry.flaw(f"{entry.key} 不在这份文书的 signatures（签名）里。", at_key=True))
        labels[entry.key] = scope.attempt(lambda at, _: at.text(), entry, "")
    return labels
