"""公示 as an Atom feed: the newest, of one organisation or of all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.queries.public.publications import PublicationList, publication_list
from kesu.web.links import publication_url
from kesu.web.public.answers import kept
from kesu.web.publications.drawing import line_parts
from kesu.web.publications.views import OF
from kesu.web.words import spoken

_TYPE: Final = "application/atom+xml; charset=utf-8"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Feed(Atom1Feed):
    """An empty one has not changed just now: the framework would say so at every look."""

    def latest_post_date(self) -> datetime:
        return max((one["updateddate"] for one in self.items), default=_NEVER)


@require_safe
@kept
def feed(request: HttpRequest) -> HttpResponse:
    found = spoken(publication_list(at=clock.now(), publisher=request.GET.get(OF, ""), before=""))
    return HttpResponse(_feed(found).writeString("utf-8"), content_type=_TYPE)


def _feed(found: PublicationList) -> _Feed:
    """Addresses are those under which the house is known, not those under which somebody asked."""
    base, asked = settings.KESU_BASE_URL, f"?{urlencode({OF: found.chosen.id.hex})}" if found.chosen else ""
    made = _Feed(
        title=_("%(name)s的公示") % {"name": found.chosen.name} if found.chosen else _("公示"),
        link=f"{base}{reverse('publication-list')}{asked}",
        description="",
        language=get_language() or settings.LANGUAGE_CODE,
        feed_url=f"{base}{reverse('publication-feed')}{asked}",
    )
    for line, drawn in zip(found.leaf.rows, line_parts(found.leaf.rows, publication_url), strict=True):
        made.add_item(
            title=drawn.title,
            link=f"{base}{drawn.url}",
            description=escape(drawn.about),
            author_name=line.publisher,
            pubdate=line.posted_at,
            updateddate=line.corrected_at or line.posted_at,
            unique_id=line.id.urn,
        )
    return made
