"""What programs outside were told is forgotten once nobody asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from kesu.store.models import HookDelivery

_KEPT: Final = timedelta(days=90)


def clear_hooks(_night: date, at: datetime) -> Mapping[str, Any]:
    """Returns how many there were. What is still due for a program that is shut goes with them."""
    count, _by_model = HookDelivery.objects.filter(at__lte=at - _KEPT, try_at__lte=at - _KEPT).delete()
    return {"deliveries": count}
