"""Somebody says how he wants to be told: by which channels, when not, and what may wait for once a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Final
from zoneinfo import available_timezones

from django.db import transaction

from kesu.access.actor import Actor
from kesu.casefile.addresses import MAIL, SMS, is_mobile
from kesu.casefile.house import unreadable
from kesu.casefile.routing import PERSONAL
from kesu.casefile.statement import normal_phone
from kesu.store.models import Account, NoticeChoice

_LONGEST: Final = 120


@transaction.atomic
def choose_notices(
    *,
    actor: Actor,
    channels: Sequence[str],
    addresses: Mapping[str, str],
    quiet_from: str = "",
    quiet_until: str = "",
    zone: str = "",
    digest_at: str = "",
) -> None:
    """Channels in the order in which they are tried; times as 22:00, empty for none. Raises `Unacceptable`, by
    field."""
    wrong: dict[str, str] = {}
    known = {channel: _address(channel, text, wrong) for channel, text in addresses.items() if text.strip()}
    chosen = list(dict.fromkeys(channels))
    known_mail = Account.objects.values_list("email", flat=True).get(pk=actor.account_id)
    for channel in chosen:
        if channel not in PERSONAL:
            wrong["channels"] = "not_offered"
        elif not (known_mail if channel == MAIL else known.get(channel)) and f"address_{channel}" not in wrong:
            wrong["channels" if channel == MAIL else f"address_{channel}"] = "text_missing"
    hours = {name: _hour(name, text, wrong) for name, text in _named(quiet_from, quiet_until, digest_at).items()}
    if (hours["quiet_from"] is None) is not (hours["quiet_until"] is None):
        wrong.setdefault("quiet_until" if hours["quiet_until"] is None else "quiet_from", "text_missing")
    if zone and zone not in available_timezones():
        wrong["zone"] = "not_offered"
    if wrong:
        raise unreadable(wrong)
    said = {"channels": chosen, "addresses": known, "zone": zone, **hours}
    NoticeChoice.objects.update_or_create(account_id=actor.account_id, defaults=said)


def _named(quiet_from: str, quiet_until: str, digest_at: str) -> dict[str, str]:
    return {"quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at}


def _hour(name: str, text: str, wrong: dict[str, str]) -> time | None:
    """21:00, also of 9:00 and in figures of full width."""
    said = unicodedata.normalize("NFKC", text).strip()
    if not said:
        return None
    whole = f"0{said}" if said[1:2] == ":" else said
    try:
        return time.fromisoformat(whole).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        wrong[name] = "not_an_hour"
        return None


def _address(channel: str, text: str, wrong: dict[str, str]) -> str:
    if channel not in PERSONAL or channel == MAIL:
        wrong["channels"] = "not_offered"
        return ""
    found = normal_phone(text.strip()) if channel == SMS else text.strip()
    if channel == SMS and not is_mobile(found):
        wrong[f"address_{channel}"] = "not_a_mobile"
    elif len(found) > _LONGEST or not found.isprintable():
        wrong[f"address_{channel}"] = f"≤ {_LONGEST}"
    return found
