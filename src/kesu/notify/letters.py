"""Sentences of a message. Everything a mail says follows from codes and typed values of the letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kesu.core.engine_words import OF_THE_ENGINE
from kesu.core.letter import UNREADABLE, Letter
from kesu.core.policy_words import TITLE, Sentence, SourceWord
from kesu.notify.carrying import Words

Parts = tuple[str, str]

_ALWAYS: Final = {
    "sealed": gettext_lazy("有一件事项等您处理"),
    UNREADABLE: gettext_lazy("这条消息读不出来"),
}

_OF_POLICIES: Final = {
    "policy_to_sign": gettext_lazy("有一份制度等您签"),
    "policy_refused": gettext_lazy("您提出的制度有人拒签"),
}

_WITH_DUE: Final = {
    "reminder": gettext_lazy("提醒：{what}，{due} 到期"),
    "redated": gettext_lazy("时限改按新日历计算：{what}，现为 {due} 到期"),
    "reruled": gettext_lazy("改按现行制度办理：{what}，现为 {due} 到期"),
}


TO_CUSTOMER: Final = "to_customer"
GUEST_INVITED: Final = "guest_invited"
GUEST_TOLD: Final = "guest_told"
_OUTSIDE: Final = frozenset({TO_CUSTOMER, GUEST_INVITED, GUEST_TOLD})
_NAMELESS: Final = frozenset({"sealed", "unmanned", "own_work", "credential"})
"""Messages whose heading says all."""


def worded(letter: Letter, base_url: str, zone: ZoneInfo) -> Words:
    """A letter in the language of whoever gets it."""
    link = base_url + page_of(letter)
    if letter.template in _OUTSIDE:
        return _to_outsider(letter, link, zone)
    text = _filled(letter, zone) if letter.template == "notice" else ""
    subject, body = compose(
        template=letter.template,
        language=letter.language,
        number=letter.number,
        title=letter.title,
        subject=letter.subject,
        due_at=letter.due_at,
        clauses=letter.clauses,
        notice_text=text,
        link=link,
        zone=zone,
    )
    facts, values = _decisive(letter, subject, zone)
    notice = str(letter.data.get("code", "")) if letter.template == "notice" else letter.template
    matter = " ".join(f"{letter.number} {letter.title}".split()) if letter.number else ""
    return Words(subject, body, facts, link, letter.is_urgent, notice, values, matter)


def _own_words(letter: Letter, zone: ZoneInfo) -> str:
    """The policy's own words to somebody outside, as he reads them."""
    return letter.own_words if letter.sentence is None else _whole(letter.sentence, letter, zone)


def _whole(sentence: Sentence, letter: Letter, zone: ZoneInfo) -> str:
    def due(at: str | None) -> str:
        return named_due(datetime.fromisoformat(at) if at else None, letter.language, zone)

    with translation.override(letter.language):
        return sentence.filled({"case": letter.number}, due, marked)


def marked(word: str) -> str:
    """A word of a policy; one that has no text in the language is said to be in another one."""
    if not isinstance(word, SourceWord):
        return word
    return _(word) if word in OF_THE_ENGINE else _("{word}（中文）").format(word=word)


def _to_outsider(letter: Letter, link: str, zone: ZoneInfo) -> Words:
    """To a customer the policy's own words, to other outsiders that something waits behind their link: no more than
    they may know anyhow, and nothing of the house's own."""
    with translation.override(letter.language):
        said = _own_words(letter, zone)
        if letter.template == TO_CUSTOMER:
            head = _("关于您反映的事项 {number}").format(number=letter.number)
            body = f"{said}\n\n" + _("查看进展：{link}").format(link=link) + "\n"
        else:
            is_new = letter.template == GUEST_INVITED
            head = (_("请您参与 {number} 的办理") if is_new else _("{number} 有新的消息")).format(number=letter.number)
            body = f"{head}\n\n{link}\n"
        facts = ((_("编号"), letter.number),)
    values = (("what", " ".join(said.split())), ("number", letter.number))
    return Words(head, body, facts, link, letter.is_urgent, str(letter.data.get("code", letter.template)), values)


def _decisive(letter: Letter, head: str, zone: ZoneInfo) -> tuple[tuple[Parts, ...], tuple[Parts, ...]]:
    """What decides, for channels that show labels and values; a sealed matter has nothing to show."""
    if letter.template in _NAMELESS or letter.template == "coded":
        return (), (("what", head),)
    due = moment(letter.due_at, zone) if letter.due_at else ""
    with translation.override(letter.language):
        cited = _("、").join(f"§{marked(clause)}" for clause in letter.clauses)
        labels = (_("事项"), _("编号"), _("期限"), _("依据"))
    told = (letter.title, letter.number, due, cited)
    facts = tuple((label, value) for label, value in zip(labels, told, strict=True) if value)
    names = (("what", head), ("number", letter.number), ("due", due), ("clauses", cited))
    return facts, tuple((name, value) for name, value in names if value)


def together(parts: Sequence[Words], language: str, link: str, due: str = "") -> Words:
    """Several messages for one person as one: each with its heading and its link. Where only texts leave that were
    approved beforehand, it is told as the first of them, with how many there are and when the earliest is `due`."""
    with translation.override(language):
        count = len(parts)
        head = ngettext("{count} 条提醒和通知", "{count} 条提醒和通知", count).format(count=count)
    lines = [line for part in parts for line in (part.subject, part.link, "")]
    values = tuple((name, value) for name, value in (("what", head), ("due", due)) if value)
    return Words(head, "\n".join([head, "", *lines, link, ""]), link=link, notice=parts[0].notice, values=values)


def page_of(letter: Letter) -> str:
    """Where the rest stands, for whoever gets it."""
    if letter.template in _OUTSIDE:
        door = "follow" if letter.recipient == "customer" else "part"
        return f"/{door}/{letter.secret}" if letter.secret else "/"
    if letter.case_id:
        return f"/cases/{letter.case_id}"
    if letter.data.get("person"):
        return f"/people/{UUID(str(letter.data['person']))}"
    if letter.data.get("coded"):
        return f"/coded/{letter.data['coded']}"
    if letter.data.get("organisation"):
        return f"/organisation?unit={letter.data['organisation']}"
    proposal = letter.data.get("proposal")
    return f"/policies/proposals/{proposal}" if proposal else "/sealed"


def _filled(letter: Letter, zone: ZoneInfo) -> str:
    """What a notice says to a colleague."""
    due = moment(letter.due_at, zone) if letter.due_at else ""
    title = letter.title or letter.number
    values = {**letter.data.get("values", {}), "title": title, "due": due}
    said = {name: title if one == TITLE else one for name, one in values.items()}
    dues = {f"due:{duty}": at for duty, at in letter.data.get("dues", {}).items()}
    return _whole(Sentence(letter.policy_words, words=said, dues=dues), letter, zone)


def moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def named_due(at: datetime | None, language: str, zone: ZoneInfo) -> str:
    """The limit that a notice names; None: it goes by a date that nobody has stated."""
    with translation.override(language):
        return _("日期未定") if at is None else moment(at, zone)


def compose(
    *,
    template: str,
    language: str,
    number: str,
    title: str,
    subject: str,
    due_at: datetime | None,
    clauses: Sequence[str],
    notice_text: str,
    link: str,
    zone: ZoneInfo,
) -> Parts:
    """Subject and body. `notice_text`: the policy's own words for a notice; empty for the engine's messages."""
    with translation.override(language):
        # One line: it stands in the subject, and no line of a mail's head may end in the middle.
        head = " ".join(_headline(template, marked(subject), due_at, notice_text, zone).split())
        if template == "coded":
            return head, "\n".join([head, "", marked(title), "", link, ""])
        if template in _OF_POLICIES:
            return head, "\n".join([head, "", title, "", link, ""])
        if template in _NAMELESS:
            return head, f"{head}\n\n{link}\n"
        cited = _("、").join(f"§{marked(clause)}" for clause in clauses)
        lines = [head, "", f"{number} {title}".rstrip()]
        if due_at is not None:
            lines.append(_("应于 {due} 前完成").format(due=moment(due_at, zone)))
        if cited:
            lines.append(_("依据 {clauses}").format(clauses=cited))
        return head if number in head else f"{head} · {number}", "\n".join([*lines, "", link, ""])


def _headline(template: str, subject: str, due_at: datetime | None, notice_text: str, zone: ZoneInfo) -> str:
    if template in _ALWAYS:
        return str(_ALWAYS[template])
    if template == "coded":
        return _("编号件 {code} 等您办").format(code=subject)
    if template == "credential":
        return _("证件到期：{what}").format(what=subject)
    if template in _OF_POLICIES:
        return str(_OF_POLICIES[template])
    if template in _WITH_DUE:
        due = moment(due_at, zone) if due_at else ""
        return str(_WITH_DUE[template]).format(what=subject, due=due)
    if template == "unmanned":
        return _("有审批没有人可签：{what}没有人").format(what=subject)
    if template == "copy":
        return _("{what}，请阅").format(what=subject)
    if template == "own_work":
        return _("有审批没有人可签：{what}的人都参与写了要签的内容，请再派一个人").format(what=subject)
    if template == "escalation":
        return _("已超时：{what}").format(what=subject)
    return notice_text
