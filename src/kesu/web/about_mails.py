"""Why a mailbox could not be read, what became of a mail, and why one waits for somebody."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_UNREAD: Final = {
    "unreachable": gettext_lazy("连不上服务器，请核对地址和端口"),
    "certificate": gettext_lazy("服务器的证书不可信，没有送出密码"),
    "no_tls": gettext_lazy("服务器不加密，没有送出密码"),
    "refused": gettext_lazy("服务器拒绝了，请核对账号、密码或授权码，并看邮箱是否开了 IMAP"),
    "no_folder": gettext_lazy("没有这个文件夹，或邮箱不让打开"),
    "lost": gettext_lazy("说到一半断了，稍后会再试"),
}

_STATES: Final = {
    "waiting": gettext_lazy("等人来定"),
    "opened": gettext_lazy("已登记"),
    "added": gettext_lazy("已并入"),
    "automatic": gettext_lazy("自动邮件"),
    "bounce": gettext_lazy("退信"),
    "nothing": gettext_lazy("不用办"),
}

_WHY: Final = {
    "new": gettext_lazy("新来信，这个信箱不自动登记"),
    "stranger": gettext_lazy("信里提到一件诉件，但发件地址不是那一件的人用过的"),
    "colleague": gettext_lazy("发件地址是同事的：邮件证明不了是谁写的，请看过再定"),
    "number_unknown": gettext_lazy("主题里的编号不是这里的诉件"),
    "answers_unknown": gettext_lazy("是对别的邮件的回复，找不到是哪一件"),
    "writes_again": gettext_lazy("这个地址有正在办的诉件，可能说的是同一件"),
    "no_sender": gettext_lazy("读不出发件地址"),
    "unproven": gettext_lazy("发件地址是那一件的人用过的，但收信的服务器没有证明是从那里发出的"),
    "no_verifier": gettext_lazy("发件地址是那一件的人用过的，但这个信箱还没有写由哪台服务器查验"),
    "not_to_us": gettext_lazy("是那一件的人发出的，但收件人里没有这里的信箱，可能是他写给别人、由别人转来的"),
    "forged": gettext_lazy("收信的服务器说发件人是冒充的"),
    "too_often": gettext_lazy("同一个地址一小时里来信太多"),
    "too_many": gettext_lazy("一小时里自动登记的太多，请先看一看再定"),
    "unreadable": gettext_lazy("读不出是邮件，只有原件"),
    "not_fetched": gettext_lazy("邮件服务器交不出这一封，请到邮箱里看"),
    "too_large": gettext_lazy("太大，只收下了信头，正文和附件请到邮箱里看"),
    "failed": gettext_lazy("程序没能处理，原件还在"),
    "step_refused": gettext_lazy("按制度还登记不了"),
    "unreadable_facts": gettext_lazy("有几项不合要求"),
    "again": gettext_lazy("有人放回来再看"),
    "own": gettext_lazy("是我们自己发出的信"),
    "robot": gettext_lazy("机器自动发的"),
    "bulk": gettext_lazy("群发的"),
    "list": gettext_lazy("邮件列表发的"),
    "away": gettext_lazy("自动回复"),
    "bounced": gettext_lazy("我们发出的信没有送到"),
    "delayed": gettext_lazy("我们发出的信还在路上，对方服务器稍后再试"),
    "bounce_of_nothing": gettext_lazy("退信，但说的不是我们发出的信"),
    "said": gettext_lazy("看过，不用办"),
}


def unread(error: str) -> str:
    """A sentence for a code with what the server said behind it; nothing for none."""
    if not error:
        return ""
    code, _colon, said = error.partition(": ")
    told = str(_UNREAD.get(code, code))
    return _("%(told)s（服务器说：%(said)s）") % {"told": told, "said": said} if said else told


def state(code: str) -> str:
    return str(_STATES.get(code, code))


def why(code: str) -> str:
    """Empty where there is nothing to say; a refusal of the policy that has no sentence here is one all the same."""
    return str(_WHY.get(code, _WHY["step_refused"])) if code else ""
