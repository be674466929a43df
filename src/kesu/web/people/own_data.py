"""What the house keeps of one of its people, handed to him as a file."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kesu.commands.people.export_person import export_person
from kesu.core import clock
from kesu.web import when
from kesu.web.downloads import handed_out
from kesu.web.people.confirm import confirmed
from kesu.web.session import actor, signed_in


@require_POST
@signed_in
@confirmed
def exported(request: HttpRequest, account: UUID) -> HttpResponse:
    """On record before it is handed out."""
    at = clock.now()
    told = export_person(actor=actor(request), at=at, account_id=account)
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    day = when.local(at).date().isoformat()
    return handed_out(f"{_('个人资料')}-{day}.json", "application/json; charset=utf-8", content)
