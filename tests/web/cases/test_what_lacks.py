"""What stands in the way is said so that it can be met: one of several stages, a file that some rows alone need."""

from __future__ import annotations

from kesu.access.sight.lines import MissingLine, RefusalLine
from kesu.policy.asking import AskedWhen, FieldView
from kesu.policy.model.conditions import Always
from kesu.policy.model.facts import FactType
from kesu.policy.model.rules import GuardMode
from kesu.policy.standing.results import MissingKind
from kesu.web.cases.drawing import missing_parts
from kesu.web.cases.reported_lines import lacks_files


def test_stages_of_which_one_is_enough_are_one_line_and_no_list_to_tick() -> None:
    stages = tuple(MissingLine(MissingKind.STAGE, name) for name in ("领导审批", "待反馈结果"))
    fact = MissingLine(MissingKind.FACT, "处理结果")
    held = [_refused("stage", *stages), _refused("guard", fact)]

    said = [line.text for line in missing_parts(held, lambda _lack: "")]

    assert said == ["要在其中一个阶段才能做：领导审批、待反馈结果", "还没有填处理结果"]
    assert [line.text for line in missing_parts([_refused("stage", stages[0])], lambda _lack: "")] == [
        "要在“领导审批”阶段才能做"
    ]


def test_a_file_that_only_some_rows_need_does_not_keep_others_out_of_a_sheet() -> None:
    scan = FieldView("scan", "来信影像", FactType.FILE, is_required=True, asked=AskedWhen(Always(), {}))
    proof = FieldView("proof", "证明", FactType.FILE, is_required=True)

    assert lacks_files([scan]) == ()
    assert lacks_files([scan, proof]) == ("证明",)


def _refused(code: str, *missing: MissingLine) -> RefusalLine:
    return RefusalLine(code, "", (), missing, GuardMode.BLOCK)
