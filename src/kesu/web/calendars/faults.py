"""What is wrong with a line of a calendar that somebody wrote or brought in."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WHY: Final = {
    "date": gettext_lazy("日期看不懂，请写成 2027-02-06"),
    "range": gettext_lazy("从后往前的一段，或一段太长"),
    "word": gettext_lazy("日期后面请写 休 或 班"),
    "label": gettext_lazy("要有文字，不能太长，不能有看不见的字符"),
    "hours": gettext_lazy("工作时段看不懂，请写成 09:00-18:00"),
    "overlap": gettext_lazy("工作时段重叠"),
    "twice": gettext_lazy("这一天写了两遍"),
    "other_year": gettext_lazy("不在这一年"),
    "weekday": gettext_lazy("星期看不懂，请写成 周一至周五 或 每天"),
    "no_post": gettext_lazy("这里的制度没有这个岗位"),
    "which_post": gettext_lazy("请选择岗位"),
    "no_kind": gettext_lazy("这里没有这一类诉件用这本日历"),
    "too_many": gettext_lazy("太多了"),
    "not_text": gettext_lazy("不是 UTF-8 文字"),
    "too_large": gettext_lazy("文件超过 512 KB"),
    "json": gettext_lazy("不是 JSON，或少了、多了内容"),
    "ics": gettext_lazy("不是日历文件的一行"),
    "ics_nested": gettext_lazy("事件没有写完，或写在别的里面"),
    "ics_repeats": gettext_lazy("按规律重复的事件不收，请逐日写出"),
    "ics_times": gettext_lazy("放假和上班按整天写，不按钟点"),
    "year": gettext_lazy("年份要在 1950 到 2099 之间"),
    "nothing": gettext_lazy("里面没有放假或上班的日子"),
    "no_work": gettext_lazy("一周至少有一天上班，正常工作日要有时段"),
    "missing": gettext_lazy("请写改的理由，以后查得到"),
    "no_change": gettext_lazy("和现在的日历一样，没有改动"),
    "no_place": gettext_lazy("请选择用在哪里"),
    "no_file": gettext_lazy("请选择文件"),
}


def fault(why: str, line: int, said: str) -> str:
    """第 3 行：日期看不懂，请写成 2027-02-06（2027-2-6）."""
    text = str(_WHY.get(why, why))
    if said and why != "json":
        text = _("%(why)s（%(said)s）") % {"why": text, "said": said}
    return _("第 %(line)d 行：%(why)s") % {"line": line, "why": text} if line else text
