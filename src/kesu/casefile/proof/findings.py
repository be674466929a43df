"""What a look at the log can find. Codes and places only: the sentences are made by the edges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Found(StrEnum):
    """Values are stable: scripts may read them."""

    EVENT_CHANGED = "event_changed"
    LINK_BROKEN = "link_broken"
    EVENT_MISSING = "event_missing"
    EVENTS_BEYOND_HEAD = "events_beyond_head"
    LOG_CUT = "log_cut"
    CASE_WITHOUT_HEAD = "case_without_head"
    CASE_MISSING = "case_missing"
    IDENTITY_CHANGED = "identity_changed"
    REWRITTEN = "rewritten"
    BODY_CHANGED = "body_changed"
    BODY_UNPROVEN = "body_unproven"
    BODY_DESTROYED = "body_destroyed"
    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_ROW_CHANGED = "file_row_changed"
    FILE_UNPROVEN = "file_unproven"
    KEY_MISSING = "key_missing"
    NIGHT_MISSING = "night_missing"
    NIGHT_CHANGED = "night_changed"
    NIGHT_UNSIGNED = "night_unsigned"
    NIGHT_UNLINKED = "night_unlinked"
    SIGNER_UNKNOWN = "signer_unknown"
    LIST_CHANGED = "list_changed"
    SEALED_LIST_CHANGED = "sealed_list_changed"
    POLICY_CHANGED = "policy_changed"
    CALENDAR_CHANGED = "calendar_changed"
    HOUSE_CHANGED = "house_changed"
    HOUSE_MISSING = "house_missing"
    HOUSE_CUT = "house_cut"
    NO_NIGHT = "no_night"
    COPY_MISSING = "copy_missing"
    COPY_DIFFERS = "copy_differs"
    NIGHTS_CUT = "nights_cut"
    FOLDER_UNREADABLE = "folder_unreadable"


NOTES = frozenset({Found.BODY_DESTROYED, Found.NO_NIGHT})
"""What is said and is no fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`case`: the printed number, or the identifier where there is none; of a policy or a calendar its name. `seq`:
    place in the log, or number of a change in the house. `night`: day of a signed night, or its number where the day
    is not known. `file`: the identifier of a file, in hexadecimal."""

    found: Found
    case: str = ""
    seq: int | None = None
    night: str = ""
    file: str = ""

    @property
    def is_fault(self) -> bool:
        return self.found not in NOTES
