"""Working calendars, written lengths of time, and deadlines with their receipts. Pure: no clock, no I/O."""

from kesu.policy.calendar.days import CalendarUnreadable, Day, DayKind, Period, PostHours, Source, SpecialDay, Year
from kesu.policy.calendar.deadline import Deadline, Ends, HolidayRule, HolidayWhen, age_full_at, deadline, even_receipt
from kesu.policy.calendar.duration import LEGAL_UNITS, Duration, DurationUnreadable, Measure, Unit, parse_duration
from kesu.policy.calendar.even import add_months
from kesu.policy.calendar.pace import Interval
from kesu.policy.calendar.receipt import LineCode, Receipt, ReceiptLine
from kesu.policy.calendar.sample import sample_calendar
from kesu.policy.calendar.workcalendar import Calendar, NotAWorkday

__all__ = [
    "LEGAL_UNITS",
    "Calendar",
    "CalendarUnreadable",
    "Day",
    "DayKind",
    "Deadline",
    "Duration",
    "DurationUnreadable",
    "Ends",
    "HolidayRule",
    "HolidayWhen",
    "Interval",
    "LineCode",
    "Measure",
    "NotAWorkday",
    "Period",
    "PostHours",
    "Receipt",
    "ReceiptLine",
    "Source",
    "SpecialDay",
    "Unit",
    "Year",
    "add_months",
    "age_full_at",
    "deadline",
    "even_receipt",
    "parse_duration",
    "sample_calendar",
]
