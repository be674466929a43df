"""Sessions in the database, as the framework keeps them; looked up with a statement that is made once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from kesu.core import clock
from kesu.store.fixed import Fixed

_LIVE: Final = Fixed(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now).values_list(
        "session_key", "session_data", "expire_date"
    )
)


class SessionStore(db.SessionStore):
    def get_expiry_date(self, **known: Any) -> datetime:
        """Counted on the program's clock, on which it is looked up."""
        expires_at: datetime = super().get_expiry_date(**{"modification": clock.now(), **known})
        return expires_at

    def _get_session_from_db(self) -> Session | None:
        for key, data, expires_at in _LIVE(self.session_key, clock.now()):
            return Session(session_key=key, session_data=data, expire_date=expires_at)
        self._session_key = None
        return None
