"""Why a case cannot be reported, named, joined, merged or moved there, by the code of the reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

ABOUT_CASES: Final = {
    "taken_blind": gettext_lazy("这一步只由看不到诉件的人按编号办，您看得到诉件，不能办"),
    "before_policy": gettext_lazy("那时这里还没有施行管它的制度。请填施行以后的时间，原来的时间写在内容里"),
    "moves_nowhere": gettext_lazy("这一件已经在这个单位，请选别的单位"),
    "moves_to_no_place": gettext_lazy("这里不接诉件：部门和已停用的单位不能接，请选项目、公司或主管部门"),
    "moves_to_other_policy": gettext_lazy("那里不执行这一件所依据的制度，移交过去就没有人能照它办。请在那里另行登记"),
    "same_case": gettext_lazy("不能与自己归为同一事项"),
    "same_gone": gettext_lazy("选的那一件您现在看不到或不能归并，没有登记。请改选“都不是”再登记"),
    "not_confirmed": gettext_lazy("请先勾选确认，再提交"),
    "answer_by_wrong": gettext_lazy("没有发出：答应的日期要从今天起、一年以内"),
    "written_no_more": gettext_lazy("没有保存：按制度，这一件现在不能再写"),
    "colleague_wrote": gettext_lazy("没有发送：您写的时候同事已经给客户发了消息，看办理记录。再发一次就发出"),
    "merges_itself": gettext_lazy("不能并入自己"),
    "case_over": gettext_lazy("那一件已经结束，不能再并入。请填还在办的一件"),
    "case_secret": gettext_lazy("两件里有保密的，不能并案：并入以后，一件的页面会写明另一件"),
    "not_of_the_unit": gettext_lazy("这一位不是所选部门的人。请从这个部门的人里选，或改选部门"),
    "too_many_phrases": gettext_lazy("已经有 20 条，请先删去不用的"),
    "too_many_people": gettext_lazy("选的人多了，请按栏目写的只选几位"),
    "waits_for_itself": gettext_lazy("那一件要等本件结束，再点名它就互相等待了"),
}

REFUSALS: Final = {
    "stage": gettext_lazy("现在的阶段还不能做这一步"),
    "credential": gettext_lazy("指派的人须有有效的证件：请先在他的人员页登记，或另派人"),
    "role": gettext_lazy("这一步不归您办"),
    "rests": gettext_lazy("后来办的以它为准，不能撤销"),
    "window": gettext_lazy("办理这一步的期限已过"),
    "early": gettext_lazy("还没有到可以办这一步的时候"),
    "unseen": gettext_lazy("您点的人看不到这一件，轮不到他；请另选一位"),
    "value": gettext_lazy("填写的内容还不完整"),
    "conflict": gettext_lazy("您提出的内容不能由您自己签"),
    "ledger": gettext_lazy("台账的余额不允许"),
    "sample": gettext_lazy("只查抽中的，每一件查一次"),
    "time": gettext_lazy("发生时间不对：不能晚于现在，也不能早于可以补录的日期"),
}
"""Why the engine itself refuses a step, by its code."""
