"""`issues` of a step: a paper with a number of its own leaves the house, and stands in a register."""

from __future__ import annotations

from collections.abc import Iterator, Set

from kesu.policy.language.labels import labelled
from kesu.policy.language.nodes import Map
from kesu.policy.language.reading import Fields, Flaw, Place, Scope
from kesu.policy.model.facts import DataClass, FactType
from kesu.policy.model.pack import Kind
from kesu.policy.model.stepping import Issue

_LONGEST = 40
_KEYS = ("name", "number", "mark", "replaces", "recalled_by", "file", "replaced_file", "stands")


def read_issue(place: Place, scope: Scope) -> Issue:
    """`{name: 检测报告, number: new_no, mark: revision_mark, replaces: report_no, recalled_by: report.recalled}`."""
    fields = Fields(
        place, scope, ("name", "number", "mark", "replaces", "recalled_by", "file", "replaced_file", "stands")
    )
    name = fields.need_text("name")
    if len(name) > _LONGEST:
        scope.note(place.child("name").flaw(f"登记簿的名称最多 {_LONGEST} 字。"))
    return Issue(
        name,
        fields.need("number", _text_fact, ""),
        fields.named("fact", "mark"),
        fields.read("replaces", _text_fact, None),
        fields.named("event", "recalled_by"),
        fields.read("file", _file_fact, None),
        fields.read("replaced_file", _file_fact, None),
        fields.flag("stands"),
    )


def _file_fact(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.FILE:
        raise place.flaw(f"{fact.code}（{fact.name}）不是文件（file）类型的事实。")
    return fact.code


def _text_fact(place: Place, scope: Scope) -> str:
    fact = scope.names.facts[scope.named("fact", place)]
    if fact.type is not FactType.TEXT:
        raise place.flaw(f"{fact.code}（{fact.name}）不是文字（text）类型的事实，不能作文书的编号。")
    return fact.code


def check_issues(kind: Kind, tree: Map) -> Iterator[Flaw]:
    """A register stands before everybody who sees the case, and says the number of each paper."""
    for step in kind.steps.values():
        issue = step.issues
        if issue is None:
            continue
        place = Place(tree, "").child("steps").child(step.code, is_code=True).child("issues")
        if kind.is_sealed:
            yield place.flaw("密封的案件不进登记簿：登记簿会露出有这一件。")
        asked = {*kind.asked(step), *step.may_state}
        if issue.number not in asked:
            yield place.flaw(f"这一步不填 {issue.number}（{kind.facts[issue.number].name}）。")
        yield from _of_papers(kind, issue, asked, place)
        for code in (issue.number, issue.replaces):
            fact = kind.facts.get(code or "")
            if fact is not None and fact.data is not DataClass.INTERNAL:
                yield place.flaw(f"{fact.code}（{fact.name}）不是人人看得到的，不能写进登记簿。")
        if issue.mark is not None and kind.facts[issue.mark].type is not FactType.CHOICE:
            yield place.flaw(f"{issue.mark}（{kind.facts[issue.mark].name}）不是单选（choice）类型，不能作标识。")


def _of_papers(kind: Kind, issue: Issue, asked: Set[str], place: Place) -> Iterator[Flaw]:
    """Where the papers themselves are kept, and whether one takes the place of another."""
    if issue.stands and issue.replaces is not None:
        yield place.flaw(f"写了 {labelled('stands')}，就没有哪一份代替哪一份，不写 {labelled('replaces')}。")
    if issue.file is not None and issue.file not in asked:
        yield place.flaw(f"这一步不填 {issue.file}（{kind.facts[issue.file].name}）。")
    if issue.replaced_file is not None and issue.replaces is None:
        yield place.flaw(f"写了 {labelled('replaced_file')}，就要写 {labelled('replaces')}：收进来的那一份的编号。")
