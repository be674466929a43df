"""事项: how pages and addresses name the subjects that policies are limited to. One that a company named stands for
itself; a sign of its own says "all others"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from kesu.access.measures import UNSET
from kesu.policy.events import SUBJECT
from kesu.web.fields import Choice, Field, FieldKind

NAME: Final = SUBJECT
"""The field of a form, and what an address says. No fact of a policy can have this name."""


def read(query: QueryDict | Mapping[str, str]) -> str | None:
    """What an address or a form says; None: nothing."""
    text = str(query.get(NAME, "")).replace("\x00", "").strip()
    return None if not text else "" if text == UNSET else text


def written(subject: str) -> str:
    """As `read` reads it."""
    return subject or UNSET


def label(subject: str) -> str:
    return subject or _("其他事项")


def choices(offered: Iterable[str], chosen: str | None) -> Iterator[Choice]:
    """One of them each; `chosen` None: none yet."""
    for subject in offered:
        yield Choice(written(subject), label(subject), subject == chosen)


def field(offered: Sequence[str], error: str) -> Field | None:
    """Asks for one of them, in a form that was sent without; None where there is nothing to ask."""
    if not offered:
        return None
    asked = tuple(choices(offered, None))
    return Field(NAME, _("事项"), FieldKind.CHOICE, choices=asked, is_required=True, error=error)
