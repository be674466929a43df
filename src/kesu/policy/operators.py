"""In which ways a rule is changed to see whether a scenario notices."""

from __future__ import annotations

from enum import StrEnum


class Operator(StrEnum):
    """What is changed. The values are the words of `kesu policy mutate`."""

    FIGURE = "数字"  # one smaller, one larger
    UNIT = "单位"  # days for hours
    CLOCK = "计时"  # working time for natural time, and the reverse
    START = "起算"  # another event
    COMPARISON = "比较"  # at most for at least, another value
    EDGE = "边界"  # more than for at least
    ROLE = "角色"  # another role
    ORDER = "次序"  # signers, rules of levels
    LEVEL = "级别"  # the next one
    PLACE = "地点"  # opened elsewhere
    EARLIEST = "最早"  # one of several limits gone
    END = "结案后"  # what holds beyond the end of the case
    FACT = "必填"  # not asked any more
    RULE = "规则"  # the whole of it gone
