"""Sessions that are over are removed, once a night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.sessions.models import Session


def clear_sessions(night: date, at: datetime) -> Mapping[str, Any]:  # noqa: ARG001  every task is told its night
    """Returns how many there were."""
    removed, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    return {"removed": removed}
