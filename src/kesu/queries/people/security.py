"""What somebody sees of his own way in: sessions, second factors, passkeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session

from kesu.access.actor import Actor
from kesu.access.house import person_for
from kesu.access.permissions import Permission
from kesu.store.models import AuthenticatorApp, Identity, Passkey, RecoveryCode, SignIn


@dataclass(frozen=True, slots=True)
class SessionLine:
    """`seen_at` is right to the hour; `way`: password, passkey, or the key of a provider."""

    id: UUID
    browser: str
    system: str
    address: str
    began_at: datetime
    seen_at: datetime
    way: str


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    id: UUID
    name: str
    since: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Security:
    """`app_since`: when the app was set up; `codes`: how many recovery codes are left; `is_required`: whether his posts
    ask for a second factor."""

    sessions: tuple[SessionLine, ...]
    app_since: datetime | None
    codes: int
    passkeys: tuple[PasskeyLine, ...]
    is_required: bool
    identities: tuple[tuple[str, str], ...]


def security(*, actor: Actor, at: datetime, account_id: UUID) -> Security:
    """Of oneself, or of anybody with the right to change people. Raises `Forbidden` and `NotFound`."""
    account = person_for(actor, account_id)
    rows = SignIn.objects.filter(account=account).order_by("-seen_at", "-began_at")
    live = set(
        Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=at).values_list(
            "session_key", flat=True
        )
    )
    keys = Passkey.objects.filter(account=account).order_by("pk")
    app = AuthenticatorApp.objects.filter(account=account).first()
    return Security(
        sessions=tuple(
            SessionLine(o.pk, o.browser, o.system, o.address, o.began_at, o.seen_at, o.way)
            for o in rows
            if o.session_key in live
        ),
        app_since=app.since if app else None,
        codes=RecoveryCode.objects.filter(account=account).count(),
        passkeys=tuple(PasskeyLine(o.pk, o.name, o.since, o.used_at) for o in keys),
        is_required=account.pk == actor.account_id and actor.may(Permission.SECOND_FACTOR),
        identities=tuple(Identity.objects.filter(account=account).values_list("provider", "subject")),
    )
