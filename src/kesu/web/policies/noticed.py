"""通知预览: a notice as each channel would carry it, with a real case; nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kesu.core import clock
from kesu.notify import registry
from kesu.notify.carrying import NotCarried, Words
from kesu.notify.channels import dingtalk, sms, wecom
from kesu.notify.channels.cards import lines, plain
from kesu.notify.channels.sms_aliyun import Aliyun
from kesu.notify.letters import worded
from kesu.queries.policies.notice_preview import ESCALATION, notice_preview
from kesu.web.organisation.carried import failed_words
from kesu.web.session import actor, frame, signed_in
from kesu.web.words import spoken
from kesu.web.work.lines import refs

_LANGUAGES: Final = dict(settings.LANGUAGES)
_SMS: Final = "sms"


@dataclass(frozen=True, slots=True)
class SmsPart:
    """`why`: a sentence where it would not leave; `template`: the code of the approved text, empty for free text."""

    text: str
    signs: int
    parts: int
    template: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CardPart:
    """What a work chat shows; `sizes`: name of the chat, bytes, and the most that it takes."""

    subject: str
    lines: tuple[str, ...]
    link: str
    sizes: tuple[tuple[str, int, int], ...]


@never_cache
@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    asked = request.GET.get("language", "")
    language = asked if asked in _LANGUAGES else str(translation.get_language())
    found = notice_preview(
        actor=actor(request),
        at=now,
        number=request.GET.get("number", ""),
        notice=request.GET.get("notice", ""),
        language=language,
    )
    words = worded(found.letter, settings.KESU_BASE_URL, ZoneInfo(settings.TIME_ZONE)) if found.letter else None
    own = (("reminder", _("提醒")), (ESCALATION, _("超时升级")))
    context = {
        "clauses": refs(found.citations),
        "frame": frame(request, "/policies", now),
        "page": found,
        "names": (*spoken(found, found.policy).notices, *own) if found.notices else own,
        "shown_in": language,
        "languages": tuple(_LANGUAGES.items()),
        "words": words,
        "sms": _sms(words) if words else None,
        "card": _card(words) if words else None,
    }
    return render(request, "policies/notices.html", context)


def _sms(words: Words) -> SmsPart:
    """As the gateway that is set up would send it; where none is, as free text with a signature still to be chosen."""
    given = settings.KESU_CHANNELS.get(_SMS)
    carrier = registry.carriers({_SMS: given})[_SMS] if given else None
    if isinstance(carrier, Aliyun):
        try:
            template = sms.template_for(words, carrier.templates)
        except NotCarried as missing:
            return SmsPart("", 0, 0, why=failed_words(missing.reason))
        text = template.said(words, carrier.signature)
        return SmsPart(text, sms.signs(text), sms.parts(text), template.code)
    text = sms.free_text(words, given["signature"] if given else _("签名"))
    return SmsPart(text, sms.signs(text), sms.parts(text), why="" if given else _("还没有设短信网关"))


def _card(words: Words) -> CardPart:
    sizes = (
        (_("企业微信群"), len(wecom.robot_text(words).encode()), wecom.MOST_MARKDOWN),
        (_("企业微信个人"), len(wecom.app_text(words, "").encode()), wecom.MOST_TEXT),
        (_("钉钉工作通知"), dingtalk.size_of(dingtalk.notice_content(words, "")), dingtalk.MOST_NOTICE),
    )
    return CardPart(plain(words.subject), tuple(lines(words)), words.link, sizes)
