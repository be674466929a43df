"""What the frame of a staff page shows around it: rail, top bar, account menu."""

from __future__ import annotations

from dataclasses import dataclass

from kesu.queries.work.calls import Call


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the rail. `count` is shown as a badge when it is not 0; `key` opens it after `g`."""

    url: str
    icon: str
    label: str
    current: bool = False
    count: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Handed to `base/desk.html` as `frame`. `has_line`: calls ring for him; `calls`: those that do; `bell`:
    how many notices are new, in figures.
    `now_text` comes from `kesu.web.when.now_text`."""

    organisation: str
    person_name: str
    initials: str
    nav: tuple[NavItem, ...]
    now_text: str
    is_working: bool
    post_name: str = ""
    home_url: str = "/"
    search_url: str = "/cases"
    search_text: str = ""
    new_url: str = ""
    report_url: str = ""
    sign_out_url: str = "/sign-out"
    self_url: str = ""
    policies_to_sign: int = 0
    has_line: bool = False
    calls: tuple[Call, ...] = ()
    bell: str = ""
