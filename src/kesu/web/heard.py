"""When something that is taken down was heard: one field of every form on which staff take down what reached them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kesu.core.errors import Unacceptable
from kesu.web.forms import moment
from kesu.web.when import for_field

NAME: Final = "happened_at"


def said_at(request: HttpRequest) -> datetime | None:
    """When it happened, where the form says so. Raises `Unacceptable` for what is no time."""
    text = request.POST.get(NAME, "").strip()
    try:
        return moment(text) if text else None
    except ValueError:
        raise Unacceptable("unreadable", data={"fields": {NAME: _("日期和时间")}}) from None


def heard_at(request: HttpRequest, at: datetime, *, strict: bool = True) -> datetime:
    """Now, unless the form says otherwise. A minute picked as "now" is never in the future. Raises `Unacceptable` for
    what is no time; not `strict`, that means now."""
    try:
        said = said_at(request) or at
    except Unacceptable:
        if strict:
            raise
        return at
    is_this_minute = timedelta(0) <= at - said < timedelta(minutes=1)
    return at if is_this_minute or (said > at and not strict) else said


def drawn(
    request: HttpRequest, at: datetime, backdate_days: int | None, errors: Mapping[str, str], known: str = ""
) -> dict[str, Any]:
    """What `cases/_happened.html` prints. `backdate_days`: how far back the policy lets it lie; None: not known yet.
    `known`: when it came in, as the field writes it."""
    return {
        "happened_at": request.POST.get(NAME, "") or known or for_field(at),
        "happened_error": errors.get(NAME, ""),
        "earliest": "" if backdate_days is None else for_field(at - timedelta(days=backdate_days)),
    }
