"""What a work chat shows: the decisive facts and the link, cut to the bytes that a vendor takes. Words of a customer
are words there: they never become markup, mention somebody, or lead anywhere."""

from __future__ import annotations

import re
from typing import Final

from kesu.notify.carrying import Words

_SPEAKING: Final = str.maketrans(
    {
        **dict(zip("<>[]()*_`~#@|\\!&", "＜＞［］（）＊＿｀～＃＠｜＼！＆", strict=True)),
        "\r": " ",
        "\n": " ",
        "\t": " ",
    }
)
"""Signs by which chats make headings, links, mentions; their full-width sisters say the same to people only."""
_ADDRESS: Final = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})|:(?=//)", re.ASCII)
"""What chats make a link of by themselves: a point between a name and its ending, a colon before two strokes."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Signs that nobody sees, among them those that turn the direction of writing round."""
_AT_THE_START: Final = re.compile(r"^\s*(?:[-+>]|\d+\.)\s")


def plain(text: str) -> str:
    """One line that says to people what `text` says, and to a chat nothing."""
    said = _UNSEEN.sub("", text.translate(_SPEAKING))
    said = _ADDRESS.sub(lambda found: "：" if found.group() == ":" else "．", said)
    return _AT_THE_START.sub(lambda found: f"·{found.group().strip()[1:]} ", " ".join(said.split()))


def lines(words: Words) -> list[str]:
    """The facts, each a line, in the order in which they matter; where there are none, the text without its link."""
    if words.facts:
        return [f"{plain(name)}：{plain(value)}" for name, value in words.facts]
    kept = (line for line in words.text.splitlines() if line.strip() and line.strip() != words.link)
    return [plain(line) for line in kept if line.strip() != words.subject]


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, with a sign that something is missing."""
    data = text.encode()
    if len(data) <= most:
        return text
    return (
        data[: max(0, most - len(_MORE.encode()))].decode(errors="ignore") + _MORE
        if most >= len(_MORE.encode())
        else ""
    )


def fitted(head: str, facts: list[str], tail: str, most: int, *, between: str = "\n") -> str:
    """Head and tail whole, and of the facts what fits between them: the last ones go first, and the one that no longer
    fits is cut. A head that leaves no room is cut too; the tail, where the link is, never."""
    left = most - len(tail.encode())
    said = cut(head, left)
    for fact in facts:
        room = left - len((said + between).encode())
        if room < _WORTH:
            break
        said = f"{said}{between}{cut(fact, room)}"
    return said + tail


_MORE: Final = "…"
_WORTH: Final = 12
"""Bytes below which a piece of a fact says nothing."""
