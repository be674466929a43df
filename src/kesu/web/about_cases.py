"""Why a case cannot be reported, named, joined, merged or moved there, by the code of the reason."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

ABOUT_CASES: Final = {
    "before_policy": gettext_lazy("那时这里还没有施行管它的制度。请填施行以后的时间，原来的时间写在内容里"),
    "moves_nowhere": gettext_lazy("这一件已经在这个单位，请选别的单位"),
    "moves_to_no_place": gettext_lazy("这里不接诉件：部门和已停用的单位不能接，请选项目、公司或主管部门"),
    "moves_to_other_policy": gettext_lazy("那里不执行这一件所依据的制度，移交过去就没有人能照它办。请在那里另行登记"),
    "same_case": gettext_lazy("不能与自己归为同一事项"),
    "same_gone": gettext_lazy("选的那一件您现在看不到或不能归并，没有登记。请改选“都不是”再登记"),
    "written_no_more": gettext_lazy("没有保存：按制度，这一件现在不能再写"),
    "merges_itself": gettext_lazy("不能并入自己"),
    "case_over": gettext_lazy("那一件已经结束，不能再并入。请填还在办的一件"),
    "case_secret": gettext_lazy("两件里有保密的，不能并案：并入以后，一件的页面会写明另一件"),
    "not_of_the_unit": gettext_lazy("这一位不是所选部门的人。请从这个部门的人里选，或改选部门"),
    "too_many_phrases": gettext_lazy("已经有 20 条，请先删去不用的"),
    "too_many_people": gettext_lazy("选的人多了，请按栏目写的只选几位"),
    "waits_for_itself": gettext_lazy("那一件要等本件结束，再点名它就互相等待了"),
}

ABOUT_PEOPLE: Final = {
    "role": gettext_lazy("这一步不归您办"),
    "conflict": gettext_lazy("您提出的内容不能由您自己签"),
    "unseen": gettext_lazy("您点的人看不到这一件，轮不到他；请另选一位"),
}
"""Why it is not his step, or not his to sign."""
