"""Sessions in the database, as the framework keeps them; looked up with a statement that is made once."""

from __future__ import annotations

from typing import Final

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
    def _get_session_from_db(self) -> Session | None:
        for key, data, expires_at in _LIVE(self.session_key, clock.now()):
            return Session(session_key=key, session_data=data, expire_date=expires_at)
        self._session_key = None
        return None
