"""What the browser and a passkey say to each other through us. The library is loaded when somebody uses one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kesu.commands.people.add_passkey import add_passkey
from kesu.commands.people.use_passkey import use_passkey
from kesu.core import clock
from kesu.core.errors import Unacceptable
from kesu.queries.people.factors import passkey_of, passkeys_of

if TYPE_CHECKING:
    from fido2.server import Fido2Server

_KEY: Final = "kesu_passkey"
_LASTS: Final = timedelta(minutes=5)


def options_to_add(request: HttpRequest, account_id: UUID, login: str, name: str) -> dict[str, Any]:
    """Asks for a key that the device itself unlocks by finger, face or code, and that it finds without a name."""
    from fido2.webauthn import (
        AttestedCredentialData,
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = [AttestedCredentialData(one.public) for one in passkeys_of(account_id=account_id)]
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=account_id.bytes, name=login, display_name=name),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(request, "add", state)
    return dict(options)


def options_to_use(request: HttpRequest, account_id: UUID | None) -> dict[str, Any]:
    """`account_id` None: whoever it is, the device names him."""
    from fido2.webauthn import AttestedCredentialData, UserVerificationRequirement

    known = [AttestedCredentialData(one.public) for one in passkeys_of(account_id=account_id)] if account_id else None
    options, state = _server(request).authenticate_begin(
        known or None, user_verification=UserVerificationRequirement.REQUIRED
    )
    _keep(request, "use", state)
    return dict(options)


def added(request: HttpRequest, answer: str, account_id: UUID, name: str) -> None:
    """Raises `Unacceptable` for an answer that does not fit what was asked."""
    state = _taken(request, "add")
    try:
        found = _server(request).register_complete(state, _read(answer))
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise Unacceptable("passkey_refused", data={"fields": {}, "refusals": ()}) from wrong
    assert found.credential_data is not None
    add_passkey(
        account_id=account_id,
        at=clock.now(),
        credential=bytes(found.credential_data.credential_id),
        public=bytes(found.credential_data),
        counter=found.counter,
        name=name,
    )


def used(request: HttpRequest, answer: str, account_id: UUID | None = None) -> UUID | None:
    """Whose passkey has answered what was asked last; None where it was none, or not of `account_id`."""
    from cryptography.exceptions import InvalidSignature
    from fido2.utils import websafe_decode
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        state, shown = _taken(request, "use"), _read(answer)
        known = passkey_of(credential=websafe_decode(str(shown["rawId"])))
        if known is None or account_id not in (None, known.account_id):
            return None
        _server(request).authenticate_complete(state, [AttestedCredentialData(known.public)], shown)
        response = AuthenticationResponse.from_dict(shown).response
        if response.user_handle is not None and response.user_handle != known.account_id.bytes:
            return None
        counter = response.authenticator_data.counter
    except (ValueError, TypeError, KeyError, AttributeError, InvalidSignature, Unacceptable):
        return None
    return known.account_id if use_passkey(passkey_id=known.id, at=clock.now(), counter=counter) else None


def _server(request: HttpRequest) -> Fido2Server:
    """For the host by which we are reached: the framework lets through only those of the settings."""
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    host = request.get_host()
    ours = f"{request.scheme}://{host}"
    entity = PublicKeyCredentialRpEntity(name=_("客诉"), id=host.rsplit(":", 1)[0])
    return Fido2Server(entity, verify_origin=lambda origin: origin == ours)


def _keep(request: HttpRequest, purpose: str, state: Mapping[str, Any]) -> None:
    request.session[_KEY] = {"purpose": purpose, "state": dict(state), "at": clock.now().isoformat()}
    if not request.user.is_authenticated:
        request.session.set_expiry(int(_LASTS.total_seconds()) * 2)


def _taken(request: HttpRequest, purpose: str) -> dict[str, Any]:
    """A question is answered once. Raises `Unacceptable` where none of this purpose is open."""
    kept = request.session.pop(_KEY, None)
    is_open = kept is not None and kept["purpose"] == purpose
    if not is_open or clock.now() - datetime.fromisoformat(kept["at"]) > _LASTS:
        raise Unacceptable("passkey_refused", data={"fields": {}, "refusals": ()})
    state: dict[str, Any] = kept["state"]
    return state


def _read(answer: str) -> dict[str, Any]:
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("no answer of a browser")
    return found
