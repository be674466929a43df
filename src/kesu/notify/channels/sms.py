"""What all gateways of short messages have in common: numbers, signature, length, and the texts that were approved
beforehand.

A short message has 70 signs, or parts of 67 signs each; a sign beyond the basic plane counts as two
(https://help.aliyun.com/zh/sms/user-guide/message-rules). Gateways in China take no free text: each notice has a
template that the vendor has approved, and only its variables are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels.cards import plain

ONE: Final = 70
PART: Final = 67
MOST: Final = 500
"""Signs with the signature."""
NAMES: Final = ("what", "number", "due", "clauses")
"""What a template may name."""
ANY: Final = "*"
"""The template of every notice that has none of its own."""
MOST_OF_A_VALUE: Final = 35
"""Signs of a variable, unless the vendor has been asked for more (https://help.aliyun.com/zh/document_detail/3041859.html)."""
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_ABROAD: Final = re.compile(r"[1-9]\d{6,14}")


def signs(text: str) -> int:
    """As the networks count: in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def parts(text: str) -> int:
    """How many messages it is, as they are paid for."""
    count = signs(text)
    return 1 if count <= ONE else -(-count // PART)


def number_of(to: str) -> str:
    """As gateways want it: a number of the mainland without prefix, one of elsewhere with its country's. Raises
    `NotCarried`."""
    dialled = re.sub(r"[\s()-]", "", to)
    home = re.sub(r"^(?:\+86|0086)", "", dialled)
    if _MOBILE.fullmatch(home):
        return home
    abroad = dialled.removeprefix("+") if dialled.startswith("+") else dialled.removeprefix("00")
    if abroad != dialled and not abroad.startswith("86") and _ABROAD.fullmatch(abroad):
        return abroad
    raise NotCarried("sms: not a mobile number", is_final=True)


def free_text(words: Words, signature: str) -> str:
    """For a gateway that takes what it is given: signature, subject, facts as far as they fit, link."""
    tail = f" {words.link}" if words.link else ""
    said = f"【{signature}】{plain(words.subject)}"
    while signs(said + tail) > MOST:
        said = said[:-1]
    for name, value in words.facts:
        if value in words.subject:  # said already, and every sign is paid for
            continue
        more = f"；{plain(name)}：{plain(value)}"
        if signs(said + more + tail) > MOST:
            break
        said += more
    return said + tail


@dataclass(frozen=True, slots=True)
class Template:
    """`code`: as the vendor knows it; `text`: as it was approved, with its variables; `names`: which of `NAMES` each
    variable stands for, where it is called otherwise."""

    code: str
    text: str
    names: Mapping[str, str] = field(default_factory=dict)

    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_VARIABLE.findall(self.text)))

    def meant_by(self, variable: str) -> str:
        return self.names.get(variable, variable)

    def filled(self, words: Words) -> dict[str, str]:
        """Each variable with its value: short, in one line, without an address; a stroke where there is none."""
        known = dict(words.values)
        return {one: plain(known.get(self.meant_by(one), ""))[:MOST_OF_A_VALUE] or "-" for one in self.variables()}

    def said(self, words: Words, signature: str) -> str:
        """What arrives."""
        values = self.filled(words)
        return f"【{signature}】" + _VARIABLE.sub(lambda found: values[found.group(1)], self.text)


def template_for(words: Words, templates: Mapping[str, Template]) -> Template:
    """Raises `NotCarried` where none was approved for it."""
    found = templates.get(words.notice) or templates.get(ANY)
    if found is None:
        raise NotCarried(f"sms: no template for {words.notice or ANY}", is_final=True)
    return found
