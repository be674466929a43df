"""Letters: the prose of a policy with the words of a case in it. Always in the language of the policy: who reads the
screen in another one sends the customer the same letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final

from kesu.policy.capitals import written_out
from kesu.policy.model.facts import Value
from kesu.policy.model.printing import Letter

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
GAP: Final = "＿＿＿＿"
"""Where something is named that nobody has stated yet."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter with every word in place; the subject says that it is one."""

    subject: str
    dear: str
    paragraphs: tuple[str, ...]
    closing: str

    @property
    def text(self) -> str:
        return "\n".join((self.subject, self.dear, *self.paragraphs, self.closing))


def written(letter: Letter, said: Mapping[str, str]) -> Written:
    """`said`: what each placeholder is, without those of which nothing is known. A paragraph about one of the letter's
    `says` of which nothing is known is left out; everywhere else a gap stands. What is put in is never read again for
    placeholders."""

    def fill(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: said.get(found[1]) or GAP, text)

    def is_empty(text: str) -> bool:
        return any(word in letter.says and not said.get(word) for word in _PLACEHOLDER.findall(text))

    kept = (paragraph for paragraph in letter.text if not is_empty(paragraph))
    return Written(f"事由：{fill(letter.subject)}", fill(letter.dear), tuple(map(fill, kept)), fill(letter.closing))


def in_words(value: Value, zone: tzinfo) -> str:
    """A value as a letter says it: amounts also in capitals, days and times of the zone written out."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return written_out(value)
        case datetime():
            return f"{day_in_words(value.astimezone(zone).date())}{value.astimezone(zone):%H:%M}"
        case date():
            return day_in_words(value)
        case tuple():
            return "、".join(value)
        case _:
            return str(value)


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
