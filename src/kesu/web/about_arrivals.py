"""Why something that a program outside delivered was not taken."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

ABOUT_ARRIVALS: Final = {
    "not_signed": gettext_lazy("签名不对：来源、密钥或签过的内容不符"),
    "not_fresh": gettext_lazy("发出的时间与现在差 5 分钟以上，没有收"),
    "key_used_before": gettext_lazy("这个幂等键已经用过，内容不一样。新的内容请用新的键"),
    "unit_not_its": gettext_lazy("没有这个代码的单位，或不归这个来源"),
    "kind_not_served": gettext_lazy("这个单位没有制度管这一种诉件"),
    "fact_not_its": gettext_lazy("这一项不归这个来源填"),
    "not_json": gettext_lazy("看不懂内容：要 UTF-8 编码的 JSON 对象"),
    "body_unread": gettext_lazy("内容里有看不懂的部分，没有登记"),
    "field_unknown": gettext_lazy("不认得这一项"),
    "not_base64": gettext_lazy("文件内容要用 Base64 写"),
    "not_a_moment": gettext_lazy("时间要写成 2026-06-30T14:05:00+08:00"),
    "line_unknown": gettext_lazy("没有人用这个分机"),
    "line_taken": gettext_lazy("这个分机已经有人用"),
    "address_taken": gettext_lazy("这个地址已经有信箱"),
    "not_a_port": gettext_lazy("端口是 1 到 65535 的数"),
    "not_a_server_name": gettext_lazy("服务器的名字里没有空格、引号、括号和分号"),
    "days_of_keeping": gettext_lazy("天数是 1 到 365"),
    "mail_settled": gettext_lazy("这封信别人已经处理过，请看现在的结果"),
    "mail_unreadable": gettext_lazy("读不出是邮件，不能并入。可以下载原件，在诉件上作为证据上传"),
    "no_such_case": gettext_lazy("没有这个编号的诉件，或您看不到它"),
    "letter_of_another": gettext_lazy("退回来的是我们的信，只能并入那封信的那一件"),
    "too_many_deliveries": gettext_lazy("送得太频繁，没有收下。请过一分钟再送，用同一个幂等键"),
}
