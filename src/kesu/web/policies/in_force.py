"""What is said of a policy that was put in force just now."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kesu.web import when
from kesu.web.html import html


def said_in_force(title: str, place: str, subject: str, since: str, at: datetime, *, has_table: bool) -> SafeString:
    """What is in force now, or will be: where, for what, from when; and the way to the table of all of it. `since`:
    the day that begins it, empty for at once."""
    said = {
        "title": title,
        "where": _("%(unit)s（%(subject)s）") % {"unit": place, "subject": subject} if subject else place,
        "at": since or when.stamp(at),
    }
    if since:
        told = _("%(title)s 将在%(where)s施行，从 %(at)s 起") % said
    else:
        told = _("%(title)s 已在%(where)s施行，从 %(at)s 起") % said
    if not has_table:
        return html("{}", told)
    return html('{} <a href="{}">{}</a>', told, reverse("adoptions"), _("看制度适用表"))
