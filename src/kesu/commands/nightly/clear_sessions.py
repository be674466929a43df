"""Sessions that are over are removed, once a night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.sessions.models import Session


def clear_sessions(_night: date, at: datetime) -> Mapping[str, Any]:
    """Returns how many there were."""
    removed, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    return {"removed": removed}
