"""What stands among a policy's words and is said by the engine: answers to yes or no, headings on paper, the facts of
signing and of moving a level by hand, what may be done beside signing, words that all policies share, the role that
every installation begins with."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

OF_THE_ENGINE: Final = frozenset(
    (
        gettext_noop("是"),
        gettext_noop("否"),
        gettext_noop("编号"),
        gettext_noop("项目"),
        gettext_noop("接报时间"),
        gettext_noop("接收人"),
        gettext_noop("承办人"),
        gettext_noop("级别"),
        gettext_noop("阶段"),
        gettext_noop("文件清单"),
        gettext_noop("联系电话"),
        gettext_noop("审批意见"),
        gettext_noop("降级理由"),
        gettext_noop("降低级别"),
        gettext_noop("降到的级别"),
        gettext_noop("升级理由"),
        gettext_noop("升高级别"),
        gettext_noop("升到的级别"),
        gettext_noop("哪一位"),
        gettext_noop("合理"),
        gettext_noop("部分合理"),
        gettext_noop("不合理"),
        gettext_noop("设计"),
        gettext_noop("施工"),
        gettext_noop("供货"),
        gettext_noop("销售"),
        gettext_noop("物业"),
        gettext_noop("客户"),
        gettext_noop("第三方"),
        gettext_noop("退回到哪里"),
        gettext_noop("转办"),
        gettext_noop("抄送"),
        gettext_noop("抄送过的人"),
        gettext_noop("前加签"),
        gettext_noop("后加签"),
        gettext_noop("征询"),
        gettext_noop("答复征询"),
        gettext_noop("退回到前面"),
        gettext_noop("撤回"),
        gettext_noop("催办"),
        gettext_noop("第 1 环"),
        gettext_noop("第 2 环"),
        gettext_noop("第 3 环"),
        gettext_noop("第 4 环"),
        gettext_noop("第 5 环"),
        gettext_noop("系统管理员"),
    )
)
