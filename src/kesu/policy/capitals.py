"""大写: an amount in the characters that nobody alters with one stroke, as banks and courts ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

_FIGURES: Final = "零壹贰叁肆伍陆柒捌玖"
_IN_GROUP: Final = ("仟", "佰", "拾", "")
_GROUPS: Final = ("万亿", "亿", "万", "")
"""What stands behind each group of four figures. 万亿 is said as one: the 亿 behind it is not said again."""
_MOST: Final = 16
_CENTS: Final = Decimal("0.01")


def in_capitals(amount: Decimal) -> str:
    """壹仟贰佰元伍角整, as `¥1,200.50` is written out: 整 wherever no 分 follows, one 零 for figures that are left out
    between others, 负 before what is below zero. Rounded to the cent as the figures are.

    Raises `ValueError` for an amount of more than sixteen figures before the point."""
    cents = abs(amount).quantize(_CENTS)
    whole, _, part = f"{cents:f}".partition(".")
    whole = whole.lstrip("0")
    if len(whole) > _MOST:
        raise ValueError(amount)
    sign = "负" if amount < 0 and cents else ""
    said = f"{''.join(_said(whole))}元" if whole else ""
    return f"{sign}{said}{_small(part, follows=bool(said))}"


def written_out(amount: Decimal) -> str:
    """In figures, and in capitals behind them: ¥1,200.50（人民币壹仟贰佰元伍角整）."""
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,.2f}（人民币{in_capitals(amount)}）"


def _said(whole: str) -> Iterator[str]:
    """The figures before the point, from the first one on."""
    padded = whole.zfill(_MOST)
    groups = [padded[at : at + 4] for at in range(0, _MOST, 4)]
    is_begun = has_gap = False
    for group, behind in zip(groups, _GROUPS, strict=True):
        for figure, place in zip(group, _IN_GROUP, strict=True):
            if figure == "0":
                has_gap = is_begun
                continue
            yield f"{'零' if has_gap else ''}{_FIGURES[int(figure)]}{place}"
            is_begun, has_gap = True, False
        if int(group):
            # 贰万亿叁仟亿 is said 贰万叁仟亿: the two groups share their last sign.
            yield "万" if behind == "万亿" and int(groups[1]) else behind


def _small(part: str, *, follows: bool) -> str:
    tenths, cents = part[0], part[1]
    if part == "00":
        return "整" if follows else "零元整"
    said = f"{_FIGURES[int(tenths)]}角" if tenths != "0" else "零" if follows else ""
    return f"{said}{_FIGURES[int(cents)]}分" if cents != "0" else f"{said}整"
