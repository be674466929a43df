"""Programs outside that are told what happens: who may keep them, by what we sign, and what of a case leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from kesu.access.actor import Actor
from kesu.access.permissions import Permission
from kesu.core.errors import NotFound
from kesu.core.masking import masked_name
from kesu.store.keys import ring
from kesu.store.models import CaseCard, Hook, HookDelivery

EVENTS: Final = ("opened", "step", "approval", "level", "reminded", "escalated", "notice")
"""Groups of events that a hook may ask for: as the trigger on the log names them."""
_KEPT: Final = "hook"
_EARLIER: Final = "hook earlier"
EARLIER_FIELDS: Final = ("earlier_key_id", "earlier_secret", "earlier_until")


def shown(to_delivery: str = "") -> Q:
    """Which deliveries anybody may know of: confidential cases leave by no hook, and none tells that they are there.
    `to_delivery`: the way to the deliveries from where is asked."""
    return Q(**{f"{to_delivery}case__card__confidential": False})


def hook_for(actor: Actor, hook_id: UUID, *, lock: bool = False) -> Hook:
    """Raises `Forbidden` without the right, `NotFound` for one of a place out of reach."""
    actor.require(Permission.SOURCES_EDIT)
    rows = Hook.objects.select_related("unit")
    hook = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=hook_id).first()
    if hook is None or not actor.may_at(Permission.SOURCES_EDIT, hook.unit.path):
        raise NotFound
    return hook


def seal_secret(hook: Hook, secret: bytes, at: datetime) -> None:
    """Puts it in place of the one before; nothing is saved yet."""
    hook.key_id, hook.secret = ring().keep(_KEPT, hook.pk.bytes, secret)
    hook.secret_since = at


def keep_earlier(hook: Hook, until: datetime | None) -> None:
    """The secret that it has now stays good until then; None: for nothing. Before `seal_secret`; nothing is saved."""
    if until is None:
        hook.earlier_key_id, hook.earlier_secret, hook.earlier_until = "", b"", None
        return
    hook.earlier_key_id, hook.earlier_secret = ring().keep(_EARLIER, hook.pk.bytes, _secret_of(hook))
    hook.earlier_until = until


def secrets_of(hook: Hook, at: datetime) -> tuple[bytes, ...]:
    """Those by which we sign now, the present one first."""
    if hook.earlier_until is None or at >= hook.earlier_until:
        return (_secret_of(hook),)
    earlier = ring().open(_EARLIER, hook.pk.bytes, hook.earlier_key_id, bytes(hook.earlier_secret))
    return (_secret_of(hook), earlier)


def _secret_of(hook: Hook) -> bytes:
    return ring().open(_KEPT, hook.pk.bytes, hook.key_id, bytes(hook.secret))


def content_of(delivery: HookDelivery, card: CaseCard, base_url: str) -> dict[str, Any]:
    """What leaves: codes, numbers and instants, and of the customer his masked name. No text that somebody wrote."""
    return {
        "type": f"case.{delivery.event}",
        "timestamp": delivery.at.isoformat(),
        "data": {
            "number": card.number,
            "case": str(delivery.case_id),
            "seq": delivery.seq,
            "kind": card.kind,
            "subject": card.subject,
            "unit": card.unit.code,
            "unit_name": card.unit.name,
            "step": delivery.step,
            "stage": card.stage,
            "stage_name": card.stage_name,
            "is_closed": card.is_final,
            "level": card.level,
            "level_name": card.level_name,
            "next_duty": card.next_duty,
            "next_due_at": card.next_due_at.isoformat() if card.next_due_at else None,
            "customer": masked_name(card.person_name),
            "link": f"{base_url}/cases/{delivery.case_id}",
        },
    }
