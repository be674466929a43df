"""What a form field looks like, independent of where it came from (a pack's fact or a page's own form)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kesu.web.marks import ClauseRef

_CHIPS_AT_MOST = 8
READ_AT_ONCE = 12


class FieldKind(StrEnum):
    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    FILE = "file"
    SIGNATURE = "signature"
    PERSON = "person"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to pick. `group` is the heading it stands under (a role slot in a group picker); `sought`: what it is
    found by besides its label, in small letters (the sounds of a name)."""

    value: str
    label: str
    is_chosen: bool = False
    group: str = ""
    clauses: tuple[ClauseRef, ...] = ()
    sought: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that is put forward, and why; choosing it is left to whoever fills in the form. `control`: the id of what
    chooses it; `url`: where the reason is to be seen."""

    value: str
    label: str
    says: str
    url: str
    control: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, ready to print with `<c-field :field="field" />`.

    `value` is text as the browser sends it: a date `2026-10-10`, an instant `2026-10-10T18:00` in
    Shanghai time, a flag `yes` or `no` or empty. `error` is one sentence, shown under the field. `read`: of a
    signature, the digest of what is signed; `typed_name`: the name that was typed in its place. `is_tree`: its choices
    stand in levels, under their groups.
    """

    name: str
    label: str
    kind: FieldKind
    value: str = ""
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    help: str = ""
    error: str = ""
    clauses: tuple[ClauseRef, ...] = ()
    placeholder: str = ""
    unit: str = ""
    rows: int = 3
    max_files: int = 9
    max_megabytes: int = 20
    autocomplete: str = "off"
    is_wide: bool = False
    form: str = ""
    read: str = ""
    typed_name: str = ""
    proposals: tuple[Proposal, ...] = ()
    is_tree: bool = False

    @property
    def id(self) -> str:
        """`form` tells the fields of several forms of one page apart."""
        return f"f-{self.form}-{self.name}" if self.form else f"f-{self.name}"

    @property
    def control(self) -> str:
        """The control that draws it: long choices become a list to open, short ones lie open as chips."""
        if self.is_tree:
            return "select"
        if self.kind is FieldKind.CHOICE and len(self.choices) > _CHIPS_AT_MOST:
            return "select"
        if self.kind is FieldKind.PERSON:
            return "person" if len(self.choices) <= _CHIPS_AT_MOST else "select"
        return self.kind.value

    @property
    def is_long(self) -> bool:
        """Whether its list is narrowed by typing."""
        return self.is_tree or len(self.choices) > READ_AT_ONCE

    @property
    def is_set_of_inputs(self) -> bool:
        """Whether the control is several inputs, so that its name belongs in a legend and not in a label."""
        return self.control in {"choice", "choices", "flag", "person", "group", "signature"}

    @property
    def is_one_of(self) -> bool:
        """Whether one of several inputs is chosen."""
        return self.control in {"choice", "flag", "person"}

    @property
    def described_by(self) -> str:
        return f"{self.id}-error" if self.error else f"{self.id}-help" if self.help else ""
