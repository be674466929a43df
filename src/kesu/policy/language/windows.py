"""Windows of time, as derived and counted facts have them."""

from __future__ import annotations

from typing import Final

from kesu.policy.language.lengths import read_duration
from kesu.policy.language.operands import is_parameter, parameter_place
from kesu.policy.language.reading import Fields, Place, Scope, one_of
from kesu.policy.model.conditions import Window

_CALENDAR_WINDOWS: Final = {"周": "week", "月": "month", "年": "year"}


def read_window(place: Place, scope: Scope) -> Window:
    """`{rolling: 30天}`, `{calendar: 月}` or `{param: …}`."""
    if is_parameter(place):
        place = parameter_place(place, scope)
    fields = Fields(place, scope, ("rolling", "calendar"))
    if fields.has("rolling") == fields.has("calendar"):
        raise place.flaw("时间窗写 {rolling: 30天} 或 {calendar: 月}，二者取一。")
    word = fields.read("calendar", one_of(_CALENDAR_WINDOWS), "")
    match _CALENDAR_WINDOWS.get(word):
        case "week":
            return Window(calendar="week")
        case "month":
            return Window(calendar="month")
        case "year":
            return Window(calendar="year")
        case _:
            return Window(rolling=fields.read("rolling", read_duration, None))
