"""When something that is taken down was heard: one field of every form on which staff take down what reached them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kesu.core.errors import Unacceptable
from kesu.web.cases.live import now_text
from kesu.web.forms import moment

NAME: Final = "happened_at"


def heard_at(request: HttpRequest, at: datetime, *, strict: bool = True) -> datetime:
    """Now, unless the form says otherwise. A minute picked as "now" is never in the future. Raises `Unacceptable` for
    what is no time; not `strict`, that means now."""
    text = request.POST.get(NAME, "").strip()
    try:
        said = moment(text) if text else at
    except ValueError:
        if strict:
            raise Unacceptable("unreadable", data={"fields": {NAME: _("日期和时间")}}) from None
        return at
    is_this_minute = timedelta(0) <= at - said < timedelta(minutes=1)
    return at if is_this_minute or (said > at and not strict) else said


def drawn(request: HttpRequest, at: datetime, backdate_days: int | None, errors: Mapping[str, str]) -> dict[str, Any]:
    """What `cases/_happened.html` prints. `backdate_days`: how far back the policy lets it lie; None: not known yet."""
    return {
        "happened_at": request.POST.get(NAME, "") or now_text(at),
        "happened_error": errors.get(NAME, ""),
        "earliest": "" if backdate_days is None else now_text(at - timedelta(days=backdate_days)),
    }
