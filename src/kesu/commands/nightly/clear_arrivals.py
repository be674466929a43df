"""What programs outside delivered is forgotten once nobody asks for it: calls after a day, keys after a season."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from kesu.access.calls import KEPT
from kesu.store.models import InboundDelivery, RingingCall

_KEYS_KEPT: Final = timedelta(days=90)
"""Whoever has not been answered for so long does not send the same again."""


def clear_arrivals(_night: date, at: datetime) -> Mapping[str, Any]:
    """Returns how many there were. Cases stay, and the numbers under which they are known outside."""
    calls, _by_model = RingingCall.objects.filter(at__lte=at - KEPT).delete()
    keys, _by_model = InboundDelivery.objects.filter(at__lte=at - _KEYS_KEPT).delete()
    return {"calls": calls, "deliveries": keys}
